import { EngineId } from '../engine/engine';
import { engineKnative } from './engine-knative';
import { kserveLogger } from './kserve-logger';
import { llmLabels } from './llm-labels';
import { poolSettings } from './pool-settings';
import { Rule } from './rule';
import { seldonFields } from './seldon-fields';
import { seldonV2Around } from './seldon-v2-around';
import { seldonV2Losses } from './seldon-v2-losses';
import { seldonV2Server } from './seldon-v2-server';

/** Rules about services of one engine: a line an engine. */
const RULES: { readonly [engine in EngineId]: readonly Rule[] } = {
  [EngineId.KUBERNETES]: [],
  [EngineId.KSERVE]: [poolSettings],
  [EngineId.KSERVE_KNATIVE]: [engineKnative, kserveLogger, poolSettings],
  [EngineId.KSERVE_LLM]: [llmLabels],
  [EngineId.SELDON_V1]: [seldonFields],
  [EngineId.SELDON_V2]: [seldonV2Server, seldonV2Losses, seldonV2Around],
};

/** What a service's own engine asks of it. */
export const engineOwn: Rule = { check: (context) => RULES[context.request.engine.id].flatMap((rule) => rule.check(context)) };

import { EngineId } from '../engine/engine';
import { engineKnative } from './engine-knative';
import { Rule } from './rule';
import { seldonFields } from './seldon-fields';
import { seldonV2Losses } from './seldon-v2-losses';
import { seldonV2Server } from './seldon-v2-server';

/** Rules about services of one engine: a line an engine. */
const RULES: { readonly [engine in EngineId]: readonly Rule[] } = {
  [EngineId.KUBERNETES]: [],
  [EngineId.KSERVE]: [],
  [EngineId.KSERVE_KNATIVE]: [engineKnative],
  [EngineId.KSERVE_LLM]: [],
  [EngineId.SELDON_V1]: [seldonFields],
  [EngineId.SELDON_V2]: [seldonV2Server, seldonV2Losses],
};

/** What a service's own engine asks of it. */
export const engineOwn: Rule = { check: (context) => RULES[context.request.engine.id].flatMap((rule) => rule.check(context)) };

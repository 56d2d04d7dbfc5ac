import { EngineCapability, engineCapability, Support } from '../../lib/plan/engine/capabilities';
import { CAPABILITIES, Capability } from '../../lib/plan/engine/capability';
import { EngineId } from '../../lib/plan/engine/engine';

const ENGINES: { readonly [engine in EngineId]: { readonly title: string; readonly made: string } } = {
  [EngineId.KUBERNETES]: { title: 'Kubernetes', made: 'EngineBackend.kubernetes()' },
  [EngineId.KSERVE]: { title: 'KServe', made: 'EngineBackend.kserve()' },
  [EngineId.KSERVE_KNATIVE]: { title: 'KServe, Knative', made: 'EngineBackend.kserve({ mode: KServeMode.KNATIVE })' },
  [EngineId.KSERVE_LLM]: { title: 'KServe, LLM', made: 'EngineBackend.kserve({ languageModels: KServeLanguageModels.LLM_INFERENCE_SERVICE })' },
  [EngineId.SELDON_V1]: { title: 'Seldon v1', made: 'EngineBackend.seldonCoreV1()' },
  [EngineId.SELDON_V2]: { title: 'Seldon v2', made: 'EngineBackend.seldonCoreV2()' },
};
const engines = (Object.keys(ENGINES) as EngineId[]).filter((engine) => engineCapability(Capability.DOWNLOAD, engine) !== undefined);
const capabilities = Object.values(Capability);
const cellOf = (capability: Capability, engine: EngineId): EngineCapability => engineCapability(capability, engine)!;

/** The table of capabilities as a page: an overview, then how or why not, engine by engine. */
export function engineCapabilities(): string {
  const all = engines.flatMap((engine) => capabilities.map((capability) => cellOf(capability, engine)));
  const count = (support: Support): number => all.filter((cell) => cell.support === support).length;
  return [
    '# What each engine can do', '',
    'The same definitions run on every engine; `backend` of a ServingEngine is the one line that differs. **native**: the engine\'s own resource says it, and its controller does it. **beside**: objects beside the engine\'s do it, or what the engine lacks is written into its pods, so that a service keeps its promise. **–**: it can\'t be had, also where the definition takes a field and the controller drops it; asking for it is refused at synthesis as [SERVING_ENGINE_NOT_ABLE](problems.md#serving_engine_not_able), with the reason and what to use instead.', '',
    `${count(Support.NATIVE)} cells are native, ${count(Support.BESIDE)} beside, ${count(Support.NO)} can't be had. A test walks every cell: native and beside are synthesized and taken strictly by the API server with the engines' own definitions, the others give their problem.`, '',
    ...table(['', ...engines.map((engine) => ENGINES[engine].title)], capabilities.map((capability) => [CAPABILITIES[capability].title, ...engines.map((engine) => short(cellOf(capability, engine)))])), '',
    ...engines.flatMap((engine) => [
      `## ${ENGINES[engine].title}`, '', `\`${ENGINES[engine].made}\``, '',
      ...table(['what', 'asked for by', '', 'how, or why not', 'instead'], capabilities.map((capability) => {
        const cell = cellOf(capability, engine);
        return [CAPABILITIES[capability].title, props(CAPABILITIES[capability].prop), short(cell), `${cell.text} ([source](${cell.source}))`, cell.instead ?? ''];
      })), '',
    ]),
  ].join('\n');
}

function short({ support, since }: EngineCapability): string {
  const name = { [Support.NATIVE]: 'native', [Support.BESIDE]: 'beside', [Support.NO]: '–' }[support];
  return since === undefined ? name : `${name} (${since}+)`;
}

/** Names of the API as code; what asks for nothing by itself as it is. */
function props(prop: string): string {
  return prop.startsWith('(') ? prop : `\`${prop.replaceAll("'", '')}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)];
}

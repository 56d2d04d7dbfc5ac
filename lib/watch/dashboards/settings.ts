import { own } from '../../describe/checks/own';
import { contentHash } from '../../plan/hash';
import { COLD_START, COPIES_WANTED, GPU_MEMORY, GPUS } from '../series';
import { WatchedService } from '../watched-service';
import { Unit } from './board';

/** What dashboards are drawn for. */
export interface BoardSettings {
  /** Tells the stack from others that bring their dashboards to the same Grafana: `<namespace>/<name>`. */
  readonly stack: string;
  /** Title of the folder. */
  readonly folder: string;
  /** Names of the series that are recorded: what reads another one is left out. */
  readonly recorded: ReadonlySet<string>;
  /** Exporters that are scraped. */
  readonly exporters: ReadonlySet<Exporter>;
  /** Sign of the currency of the prices, such as `$`. */
  readonly currency?: string;
  /** Uid of the data source that a dashboard begins with; Grafana's default one if it is not said. */
  readonly datasourceUid?: string;
}

/** Who brings series that no rule of ours records. */
export enum Exporter {
  /** Restarts of containers. */
  KUBE_STATE_METRICS = 'kube-state-metrics',
  /** NVIDIA's DCGM exporter, with the labels of the pods that use the GPUs. */
  DCGM = 'dcgm',
  /** Monitors of models: drift, missing values, ground truth. */
  MODEL_MONITOR = 'model-monitor',
  /** What logs requests and answers. */
  PAYLOAD_LOG = 'payload-log',
}

const SERIES_OF: { readonly [exporter in Exporter]: RegExp } = {
  [Exporter.KUBE_STATE_METRICS]: /(?<![\w:])kube_/, [Exporter.DCGM]: /(?<![\w:])DCGM_/, [Exporter.MODEL_MONITOR]: /(?<![\w:])ml_(?!payload_)/, [Exporter.PAYLOAD_LOG]: /(?<![\w:])ml_payload_log_/,
};
const RECORDED = /\binference_service(?:_version)?:[a-z0-9_]+(?::[a-z0-9_]+)*/g;

/** Recorded series that only an exporter can fill. */
const FILLED_BY: { readonly [series: string]: Exporter } = { [COLD_START.name]: Exporter.KUBE_STATE_METRICS, [COPIES_WANTED.name]: Exporter.KUBE_STATE_METRICS, [GPUS.name]: Exporter.DCGM, [GPU_MEMORY.name]: Exporter.DCGM };

/** Names of recorded series in a query. */
export function recordedIn(expr: string): string[] {
  return expr.match(RECORDED) ?? [];
}

/** Whether everything that a query reads is there. */
export function available(expr: string, settings: BoardSettings): boolean {
  const recorded = recordedIn(expr);
  const exporters = [...Object.values(Exporter).filter((one) => SERIES_OF[one].test(expr)), ...recorded.flatMap((name) => own(FILLED_BY, name) ?? [])];
  return recorded.every((name) => settings.recorded.has(name)) && exporters.every((one) => settings.exporters.has(one));
}

/** Money, in the currency of the prices if its sign is known. */
export function money(settings: BoardSettings): string {
  return settings.currency === undefined ? Unit.COUNT : `currency:${settings.currency}`;
}

/** Uids of the dashboards of a whole stack, by what they show. */
export enum StackBoard {
  FLEET = 'fleet',
  ENGINE = 'engine',
  OBJECTIVES = 'objectives',
  GPU = 'gpu',
  COST = 'cost',
  DRIFT = 'drift',
}

export function stackUid(stack: string, board: StackBoard): string {
  return `serving-${board}-${contentHash([['stack', stack]], 8)}`;
}

/** Uid of a service's own dashboard; `inference_service:info` has it as the label `dashboard`, so that links of tables find it. */
export function serviceUid({ cluster, namespace, name }: WatchedService): string {
  return `svc-${name.slice(0, 24).replace(/-+$/, '')}-${contentHash([['cluster', cluster.name], ['namespace', namespace], ['name', name]], 8)}`;
}

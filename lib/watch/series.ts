/**
 * The series that all services have under one name, with the same labels and units, whatever server they run: what alerts, dashboards and cost
 * read. A service's own recording rules make them from what its server exposes; what a server can't tell is not there.
 *
 * Every series has `namespace` and `inference_service`; those of a version have `model_version` besides.
 */

/** Units, as dashboards write them. */
export enum SeriesUnit {
  PER_SECOND = 'per second',
  RATIO = 'ratio, 0 to 1',
  SECONDS = 'seconds',
  COUNT = 'count',
  CURRENCY = 'the currency of the prices',
}

/** One normalised series. */
export interface Series {
  readonly name: string;
  readonly unit: SeriesUnit;
  /** What it tells. */
  readonly help: string;
  /** Labels besides `namespace` and `inference_service`. */
  readonly labels: readonly string[];
}

const service = (name: string, unit: SeriesUnit, help: string, ...labels: string[]): Series => ({ name: `inference_service:${name}`, unit, help, labels });
const version = (name: string, unit: SeriesUnit, help: string): Series => ({ name: `inference_service_version:${name}`, unit, help, labels: ['model_version'] });

export const INFO = service('info', SeriesUnit.COUNT, 'Always 1: what is known of the service. Join it to tell by team or server, and to find its dashboard by uid', 'team', 'cost_center', 'server', 'model', 'dashboard');

export const REQUESTS = service('requests:rate5m', SeriesUnit.PER_SECOND, 'Requests');
export const FAILURES = service('request_failures:rate5m', SeriesUnit.PER_SECOND, 'Requests that failed for the server\'s reason');
export const FAILURE_RATIO = service('request_failures:ratio_rate5m', SeriesUnit.RATIO, 'Share of the requests that failed');
export const VERSION_REQUESTS = version('requests:rate5m', SeriesUnit.PER_SECOND, 'Requests of a version');
export const VERSION_FAILURES = version('request_failures:rate5m', SeriesUnit.PER_SECOND, 'Requests of a version that failed');
export const VERSION_SHARE = version('requests:share5m', SeriesUnit.RATIO, 'Share of the service\'s requests that a version answers');

export const LATENCY_P50 = service('request_duration_seconds:p50_5m', SeriesUnit.SECONDS, 'Half of the answers are faster');
export const LATENCY_P90 = service('request_duration_seconds:p90_5m', SeriesUnit.SECONDS, '90 % of the answers are faster');
export const LATENCY_P99 = service('request_duration_seconds:p99_5m', SeriesUnit.SECONDS, '99 % of the answers are faster');
export const LATENCY_MEAN = service('request_duration_seconds:mean5m', SeriesUnit.SECONDS, 'What an answer takes on average');
export const VERSION_LATENCY_P99 = version('request_duration_seconds:p99_5m', SeriesUnit.SECONDS, '99 % of a version\'s answers are faster');

export const IN_FLIGHT = service('requests_in_flight:sum', SeriesUnit.COUNT, 'Requests that are being answered');
export const WAITING = service('requests_waiting:sum', SeriesUnit.COUNT, 'Requests that wait');
export const QUEUE_TIME = service('queue_duration_seconds:mean5m', SeriesUnit.SECONDS, 'How long a request waits on average');
export const BATCH_SIZE = service('batch_size:mean5m', SeriesUnit.COUNT, 'Requests answered together, on average');
export const SATURATION = service('saturation:max', SeriesUnit.RATIO, 'Load as a share of what scaling aims at, of the signal that asks for the most copies; 1 is at its target');

export const KV_CACHE = service('kv_cache_usage:max', SeriesUnit.RATIO, 'Share of the KV cache in use, of the fullest copy');
export const FIRST_TOKEN_P50 = service('time_to_first_token_seconds:p50_5m', SeriesUnit.SECONDS, 'Half of the answers begin earlier');
export const FIRST_TOKEN_P99 = service('time_to_first_token_seconds:p99_5m', SeriesUnit.SECONDS, '99 % of the answers begin earlier');
export const INTER_TOKEN_P50 = service('inter_token_seconds:p50_5m', SeriesUnit.SECONDS, 'Half of the tokens follow faster');
export const INTER_TOKEN_P99 = service('inter_token_seconds:p99_5m', SeriesUnit.SECONDS, '99 % of the tokens follow faster');
export const PROMPT_TOKENS = version('prompt_tokens:rate5m', SeriesUnit.PER_SECOND, 'Tokens read');
export const GENERATED_TOKENS = version('generated_tokens:rate5m', SeriesUnit.PER_SECOND, 'Tokens written');

export const GPUS = service('gpus:count', SeriesUnit.COUNT, 'GPUs (or MIG slices) that the exporter sees at the service\'s pods');
export const GPU_UTILIZATION = service('gpu_utilization:avg', SeriesUnit.RATIO, 'Use of the service\'s GPUs');
export const GPU_MEMORY = service('gpu_memory_usage:max', SeriesUnit.RATIO, 'Share of GPU memory in use, of the fullest');

export const COPIES_READY = service('copies_ready:count', SeriesUnit.COUNT, 'Copies that answer');
export const COPIES_WANTED = service('copies_wanted:count', SeriesUnit.COUNT, 'Copies that are to be there');
export const COLD_START = service('cold_start_seconds:max', SeriesUnit.SECONDS, 'From creation to ready, of the slowest copy of the last hour');

export const SLO_TARGET = service('slo_target:ratio', SeriesUnit.RATIO, 'What an objective promises', 'objective');
export const SLO_VALID = service('slo_valid:rate5m', SeriesUnit.PER_SECOND, 'Requests that an objective counts', 'objective');
export const SLO_BAD = service('slo_bad:rate5m', SeriesUnit.PER_SECOND, 'Requests that break an objective', 'objective');
export const SLO_BUDGET_LEFT = service('slo_budget_left:ratio', SeriesUnit.RATIO, 'What is left of an objective\'s error budget over its period; below 0 it is broken', 'objective');
/** Share of bad requests within a window. */
export const sloErrorRatio = (window: string): Series => service(`slo_bad:ratio_rate${window}`, SeriesUnit.RATIO, `Share of the requests that broke an objective in the last ${window}`, 'objective');

/** Of one copy: what the others are sums of. */
const pod = (name: string, unit: SeriesUnit, help: string, ...labels: string[]): Series => ({ name: `inference_service_pod:${name}`, unit, help, labels: ['pod', ...labels] });
export const POD_CPU = pod('cpu_reserved:sum', SeriesUnit.COUNT, 'CPUs that a copy reserves on its node', 'node');
export const POD_MEMORY = pod('memory_reserved_gib:sum', SeriesUnit.COUNT, 'GiB of memory that a copy reserves on its node', 'node');
export const POD_DEVICES = pod('devices_reserved:sum', SeriesUnit.COUNT, 'Devices (GPUs, parts of them, and their like) that a copy reserves on its node', 'node');
export const POD_COMPUTE_COST = pod('compute_cost:per_hour', SeriesUnit.CURRENCY, 'What the CPU, memory and devices of a copy cost an hour');
export const POD_VOLUME_COST = pod('volume_cost:per_hour', SeriesUnit.CURRENCY, 'What the persistent volumes of a copy cost an hour; one that several mount is shared out among them');
export const COST_PER_HOUR = version('cost:per_hour', SeriesUnit.CURRENCY, 'What a version\'s copies cost an hour');
export const COST_PER_1K_REQUESTS = version('cost:per_1k_requests', SeriesUnit.CURRENCY, 'What 1,000 predictions of a version cost, by the last hour');
export const COST_PER_1M_TOKENS = version('cost:per_1m_tokens', SeriesUnit.CURRENCY, 'What a million tokens, read and written, of a version cost, by the last hour');
export const SERVICE_COST_PER_HOUR = service('cost:per_hour', SeriesUnit.CURRENCY, 'What the service costs an hour; 0 while it is at no copies');
export const COST_MONTH = service('cost:predicted_month', SeriesUnit.CURRENCY, 'What a month of 730 hours costs if it goes on as in the last day');

/** By who pays, over all services of the metrics' store: without `namespace` and `inference_service`. */
const owner = (name: string, help: string): Series => ({ name: `inference_owner:${name}`, unit: SeriesUnit.CURRENCY, help, labels: ['team', 'cost_center'] });
export const OWNER_COST_PER_HOUR = owner('cost:per_hour', 'What the services of a team cost an hour');
export const OWNER_COST_MONTH = owner('cost:predicted_month', 'What a month of a team\'s services costs if it goes on as in the last day');

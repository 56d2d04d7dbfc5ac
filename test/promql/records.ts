import { type Expectation, type TestSeries } from '../support/promtool';
import { Watched } from '../support/watched';
import { POD } from './alerts/exposed';
import { type Exposition, EXPOSITIONS, TAKES, TOGETHER, WAITS, type Work } from './expositions';

/** Two versions, with three of four requests at the first. */
export const V1: Work = { requests: 60, failed: 3, running: 5, waiting: 1, kvCache: 0.25, prompt: 3000, generated: 1500 };
const V2: Work = { requests: 20, failed: 1, running: 3, waiting: 2, kvCache: 0.75, prompt: 6000, generated: 600 };
export const VERSIONS: readonly [version: string, pod: string, work: Work][] = [['v1', POD, V1], ['v2', 'iris-6b9c7d8f4-x2x4z', V2]];
export const SCRAPES = 30;

/** A pod's series, with the labels that the scrape lays on them; a label of the server's own that the scrape needs makes way. */
export function scraped({ series }: Exposition, version: string, pod: string, work: Work, service = 'iris', namespace = 'ml'): TestSeries[] {
  return Object.entries(series(work)).map(([one, value]) => {
    const [, name, labels = ''] = /^([^{]+)(?:\{(.*)\})?$/.exec(one)!;
    const own = labels.replace(/(^|,)model_version="/, '$1exported_model_version="');
    return { series: `${name}{namespace="${namespace}",inference_service="${service}",model_version="${version}",pod="${pod}"${own === '' ? '' : `,${own}`}}`, values: value.startsWith('+') ? `0${value}x${SCRAPES}` : `${value}x${SCRAPES}` };
  });
}

const within = ([over, upTo]: readonly [number, number], share: number): number => over + share * (upTo - over);
const both = (of: (work: Work) => number): number => of(V1) + of(V2);

/** What a record is of these two pods: one number, or one a version. */
function expected(record: string, name: string): number | readonly [number, number] | undefined {
  const { latency, firstToken, token } = EXPOSITIONS[name]!;
  const versions = (of: (work: Work) => number): [number, number] => [of(V1), of(V2)];
  const values: { readonly [record: string]: number | readonly [number, number] | undefined } = {
    'inference_service_version:requests:rate5m': versions((work) => work.requests / 30), 'inference_service:requests:rate5m': both((work) => work.requests / 30), 'inference_service_version:requests:share5m': [0.75, 0.25],
    'inference_service_version:request_failures:rate5m': versions((work) => work.failed / 30), 'inference_service:request_failures:rate5m': both((work) => work.failed / 30), 'inference_service:request_failures:ratio_rate5m': 0.05,
    'inference_service:request_duration_seconds:p50_5m': latency && within(latency, 0.5), 'inference_service:request_duration_seconds:p90_5m': latency && within(latency, 0.9), 'inference_service:request_duration_seconds:p99_5m': latency && within(latency, 0.99),
    'inference_service_version:request_duration_seconds:p99_5m': latency && [within(latency, 0.99), within(latency, 0.99)], 'inference_service:request_duration_seconds:mean5m': TAKES, 'inference_service:queue_duration_seconds:mean5m': WAITS,
    'inference_service:time_to_first_token_seconds:p50_5m': firstToken && within(firstToken, 0.5), 'inference_service:time_to_first_token_seconds:p99_5m': firstToken && within(firstToken, 0.99),
    'inference_service:inter_token_seconds:p50_5m': token && within(token, 0.5), 'inference_service:inter_token_seconds:p99_5m': token && within(token, 0.99),
    'inference_service:requests_in_flight:sum': both((work) => work.running), 'inference_service:requests_waiting:sum': both((work) => work.waiting), 'inference_service:batch_size:mean5m': TOGETHER, 'inference_service:kv_cache_usage:max': 0.75,
    'inference_service_version:prompt_tokens:rate5m': versions((work) => work.prompt / 30), 'inference_service_version:generated_tokens:rate5m': versions((work) => work.generated / 30),
  };
  return values[record];
}

/** Series that no server tells. */
const OF_OTHERS = /:(info|copies_\w+|cold_start_seconds|gpus?_?\w*|gpus):?/;
/** Names of what is recorded of a server. */
export const told = (one: Watched): string[] => one.rules.filter((rule) => rule.record !== undefined && !OF_OTHERS.test(rule.record.replace(/^inference_service(_version)?/, ''))).map((rule) => rule.record);
/** Labels of a service's own series. */
export const identity = 'namespace="ml", inference_service="iris"';

/** What a record is asked, and gives. */
export function asked(record: string, value: number | readonly [number, number]): Expectation {
  const gives = typeof value === 'number' ? [{ labels: `{${identity}}`, value: round(value) }] : value.map((one, i) => ({ labels: `{${identity}, model_version="v${i + 1}"}`, value: round(one) }));
  // without a name, which VictoriaMetrics' functions keep
  return { query: `round(${record}, 0.0001) + 0`, at: '12m', gives };
}
const round = (value: number): number => Math.round(value * 1e4) / 1e4;

/** Series of a server's two pods. */
export function seriesOfBoth(name: string): TestSeries[] {
  return VERSIONS.flatMap(([version, pod, work]) => scraped(EXPOSITIONS[name]!, version, pod, work));
}

/** What each record of a service on a server is to give. */
export function recordsOf(service: Watched, name: string): Expectation[] {
  return told(service).map((record) => {
    const value = expected(record, name);
    if (value === undefined) throw new Error(`nothing says what ${record} is to be`);
    return asked(record, value);
  });
}

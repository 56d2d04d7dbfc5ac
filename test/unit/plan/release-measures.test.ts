import { Duration } from 'cdk8s';
import { Accelerator, Gate, InferenceProtocol, InferenceServer, Model, ModelSource, Objective, Rollout, RolloutController, Scaling, TrafficRouterKind } from 'cdk8s-serving';
import { offBuckets, planGate } from '../../../lib/plan/release/gates';
import { errorPercent, presence, requests, slowPercent } from '../../../lib/plan/release/measures';
import { bucketAt, requestMeasures } from '../../../lib/plan/request-measures';
import { METRICS } from '../../support/release';
import { serve, Served } from '../../support/serving';

/** What each server of the catalogue tells by each protocol: all requests, those that failed, and how long they take. A dash: nothing. */
const TABLE: { readonly [server: string]: { readonly [protocol: string]: readonly [all: string, failed: string, latency: string] } } = {
  'vllm': { openai: ['http_requests_total{handler=~"/v1/.*"}', 'http_requests_total{handler=~"/v1/.*",status="5xx"}', 'vllm:e2e_request_latency_seconds'] },
  'sglang': { openai: ['sglang:http_responses_total{endpoint=~"/v1/.*"}', 'sglang:http_responses_total{endpoint=~"/v1/.*",status_code=~"5.."}', 'sglang:e2e_request_latency_seconds'] },
  'mlserver': {
    'v2-rest': ['model_infer_request_duration_count{model="fraud"}', 'model_infer_request_failure_total{model="fraud"}', 'rest_server_request_duration_seconds'],
    'v2-grpc': ['model_infer_request_duration_count{model="fraud"}', 'model_infer_request_failure_total{model="fraud"}', 'grpc_server_handling_seconds'],
  },
  ...Object.fromEntries(['kserve-sklearn', 'kserve-xgboost', 'kserve-lightgbm'].map((server) => [server, Object.fromEntries(['v2-rest', 'v2-grpc', 'v1-rest'].map((protocol) => [protocol, ['request_predict_seconds_count{model_name="fraud"}', '–', 'request_predict_seconds'] as const]))])),
  'tensorflow-serving': Object.fromEntries(['v1-rest', 'tensorflow-grpc'].map((protocol) => [protocol, [':tensorflow:serving:request_count{model_name="fraud"}', ':tensorflow:serving:request_count{model_name="fraud",status!="OK"}', ':tensorflow:serving:request_latency'] as const])),
  'openvino': Object.fromEntries(['v2-rest', 'v2-grpc', 'v1-rest', 'tensorflow-grpc'].map((protocol) => [protocol, [
    'ovms_requests_success{name="fraud",method=~"ModelInfer|Predict"} + ovms_requests_fail{name="fraud",method=~"ModelInfer|Predict"}', 'ovms_requests_fail{name="fraud",method=~"ModelInfer|Predict"}', 'ovms_request_time_us',
  ] as const])),
  // its histogram is for models that answer several times alone
  'triton': Object.fromEntries(['v2-rest', 'v2-grpc'].map((protocol) => [protocol, [
    'nv_inference_request_success{model="fraud"} + nv_inference_request_failure{model="fraud",reason!="CANCELED"}', 'nv_inference_request_failure{model="fraud",reason!="CANCELED"}', '–',
  ] as const])),
  // which of its two backends runs is its own choice, and they count by different metrics
  'kserve-huggingface': Object.fromEntries(['openai', 'v2-rest', 'v1-rest', 'v2-grpc'].map((protocol) => [protocol, ['–', '–', '–'] as const])),
  'fastapi': { 'custom-rest': ['http_requests_total{handler="/predict"}', 'http_requests_total{handler="/predict",status="5xx"}', 'http_request_duration_seconds'] },
  'container': { 'custom-rest': ['–', '–', '–'] },
  'tgi': { openai: ['tgi_request_success{} + tgi_request_failure{err!~"validation|template"}', 'tgi_request_failure{err!~"validation|template"}', 'tgi_request_duration'] },
  'torchserve': Object.fromEntries(['v2-rest', 'v1-rest'].map((protocol) => [protocol, ['ts_inference_requests_total{}', 'Requests5XX{}', '–'] as const])),
};

const all = InferenceServer.all().flatMap((server) => server.facts.protocols.map((protocol) => [server.facts.id, protocol.name, server, protocol] as const));
const shown = (one: { name: string; matchers: string } | undefined): string => (one === undefined ? '–' : `${one.name}{${one.matchers}}`);

test('no server and no protocol is left out of the table', () => {
  expect(Object.entries(TABLE).flatMap(([server, protocols]) => Object.keys(protocols).map((protocol) => `${server} ${protocol}`)).sort()).toEqual(all.map(([server, protocol]) => `${server} ${protocol}`).sort());
});

describe.each(all)('%s by %s', (id, name, server, protocol) => {
  const [requested, failed, latency] = TABLE[id]![name]!;
  const measures = requestMeasures(server.facts, protocol, 'fraud');
  const ground = { serverTitle: server.facts.title, measures, modelName: 'fraud', scrapeSeconds: 30, unsaid: 'pause' as never };

  test('tells what the table says', () => {
    expect([measures === undefined ? '–' : measures.all.map(shown).join(' + '), shown(measures?.failed), measures?.latency?.name ?? '–']).toEqual([requested, failed, latency]);
  });

  test('a gate by errors asks for it, or is refused', () => {
    const planned = planGate(Gate.errors({ maxPercent: 5 }), ground);
    if (failed === '–') expect(planned).toEqual({ findings: [expect.objectContaining({ code: 'SERVING_GATE_NOT_MEASURABLE', severity: 'error', what: expect.stringContaining(server.facts.title), fix: expect.stringContaining('Gate.query') })] });
    else {
      expect(planned.findings).toEqual([]);
      const of = (counter: string): string => counter.replace(/\{(.*)\}$/, (_, matchers: string) => `{$NEW${matchers === '' ? '' : `,${matchers}`}}[300s]`);
      expect(planned.gate!.query.startsWith(`100 * (sum(increase(${of(failed)})) or vector(0)) / (`)).toBe(true);
      for (const counter of requested.split(' + ')) expect(planned.gate!.query).toContain(`sum(increase(${of(counter)}))`);
      expect(planned.gate!.query.endsWith(' >= 60)')).toBe(true);
    }
  });

  test('a gate by latency asks for it, or is refused', () => {
    const buckets = measures?.latency?.buckets ?? [1];
    const bound = buckets[Math.floor(buckets.length / 2)]!;
    const seconds = bound / ({ ms: 1e3, us: 1e6 }[measures?.latency?.unit ?? ''] ?? 1);
    const planned = planGate(Gate.latency({ p: 90, below: Duration.millis(seconds * 1e3) }), ground);
    if (latency === '–') expect(planned).toEqual({ findings: [expect.objectContaining({ code: 'SERVING_GATE_NOT_MEASURABLE', severity: 'error' })] });
    else {
      expect(planned.findings).toEqual([]);
      const query = planned.gate!.query;
      expect(query).toContain(`sum(increase(${latency}_bucket{$NEW`);
      expect(query).toContain(`sum(increase(${latency}_count{$NEW`);
      // the pattern of the label finds this bound and no other, as the server prints them
      const pattern = new RegExp(`^(?:${/le=~"([^"]+)"/.exec(query)![1]!.replaceAll('\\\\', '\\')})$`);
      expect(buckets.filter((one) => pattern.test(String(one)))).toEqual([bound]);
    }
  });
});

describe('the label of a bound', () => {
  const metric = (buckets: number[]) => ({ role: 'latency', name: 'x', type: 'histogram', unit: 's', source: 'https://example.com', buckets }) as never;
  const pattern = (bound: number): RegExp => new RegExp(`^(?:${/le=~"([^"]+)"/.exec(slowPercent(metric([bound]), 'm', bound, '$NEW', '60s', 1))![1]!.replaceAll('\\\\', '\\')})$`);

  test.each([[1, ['1', '1.0'], ['10', '1.05', '11', '100']], [0.5, ['0.5'], ['0.55', '0x5', '10.5']], [2.5, ['2.5'], ['25', '2.55']], [1_000_000, ['1000000', '1000000.0', '1e+06'], ['1e+07', '10000000']], [1_274_820, ['1274820', '1.27482e+06'], ['1.27482e+07']]])('%d is found however it is written', (bound, found, others) => {
    for (const text of found) expect([text, pattern(bound).test(text)]).toEqual([text, true]);
    for (const text of others) expect([text, pattern(bound).test(text)]).toEqual([text, false]);
  });
});

describe('a bucket', () => {
  const tensorflow = requestMeasures(InferenceServer.tensorflowServing().facts, InferenceProtocol.V1_REST, 'm')!.latency!;

  test('is found by each bound that a message offers', () => {
    for (const seconds of [0.004, 0.3, 7]) {
      const offered = offBuckets('a gate', tensorflow, seconds).allowed!.split(', ').map(Number);
      expect(offered).toHaveLength(33);
      expect(offered.filter((one) => bucketAt(tensorflow, one) === undefined)).toEqual([]);
    }
  });

  test('is not found between two', () => {
    expect(bucketAt(tensorflow, 0.25)).toBeUndefined();
    expect(offBuckets('a gate', tensorflow, 0.25)).toMatchObject({ code: 'SERVING_LATENCY_OFF_BUCKETS', what: expect.stringMatching(/^a gate asks for 0\.25 s, and :tensorflow:serving:request_latency counts up to (0\.\d+) s or (0\.\d+) s next to it$/), fix: 'take one of these' });
  });

  test('beyond the last one is told with the last one alone', () => {
    expect(offBuckets('a gate', { ...tensorflow, buckets: [1e5, 2e5] }, 7).what).toMatch(/counts up to 0\.2 s next to it$/);
  });
});

describe('queries', () => {
  const one = [{ name: 'a_total', matchers: 'm="x"' }];
  const two = [...one, { name: 'b_total', matchers: '' }];

  test('of one counter are plain, of two are added even if one has no series yet', () => {
    expect(requests(one, '$NEW', '300s')).toBe('sum(increase(a_total{$NEW,m="x"}[300s]))');
    expect(requests(two, '$NEW', '300s')).toBe('sum(label_replace(sum(increase(a_total{$NEW,m="x"}[300s])), "part", "0", "", "") or label_replace(sum(increase(b_total{$NEW}[300s])), "part", "1", "", ""))');
    expect(presence(two, '$NEW')).toBe('count(a_total{$NEW,m="x"}) or count(b_total{$NEW}) or vector(0)');
  });

  test('of errors give 0 where none failed, and nothing below the least requests', () => {
    expect(errorPercent({ all: one, failed: { name: 'a_total', matchers: 'status="5xx"' } }, '$NEW', '300s', 60)).toBe('100 * (sum(increase(a_total{$NEW,status="5xx"}[300s])) or vector(0)) / (sum(increase(a_total{$NEW,m="x"}[300s])) >= 60)');
  });
});

describe('bounds of latency are set by themselves where the server can be told', () => {
  const model = Model.huggingFace('Qwen/Qwen3-8B', { source: ModelSource.s3('s3://models/qwen/v1'), version: 'v1' });
  const gated = (server: InferenceServer, gates: Gate[], objectives: Objective[] = []): Served => serve({ model, server: server as never, accelerator: Accelerator.nvidia('L4'), scaling: Scaling.fixed(2), objectives, rollout: Rollout.canary({ steps: [50], gates }) },
    { metricsUrl: METRICS, rollouts: RolloutController.argo({ router: TrafficRouterKind.ISTIO }) });
  const errors = (served: Served): string[] => served.problems.filter((one) => one.severity === 'error').map((one) => one.code);
  const server = (served: Served): any => served.one('Rollout').spec.template.spec.containers.find((one: any) => one.name === 'server');
  const off = Gate.latency({ p: 90, below: Duration.millis(3300) });

  test('vLLM gets a further bound among its own', () => {
    const served = gated(InferenceServer.vllm(), [off]);
    expect(errors(served)).toEqual([]);
    const args: string[] = server(served).args;
    const flag = '--custom-histogram-buckets=';
    const bounds = JSON.parse(args.find((one) => one.startsWith(flag))!.slice(flag.length)).request_latency;
    expect(bounds).toEqual(expect.arrayContaining([0.3, 3.3, 10]));
    expect(bounds).toEqual([...bounds].sort((a: number, b: number) => a - b));
    expect(served.one('AnalysisTemplate').spec.metrics[0].provider.prometheus.query).toContain('le=~"3\\\\.3"');
  });

  test('SGLang likewise', () => {
    const served = gated(InferenceServer.sglang(), [off]);
    expect(errors(served)).toEqual([]);
    const args: string[] = server(served).args;
    const at = args.indexOf('--bucket-e2e-request-latency');
    expect(args.slice(at + 1).map(Number)).toEqual(expect.arrayContaining([0.1, 3.3, 2400]));
  });

  test('objectives set theirs as well, and a bound that is there changes nothing', () => {
    expect(server(gated(InferenceServer.sglang(), [Gate.person()], [Objective.latency({ p: 99, below: Duration.millis(700) })])).args).toContain('0.7');
    expect(server(gated(InferenceServer.sglang(), [Gate.latency({ p: 90, below: Duration.seconds(4) })])).args).not.toContain('--bucket-e2e-request-latency');
  });

  test('a server that can not be told is a problem', () => {
    expect(errors(serve({ rollout: Rollout.blueGreen({ gates: [off] }) }, { metricsUrl: METRICS, rollouts: RolloutController.argo() }))).toEqual(['SERVING_LATENCY_OFF_BUCKETS']);
  });
});

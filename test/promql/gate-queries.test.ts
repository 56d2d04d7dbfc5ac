import { Duration } from 'cdk8s';
import { ComparedMeasure, Gate, GateAction, InferenceServer, Model, ModelSource, Rollout, RolloutController } from 'cdk8s-serving';
import { type PlannedGate } from '../../lib/plan/release/gates';
import { NEW, STABLE } from '../../lib/plan/release/measures';
import { checkPromqlSyntax, expectPromql, type TestSeries } from '../support/promtool';
import { serve, type Served } from '../support/serving';
import { SERVERS } from './servers';

/** Requests of one pod, each scrape of 30 s. */
interface PodRequests { readonly all: number; readonly failed: number; readonly slow: number }

const FAST = Duration.millis(250);
const MLSERVER = { model: Model.sklearn({ source: ModelSource.s3('s3://models/iris/v1') }) };
const TENSORFLOW = { model: Model.tensorflow({ source: ModelSource.s3('s3://models/v1') }), server: InferenceServer.tensorflowServing() };
const OPENVINO = { model: Model.openvino({ source: ModelSource.s3('s3://models/v1') }), server: InferenceServer.openvino() };
const histogram = (name: string, labels: string, { all, slow }: PodRequests, bound: string, inf = '+Inf') => ({
  [`${name}_bucket{${labels}le="${bound}"}`]: all - slow, [`${name}_bucket{${labels}le="${inf}"}`]: all, [`${name}_count{${labels.replace(/,$/, '')}}`]: all,
});

/** Servers as a metrics' store sees them: growth of each series a scrape. */
const SEEN: { readonly [name: string]: { readonly props: object; readonly series: (pod: PodRequests) => { readonly [series: string]: number }; readonly latency: boolean } } = {
  mlserver: {
    props: MLSERVER, latency: true,
    series: (pod) => ({
      'model_infer_request_duration_count{model="iris",version="None"}': pod.all, 'model_infer_request_failure_total{model="iris",version="None"}': pod.failed,
      ...histogram('rest_server_request_duration_seconds', 'path="/v2/models/{model_name}/infer",status_code="200",', pod, '0.25'),
    }),
  },
  vllm: {
    props: SERVERS.vllm!.props, latency: true,
    series: (pod) => ({
      'http_requests_total{handler="/v1/completions",status="2xx"}': pod.all - pod.failed, 'http_requests_total{handler="/v1/completions",status="5xx"}': pod.failed, 'http_requests_total{handler="/health",status="2xx"}': 1000,
      ...histogram('vllm:e2e_request_latency_seconds', 'model_name="iris",', pod, '0.25'),
    }),
  },
  triton: { props: SERVERS.triton!.props, latency: false, series: (pod) => ({ 'nv_inference_request_success{model="iris",version="1"}': pod.all - pod.failed, 'nv_inference_request_failure{model="iris",version="1",reason="OTHER"}': pod.failed }) },
  'tensorflow-serving': { props: TENSORFLOW, latency: false, series: (pod) => ({ ':tensorflow:serving:request_count{model_name="iris",status="OK"}': pod.all - pod.failed, ':tensorflow:serving:request_count{model_name="iris",status="INTERNAL"}': pod.failed }) },
  openvino: { props: OPENVINO, latency: false, series: (pod) => ({ 'ovms_requests_success{name="iris",method="ModelInfer"}': pod.all - pod.failed, 'ovms_requests_fail{name="iris",method="ModelInfer"}': pod.failed }) },
  tgi: { props: SERVERS.tgi!.props, latency: false, series: (pod) => ({ tgi_request_success: pod.all - pod.failed, 'tgi_request_failure{err="overloaded"}': pod.failed }) },
};

const TRIED = { pods: ['iris-new1-aaaaa', 'iris-new1-bbbbb'], matchers: 'namespace="ml",pod=~"iris-new1-[a-z0-9]+"' };
const KEPT = { pods: ['iris-old1-aaaaa'], matchers: 'namespace="ml",pod=~"iris-old1-[a-z0-9]+"' };

const served = (props: object, gates: Gate[]): Served => serve({ ...props, rollout: Rollout.blueGreen({ gates }) }, { rollouts: RolloutController.argo(), metricsUrl: 'http://prometheus.monitoring:9090', gpuPools: undefined });
const gate = (props: object, one: Gate): PlannedGate => served(props, [one]).plan.release!.gates[0]!;
const bound = (query: string): string => query.replaceAll(NEW, TRIED.matchers).replaceAll(STABLE, KEPT.matchers);
const grown = (growth: number): string => `0+${growth}x30`;

function world(server: (typeof SEEN)[string], fresh: PodRequests, stable: PodRequests): TestSeries[] {
  const pods: [string, PodRequests][] = [...TRIED.pods.map((pod): [string, PodRequests] => [pod, fresh]), ...KEPT.pods.map((pod): [string, PodRequests] => [pod, stable])];
  return pods.flatMap(([pod, load]) => Object.entries(server.series(load)).map(([series, growth]) => {
    const [, name, labels] = /^([^{]+)(?:\{(.*)\})?$/.exec(series)!;
    return { series: `${name}{namespace="ml",pod="${pod}"${labels === undefined ? '' : `,${labels}`}}`, values: grown(growth) };
  }));
}

const QUIET = { all: 100, failed: 0, slow: 0 };

describe.each(Object.entries(SEEN))('%s: errors', (_, server) => {
  const errors = gate(server.props, Gate.errors({ maxPercent: 5, minRequests: 100 }));

  test('are the share of the new version alone, of requests alone', () => {
    const series = world(server, { all: 50, failed: 10, slow: 0 }, QUIET);
    expectPromql(series, [
      { query: bound(errors.query), at: '10m', gives: [{ value: 20 }] },
      { query: bound(errors.volumeQuery!), at: '10m', gives: [{ value: 1000 }] }, // two pods, five minutes
    ]);
    expectPromql(world(server, QUIET, { all: 50, failed: 50, slow: 0 }), [{ query: bound(errors.query), at: '10m', gives: [{ value: 0 }] }]);
  });

  test('are not told of too few requests, nor of none; presence tells these apart', () => {
    const few = world(server, { all: 2, failed: 2, slow: 0 }, QUIET);
    expectPromql(few, [{ query: bound(errors.query), at: '10m', gives: [] }, { query: bound(errors.volumeQuery!), at: '10m', gives: [{ value: 40 }] }]);
    const none = world(server, QUIET, QUIET).filter((one) => !one.series.includes('iris-new1'));
    expectPromql(none, [
      { query: bound(errors.query), at: '10m', gives: [] }, { query: bound(errors.volumeQuery!), at: '10m', gives: [] }, { query: bound(errors.presenceQuery!), at: '10m', gives: [{ value: 0 }] },
    ]);
    expectPromql(few, [{ query: `(${bound(errors.presenceQuery!)}) > bool 0`, at: '10m', gives: [{ value: 1 }] }]);
  });

  test('are all there are when nothing else is: a share of 100, and not of nothing', () => {
    expectPromql(world(server, { all: 50, failed: 50, slow: 0 }, QUIET), [{ query: bound(errors.query), at: '10m', gives: [{ value: 100 }] }]);
  });

  test('compared with the stable version are a ratio, with a floor', () => {
    const compared = gate(server.props, Gate.comparison({ of: ComparedMeasure.ERRORS, minRequests: 100 }));
    expectPromql(world(server, { all: 50, failed: 10, slow: 0 }, { all: 100, failed: 10, slow: 0 }), [{ query: bound(compared.query), at: '10m', gives: [{ value: 2 }] }]);
    expectPromql(world(server, { all: 50, failed: 10, slow: 0 }, QUIET), [{ query: bound(compared.query), at: '10m', gives: [{ value: 40 }] }]);
    expectPromql(world(server, { all: 50, failed: 10, slow: 0 }, { all: 1, failed: 0, slow: 0 }), [{ query: bound(compared.query), at: '10m', gives: [] }, { query: bound(compared.volumeQuery!), at: '10m', gives: [{ value: 10 }] }]);
  });
});

describe.each(Object.entries(SEEN).filter(([, server]) => server.latency))('%s: latency', (_, server) => {
  const latency = gate(server.props, Gate.latency({ p: 95, below: FAST, minRequests: 100 }));

  test('is the share of the new version that was slower than the bound', () => {
    expectPromql(world(server, { all: 50, failed: 0, slow: 10 }, QUIET), [{ query: bound(latency.query), at: '10m', gives: [{ value: 20 }] }]);
    expectPromql(world(server, { all: 2, failed: 0, slow: 2 }, QUIET), [{ query: bound(latency.query), at: '10m', gives: [] }]);
  });
});

test("what Flagger asks goes on without data where it is told to, and not with bad data", () => {
  const flagged = (action: GateAction, onNoData = action): string => serve({ ...MLSERVER, rollout: Rollout.blueGreen({ gates: [Gate.errors({ maxPercent: 5, minRequests: 100, onFew: action, onNoData })] }) }, { rollouts: RolloutController.flagger(), metricsUrl: 'http://p' })
    .one('MetricTemplate').spec.query.replaceAll('{{ namespace }}', 'ml').replaceAll('iris-[', 'iris-new1-[').replace(/\{1,10\}-\?\[a-z0-9\]\{5\}/g, '+');
  const server = SEEN.mlserver!;
  const few = world(server, { all: 2, failed: 2, slow: 0 }, QUIET);
  const none = few.filter((one) => !one.series.includes('iris-new1'));
  const bad = world(server, { all: 50, failed: 10, slow: 0 }, QUIET);
  expectPromql(few, [{ query: flagged(GateAction.PROCEED), at: '10m', gives: [{ value: 5 }] }, { query: flagged(GateAction.ABORT), at: '10m', gives: [] }, { query: flagged(GateAction.ABORT, GateAction.PROCEED), at: '10m', gives: [] }]);
  expectPromql(none, [{ query: flagged(GateAction.PROCEED), at: '10m', gives: [{ value: 5 }] }, { query: flagged(GateAction.PROCEED, GateAction.ABORT), at: '10m', gives: [] }]);
  expectPromql(bad, [{ query: flagged(GateAction.PROCEED), at: '10m', gives: [{ value: 20 }] }]);
});

test('every query of a gate is PromQL', () => {
  const gates = [Gate.errors({ maxPercent: 1 }), Gate.latency({ p: 95, below: FAST }), Gate.comparison({ of: ComparedMeasure.ERRORS }), Gate.comparison({ of: ComparedMeasure.LATENCY }), Gate.query({ name: 'mine', query: 'sum(rate(null_answers_total{$NEW}[$WINDOW]))', max: 1 })];
  const planned = served(MLSERVER, gates).plan.release!.gates;
  expect(planned).toHaveLength(gates.length);
  checkPromqlSyntax(planned.flatMap((one) => [one.query, one.volumeQuery!, one.presenceQuery!]).map(bound));
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Size } from 'cdk8s';
import { Accelerator, Cost, CostBudget, GpuPool, GpuSharing, InferenceServer, InferenceServiceProps, Model, MonitoringStackProps, Scaling, Wake } from 'cdk8s-serving';
import { Prices } from '../../lib/describe/cluster';
import { node, pod, PRICES } from '../support/costs';
import { checkRules, expectRules, RuleCase, TestSeries } from '../support/promtool';
import { checkRulesByVmalert } from '../support/vmalert';
import { iris } from '../support/serving';
import { watch, Watched } from '../support/watched';

const POOLS = [GpuPool.nvidiaOperator('A100-80GB', { count: 8, spare: 1 })];
const WITH_GPU: Prices = { ...PRICES, deviceHour: { 'A100-80GB': 3 } };
const LLM: Partial<InferenceServiceProps> = {
  model: Model.huggingFace('Qwen/Qwen3-8B', { revision: '9216db5781bf21249d130ec9da846c4624c16137', version: 'v1', size: Size.gibibytes(16) }), server: InferenceServer.vllm(), accelerator: Accelerator.nvidia('A100-80GB'), scaling: Scaling.fixed(2),
};

/** The rules of a service and of its stack. */
const groupsOf = (watched: Watched): any[] => [...watched.groups, ...watched.one('PrometheusRule', 'watch').spec.groups];
const llm = (stack: MonitoringStackProps, props: Partial<InferenceServiceProps> = {}, pools = POOLS, prices: Prices = {}) => watch({ ...LLM, ...props }, stack, { gpuPools: pools, prices });
const BY_PRICES = groupsOf(llm({ cost: Cost.prices({ currency: '$' }), budgets: { risk: CostBudget.monthly(4000) } }, { budget: CostBudget.monthly(4000) }, POOLS, WITH_GPU));
const BY_OPENCOST = groupsOf(llm({ cost: Cost.openCost() }));
const WITH_FALLBACK = groupsOf(llm({ cost: Cost.openCost() }, {}, POOLS, WITH_GPU));
/** A mistake in a guard must not hide: the same rules, with a part of their queries replaced. */
const without = (groups: any[], part: string, by = ''): any[] => {
  const changed = JSON.parse(JSON.stringify(groups), (key, value) => (key === 'expr' ? value.replaceAll(part, by) : value));
  expect(changed).not.toEqual(groups);
  return changed;
};

const A = 'iris-abc-12345';
const B = 'iris-abc-67890';
const NODE_COST = 4 * 0.05 + 16 * 0.01 + 2;
const PRICE_COST = 4 * 0.04 + 16 * 0.005 + 3;

const SERVICE = 'namespace="ml", inference_service="iris"';
const VERSION = (version: string) => `{${SERVICE}, model_version="${version}"}`;
const rounded = (series: string) => `round(${series}, 0.0001)`;
const perHour = rounded('inference_service:cost:per_hour');
const byVersion = rounded('inference_service_version:cost:per_hour');
const expectCosts = (given: Omit<RuleCase, 'interval'>, groups = BY_OPENCOST) => expectRules(groups, { ...given, interval: '1m' });
const costs = (value: number | undefined, at = '10m') => [{ query: perHour, at, gives: value === undefined ? [] : [{ labels: `{${SERVICE}}`, value: Math.round(value * 1e4) / 1e4 }] }];

describe('the rules are sound', () => {
  test.each([['prices', BY_PRICES], ['OpenCost', BY_OPENCOST], ['both', WITH_FALLBACK]])('by %s', (_, groups) => {
    checkRules(groups);
    checkRulesByVmalert(groups.map(({ name, rules }) => ({ name, rules })));
  });
  test('vmalert finds what is no query', () => expect(() => checkRulesByVmalert([{ name: 'x', rules: [{ record: 'a', expr: 'sum by (a up)' }] }])).toThrow('vmalert'));
});

describe('what copies cost', () => {
  test('by the prices of the Cluster it is what estimateCost says', () => {
    const { service } = llm({ cost: Cost.prices() }, {}, POOLS, WITH_GPU);
    const { requests } = (service as any).planned.plan;
    const reserves = (name: string) => pod(name).map((one) => ({ ...one, values: one.series.includes('resource="cpu"') ? `${requests.cpuMillis / 1000}x3000` : one.series.includes('resource="memory"') ? `${requests.memoryBytes}x3000` : one.values }));
    expectCosts({ series: [...reserves(A), ...reserves(B)], queries: costs(service.estimateCost()!.minPerHour) }, BY_PRICES);
  });

  test('by the prices of the node that each is on, as OpenCost tells them', () => {
    expectCosts({ series: [...pod(A), ...pod(B, { node: 'n2' }), ...node('n1'), ...node('n2', { gpu: '4' })], queries: costs(2 * NODE_COST + 2) });
  });

  test('while OpenCost is replaced, two of its pods tell of a node; two kube-state-metrics tell of a pod', () => {
    expectCosts({ series: [...pod(A), ...pod(A, { instance: 'other' }).slice(0, 4), ...node('n1'), ...node('n1', { pod: 'opencost-2' })], queries: costs(NODE_COST) });
    expectCosts({ series: [...pod(A), ...pod(A, { instance: 'other' }).slice(0, 4), ...node('n1')], queries: costs(2 * NODE_COST) }, without(BY_OPENCOST, 'max by (namespace, pod, container, node)'));
  });

  test.each([['not known', [] as TestSeries[]], ['no number', node('n1', { gpu: 'NaN' })], ['nothing', node('n1', { gpu: '0' })]])("a GPU's price that is %s is the Cluster's, or there is no cost at all", (_, told) => {
    const rest = told.length === 0 ? node('n1').filter(({ series }) => !series.startsWith('node_gpu_hourly')) : told;
    expectCosts({ series: [...pod(A), ...rest], queries: [...costs(undefined), { query: 'inference_service:cost:per_hour != inference_service:cost:per_hour', at: '10m', gives: [] }] });
    expectCosts({ series: [...pod(A), ...rest], queries: costs(PRICE_COST) }, WITH_FALLBACK);
  });

  test('of one pod on a node with a price and one on a node without, both are told', () => {
    expectCosts({ series: [...pod(A), ...pod(B, { node: 'new' }), ...node('n1')], queries: costs(NODE_COST + PRICE_COST) }, WITH_FALLBACK);
  });

  test('one that loads is paid for; one that waits for a node, or has ended, is not', () => {
    const series = [...pod(A, { up: '0+0x3000', phase: 'Pending' }), ...pod(B, { node: '', phase: 'Pending' }), ...pod('iris-abc-00000', { phase: 'Succeeded' }), ...node('n1')];
    expectCosts({ series, queries: costs(NODE_COST) });
    expectCosts({ series, queries: costs(2 * NODE_COST) }, without(BY_OPENCOST, 'phase=~"Succeeded|Failed"', 'phase="none"'));
  });

  test('other services\' pods are not its own', () => {
    expectCosts({ series: [...pod(A), ...pod('iris-large-abc-12345', { up: false }), ...node('n1')], queries: costs(NODE_COST) });
  });

  test('a shared GPU costs as much of one as there are GPUs for a share, a MIG slice as much as its profile', () => {
    const capacity = { series: 'kube_node_status_capacity{node="n1",resource="nvidia_com_gpu"}', values: '4x3000' };
    const share = groupsOf(llm({ cost: Cost.openCost() }, { accelerator: Accelerator.nvidiaShared('A100-80GB') }, [GpuPool.nvidiaOperator('A100-80GB', { count: 8, spare: 1, sharing: GpuSharing.TIME_SLICING })]));
    expectCosts({ series: [...pod(A), ...node('n1'), capacity], queries: costs(NODE_COST - 2 + 0.5) }, share);
    // two GPUs, whole: the price is that of one
    expectCosts({ series: [...pod(A), ...node('n1', { gpus: 4 }), capacity], queries: costs(NODE_COST) });
    const model = Model.huggingFace('Qwen/Qwen3-0.6B', { revision: 'c1899de289a04d12100db370d81485cdf75e47ca', version: 'v1', size: Size.gibibytes(2) });
    const mig = (product: string, profile: string) => groupsOf(llm({ cost: Cost.openCost() }, { model, accelerator: Accelerator.nvidiaMig(product, profile) }, [GpuPool.nvidiaOperator(product, { count: 14, spare: 1, migProfile: profile })]));
    expectCosts({ series: [...pod(A, { resource: 'nvidia_com_mig_3g_40gb' }), ...node('n1')], queries: costs(NODE_COST - 2 + 2 * 3 / 7) }, mig('A100-80GB', '3g.40gb'));
    expectCosts({ series: [...pod(A, { resource: 'nvidia_com_mig_1g_6gb' }), ...node('n1')], queries: costs(NODE_COST - 2 + 2 / 4) }, mig('A30', '1g.6gb'));
  });

  test('a pod of a version that had no GPU yet does without one', () => {
    expectCosts({ series: [...pod(A, { devices: 0 }), ...pod(B), ...node('n1')], queries: costs(2 * NODE_COST - 2) });
  });

  test('devices that are claimed are counted by the copy', () => {
    const claimed = groupsOf(watch({ ...LLM, accelerator: Accelerator.resourceClaim('gpu.nvidia.com', { count: 2 }), scaling: Scaling.fixed(1) }, { cost: Cost.openCost() }, { version: '1.34' }));
    expectCosts({ series: [...pod(A, { devices: 0 }), ...node('n1')], queries: costs(NODE_COST + 2) }, claimed);
  });

  test('volumes of its copies count, by what OpenCost gives each of them', () => {
    const volumes = [{ series: `pod_pvc_allocation{namespace="ml",pod="${A}",persistentvolumeclaim="models",persistentvolume="pv-1"}`, values: `${50 * 2 ** 30}x3000` }, { series: 'pv_hourly_cost{persistentvolume="pv-1",volumename="pv-1"}', values: '0.001x3000' }];
    expectCosts({ series: [...pod(A), ...node('n1'), ...volumes], queries: costs(NODE_COST + 0.05) });
    // what a volume costs is no cost of a pod whose node has no price
    expectCosts({ series: [...pod(A, { node: 'new' }), ...node('n1'), ...volumes], queries: costs(undefined) });
  });
});

const requests = (version: string, name: string, perMinute: number): TestSeries[] => [
  { series: `http_requests_total{namespace="ml",inference_service="iris",model_version="${version}",pod="${name}",handler="/v1/completions",status="2xx"}`, values: `0+${perMinute}x3000` },
  { series: `vllm:prompt_tokens_total{namespace="ml",inference_service="iris",model_version="${version}",pod="${name}",model_name="iris"}`, values: `0+${perMinute * 100}x3000` },
  { series: `vllm:generation_tokens_total{namespace="ml",inference_service="iris",model_version="${version}",pod="${name}",model_name="iris"}`, values: `0+${perMinute * 50}x3000` },
];

test('the example of docs/cost.md is what the rules give', () => {
  const page = readFileSync(join(__dirname, '../../docs/cost.md'), 'utf8');
  const stated = (what: string): number => Number(new RegExp(`^\\| ${what} \\| .* \\| ([\\d.,]+) \\|$`, 'm').exec(page)![1]!.replace(',', ''));
  const watched = llm({ cost: Cost.prices() }, { budget: CostBudget.monthly(5000) }, [GpuPool.nvidiaOperator('A100-80GB', { count: 8, spare: 1, pricePerHour: 3 })], PRICES);
  const server = watched.one('Deployment').spec.template.spec.containers[0].resources.requests;
  expect([server.cpu, server.memory]).toEqual(['4', '13Gi']);
  const reserves = (name: string) => pod(name).map((one) => (one.series.includes('resource="memory"') ? { ...one, values: `${13 * 2 ** 30}x3000` } : one));
  const version = (what: string, labels: string): { labels: string; value: number }[] => [{ labels, value: stated(what) }];
  expectCosts({
    series: [...reserves(A), ...reserves(B), ...requests('v1', A, 60)],
    queries: [
      { query: `round(inference_service_pod:compute_cost:per_hour{pod="${A}"}, 0.001)`, at: '120m', gives: version('a copy', `{${SERVICE}, pod="${A}"}`) },
      { query: 'round(inference_service:cost:per_hour, 0.01)', at: '120m', gives: version('an hour', `{${SERVICE}}`) },
      { query: 'round(inference_service_version:cost:per_1k_requests{model_version="v1"}, 0.01)', at: '120m', gives: version('1,000 predictions', VERSION('v1')) },
      { query: 'round(inference_service_version:cost:per_1m_tokens{model_version="v1"}, 0.01)', at: '120m', gives: version('a million tokens', VERSION('v1')) },
      { query: 'round(inference_service:cost:predicted_month, 0.1)', at: '120m', gives: version('a month', `{${SERVICE}}`) },
    ],
    alerts: [{ alert: 'InferenceServiceNearBudget', at: '120m', fires: [{ severity: 'info' }] }],
  }, groupsOf(watched));
});

describe('by version and for its work', () => {
  const per1k = rounded('inference_service_version:cost:per_1k_requests');
  const per1m = rounded('inference_service_version:cost:per_1m_tokens');

  test('each version pays for its own copies; a pod that no scrape knows of counts for no version, but counts', () => {
    expectCosts({
      series: [...pod(A), ...pod(B, { version: 'v2' }), ...pod('iris-abc-00000', { up: false }), ...node('n1')],
      queries: [{ query: byVersion, at: '10m', gives: [{ labels: VERSION('v1'), value: NODE_COST }, { labels: VERSION('v2'), value: NODE_COST }, { labels: `{${SERVICE}}`, value: NODE_COST }] }, ...costs(3 * NODE_COST)],
    });
  });

  test('a pod whose label changes is for a moment known with both versions, and counts once', () => {
    const changed = { series: `up{${SERVICE.replace(', ', ',')},model_version="v2",pod="${A}"}`, values: '1x3000' };
    expectCosts({ series: [...pod(A), changed, ...node('n1')], queries: costs(NODE_COST) });
    expect(() => expectCosts({ series: [...pod(A), changed, ...node('n1')] }, without(BY_OPENCOST, 'topk by (namespace, pod) (1,', 'topk by (namespace, pod) (9,'))).toThrow('many-to-many');
  });

  test('two GPUs of 3 $ and a request a second are 1.667 $ for 1,000; so many tokens are so much for a million', () => {
    // 6 $ / 3,600 requests, and 150 tokens each
    const free: Prices = { cpuHour: 0, memoryGibHour: 0, deviceHour: { 'A100-80GB': 3 } };
    expectCosts({
      series: [...pod(A), ...pod(B), ...requests('v1', A, 60)],
      queries: [
        { query: 'round(inference_service_version:cost:per_1k_requests, 0.01)', at: '120m', gives: [{ labels: VERSION('v1'), value: 1.67 }] },
        { query: 'round(inference_service_version:cost:per_1m_tokens, 0.01)', at: '120m', gives: [{ labels: VERSION('v1'), value: 11.11 }] },
      ],
    }, groupsOf(llm({ cost: Cost.prices() }, {}, POOLS, free)));
  });

  test('without requests there is no figure, and no number that is none', () => {
    for (const series of [[...pod(A), ...node('n1')], [...pod(A), ...node('n1'), ...requests('v1', A, 0)]]) {
      expectCosts({ series, queries: [per1k, per1m].map((query) => ({ query, at: '120m', gives: [] })) });
    }
    const infinite = without(BY_OPENCOST, 'requests:rate5m{namespace="ml",inference_service="iris"}[1h]) > 0)', 'requests:rate5m{namespace="ml",inference_service="iris"}[1h]))');
    expect(() => expectCosts({ series: [...pod(A), ...node('n1'), ...requests('v1', A, 0)], queries: [{ query: per1k, at: '120m', gives: [] }] }, infinite)).toThrow('Inf');
  });

  test('a restart of the server loses no figure', () => {
    const restarted = requests('v1', A, 60).map((one) => ({ ...one, values: one.values.replace(/^0\+(\d+)x3000$/, '0+$1x60 0+$1x200') }));
    expectCosts({ series: [...pod(A), ...node('n1'), ...restarted], queries: [{ query: 'round(inference_service_version:cost:per_1k_requests, 0.05)', at: '150m', gives: [{ labels: VERSION('v1'), value: 0.65 }] }] });
  });
});

describe('in a month', () => {
  const month = 'round(inference_service:cost:predicted_month, 5)';
  const iris0 = (): Watched => watch({ model: iris({ version: 'v1' }), scaling: Scaling.onRequestRate({ min: 0, max: 4, targetPerReplica: 5, wake: Wake.onQuery('sum(gateway_requests_waiting)') }) }, { cost: Cost.openCost() }, { operators: undefined });
  const wanted = (values: string): TestSeries => ({ series: 'kube_deployment_spec_replicas{namespace="ml",deployment="iris"}', values });

  test('at no copies it costs nothing, which is not the same as not known', () => {
    const groups = groupsOf(iris0());
    // half an hour with a copy of 0.36 an hour, half an hour with none
    const series = [...pod(A, { devices: 0, values: 'Nx30 stale _x3000' }), ...node('n1'), wanted('1x30 0x3000')];
    expectCosts({ series, queries: [...costs(0.36, '20m'), ...costs(0, '50m'), { query: 'round(inference_service:cost:predicted_month, 20)', at: '61m', gives: [{ labels: `{${SERVICE}}`, value: Math.round(730 * 0.36 / 2 / 20) * 20 }] }] }, groups);
    expectCosts({ series: [wanted('1x3000')], queries: costs(undefined) }, groups);
  });

  test('after a release the old version\'s copies are not counted beside the new one\'s', () => {
    const series = [...pod(A, { version: 'v1', values: 'Nx149 stale' }), ...pod(B, { version: 'v2', values: '_x150 Nx225' }), ...node('n1')];
    expectRules(BY_OPENCOST, { series, queries: [{ query: month, at: '1200m', gives: [{ labels: `{${SERVICE}}`, value: Math.round(730 * NODE_COST / 5) * 5 }] }], interval: '4m' });
  });

  test('by who pays', () => {
    expectCosts({ series: [...pod(A), ...node('n1')], queries: [
      { query: rounded('inference_owner:cost:per_hour'), at: '10m', gives: [{ labels: '{team="risk", cost_center="risk"}', value: NODE_COST }] },
      { query: 'round(inference_owner:cost:predicted_month)', at: '10m', gives: [{ labels: '{team="risk", cost_center="risk"}', value: Math.round(730 * NODE_COST) }] },
    ] });
  });

  test('a service that changes hands is for a moment known under both, and paid for once', () => {
    const other = { series: `inference_service:info{${SERVICE.replace(', ', ',')},team="other",cost_center="other"}`, values: '1x3000' };
    expectCosts({ series: [...pod(A), ...node('n1'), other], queries: [{ query: 'round(sum(inference_owner:cost:per_hour), 0.01)', at: '10m', gives: [{ value: NODE_COST }] }] });
  });
});

test('an idle GPU is told with what it costs', () => {
  const idle = BY_PRICES.flatMap(({ rules }) => rules).find((rule: any) => rule.alert === 'InferenceServiceGpuIdle');
  expect(idle.annotations.description).toContain('{{ with query `inference_service:cost:per_hour{namespace="ml",inference_service="iris"}` }}{{ . | first | value | printf "%.2f" }}');
  expect(idle.annotations.description).toMatch(/ \$ an hour\.$/);
});

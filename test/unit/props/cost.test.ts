import { Accelerator, Cost, CostBudget, CostBudgetProps, CostPart, CostProps, GpuPool, InferenceServer, MetricsBackend, Model, ModelSource, MonitoringStackProps, OpenCostProps, OptScaleProps, PriceSource, Scaling } from 'cdk8s-serving';
import { Size } from 'cdk8s';
import { everyProp } from '../../support/props';
import { watch, Watched } from '../../support/watched';

const PRICES = { prices: { cpuHour: 0.04, memoryGibHour: 0.005 } };
const priced = (stack: MonitoringStackProps, props = {}): Watched => watch(props, stack, PRICES);
const over = (watched: Watched, alert: string): any => [...watched.rules, ...watched.one('PrometheusRule', 'watch').spec.groups.flatMap((group: any) => group.rules)].find((rule) => rule.alert === alert);
const opencost = (watched: Watched): any => watched.one('ServiceMonitor', 'watch-opencost')?.spec;

describe('each prop of prices', () => {
  everyProp<CostProps, Watched>({}, (props) => priced({ cost: Cost.prices(props) }, { budget: CostBudget.monthly(1000) }), {
    currency: { value: 'CHF', see: (watched) => over(watched, 'InferenceServiceOverBudget').annotations.description, is: 'As in the last day, a month costs {{ $value | printf "%.2f" }} CHF; its budget is 1000 CHF.' },
  });
});

describe('each prop of OpenCost', () => {
  everyProp<OpenCostProps, Watched>({}, (props) => priced({ cost: Cost.openCost(props) }, { budget: CostBudget.monthly(1000) }), {
    currency: { value: '€', see: (watched) => over(watched, 'InferenceServiceOverBudget').annotations.description, is: 'As in the last day, a month costs {{ $value | printf "%.2f" }} €; its budget is 1000 €.' },
    namespace: { value: 'finops', see: (watched) => [opencost(watched).namespaceSelector, watched.all('Role').some((one) => one.metadata.namespace === 'finops')], is: [{ matchNames: ['finops'] }, true] },
    labels: { value: { app: 'opencost' }, see: (watched) => opencost(watched).selector.matchLabels, is: { app: 'opencost' } },
    port: { value: 'metrics', see: (watched) => opencost(watched).endpoints[0].port, is: 'metrics' },
    scrape: { value: false, see: opencost, is: undefined },
  });
});

describe('each prop of OptScale', () => {
  const base = { url: 'https://optscale.example.com/storage/api/v2/write', dataSourceId: '0d3c', secretName: 'optscale' };
  const write = (watched: Watched): any => watched.one('Prometheus').spec.remoteWrite[0];
  everyProp<OptScaleProps, Watched>(base, (props) => priced({ cost: Cost.optScale(props) }), {
    url: { value: 'https://other.example.com/storage/api/v2/write', see: (watched) => write(watched).url, is: 'https://other.example.com/storage/api/v2/write' },
    dataSourceId: { value: '7f1a', see: (watched) => write(watched).headers, is: { 'Cloud-Account-Id': '7f1a' } },
    secretName: { value: 'other', see: (watched) => write(watched).basicAuth.password.name, is: 'other' },
    prices: { value: Cost.openCost(), see: (watched) => opencost(watched) === undefined, is: false },
  });
});

describe('each prop of a budget', () => {
  everyProp<CostBudgetProps, Watched>({}, (props) => priced({ cost: Cost.prices() }, { budget: CostBudget.monthly(1000, props) }), {
    tellAtPercent: { value: 50, see: (watched) => over(watched, 'InferenceServiceNearBudget').expr, is: 'inference_service:cost:predicted_month{namespace="ml",inference_service="iris"} > 500 <= 1000' },
  });
});

describe('each prop of a stack that is about money', () => {
  everyProp<Pick<MonitoringStackProps, 'cost' | 'budgets'>, Watched>({}, (props) => priced(props), {
    cost: { value: Cost.prices(), see: (watched) => watched.record('inference_service:cost:per_hour') !== undefined, is: true },
    budgets: { value: { risk: CostBudget.monthly(100) }, beside: { cost: Cost.prices() }, see: (watched) => over(watched, 'TeamOverBudget')?.expr, is: 'sum(inference_owner:cost:predicted_month{team="risk"}) > 100' },
  });
});

test('what each source can tell is typed: OptScale has no figure for accelerators', () => {
  const optScale = Cost.optScale({ url: 'https://optscale.example.com/w', dataSourceId: 'a', secretName: 's' });
  expect([Cost.prices().parts, Cost.openCost().parts]).toEqual([[CostPart.CPU, CostPart.MEMORY, CostPart.ACCELERATOR], [CostPart.CPU, CostPart.MEMORY, CostPart.ACCELERATOR, CostPart.VOLUME]]);
  expect([optScale.exportedParts, optScale.priceSource, Cost.openCost().exportedParts]).toEqual([[CostPart.CPU, CostPart.MEMORY], PriceSource.CLUSTER, []]);
});

const OPTSCALE = Cost.optScale({ url: 'https://optscale.example.com/storage/api/v2/write', dataSourceId: '0d3c', secretName: 'optscale' });
const GPU = { accelerator: Accelerator.nvidia('L4'), scaling: Scaling.fixed(2), model: Model.onnx({ source: ModelSource.s3('s3://models/detector/v1'), size: Size.mebibytes(100) }), server: InferenceServer.triton() };
const L4 = { ...PRICES, gpuPools: [GpuPool.gke('L4', { count: 4, spare: 1, pricePerHour: 1 })] };

/** What is probably a mistake, and the same put right. */
const WARNED: readonly [what: string, code: string, wrong: () => Watched, right: () => Watched][] = [
  ['a service without a price', 'COST_UNKNOWN', () => watch({}, { cost: Cost.prices() }), () => priced({ cost: Cost.prices() })],
  ['a service with GPUs without their price', 'COST_UNKNOWN', () => watch(GPU, { cost: Cost.prices() }, { ...L4, gpuPools: [GpuPool.gke('L4', { count: 4, spare: 1 })] }), () => watch(GPU, { cost: Cost.prices() }, L4)],
  ['a budget that the least copies exceed', 'BUDGET_TOO_SMALL', () => priced({ cost: Cost.prices() }, { budget: CostBudget.monthly(5) }), () => priced({ cost: Cost.prices() }, { budget: CostBudget.monthly(500) })],
  ['a budget of a team that is misspelled', 'TEAM_BUDGET_UNKNOWN', () => priced({ cost: Cost.prices(), budgets: { rsik: CostBudget.monthly(100) } }), () => priced({ cost: Cost.prices(), budgets: { risk: CostBudget.monthly(100) } })],
  ['OptScale for a store that is joined', 'OPTSCALE_JOINED', () => priced({ cost: OPTSCALE, metrics: MetricsBackend.kubePrometheus() }), () => priced({ cost: OPTSCALE })],
  ['OptScale for a service with GPUs', 'OPTSCALE_WITHOUT_ACCELERATORS', () => watch(GPU, { cost: OPTSCALE }, L4), () => watch(GPU, { cost: Cost.prices() }, L4)],
];

test.each(WARNED)('%s is a warning: SERVING_%s', (_, code, wrong, right) => {
  expect(wrong().codes).toContain(`SERVING_${code}`);
  expect(right().codes).not.toContain(`SERVING_${code}`);
});

test('a service without any price has no rules of cost, and no alert that would wait for them', () => {
  const gpu = { model: Model.huggingFace('Qwen/Qwen3-8B', { revision: '9216db5781bf', size: Size.gibibytes(16) }), server: InferenceServer.vllm(), accelerator: Accelerator.nvidia('A100-80GB'), scaling: Scaling.fixed(2) };
  const watched = priced({ cost: Cost.prices() }, gpu);
  expect(watched.codes).toContain('SERVING_COST_UNKNOWN');
  expect(watched.rules.filter((rule) => /cost/i.test(rule.record ?? rule.alert))).toEqual([]);
  expect(watched.alert('InferenceServiceGpuIdle').annotations.description).not.toContain('costs');
});

test('VictoriaMetrics is told of OpenCost and OptScale in its own words', () => {
  const watched = priced({ metrics: MetricsBackend.victoriaMetrics(), cost: Cost.optScale({ url: 'https://optscale.example.com/storage/api/v2/write', dataSourceId: '0d3c', secretName: 'optscale', prices: Cost.openCost() }) });
  expect(watched.one('VMServiceScrape', 'watch-opencost').spec.endpoints[0].honorLabels).toBe(true);
  const [, optScale] = watched.one('VMAgent').spec.remoteWrite;
  expect(optScale.headers).toEqual(['Cloud-Account-Id: 0d3c']);
  expect(optScale.inlineUrlRelabelConfig.map((one: any) => one.action)).toEqual(['keep', 'replace', 'replace']);
  expect(optScale.inlineUrlRelabelConfig[1]).toEqual({ action: 'replace', targetLabel: 'cloud_account_id', replacement: '0d3c' });
});

import { Accelerator, Cost, CostBudget, GpuPool, InferenceServer, InferenceServiceProps, Model, MonitoringStackProps, Scaling } from 'cdk8s-serving';
import { Size } from 'cdk8s';
import { Prices } from '../../../lib/describe/cluster';
import { AlertProof, Mutation, without } from '../../support/alert-proof';
import { node, pod, PRICES } from '../../support/costs';
import { TestSeries } from '../../support/promtool';
import { watch, Watched } from '../../support/watched';
import { POD } from './exposed';

const OTHER = POD.replace(/.$/, 'z');
const assistant = (stack: MonitoringStackProps, prices: Prices, props: Partial<InferenceServiceProps> = {}): Watched => watch({
  model: Model.huggingFace('Qwen/Qwen3-8B', { revision: 'abcdef0123', size: Size.gibibytes(17) }), server: InferenceServer.vllm(), accelerator: Accelerator.nvidia('L4'), scaling: Scaling.fixed(1), ...props,
}, stack, { gpuPools: [GpuPool.nvidiaOperator('L4', { count: 2, spare: 0, pricePerHour: 3 })], prices });
/** A copy costs 3.24 an hour and 2,365 a month; the budgets are 4,000. */
const budgeted = (): Watched => assistant({ cost: Cost.prices(), budgets: { risk: CostBudget.monthly(4000) } }, PRICES, { budget: CostBudget.monthly(4000) });
const byOpenCost = (): Watched => assistant({ cost: Cost.openCost() }, {});
/** Two copies, of which the second goes. */
const copies = (second: string): TestSeries[] => [...pod(POD), ...pod(OTHER, { values: second })];

/** Two copies for hours, then one: the average of the day comes down slowly. Values are of four minutes: a day of them is looked at over and over. */
const over = (alert: string): AlertProof => ({
  alert, on: budgeted, interval: '4m', until: '6h',
  fires: [{ what: 'two copies are too many, until one goes', series: copies('Nx100 stale'), at: ['92m', '400m'], silent: ['50m', '1100m'] }],
  calm: [
    { what: 'one copy is within it', series: pod(POD), guard: without('> 4000', '> 2000') },
    { what: 'twice the copies for a release of half an hour', series: copies('Nx7 stale') },
    { what: 'what copies cost is NaN', series: pod(POD, { values: Array(100).fill('NaN').join(' ') }) }, { what: 'nothing tells anything', series: [] },
  ],
});
const near = (alert: string): AlertProof => ({
  alert, on: budgeted, interval: '4m', until: '6h',
  fires: [{ what: 'it comes near the budget on its way down', series: copies('Nx100 stale'), at: ['750m'], silent: ['70m', '1500m'] }],
  calm: [
    { what: 'one copy is far from it', series: pod(POD), guard: without('> 3200', '> 2000') }, { what: 'two copies are above it, which another alert tells', series: copies('Nx750'), guard: without(' <= 4000') },
    { what: 'nothing tells anything', series: [] },
  ],
});
export const overBudget = over('InferenceServiceOverBudget');
export const nearBudget = near('InferenceServiceNearBudget');
export const teamOverBudget = over('TeamOverBudget');
export const teamNearBudget = near('TeamNearBudget');

const ready = (values = '1x3000', name = POD): TestSeries => ({ series: `kube_pod_status_ready{namespace="ml",pod="${name}",condition="true"}`, values });
/** OpenCost, which is away for an hour. */
const away = node('n1').map((one) => ({ ...one, values: one.values.replace(/(\S+)x3000/, '$1x30 stale _x60 $1x3000') }));
export const costUnknown: AlertProof = {
  alert: 'InferenceServiceCostUnknown', on: byOpenCost, interval: '1m', until: '3h',
  fires: [
    { what: 'OpenCost is away, and comes back', series: [...pod(POD), ready(), ...away], at: ['80m'], silent: ['55m', '100m'] },
    { what: 'a GPU has no price, until OpenCost finds one', series: [...pod(POD), ready(), ...node('n1').map((one) => (one.series.startsWith('node_gpu_hourly') ? { ...one, values: '0x60 2x3000' } : one))], at: ['50m'], silent: ['20m', '70m'] },
  ],
  calm: [
    { what: 'prices of the Cluster stand in', on: () => assistant({ cost: Cost.openCost() }, PRICES), series: [...pod(POD), ready(), ...away] },
    { what: 'the cost is known', series: [...pod(POD), ready(), ...node('n1')], guard: without(/ unless .*/) },
    { what: 'no copy is ready', series: [...pod(POD), ready('0x3000')], guard: without(/ > 0 unless/, ' >= 0 unless') }, { what: 'nothing tells anything', series: [] },
  ],
};

const ENDED: Mutation = without(/ unless on \(namespace, pod\) \(kube_pod_status_phase.*?\)(?=\) > 0)/);
export const gpuUnready: AlertProof = {
  alert: 'InferenceServiceGpuUnready', on: byOpenCost, interval: '1m', until: '6h',
  fires: [{ what: 'a copy has a GPU and does not come, until it does', series: [...pod(POD), ready('0x300 1x3000')], at: ['290m'], silent: ['20m', '310m'] }],
  calm: [
    { what: 'it is ready', series: [...pod(POD), ready()], guard: without(/ unless on \(namespace, pod\) \(kube_pod_status_ready.*? == 1\)/) },
    { what: 'it waits for a GPU', series: [...pod(POD, { node: '', phase: 'Pending' }), ready('0x3000')], guard: without(',node!=""') },
    { what: 'it has failed, and holds nothing', series: [...pod(POD, { phase: 'Failed' }), ready('0x3000')], guard: ENDED },
    { what: 'the copy of another service', series: [...pod('other-abc12-xyz34'), ready('0x3000', 'other-abc12-xyz34')] }, { what: 'nothing tells anything', series: [] },
  ],
};

/** Beside the others that must tell. */
const told: TestSeries[] = [{ series: 'kube_pod_status_ready{pod="x"}', values: '1x3000' }];
export const openCostMissing: AlertProof = {
  alert: 'InferenceMetricsSourceMissing', source: 'node_cpu_hourly_cost', on: byOpenCost, interval: '1m',
  fires: [{ what: 'OpenCost is away, and comes back', series: [...told, ...away], at: ['50m', '80m'], silent: ['30m', '40m', '95m'] }],
  calm: [{ what: 'it is there', series: [...told, ...node('n1')], guard: without(/absent\((.*)\)/, '$1') }],
};

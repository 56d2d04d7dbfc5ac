import { Accelerator, GpuPool, InferenceServer, Model, ModelSource, Scaling } from 'cdk8s-serving';
import { Size } from 'cdk8s';
import { AlertProof, without } from '../../support/alert-proof';
import { TestSeries } from '../../support/promtool';
import { watch, Watched } from '../../support/watched';
import { POD, STRANGERS } from './exposed';
import { assistant, flagged } from './pods';

const onCpu = (): Watched => watch({ scaling: Scaling.onCpu({ min: 2, max: 8 }) });

/** Series of kube-state-metrics about an HPA, which has three series a condition. */
function hpa(desired: string, limited: string, { max = 8, name = 'iris', min = 2 } = {}): TestSeries[] {
  const labels = `job="kube-state-metrics",namespace="ml",horizontalpodautoscaler="${name}"`;
  const opposite = limited.replace(/\b[01](?=x)/g, (one) => (one === '1' ? '0' : '1'));
  const of = (series: string, values: string, more = ''): TestSeries => ({ series: `kube_horizontalpodautoscaler_${series}{${labels}${more}}`, values });
  return [
    of('spec_max_replicas', `${max}x400`), of('spec_min_replicas', `${min}x400`), of('status_desired_replicas', desired), of('status_current_replicas', desired),
    of('status_condition', limited, ',condition="ScalingLimited",status="true"'), of('status_condition', opposite, ',condition="ScalingLimited",status="false"'), of('status_condition', '1x400', ',condition="ScalingActive",status="true"'),
  ];
}

const LIMITED = / and max by \(horizontalpodautoscaler\) \(kube_horizontalpodautoscaler_status_condition.*? == 1/;
export const atMaxCopies: AlertProof = {
  alert: 'InferenceServiceAtMaxCopies', on: onCpu,
  fires: [
    { what: 'it wants more for half an hour', series: hpa('4x20 8x60 4x160', '0x20 1x60 0x160'), at: ['30m', '39m'], silent: ['20m', '45m'] },
    { what: "Flagger's copy of the HPA, and not that of the canary", on: flagged, series: [...hpa('2x240', '0x240', { max: 4 }), ...hpa('2x20 4x60 2x160', '0x20 1x60 0x160', { max: 4, name: 'iris-primary' })], at: ['30m'], silent: ['20m', '45m'] },
    { what: "Flagger's copy of KEDA's", on: flagged, series: hpa('2x20 4x60 2x160', '0x20 1x60 0x160', { max: 4, name: 'keda-hpa-iris-primary' }), at: ['30m'], silent: ['45m'] },
  ],
  calm: [
    { what: 'all its copies are just enough', series: hpa('8x240', '0x240'), guard: without(LIMITED) },
    { what: 'it is at its least number, and wants fewer', series: hpa('2x240', '1x240'), guard: without(/max by \(horizontalpodautoscaler\) \(kube_horizontalpodautoscaler_status_desired_replicas.*? >= /) },
    { what: 'a peak of some minutes', series: hpa('4x20 8x20 4x200', '0x20 1x20 0x200') },
    { what: 'the HPA of another service', series: hpa('8x240', '1x240', { name: 'iris-b' }) }, { what: 'nothing tells anything', series: [] },
  ],
};

/** Triton tells what waits: https://github.com/triton-inference-server/server/blob/main/docs/user_guide/metrics.md#inference-request-metrics */
const triton = (): Watched => watch({ model: Model.onnx({ source: ModelSource.s3('s3://models/v1'), size: Size.mebibytes(100) }), server: InferenceServer.triton(), scaling: Scaling.fixed(2) });
const waiting = (values: string): TestSeries => ({ series: `nv_inference_pending_request_count{namespace="ml",inference_service="iris",model_version="v1",pod="${POD}",model="iris",version="1"}`, values });
export const queueGrowing: AlertProof = {
  alert: 'InferenceServiceQueueGrowing', on: triton,
  fires: [{ what: 'more comes in than is answered, until copies are added', series: [waiting('0x20 0+5x60 300-20x14 0x140')], at: ['30m', '39m'], silent: ['12m', '50m', '60m'] }],
  calm: [
    { what: 'a queue that stands', series: [waiting('40x240')], guard: without(/ and deriv.*/) },
    { what: 'a queue that creeps up and down around its size', series: [waiting(`${Array(6).fill('40+0.1x18 42-0.1x19').join(' ')}`)], guard: without(/ \* 600 > 0\.25 \* .*/, ' > 0') },
    { what: 'a queue that empties between its peaks', series: [waiting(`${Array(8).fill('0x2 0+1x24').join(' ')} 0x40`)], guard: without(/ and min_over_time\([^)]*\) >= 1/) },
    { what: 'a backlog is worked off, as after a start from zero', series: [waiting('_x20 200-2x99 0x120')], guard: without(/ \* 600 > 0\.25 \* .*/, ' < 0') },
    { what: 'its server tells NaN', series: [waiting(Array(240).fill('NaN').join(' '))] }, { what: 'nothing tells anything', series: [] },
  ],
};

/**
 * A series of DCGM exporter 4.4, as the GPU operator scrapes it: its own labels give way to those of the exporter's pod, or (`honorLabels`) stay; of a MIG
 * slice with its profile and number. https://github.com/NVIDIA/dcgm-exporter/blob/4.4.0-4.5.0/internal/pkg/rendermetrics/render_metrics.go (metricsFormat),
 * https://github.com/NVIDIA/gpu-operator/blob/v25.3.0/assets/state-dcgm-exporter/0900_service_monitor.yaml
 */
export function ofGpu(name: string, values: string, { pod = POD, namespace = 'ml', honor = false, mig = '', gpu = 0 } = {}): TestSeries {
  const told = honor ? `namespace="${namespace}",pod="${pod}",container="server"` : `namespace="gpu-operator",pod="nvidia-dcgm-exporter-xk2lp",container="nvidia-dcgm-exporter",exported_namespace="${namespace}",exported_pod="${pod}",exported_container="server"`;
  const slice = mig === '' ? '' : `,GPU_I_PROFILE="1g.10gb",GPU_I_ID="${mig}"`;
  return { series: `${name}{job="nvidia-dcgm-exporter",gpu="${gpu}",UUID="GPU-5a1b${gpu}",pci_bus_id="00000000:0${gpu}:00.0",device="nvidia${gpu}",modelName="NVIDIA L4",Hostname="node-a"${slice},${told}}`, values };
}

const requests = (values: string): TestSeries => ({ series: `http_requests_total{namespace="ml",inference_service="iris",model_version="v1",pod="${POD}",handler="/v1/chat/completions",method="POST",status="2xx"}`, values });
const mig = (): Watched => watch({ model: Model.onnx({ source: ModelSource.s3('s3://models/v1'), size: Size.mebibytes(100) }), server: InferenceServer.triton(), scaling: Scaling.fixed(1), accelerator: Accelerator.nvidiaMig('A100-80GB', '1g.10gb') }, {}, { gpuPools: [GpuPool.nvidiaOperator('A100-80GB', { count: 2, spare: 0, migProfile: '1g.10gb' })] });
const NO_REQUESTS = / unless max_over_time.*/;
export const gpuIdle: AlertProof = {
  alert: 'InferenceServiceGpuIdle', on: assistant, until: '3h',
  fires: [
    { what: 'requests stop coming, and come again', series: [ofGpu('DCGM_FI_DEV_GPU_UTIL', '80x40 0x240 80x100'), requests('0+300x40 12000+0x240 12000+300x100')], at: ['120m', '139m'], silent: ['30m', '60m', '150m'] },
    { what: 'no request ever came, by an exporter whose labels are kept', series: [ofGpu('DCGM_FI_DEV_GPU_UTIL', '0x300', { honor: true })], at: ['60m'], silent: ['20m'] },
    { what: 'a MIG slice that does nothing', on: mig, series: [ofGpu('DCGM_FI_PROF_GR_ENGINE_ACTIVE', '0.01x300', { mig: '3' })], at: ['60m'], silent: ['20m'] },
  ],
  calm: [
    { what: 'requests come, and hardly need it', series: [ofGpu('DCGM_FI_DEV_GPU_UTIL', '1x400'), requests('0+30x400')], guard: without(NO_REQUESTS) },
    { what: 'it works', series: [ofGpu('DCGM_FI_DEV_GPU_UTIL', '60x400')], guard: without('< 0.05', '< 0.9') },
    { what: 'a MIG slice works', on: mig, series: [ofGpu('DCGM_FI_PROF_GR_ENGINE_ACTIVE', '0.6x400', { mig: '3' })] },
    { what: 'the GPU of another service does nothing', series: STRANGERS.map(([namespace, pod]) => ofGpu('DCGM_FI_DEV_GPU_UTIL', '0x400', { namespace, pod })) },
    { what: 'it says NaN', series: [ofGpu('DCGM_FI_DEV_GPU_UTIL', Array(400).fill('NaN').join(' '))] }, { what: 'nothing tells anything', series: [] },
  ],
};

export const gpuErrors: AlertProof = {
  alert: 'InferenceServiceGpuErrors', on: assistant,
  fires: [
    { what: 'a GPU falls off the bus, and its node is repaired', series: [ofGpu('DCGM_FI_DEV_XID_ERRORS', '0x20 79x20 0x200')], at: ['11m', '20m', '30m'], silent: ['9m', '45m'] },
    { what: 'memory errors that can not be mended', series: [ofGpu('DCGM_FI_DEV_XID_ERRORS', '0x20 48x220', { honor: true })], at: ['11m', '100m'], silent: ['9m'] },
    { what: 'of the GPU that a MIG slice is of', on: mig, series: [ofGpu('DCGM_FI_DEV_XID_ERRORS', '0x20 95x220', { mig: '3' })], at: ['11m'], silent: ['9m'] },
  ],
  calm: [
    { what: "a program's own mistake", series: [ofGpu('DCGM_FI_DEV_XID_ERRORS', '0x20 31x100 13x100')], guard: without(' != 31') },
    { what: 'no error', series: [ofGpu('DCGM_FI_DEV_XID_ERRORS', '0x240')], guard: without(' > 0 !=', ' !=') },
    { what: 'a GPU of another service', series: STRANGERS.map(([namespace, pod]) => ofGpu('DCGM_FI_DEV_XID_ERRORS', '79x240', { namespace, pod })) },
    { what: 'it says NaN', series: [ofGpu('DCGM_FI_DEV_XID_ERRORS', Array(240).fill('NaN').join(' '))] }, { what: 'nothing tells anything', series: [] },
  ],
};

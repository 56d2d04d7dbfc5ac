import { MetricsBackend } from 'cdk8s-serving';
import { AlertProof, without } from '../../support/alert-proof';
import { watch, Watched } from '../../support/watched';
import { ofGpu } from './capacity';
import { POD, ready, replicas } from './exposed';
import { assistant } from './pods';

/** A stack that is joined, whose store is presumed to scrape all. */
const joined = (make: typeof watch): Watched => make({}, { metrics: MetricsBackend.kubePrometheus() });

export const sourceMissing: AlertProof = {
  alert: 'InferenceMetricsSourceMissing', on: () => joined(watch), interval: '1m',
  fires: [{ what: 'kube-state-metrics is not scraped, until it is', series: ready('1x20 stale _x60 1x60'), at: ['40m', '80m'], silent: ['20m', '30m', '84m'] }],
  calm: [
    { what: 'it is there', series: ready('1x130'), guard: without('kube_pod_status_ready', 'kube_pod_status_redy') },
    { what: 'it is replaced', series: ready('1x20 stale _x5 1x100') },
  ],
};

export const gpuSourceMissing: AlertProof = {
  alert: 'InferenceMetricsSourceMissing', source: 'DCGM_FI_DEV_FB_USED', on: () => assistant({ metrics: MetricsBackend.kubePrometheus() }), interval: '1m',
  fires: [{ what: 'GPUs are at work, and nobody tells of them', series: [...ready('1x130'), ofGpu('DCGM_FI_DEV_FB_USED', '9x20 stale _x60 9x60', { pod: POD })], at: ['40m', '80m'], silent: ['20m', '30m', '84m'] }],
  calm: [{ what: 'it sleeps, and no node with a GPU is there', series: [...ready('1x20 stale'), replicas('1x20 0x120'), ofGpu('DCGM_FI_DEV_FB_USED', '9x20 stale')], guard: without(/ and on \(\) .*/) }],
};

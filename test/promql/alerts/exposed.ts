import { TestSeries } from '../../support/promtool';

/**
 * Series as the exporters write them, after a scrape that keeps the exporter's own labels.
 *
 * kube-state-metrics 2.17: https://github.com/kubernetes/kube-state-metrics/tree/v2.17.0/docs/metrics/workload
 * cAdvisor of kubelet 1.34: https://github.com/google/cadvisor/blob/v0.52.1/docs/storage/prometheus.md
 */
const SCRAPE = 'job="kube-state-metrics",instance="10.0.0.9:8080"';
export const POD = 'iris-7d9f8c6b5-abcde';
export const OTHER_POD = 'iris-7d9f8c6b5-x2x4z';
/** Pods of other services: of a name that begins alike, that ends alike, of another namespace. */
export const STRANGERS: readonly [namespace: string, pod: string][] = [['ml', 'iris-b-7d9f8c6b5-abcde'], ['ml', 'my-iris-7d9f8c6b5-abcde'], ['shop', POD]];

/** A series of kube-state-metrics about a pod. */
export const ofPod = (name: string, values: string, labels = '', pod = POD, namespace = 'ml'): TestSeries => ({
  series: `${name}{${SCRAPE},namespace="${namespace}",pod="${pod}",uid="0b0e-${pod}"${labels === '' ? '' : `,${labels}`}}`, values,
});

/** Whether a pod is ready, as three series of which one is 1; `values` of that of `true`. */
export function ready(values: string, pod = POD, namespace = 'ml'): TestSeries[] {
  const opposite = values.replace(/\b[01](?=[x\s]|$)/g, (one) => (one === '1' ? '0' : '1'));
  return [['true', values], ['false', opposite], ['unknown', values.replace(/\b1(?=[x\s]|$)/g, '0')]].map(([condition, given]) => ofPod('kube_pod_status_ready', given!, `condition="${condition}"`, pod, namespace));
}

/** The phase of a pod. */
export const phase = (name: string, values: string, pod = POD): TestSeries => ofPod('kube_pod_status_phase', values, `phase="${name}"`, pod);

/** A series of kube-state-metrics about the server's container. */
export const ofContainer = (name: string, values: string, labels = '', pod = POD, container = 'server'): TestSeries => ofPod(name, values, `container="${container}"${labels === '' ? '' : `,${labels}`}`, pod);

/** A series about a Deployment. */
export const ofDeployment = (name: string, values: string, labels = '', deployment = 'iris'): TestSeries => ({ series: `${name}{${SCRAPE},namespace="ml",deployment="${deployment}"${labels === '' ? '' : `,${labels}`}}`, values });
export const replicas = (values: string, deployment = 'iris'): TestSeries => ofDeployment('kube_deployment_spec_replicas', values, '', deployment);

/** A target of the service's own scrape. */
export const up = (values: string, pod = POD, service = 'iris'): TestSeries => ({ series: `up{job="ml/iris",instance="10.0.1.7:8082",container="server",namespace="ml",pod="${pod}",inference_service="${service}",model_version="v1"}`, values });

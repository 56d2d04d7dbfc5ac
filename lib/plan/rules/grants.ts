import { ExposureKind } from '../../describe/exposure';
import { Finding, ProblemKind } from '../../describe/problem';
import { Capability } from '../engine/capability';
import { ServicePlan, ServiceRequest } from '../service-plan';
import { unable } from './engine-capability';

const INGRESS = ProblemKind.error('SERVING_INGRESS_NAMESPACE_UNKNOWN', 'Grants would shut the Ingress out', 'With the first grant pods close to all others; the controller must be let in by the namespace that it runs in.');
const METRICS = ProblemKind.warning('SERVING_METRICS_SHUT_OUT', 'Grants shut the metrics\' store out', 'With the first grant pods close to all others; nothing would be scraped, and alerts would see no data.');

/** What a service with grants must know to let in who has to get in. Grants come after the plan, so this is asked apart from the other rules. */
export function checkGrants(request: ServiceRequest, plan: ServicePlan): Finding[] {
  const { cluster, exposure } = request;
  const findings: Finding[] = unable(Capability.GRANTS, request.engine);
  if (findings.length > 0) return findings;
  if (exposure.kind === ExposureKind.INGRESS && cluster.ingressNamespace === undefined) {
    findings.push(INGRESS.found({ what: 'the service has grants and an Ingress, and the namespace of the ingress controller is not known', fix: "give 'ingressNamespace' of the Cluster, such as 'ingress-nginx'" }));
  }
  if (plan.metricsPath !== undefined && cluster.metricsNamespace === undefined) {
    findings.push(METRICS.found({ what: 'the service has grants, and the namespace that its metrics are scraped from is not known', fix: "give 'metricsUrl' of the Cluster, such as 'http://prometheus.monitoring:9090', or acknowledge it: nothing scrapes here" }));
  }
  return findings;
}

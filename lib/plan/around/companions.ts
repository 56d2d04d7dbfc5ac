import { Finding } from '../../describe/problem';
import { InferenceProtocol } from '../../describe/server/server-facts';
import { Planned } from '../plan';
import { ServicePlan, ServiceRequest } from '../service-plan';
import { Companion } from './companion';
import { predictorAt } from './predictor';
import { detectorRequest, explainerRequest, transformerRequest } from './requests';

/** What is told of the service already. */
const OF_THE_SERVICE = new Set(['SERVING_NAMESPACE', 'SERVING_CHART_LABELS']);
/** No client waits for a detector: one copy is enough, and an explainer's answers are few. */
const OF_CLIENTS = new Set(['SERVING_SINGLE_COPY', 'SERVING_SELDON_ONE_COPY']);

/** Plans what stands beside a service in pods of its own, each as a service is planned. */
export function planCompanions(request: ServiceRequest, plan: ServicePlan, planOne: (request: ServiceRequest) => Planned): { companions: Companion[]; findings: Finding[] } {
  const companions: Companion[] = [];
  const findings: Finding[] = [];
  const add = (id: string, title: string, own: ServiceRequest, apart: ReadonlySet<string> = new Set()): void => {
    const planned = planOne(own);
    findings.push(...planned.findings.filter(({ code }) => !OF_THE_SERVICE.has(code) && !apart.has(code)).map((finding) => ({ ...finding, what: `${title}: ${finding.what}` })));
    if (planned.plan !== undefined) companions.push({ id, request: own, plan: planned.plan });
  };
  const { transformer, explainer, detectors } = request;
  if (transformer !== undefined && !transformer.what.isCollocated && transformer.what._props.server !== undefined) add('Transformer', 'the transformer', transformerRequest(request, plan, predictorAt(plan, plan.podService)));
  const front = companions[0]?.plan ?? plan;
  // it is asked what clients ask, and asks as they do
  if (explainer !== undefined) add('Explainer', 'the explainer', explainerRequest(request, predictorAt(explainer.what._alibi === undefined ? front : spoken(front), front.address.service)), OF_CLIENTS);
  for (const detector of detectors) add(idOf(detector.what.name), `the detector '${detector.what.name}'`, detectorRequest(request, detector), OF_CLIENTS);
  return { companions, findings };
}

/** Alibi's explainers ask by the Open Inference Protocol over HTTP, whatever clients do. */
function spoken(front: ServicePlan): ServicePlan {
  return front.protocols.some((one) => one.sameAs(InferenceProtocol.V2_REST)) ? { ...front, protocol: InferenceProtocol.V2_REST } : front;
}

/** `late-drift` as `LateDriftDetector`. */
function idOf(name: string): string {
  return `${name.split('-').map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join('')}Detector`;
}

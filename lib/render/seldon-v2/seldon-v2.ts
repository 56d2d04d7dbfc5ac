import { SELDON_V2_API, SeldonCoreV2, SETTINGS_FOLDER } from '../../plan/engine/seldon-core-v2';
import { MODELS_ROOT } from '../../plan/pod/model-files';
import { JsonObject, PodGroup, ServicePlan, Workload } from '../../plan/service-plan';
import { renderAutoscaler } from '../autoscalers';
import { SELDON_V2_GRAPHS } from '../graph/seldon-v2';
import { claim, configs, identity } from '../kubernetes/around';
import { podDisruptionBudget } from '../kubernetes/workload';
import { Backend, RenderedObject, RenderedService, RenderExtras } from '../ports';
import { remoteSecrets, seldonModel, sharedModel, versionOf } from './model';
import { experiment, network } from './network';
import { accountObjects, podOverServerConfig, seldonServer, SeldonServerCopies } from './server';

/** Seldon Core v2: a Model, on shared servers or on a Server of the service's own, behind the runtime's Envoy. */
export class SeldonV2Backend implements Backend {
  public readonly graphs = SELDON_V2_GRAPHS;

  public constructor(public readonly engine: SeldonCoreV2) {}

  public render(plan: ServicePlan, extras: RenderExtras): RenderedService {
    const target: Workload = { apiVersion: SELDON_V2_API, kind: 'Model', name: plan.name };
    const own = plan.groups[0]!.workload.kind === 'Server';
    const objects = [
      ...(own ? [...identityOf(plan), ...configs(plan), claim(plan)] : remoteSecrets(plan, plan.groups[0]!.model)),
      ...plan.groups.flatMap((group, i) => (own ? this.dedicated(plan, group, i === 0) : this.shared(plan, group, i === 0))),
      ...experiment(plan), own ? podDisruptionBudget(plan) : undefined, ...renderAutoscaler(plan, target), ...network(plan, extras.cluster),
    ];
    return {
      objects: objects.filter((object) => object !== undefined),
      groups: plan.groups.map((group, i) => ({ component: group.component, scaleTarget: i === 0 ? target : { ...target, name: group.name }, selector: selectorOf(group, own) })),
      memberSelector: plan.memberSelector, serviceName: plan.address.service, ports: plan.ports, versionLabel: 'app.kubernetes.io/version',
      ...(own ? {} : { series: this.engine.podMatchers(plan.namespace ?? '', plan.groups.map((group) => group.workload)) }),
    };
  }

  private shared(plan: ServicePlan, { name, model, modelBytes }: PodGroup, stable: boolean): RenderedObject[] {
    return [sharedModel(plan, { id: stable ? 'Resource' : 'Candidate', name, model, modelBytes, replicas: copiesOf(plan, stable) }, this.engine.servers.server)];
  }

  /** The Model takes no other server, and the server no other Model: each names the other. */
  private dedicated(plan: ServicePlan, group: PodGroup, stable: boolean): RenderedObject[] {
    const { copies } = plan;
    const replicas = copiesOf(plan, stable);
    const labels = { ...plan.labels, ...versionOf(group.model) };
    const scaled = stable && (copies.signals.length > 0 || copies.external);
    const serverCopies: SeldonServerCopies = scaled ? { min: copies.min, max: copies.max } : { replicas };
    return [
      seldonServer({
        id: stable ? 'Server' : 'CandidateServer', name: group.name, labels: { ...labels, ...podLabels(group) }, annotations: { ...plan.annotations, ...podAnnotations(group) },
        serverConfig: this.engine.servers._configs[plan.container === 'triton' ? 'triton' : 'mlserver'], capabilities: [group.name], copies: serverCopies, podSpec: podOverServerConfig(plan, group),
      }),
      seldonModel({
        id: stable ? 'Resource' : 'Candidate', name: group.name, labels, annotations: plan.annotations,
        // the same for every version: a new one comes with new pods, and not into the memory that the old one has
        storageUri: `${plan.container === 'triton' ? MODELS_ROOT : SETTINGS_FOLDER}/${plan.modelName}`, requirements: [group.name], server: group.name, replicas,
      }),
    ];
  }
}

/** Labels of a group's pods; none on shared servers, whose pods are nobody's. */
function selectorOf({ name }: PodGroup, own: boolean): { [key: string]: string } {
  return own ? { 'seldon-server-name': name } : {};
}

/** Copies as the manifest has them. An autoscaler finds none where none are written, and gives up: https://github.com/SeldonIO/seldon-core/blob/v2.10.2/docs-gb/scaling/model-hpa-autoscaling.md */
function copiesOf({ copies, release }: ServicePlan, stable: boolean): number {
  return stable ? Math.max(1, copies.min) : release!.candidate!.replicas;
}

/** The account of an identity, and the Secrets that the download reads; the account of no rights that other engines' pods have would keep the agent from its work. */
function identityOf(plan: ServicePlan): RenderedObject[] {
  const made = Object.keys(plan.serviceAccount?.annotations ?? {}).length > 0;
  return [...identity(plan).filter((object) => object.kind !== 'ServiceAccount' || made), ...accountObjects(plan)];
}

/** The operator lays a Server's labels and annotations on its pods. */
function podLabels({ template }: PodGroup): { [key: string]: string } {
  return ((template.metadata as JsonObject).labels ?? {}) as { [key: string]: string };
}

function podAnnotations({ template }: PodGroup): { [key: string]: string } {
  return ((template.metadata as JsonObject).annotations ?? {}) as { [key: string]: string };
}

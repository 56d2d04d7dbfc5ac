import { PoolLoading } from '../../describe/pool-loading';
import { SELDON_V2_API, SeldonCoreV2 } from '../../plan/engine/seldon-core-v2';
import { EXPLAINS, settingsWritten } from '../../plan/engine/seldon-core-v2-formats';
import { JsonObject, PodGroup, ServicePlan, Workload } from '../../plan/service-plan';
import { renderAutoscaler } from '../autoscalers';
import { SELDON_V2_GRAPHS } from '../graph/seldon-v2';
import { claim, configs, identity } from '../kubernetes/around';
import { podDisruptionBudget } from '../kubernetes/workload';
import { Backend, RenderedObject, RenderedService, RenderExtras } from '../ports';
import { explainerOf, folderInPod, seldonModel, sharedModel, versionOf } from './model';
import { experiment, network } from './network';
import { detectorPipeline } from './pipeline';
import { poolModels } from './pool';
import { remoteSecrets } from './remote';
import { accountObjects, podOverServerConfig, SeldonServer, seldonServer, SeldonServerCopies } from './server';

/** Label of the pods of what stands beside a service: the operator writes the label of the name over. */
const NAME_LABEL = 'serving.cdk8s.io/name';

/** Seldon Core v2: a Model, on shared servers or on a Server of the service's own, behind the runtime's Envoy. */
export class SeldonV2Backend implements Backend {
  public readonly graphs = SELDON_V2_GRAPHS;

  public constructor(public readonly engine: SeldonCoreV2) {}

  public render(plan: ServicePlan, extras: RenderExtras): RenderedService {
    const own = plan.groups[0]!.workload.kind === 'Server';
    const pool = plan.pooled.length > 0;
    // by the agent, and not by the pods
    const fetched = !own || plan.poolLoading === PoolLoading.WHILE_RUNNING;
    // all models of a pool are on all copies of its server: that is what changes
    const target: Workload = { apiVersion: SELDON_V2_API, kind: pool ? 'Server' : 'Model', name: plan.groups[0]!.name };
    const objects = [
      ...(own ? [...identityOf(plan, fetched), ...configs(plan), claim(plan)] : []), ...(fetched ? remoteSecrets(plan) : []),
      ...plan.groups.flatMap((group, i) => (pool ? this.pool(plan, group) : own ? this.dedicated(plan, group, i === 0) : this.shared(plan, group, i === 0))),
      ...experiment(plan), ...detectorPipeline(plan), own ? podDisruptionBudget(plan) : undefined, ...renderAutoscaler(plan, target), ...network(plan, extras.cluster),
    ];
    return {
      objects: objects.filter((object) => object !== undefined),
      groups: plan.groups.map((group, i) => ({ component: group.component, scaleTarget: i === 0 ? target : { ...target, name: group.name }, selector: selectorOf(group, own) })),
      memberSelector: plan.memberSelector, serviceName: plan.address.service, ports: plan.ports, versionLabel: 'app.kubernetes.io/version', nameLabel: NAME_LABEL,
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
    const serverCopies: SeldonServerCopies = stable && isScaled(plan) ? { min: copies.min, max: copies.max } : { replicas };
    return [
      this.server(plan, group, { id: stable ? 'Server' : 'CandidateServer', labels, capabilities: [group.name, ...(plan.partOf?.explains === undefined ? [] : [EXPLAINS])], copies: serverCopies }),
      seldonModel({
        id: stable ? 'Resource' : 'Candidate', name: group.name, labels, annotations: plan.annotations,
        // the same for every version: a new one comes with new pods, and not into the memory that the old one has
        storageUri: folderInPod(plan, plan.modelName!), requirements: [group.name], server: group.name, replicas, explainer: explainerOf(plan),
      }),
    ];
  }

  /** A server, and a Model of each model of the pool. Without bounds of copies the runtime leaves it to whoever scales it. */
  private pool(plan: ServicePlan, group: PodGroup): RenderedObject[] {
    return [
      this.server(plan, group, { id: 'Resource', labels: plan.labels, capabilities: [group.name, ...settingsWritten(plan)], copies: { replicas: copiesOf(plan, true) } }),
      ...poolModels(plan, group, isScaled(plan) ? { replicas: plan.copies.max, minReplicas: Math.max(1, plan.copies.min) } : { replicas: copiesOf(plan, true) }),
    ];
  }

  private server(plan: ServicePlan, group: PodGroup, { id, labels, capabilities, copies }: Pick<SeldonServer, 'id' | 'labels' | 'capabilities' | 'copies'>): RenderedObject {
    return seldonServer({
      id, name: group.name, labels: { ...labels, ...podLabels(group), ...(plan.partOf === undefined ? {} : { [NAME_LABEL]: plan.name }) }, annotations: { ...plan.annotations, ...podAnnotations(group) },
      serverConfig: this.engine.servers._configs[plan.container === 'triton' ? 'triton' : 'mlserver'], capabilities, copies, podSpec: podOverServerConfig(plan, group),
    });
  }
}

/** Whether something changes the number of copies. */
function isScaled({ copies }: ServicePlan): boolean {
  return copies.signals.length > 0 || copies.external;
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
function identityOf(plan: ServicePlan, fetched: boolean): RenderedObject[] {
  const made = Object.keys(plan.serviceAccount?.annotations ?? {}).length > 0;
  return [...identity(plan).filter(({ kind }) => (kind === 'ServiceAccount' ? made : !fetched)), ...accountObjects(plan)];
}

/** The operator lays a Server's labels and annotations on its pods. */
function podLabels({ template }: PodGroup): { [key: string]: string } {
  return ((template.metadata as JsonObject).labels ?? {}) as { [key: string]: string };
}

function podAnnotations({ template }: PodGroup): { [key: string]: string } {
  return ((template.metadata as JsonObject).annotations ?? {}) as { [key: string]: string };
}

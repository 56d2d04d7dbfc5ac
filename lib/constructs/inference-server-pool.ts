import type { INetworkPolicyPeer, IPodSelector, IScalable, NetworkPolicyPeerConfig, PodSelectorConfig, ScalingTarget } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { checkShape, is, Shape } from '../describe/checks/shape';
import { kebab } from '../describe/checks/names';
import { Model } from '../describe/model';
import { PoolLoading } from '../describe/pool-loading';
import { ProblemKind } from '../describe/problem';
import { InferenceProtocol } from '../describe/server/server-facts';
import { ServiceEndpoint } from '../describe/service-endpoint';
import { CostEstimate } from './cost-estimate';
import { InferenceService } from './inference-service';
import { AnsweringProps, ServerPodProps } from './inference-service-props';
import { POOLED, PooledServiceProps } from './pooled-service';

const EMPTY = ProblemKind.error('SERVING_POOL_EMPTY', 'A pool without a model', 'Its server would start and be ready with nothing to answer.');

/** Properties of an InferenceServerPool. */
export interface InferenceServerPoolProps extends ServerPodProps, AnsweringProps {
  /** The models, each with a `name` of its own, by which clients ask for it. */
  readonly models: Model[];
  /**
   * When servers load them.
   * @default PoolLoading.WITH_PODS
   */
  readonly loading?: PoolLoading;
}

const MODELS: Shape<Pick<InferenceServerPoolProps, 'models' | 'loading'>> = { loading: is.oneOf(Object.values(PoolLoading)), models: is.required(is.list(is.instance(Model, "Model.sklearn({ name: 'iris', source })"))) };

/**
 * Many models in one server, as pods behind one address: for many small models, of which none keeps a server of its own busy.
 *
 * Its pods load all models and are ready when all of them are; a change of one of them replaces all pods, copy by copy, unless `loading` says
 * otherwise. What a service has, a pool has:
 * scaling, rollout, routes, objectives, monitoring; its requests are counted by model where the server tells. MLServer (formats may be mixed) and Triton
 * can do it. It is made by an InferenceService, its child `Server`.
 */
export class InferenceServerPool extends Construct implements INetworkPolicyPeer, IPodSelector, IScalable {
  /** Name of its objects. */
  public readonly name: string;
  /** Names of its models, by which clients ask for them. */
  public readonly modelNames: string[];
  /** Whether an autoscaler of cdk8s-plus has it as its target. */
  public hasAutoscaler = false;
  private readonly service: InferenceService;

  public constructor(scope: Construct, id: string, props: InferenceServerPoolProps) {
    super(scope, id);
    // one model by itself is a misspelt 'models': it is told, and not taken for the service's own
    const { models, loading, model, ...server } = (props ?? {}) as InferenceServerPoolProps & { model?: Model };
    const checked = checkShape('InferenceServerPool', MODELS, { models, loading, ...(model === undefined ? {} : { model }) });
    const given = checked.props.models ?? [];
    const findings = given.length > 0 || checked.findings.length > 0 ? checked.findings : [EMPTY.found({ what: "'models' is empty", fix: 'give at least one Model' })];
    const pooled: PooledServiceProps = { name: kebab(id), ...server, model: given[0] ?? Model.custom(), [POOLED]: { models: given, loading: checked.props.loading ?? PoolLoading.WITH_PODS, findings } };
    this.service = new InferenceService(this, 'Server', pooled);
    this.name = this.service.name;
    this.modelNames = given.map(({ name }) => name ?? this.name);
  }

  /**
   * Where and how clients ask for a model's predictions.
   * @param protocol that they speak.
   * @param modelName one of the pool's.
   * @returns undefined when the server doesn't speak it, or the pool doesn't have the model.
   */
  public endpoint(protocol: InferenceProtocol, modelName: string): ServiceEndpoint | undefined {
    return this.modelNames.includes(modelName) ? this.service._endpointOf(protocol, modelName) : undefined;
  }

  /**
   * What it costs by what it requests.
   * @returns undefined as long as the Cluster lacks a price that it needs.
   */
  public estimateCost(): CostEstimate | undefined {
    return this.service.estimateCost();
  }

  /**
   * Lets a peer invoke all of its models. With the first grant the pods close to all others, but for the Gateway or Ingress that exposes them and the
   * metrics' store.
   * @param peer pods, namespaces or addresses, as cdk8s-plus knows them.
   */
  public grantInvoke(peer: INetworkPolicyPeer): void {
    this.service.grantInvoke(peer);
  }

  public markHasAutoscaler(): void {
    this.hasAutoscaler = true;
    this.service.markHasAutoscaler();
  }

  public toScalingTarget(): ScalingTarget {
    return this.service.toScalingTarget();
  }

  public toNetworkPolicyPeerConfig(): NetworkPolicyPeerConfig {
    return this.service.toNetworkPolicyPeerConfig();
  }

  public toPodSelector(): IPodSelector | undefined {
    return this.service.toPodSelector();
  }

  public toPodSelectorConfig(): PodSelectorConfig {
    return this.service.toPodSelectorConfig();
  }
}

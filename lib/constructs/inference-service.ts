import type { INetworkPolicyPeer, IPodSelector, IScalable, NetworkPolicyPeerConfig, PodSelectorConfig, ScalingTarget } from 'cdk8s-plus-28';
import { Construct, IConstruct } from 'constructs';
import { checkShape } from '../describe/checks/shape';
import { Finding, ProblemKind, Severity } from '../describe/problem';
import { IGraphMember } from '../describe/graph/graph-step';
import { InferenceProtocol } from '../describe/server/server-facts';
import { ServiceEndpoint } from '../describe/service-endpoint';
import { addManifest, Manifest } from '../manifest/manifest';
import { companionOf, frontOf } from '../plan/around/companion';
import { componentOf, EXPLAINER, memberSelector, PREDICTOR } from '../plan/labels';
import { planService, Planned } from '../plan/plan';
import { explainRelease } from '../plan/release/explain/explain';
import { checkGrants } from '../plan/rules/grants';
import { FleetMember } from '../plan/rules/rule';
import { Json, ServicePlan, ServiceRequest } from '../plan/service-plan';
import { backendFor } from '../render/graph';
import { predictorGrants, renderCompanions, RenderedCompanion } from '../render/kubernetes/companions';
import { Backend, RenderedObject, RenderedService } from '../render/ports';
import { monitorObjects } from '../watch/drift/monitor-objects';
import { checkWatched, unwatchedBudget } from '../watch/rules';
import { chartOf } from './chart';
import { CostEstimate, estimateCostOfAll } from './cost-estimate';
import { DecidedBy, decidedBy, lateEngine, lateStack } from './decided-by';
import { componentsSelector, isPeer, noPeer, peerJson, podSelector, scalingContainer } from './edges';
import { OnEngine } from './engine-explanation';
import { InferenceServiceAttributes, ImportedInferenceService } from './imported-service';
import { INFERENCE_SERVICE, InferenceServiceProps } from './inference-service-props';
import { IMonitoringStack, MonitoringStack } from './monitoring-stack';
import { pooledIn } from './pooled-service';
import { ReleaseExplanation } from './release-explanation';
import { TWO_AUTOSCALERS } from './rival-autoscalers';
import { IServingEngine, ServingEngine } from './serving-engine';
import { ServerSelection } from './server-selection';
import { endpointOf, previewEndpointOf } from './service-endpoint';
import { serviceRequest } from './service-request';
import { Synthesis } from './synthesis';

const NOT_WATCHED = ProblemKind.warning('SERVING_NOT_WATCHED', 'A service that no monitoring stack watches, in a program that has one', 'It looks watched: nobody is told when it fails, and its objectives are measured nowhere.');
const NEARER = ProblemKind.warning('SERVING_NEARER_STACK', 'A service whose engine names another stack than the nearest', 'The nearest looks as if it watched the service, and does not.');
const NOT_A_PEER = ProblemKind.error('SERVING_GRANT_PEER', 'A grant to something that is no peer', 'Nobody would be let in.');

/** An inference service, as other constructs refer to it. */
export interface IInferenceService extends IConstruct, INetworkPolicyPeer, IPodSelector, IGraphMember {}

/**
 * One model made ready to answer: a server with that model in it, as pods behind an address, with all that production asks for.
 *
 * Its main object is its default child (`ApiObject.of(service)`); the others are its children by these ids: `Service`, `ServiceAccount`,
 * `Config`, `Code`, `PodDisruptionBudget`, `Autoscaler`, `HttpRoute`, `GrpcRoute`, `Ingress`, `NetworkPolicy`, `ExternalSecret`, `AcceleratorClaim`,
 * `PayloadLogger`, `Monitor`, `MonitorFiles`.
 */
export class InferenceService extends Construct implements IInferenceService, IScalable {
  /** A service that is defined elsewhere. */
  public static fromInferenceServiceAttributes(scope: Construct, id: string, attributes: InferenceServiceAttributes): IInferenceService {
    return new ImportedInferenceService(scope, id, attributes);
  }

  public readonly name: string;
  public readonly namespace?: string;
  /** The engine that decides for it. */
  public readonly engine?: IServingEngine;
  /** The stack that watches it. */
  public readonly monitoring?: IMonitoringStack;
  /** Which server was picked, and what was found of each. */
  public readonly serverSelection: ServerSelection;
  /** Whether an autoscaler of cdk8s-plus has it as its target. */
  public hasAutoscaler = false;

  private readonly request: ServiceRequest;
  private readonly planned: Planned;
  private readonly findings: Finding[];
  /** Those of them that are so on every engine. */
  private readonly anywhere: readonly Finding[];
  private readonly grants: { [key: string]: Json }[] = [];
  /** Who is let in besides, as soon as there are grants. */
  private readonly callers: { [key: string]: Json }[] = [];
  private readonly made = new Set<string>();
  private readonly given: DecidedBy;
  private readonly backend: Backend;
  private rendered?: RenderedService;
  private beside: readonly RenderedCompanion[] = [];
  /** The backend's objects, and those that watch it. */
  private objects: readonly RenderedObject[] = [];

  public constructor(scope: Construct, id: string, props: InferenceServiceProps) {
    super(scope, id);
    const checked = checkShape('InferenceService', INFERENCE_SERVICE, props);
    const pooled = pooledIn(props);
    this.given = { engine: checked.props.engine, monitoring: checked.props.monitoring };
    ({ engine: this.engine, monitoring: this.monitoring } = decidedBy(this, this.given));
    const engine = this.engine ?? ServingEngine._fallback();
    const { request: asked, findings } = serviceRequest(this, id, checked.props, engine, this.monitoring?.metricsUrl, pooled?.models.length === 0 ? undefined : pooled);
    this.backend = suited(engine.backend._backend, asked);
    const request = this.request = { ...asked, engine: this.backend.engine };
    this.name = request.name;
    this.namespace = request.namespace;
    this.planned = planService(this.request);
    this.serverSelection = ServerSelection._of(this.planned.selection);
    // what stops the plan for want of a model says nothing further
    const without = checked.props.model === undefined || pooled?.models.length === 0;
    this.anywhere = [...checked.findings, ...(pooled?.findings ?? []), ...findings];
    this.findings = [...this.anywhere, ...(without ? [] : this.planned.findings)];
    this.render();
    this.reachPhoenix();
    Synthesis.of(this).join(this);
  }

  public endpoint(protocol: InferenceProtocol): ServiceEndpoint | undefined {
    const { plan } = this.planned;
    return plan && endpointOf(frontOf(plan), protocol, this.request.cluster.domain);
  }

  /**
   * Where clients ask why the model answered as it did.
   * @param protocol that they speak.
   * @returns undefined when there is no `explainer`, or it doesn't speak it.
   */
  public explainEndpoint(protocol: InferenceProtocol): ServiceEndpoint | undefined {
    const explainer = this.planned.plan && companionOf(this.planned.plan, EXPLAINER);
    return explainer && endpointOf(explainer.plan, protocol, this.request.cluster.domain);
  }

  /**
   * Where the version on trial alone is asked for predictions, inside of the cluster, before clients get it.
   * @param protocol that the caller speaks.
   * @returns undefined when the service doesn't speak it, or its `rollout` tries no version before it goes live.
   */
  public previewEndpoint(protocol: InferenceProtocol): ServiceEndpoint | undefined {
    return this.planned.plan && previewEndpointOf(this.planned.plan, protocol, this.request.cluster.domain);
  }

  /**
   * How a new version goes live: steps, gates, times, commands.
   * @returns undefined when its `rollout` only replaces copies, or something stands against the service.
   */
  public explainRelease(): ReleaseExplanation | undefined {
    const explanation = this._plan && explainRelease(this._plan);
    return explanation && ReleaseExplanation._of(explanation);
  }

  /**
   * What it costs by what it requests.
   * @returns undefined as long as the Cluster lacks a price that it needs (CPU, memory, the accelerator's product).
   */
  public estimateCost(): CostEstimate | undefined {
    return this.planned.plan && estimateCostOfAll(this.planned.plan, this.request.cluster.prices);
  }

  /**
   * Lets a peer invoke the service. With the first grant the pods close to all others, but for the Gateway or Ingress that exposes
   * them and the metrics' store.
   * @param peer pods, namespaces or addresses, as cdk8s-plus knows them.
   */
  public grantInvoke(peer: INetworkPolicyPeer): void {
    if (!isPeer(peer)) {
      this.findings.push(NOT_A_PEER.found(noPeer('grantInvoke', peer)));
    } else {
      this.grants.push(...peerJson(peer));
    }
    this.render();
    Synthesis.of(this).changed();
  }

  /** @internal Lets a peer in, should others be kept out: what the program itself makes an asker of the service. */
  public _letIn(peer: INetworkPolicyPeer): void {
    this.callers.push(...peerJson(peer));
    this.render();
    Synthesis.of(this).changed();
  }

  /** @internal Seconds of its longest answer, where it is planned. */
  public get _requestSeconds(): number | undefined {
    return this.planned.plan?.timing.request;
  }

  public toNetworkPolicyPeerConfig(): NetworkPolicyPeerConfig {
    const beside = (this.planned.plan?.companions ?? []).map(({ request }) => componentOf(request));
    return { podSelector: componentsSelector(this.name, [PREDICTOR, ...beside], this.namespace) };
  }

  public toPodSelector(): IPodSelector | undefined {
    return this;
  }

  public toPodSelectorConfig(): PodSelectorConfig {
    return podSelector(memberSelector(this.name, PREDICTOR), this.namespace);
  }

  public markHasAutoscaler(): void {
    this.hasAutoscaler = true;
    Synthesis.of(this).changed();
  }

  public toScalingTarget(): ScalingTarget {
    const target = this.rendered?.groups[0]?.scaleTarget ?? { apiVersion: 'apps/v1', kind: 'Deployment', name: this.name };
    // without a number of copies: cdk8s-plus refuses a fixed one
    return { ...target, containers: [scalingContainer()] };
  }

  /** @internal */
  public _findingsNow(): readonly Finding[] {
    return [
      ...this.findings,
      ...this.grantFindings(this.request, this.planned.plan),
      ...this.monitoringFindings(),
      ...lateEngine(this, 'this service', this.given, this),
      ...(this.hasAutoscaler && !this.request.scaling?.externallyScaled ? [TWO_AUTOSCALERS.found({
        what: 'an autoscaler of cdk8s-plus has this service as its target, and the service has its own idea of its copies', fix: "give 'scaling: Scaling.external({ min, max })', or leave the autoscaler to 'scaling'",
      })] : []),
    ];
  }

  /** @internal The workload that autoscalers of others must leave alone: kind and name. None where one is meant, or has been told. */
  public get _ownTarget(): string | undefined {
    if (this.hasAutoscaler || this.request.scaling?.externallyScaled) return undefined;
    const target = this.rendered?.groups[0]?.scaleTarget;
    return target && `${target.kind}/${target.name}`;
  }

  /** @internal */
  public _members(): FleetMember[] {
    const { path } = this.node;
    return this._plan === undefined ? [] : [{ path, request: this.request, plan: this._plan }, ...this._plan.companions.map(({ request, plan }) => ({ path, request, plan }))];
  }

  /** @internal Where one model of a pool is asked. */
  public _endpointOf(protocol: InferenceProtocol, modelName: string): ServiceEndpoint | undefined {
    return this.planned.plan && endpointOf(this.planned.plan, protocol, this.request.cluster.domain, { modelName });
  }

  /** @internal How it comes out on its engine, or would on another. */
  public _onEngine(given?: Backend): OnEngine {
    const { request: asked, findings: own } = given === undefined ? { request: this.request, findings: [] } : this._asksOf(given, this.request);
    const backend = given === undefined ? this.backend : suited(given, asked);
    const here = backend === this.backend;
    const request = here ? this.request : { ...asked, engine: backend.engine };
    const planned = here ? undefined : planService(request);
    const plan = here ? this._plan : planned!.plan;
    const findings = here ? this._findingsNow() : [...this.anywhere, ...own, ...planned!.findings, ...this.grantFindings(request, plan), ...this.watchFindings(request, plan)];
    const sound = plan !== undefined && !findings.some(({ severity }) => severity === Severity.ERROR);
    const { rendered, beside } = sound ? this.renderOn(backend, plan) : { rendered: undefined, beside: [] };
    // what watches it is the same on every engine
    return { engine: backend.engine, request, plan, findings, objects: [...(rendered?.objects ?? []), ...beside.flatMap((one) => one.rendered.objects)] };
  }

  /** @internal What it would ask of another engine, and what stands against that before it is planned. */
  public _asksOf(_backend: Backend, request: ServiceRequest): { request: ServiceRequest; findings: readonly Finding[] } {
    return { request, findings: [] };
  }

  /** @internal What was decided, unless something stands against it. */
  public get _plan(): ServicePlan | undefined {
    return this.sound ? this.planned.plan : undefined;
  }

  /** Who may invoke it; nobody is told where all may. */
  private get letIn(): { [key: string]: Json }[] {
    return this.grants.length === 0 ? [] : [...this.grants, ...this.callers];
  }

  private get sound(): boolean {
    return !this.findings.some((finding) => finding.severity === Severity.ERROR);
  }

  /** A Phoenix that the program installs takes spans from those alone that it was told of; it is told the port that the server sends to. */
  private reachPhoenix(): void {
    const phoenix = this.request.tracing?._phoenix;
    const able = this.planned.plan?.server.facts.tracing;
    if (able === undefined) return;
    if (able.http) phoenix?.grantUse(this);
    else phoenix?.grantSend(this);
  }

  /** Makes the objects that are not there yet; the content of all is that of the last rendering. */
  private render(): void {
    const plan = this._plan;
    ({ rendered: this.rendered, beside: this.beside } = plan === undefined ? { rendered: undefined, beside: [] } : this.renderOn(this.backend, plan));
    this.objects = [...(this.rendered?.objects ?? []), ...(plan === undefined ? [] : monitorObjects(plan)), ...this.beside.flatMap((one) => one.rendered.objects), ...this.watched()];
    if (chartOf(this) === undefined) return; // no object can be made outside of a chart
    // an unsound service has a main object all the same: whoever patches it must not fail before the report
    for (const object of this.rendered !== undefined ? this.objects : [{ id: 'Resource', apiVersion: 'apps/v1', kind: 'Deployment', name: this.name, content: {} }]) {
      if (this.made.has(object.id)) continue; // also when the user has taken it out
      this.made.add(object.id);
      addManifest(this, object.id, object, () => this.current(object.id));
    }
  }

  /** The service itself, and what stands beside it. */
  private renderOn(backend: Backend, plan: ServicePlan): { rendered: RenderedService; beside: RenderedCompanion[] } {
    const extras = { cluster: this.request.cluster, grants: this.letIn };
    return { rendered: backend.render(plan, { ...extras, grants: predictorGrants(plan, this.letIn) }), beside: renderCompanions(plan, extras, backend) };
  }

  private grantFindings(request: ServiceRequest, plan: ServicePlan | undefined): Finding[] {
    return this.grants.length === 0 || plan === undefined ? [] : checkGrants(request, plan);
  }

  private watchFindings(request: ServiceRequest, plan: ServicePlan | undefined): Finding[] {
    const { monitoring } = this;
    return monitoring === undefined || plan === undefined ? [] : checkWatched(request, plan, monitoring.metrics, monitoring.cost);
  }

  private monitoringFindings(): Finding[] {
    const late = lateStack(this, 'this service', this.given, this);
    if (late.length > 0) return late;
    if (this.monitoring !== undefined) return [...this.nearerStack(), ...this.watchFindings(this.request, this._plan)];
    const elsewhere = MonitoringStack._anywhere(this);
    return [
      ...(this.request.budget === undefined ? [] : [unwatchedBudget()]),
      ...(elsewhere === undefined ? [] : [NOT_WATCHED.found({
        what: `the stack '${elsewhere.node.path}' watches what is below '${elsewhere.node.scope!.node.path}', and this service is elsewhere`, fix: "give 'monitoring' to a ServingEngine above it, or to the service; or make the stack in a scope above it",
      })]),
    ];
  }

  /** A stack that is nearer than the engine by which another one watches. */
  private nearerStack(): Finding[] {
    const { engine, monitoring } = this;
    const nearest = MonitoringStack.of(this);
    if (this.given.engine !== undefined || engine === undefined || monitoring !== engine.monitoring || nearest === undefined || nearest === monitoring || nearest.node.scopes.length <= engine.node.scopes.length) return [];
    return [NEARER.found({ what: `the stack '${nearest.node.path}' is nearer than the engine '${engine.node.path}', which names '${monitoring!.node.path}'`, fix: "hand over the one that is meant as 'monitoring', or take the other out" })];
  }

  /** What watches it, where a stack does and it can be told apart from others. */
  private watched(): RenderedObject[] {
    const { monitoring, rendered } = this;
    const { name, namespace, cluster, objectives, owner, hold, sli, budget } = this.request;
    if (monitoring === undefined || rendered === undefined || this._plan === undefined || namespace === undefined) return [];
    const stack = monitoring as MonitoringStack;
    return [
      ...stack._watch(this, { name, namespace, plan: this._plan, rendered, cluster, objectives, owner, hold, sli, budget }),
      // under names of their own: what is measured at them is not measured at the model
      ...this.beside.flatMap(({ companion, rendered: theirs }) => stack._watch(companion, { name: companion.plan.name, namespace, plan: companion.plan, rendered: theirs, cluster, objectives: [], owner, hold, sli: companion.request.sli })
        .map((object) => ({ ...object, id: `${companion.id}${object.id}` }))),
    ];
  }

  private current(id: string): Manifest | undefined {
    return this.objects.find((one) => one.id === id);
  }
}

/** Who runs a service, of a backend with several ways. */
function suited(given: Backend, request: ServiceRequest): Backend {
  const backend = backendFor(given, request.server);
  return backend.suited?.(request) ?? backend;
}

import { Duration, Size } from 'cdk8s';
import type { Cpu, IServiceAccount } from 'cdk8s-plus-28';
import { named } from '../describe/checks/names';
import { is, Shape } from '../describe/checks/shape';
import { Exposure } from '../describe/exposure';
import { GraphNode } from '../describe/graph';
import { Hold } from '../describe/hold';
import { Sli } from '../describe/monitoring/sli';
import { Objective } from '../describe/objective';
import { Scaling } from '../describe/scaling';
import { InferenceProtocol } from '../describe/server/server-facts';
import { Team } from '../describe/team';
import { IMonitoringStack } from './monitoring-stack';
import { IServingEngine } from './serving-engine';

/** What runs a graph. */
export enum GraphRunner {
  /** The engine's own definition of a graph, where it has one; else the router. */
  ENGINE = 'engine',
  /** KServe's router in a Deployment of the library's, on every engine. */
  ROUTER = 'router',
}

/** Properties of an InferenceGraph. */
export interface InferenceGraphProps {
  /** The node that gets the requests. */
  readonly root: GraphNode;
  /**
   * The engine.
   * @default - the nearest, else plain Kubernetes with the fallback defaults
   */
  readonly engine?: IServingEngine;
  /**
   * What runs it.
   * @default GraphRunner.ENGINE
   */
  readonly runBy?: GraphRunner;
  /**
   * Name of all objects: a DNS label of at most 47 characters.
   * @default - the construct's id in kebab-case
   */
  readonly name?: string;
  /**
   * What clients speak to the graph, and the graph to its services: a protocol over HTTP.
   * @default InferenceProtocol.V2_REST
   */
  readonly protocol?: InferenceProtocol;
  /**
   * Names of headers that the steps are sent as they came with the request, such as `authorization`. Others stay behind.
   * @default - none
   */
  readonly propagateHeaders?: string[];
  /**
   * How long the longest answer may take.
   * @default - as long as the longest way through the steps
   */
  readonly requestTimeout?: Duration;
  /**
   * How many copies of what runs the graph run.
   * @default - two
   */
  readonly scaling?: Scaling;
  /**
   * CPU that each copy requests.
   * @default - 100 milli-CPU: it hands requests on
   */
  readonly cpu?: Cpu;
  /**
   * CPU that a copy may use at the most.
   * @default - as much as the node has left
   */
  readonly cpuLimit?: Cpu;
  /**
   * Memory that each copy requests: it holds the requests and answers that it works on.
   * @default Size.mebibytes(256)
   */
  readonly memory?: Size;
  /**
   * Memory that a copy may use at the most.
   * @default - as much as it requests
   */
  readonly memoryLimit?: Size;
  /**
   * How it is reached.
   * @default Exposure.clusterInternal()
   */
  readonly exposure?: Exposure;
  /**
   * Who owns it.
   * @default - the engine's owner
   */
  readonly owner?: Team;
  /**
   * What it promises. The router tells nothing of its requests, so this is measured at a gateway.
   * @default - nothing
   */
  readonly objectives?: Objective[];
  /**
   * Where the numbers come from by which objectives judge it: `Sli.gateway`.
   * @default - none
   */
  readonly sli?: Sli;
  /**
   * The stack that watches it.
   * @default - the engine's, else the nearest; without any it is not watched
   */
  readonly monitoring?: IMonitoringStack;
  /**
   * Keeps it as it is, or stops it, for a while and for a reason.
   * @default - none
   */
  readonly hold?: Hold;
  /**
   * ServiceAccount of the pods.
   * @default - one of its own, without any rights and without a token
   */
  readonly serviceAccount?: IServiceAccount;
  /**
   * Further labels of all objects and pods.
   * @default - none
   */
  readonly labels?: { [key: string]: string };
  /**
   * Annotations of the workload.
   * @default - none
   */
  readonly annotations?: { [key: string]: string };
}

/** What each prop must be. */
export const INFERENCE_GRAPH: Shape<InferenceGraphProps> = {
  root: is.required(is.instance(GraphNode, 'GraphNode.sequence([GraphStep.service(model)])')),
  engine: is.like('a ServingEngine', 'cluster', 'backend', 'defaults'), runBy: is.oneOf(Object.values(GraphRunner)),
  name: is.text(), // its form is a rule, as it may come from the id as well
  protocol: is.instance(InferenceProtocol, 'InferenceProtocol.V2_REST'),
  propagateHeaders: is.list(is.text("the name of a header, such as 'x-request-id'", /^[A-Za-z0-9][A-Za-z0-9_.-]*$/)),
  requestTimeout: is.duration(0.001, 24 * 3600), scaling: is.instance(Scaling, 'Scaling.fixed(2)'),
  cpu: is.cpu, cpuLimit: is.cpu, memory: is.size, memoryLimit: is.size,
  exposure: is.instance(Exposure, 'Exposure.clusterInternal()'), owner: is.instance(Team, "Team.of('risk')"),
  objectives: is.list(is.instance(Objective, 'Objective.availability(99.9)')), sli: is.instance(Sli, 'Sli.gateway(GatewayMetrics.istio())'),
  monitoring: is.like('a MonitoringStack', 'metrics', 'metricsUrl', '_watch'), hold: is.instance(Hold, "Hold.frozen({ reason: '...', until: '2026-12-31' })"),
  serviceAccount: is.like('an IServiceAccount of cdk8s-plus', 'name'), labels: named.labels, annotations: named.annotations,
};

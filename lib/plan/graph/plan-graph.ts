import { GraphData, GraphNode, GraphNodeKind, GraphStep, IGraphMember, StepDependency } from '../../describe/graph';
import { secondsOf } from '../../describe/checks/shape';
import { Finding } from '../../describe/problem';
import { ServiceEndpoint } from '../../describe/service-endpoint';
import { checkNode, nameTwice, unasked } from './check-node';
import { Workload } from '../service-plan';
import { PlannedGraph, PlannedNode, PlannedStep } from './planned-graph';

/** The engine's and the router's name of the node that gets the graph's requests. */
export const ROOT = 'root';
/** The GJSON path of the whole, which every JSON has. */
const EVERYTHING = '@this';

/** What is known of a service that a step asks. */
export interface MemberFacts {
  /** Where it is asked by the graph's protocol. */
  readonly endpoint?: ServiceEndpoint;
  /** Whether it is one that can't be planned, which has been told. */
  readonly unsound: boolean;
  /** Seconds of its longest answer. */
  readonly seconds?: number;
  /** What its engine runs it as, where it is known. */
  readonly workload?: Workload;
}

/** What a graph is planned from. */
export interface GraphRequest {
  readonly root: GraphNode;
  /** Name of the protocol that all services are asked by. */
  readonly protocol: string;
  /** Seconds of a step of which nothing is known. */
  readonly usualSeconds: number;
  facts(member: IGraphMember): MemberFacts;
}

/** Names the nodes, finds out where each step leads, and how long the longest way takes. Pure. */
export function planGraph(request: GraphRequest): { graph: PlannedGraph; findings: Finding[] } {
  const planner = new Planner(request);
  const seconds = planner.visit(request.root, ROOT);
  return { graph: { nodes: planner.nodes, stepSeconds: planner.stepSeconds, seconds }, findings: planner.findings };
}

/** Goes through a graph, and comes to each node once. Nodes are made from their steps, so there is no way back. */
class Planner {
  public readonly nodes: PlannedNode[] = [];
  public readonly findings: Finding[] = [];
  public stepSeconds = 0;
  private readonly seen = new Map<GraphNode, { readonly name: string; readonly seconds: number }>();

  public constructor(private readonly request: GraphRequest) {}

  /** Plans a node and all below it; gives the seconds of the longest way through it. */
  public visit(node: GraphNode, name: string): number {
    if (this.nodes.some((one) => one.name === name)) this.findings.push(nameTwice('two nodes', name));
    const at = this.nodes.push({ name, kind: node.kind, steps: [] }) - 1; // before those below it
    const planned = (node._steps ?? []).map((step, i) => this.step(step, i, node, name));
    const steps = planned.map((one) => one.step);
    this.nodes[at] = { name, kind: node.kind, steps };
    this.findings.push(...checkNode(this.nodes[at], node));
    const times = planned.map((one) => one.seconds);
    const seconds = node.kind === GraphNodeKind.SEQUENCE ? times.reduce((total, one) => total + one, 0) : Math.max(0, ...times);
    this.seen.set(node, { name, seconds });
    return seconds;
  }

  private step(step: GraphStep, i: number, parent: GraphNode, parentName: string): { step: PlannedStep; seconds: number } {
    const { service, url, node } = step._target;
    const { name: given, data, condition, weight, dependency } = step._options;
    const name = given ?? service?.name ?? node?._name ?? `step${i + 1}`;
    const planned = {
      name, data: data ?? GraphData.REQUEST, weight, hard: dependency !== StepDependency.SOFT,
      // what else a switch gets is all that is JSON: the path of the whole is always there
      condition: step === parent._otherwise ? EVERYTHING : condition?.path,
      tensor: step === parent._otherwise ? undefined : condition?._tensor,
      timeoutSeconds: step._options.timeout && secondsOf(step._options.timeout),
    };
    if (node !== undefined) {
      const { name: below, seconds } = this.below(node, node._name ?? `${parentName}-${name}`.toLowerCase().replace(/[^a-z0-9-]+/g, '-'));
      return { step: { ...planned, node: below }, seconds };
    }
    const facts = service && this.request.facts(service);
    const seconds = step._options.timeout === undefined ? facts?.seconds ?? this.request.usualSeconds : secondsOf(step._options.timeout);
    this.stepSeconds = Math.max(this.stepSeconds, seconds);
    if (service === undefined || facts === undefined) return { step: { ...planned, url }, seconds };
    this.findings.push(...unasked(service, facts, this.request.protocol));
    const { endpoint } = facts;
    return { step: { ...planned, url: endpoint?.url, headers: endpoint?.headers, service: { name: service.name, namespace: service.namespace, model: endpoint?.modelName ?? service.name, workload: facts.workload }, unsound: facts.unsound }, seconds };
  }

  private below(node: GraphNode, name: string): { readonly name: string; readonly seconds: number } {
    const known = this.seen.get(node);
    return known ?? { name, seconds: this.visit(node, name) };
  }
}

import { GraphData, GraphNodeKind } from '../../describe/graph';
import { Finding, ProblemKind } from '../../describe/problem';
import { compact } from '../json';
import { JsonObject } from '../service-plan';
import { PlannedGraph, PlannedNode, PlannedStep } from './planned-graph';

export const NOT_SAID = ProblemKind.error('SERVING_GRAPH_PIPELINE', 'A graph that a Pipeline or an Experiment of Seldon Core v2 can not say', 'A Pipeline is a flow of tensors from model to model: what is said of requests over HTTP has no place in it.');

/** The other way, which each of these problems ends with. */
const ELSE = "give the graph 'runBy: GraphRunner.ROUTER'";

/** Whose tensors come together, and how: all of them, or whichever comes. Of one, both are the same. */
interface Flow {
  readonly from: readonly string[];
  readonly join: 'inner' | 'any';
}

/** Writes a graph as steps of a Pipeline: what each is sent, and what it waits for. Source: https://github.com/SeldonIO/seldon-core/blob/v2.10.2/docs-gb/pipelines.md */
export class PipelineSteps {
  public readonly findings: Finding[] = [];
  public readonly output: JsonObject;
  public readonly steps: JsonObject[] = [];
  private readonly request: Flow;

  /** @param name of the graph, which is that of the Pipeline. */
  public constructor(private readonly graph: PlannedGraph, name: string) {
    this.request = { from: [`${name}.inputs`], join: 'inner' };
    const { from, join } = this.node(graph.nodes[0], this.request, []);
    this.output = { steps: [...from], stepsJoin: join };
  }

  /** All of a node: what is sent to it comes to its steps, and its answer is where the next gets his from. */
  private node(node: PlannedNode | undefined, sent: Flow, after: readonly Flow[]): Flow {
    switch (node?.kind) {
      case GraphNodeKind.SEQUENCE: return this.sequence(node, sent, after);
      case GraphNodeKind.ENSEMBLE: return this.together(node, 'inner', node.steps.map((step) => this.ask(node, step, sent, after)));
      case GraphNodeKind.SWITCH: return this.together(node, 'any', node.steps.map((step) => this.ask(node, step, sent, [...after, ...this.trigger(node, step, sent)])));
      case GraphNodeKind.SPLITTER: this.tell(node, 'a splitter below another node', 'make it the root of a graph of its own, over services', "Experiments split what comes from outside, and no step's tensors"); return sent;
      default: return sent;
    }
  }

  private sequence(node: PlannedNode, sent: Flow, after: readonly Flow[]): Flow {
    let before: Flow | undefined;
    for (const step of node.steps) {
      if (step.condition !== undefined) this.tell(node, `step '${step.name}' of a sequence has a condition`, 'put a switch there, with a step for each tensor', 'a request that does not meet it would never be answered');
      if (step.data === GraphData.PREDICTIONS) this.tell(node, `step '${step.name}' is sent predictions as instances`, 'use GraphData.RESPONSE', 'Pipelines know tensors alone');
      // what is sent the answer before waits for it by itself
      if (before === undefined) before = this.ask(node, step, sent, after);
      else before = step.data === GraphData.REQUEST ? this.ask(node, step, sent, [before]) : this.ask(node, step, before, []);
    }
    return before ?? sent;
  }

  /** The tensor that a step of a switch waits for: of the request, or of the answer that is the switch's. */
  private trigger(node: PlannedNode, step: PlannedStep, sent: Flow): Flow[] {
    const { tensor } = step;
    if (tensor === undefined) {
      this.tell(node, `step '${step.name}' of a switch is taken by something else than a tensor`, 'use GraphCondition.hasInput or hasOutput', 'a trigger waits for a tensor that comes, and for none that does not');
      return [];
    }
    const answers = sent !== this.request;
    if (answers !== (tensor.of === 'outputs')) {
      this.tell(node, `step '${step.name}' of a switch asks for a tensor of the ${tensor.of}, and the switch is sent ${answers ? 'an answer' : 'the request'}`, answers ? 'use GraphCondition.hasOutput' : 'use GraphCondition.hasInput, or give the switch GraphData.RESPONSE', 'no request would meet it');
    }
    return [{ from: sent.from.map((name) => `${answers ? `${name}.outputs` : name}.${tensor.name}`), join: 'any' }];
  }

  private ask(node: PlannedNode, step: PlannedStep, sent: Flow, after: readonly Flow[]): Flow {
    if (!step.hard) this.tell(node, `step '${step.name}' has StepDependency.SOFT`, "leave 'dependency' out", 'the first failure is the answer');
    if (step.node !== undefined) return this.node(this.graph.nodes.find(({ name }) => name === step.node), sent, after);
    const name = step.service?.name;
    if (name === undefined) return sent; // an address, which has been told
    if (this.steps.some((one) => one.name === name)) this.tell(node, `'${name}' is asked twice`, 'ask it once', 'a step has the name of its Model, and a Pipeline each name once');
    const triggers = this.joined(node, step, after);
    this.steps.push(compact({
      name, ...(sent === this.request && triggers === undefined ? {} : { inputs: [...sent.from], inputsJoinType: sent.from.length > 1 ? sent.join : undefined }),
      ...(triggers === undefined ? {} : { triggers: [...triggers.from], triggersJoinType: triggers.from.length > 1 ? triggers.join : undefined }),
    }));
    return { from: [name], join: 'inner' };
  }

  /** A step has one way to join all that it waits for. */
  private joined(node: PlannedNode, step: PlannedStep, after: readonly Flow[]): Flow | undefined {
    if (after.length < 2) return after[0];
    if (after.some(({ from, join }) => from.length > 1 && join === 'any')) this.mixed(node, `step '${step.name}' waits for all of several things, and for whichever comes of others`);
    return { from: [...new Set(after.flatMap(({ from }) => from))], join: 'inner' };
  }

  /** Answers of several steps as one. */
  private together(node: PlannedNode, join: Flow['join'], flows: readonly Flow[]): Flow {
    if (flows.length > 1 && flows.some((one) => one.from.length > 1 && one.join !== join)) this.mixed(node, `the answer of the ${node.kind} is of all of some steps, and of whichever answers of others`);
    return { from: [...new Set(flows.flatMap(({ from }) => from))], join: flows.length === 1 ? flows[0]!.join : join };
  }

  private mixed(node: PlannedNode, what: string): void {
    this.tell(node, what, 'put one service behind the switch or the ensemble within, which makes one answer of them', 'a join is of one kind');
  }

  private tell(node: PlannedNode, what: string, fix: string, why: string): void {
    this.findings.push(NOT_SAID.found({ what: `node '${node.name}': ${what}, and ${why}`, fix: `${fix}, or ${ELSE}` }));
  }
}

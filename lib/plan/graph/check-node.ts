import { GraphData, GraphNode, GraphNodeKind, IGraphMember } from '../../describe/graph';
import { Finding, ProblemKind } from '../../describe/problem';
import type { MemberFacts } from './plan-graph';
import { PlannedNode, PlannedStep } from './planned-graph';

const EMPTY = ProblemKind.error('SERVING_GRAPH_EMPTY', 'A node of a graph without steps', 'It would answer nothing.');
const NAME_TWICE = ProblemKind.error('SERVING_GRAPH_NAME_TWICE', 'One name for two nodes of a graph, or for two steps of a node', 'One of them would take the other\'s place, in the definition or in the answer of an ensemble.');
const WEIGHTS = ProblemKind.error('SERVING_GRAPH_WEIGHTS', 'Weights of a splitter that are not 100 percent', 'Requests that fall into what is missing are answered with an error, and steps beyond 100 percent get none.');
const NO_CONDITION = ProblemKind.error('SERVING_GRAPH_NO_CONDITION', 'A step of a switch without a condition', 'The router never takes it.');
const NOT_USED = ProblemKind.error('SERVING_GRAPH_OPTION', 'A step says what its node does not ask for', 'The engine would take the definition and leave it unread, or answer every request with an error.');
const PROTOCOL = ProblemKind.error('SERVING_GRAPH_PROTOCOL', 'A step asks a service by a protocol that it does not speak', 'All steps of a graph are asked by one protocol, as answers of one are requests of others.');

/** What is wrong with a node, whatever runs the graph. */
export function checkNode({ name, kind, steps }: PlannedNode, node: GraphNode): Finding[] {
  const findings: Finding[] = [];
  const tell = (problem: ProblemKind, what: string, fix: string, got?: unknown): number => findings.push(problem.found({ what: `node '${name}': ${what}`, fix, ...(got === undefined ? {} : { got }) }));
  if (node._steps?.length === 0) tell(EMPTY, `a ${kind} without steps`, 'give it at least one step');
  for (const twice of new Set(steps.map((one) => one.name).filter((one, i, all) => all.indexOf(one) !== i))) findings.push(nameTwice(`two steps of node '${name}'`, twice));
  if (kind === GraphNodeKind.SPLITTER) {
    const without = steps.filter((one) => one.weight === undefined).map((one) => one.name);
    const total = steps.reduce((sum, one) => sum + (one.weight ?? 0), 0);
    if (without.length > 0) tell(WEIGHTS, `steps of a splitter without a weight: ${without.join(', ')}`, "give each a 'weight'");
    else if (steps.length > 0 && total !== 100) tell(WEIGHTS, 'the weights of a splitter do not add up to 100', 'give weights that add up to 100', total);
  }
  steps.forEach((step, i) => {
    for (const [option, why] of unused(step, kind, i, node)) tell(NOT_USED, `step '${step.name}' has '${option}', and ${why}`, `leave '${option}' out`);
    if (kind === GraphNodeKind.SWITCH && step.condition === undefined) tell(NO_CONDITION, `step '${step.name}' of a switch has no condition`, "give it a 'condition', or give it as 'otherwise' if all other requests are meant");
  });
  return findings;
}

/** What a step says in vain, and why. */
function unused(step: PlannedStep, kind: GraphNodeKind, i: number, node: GraphNode): [option: string, why: string][] {
  const given = node._steps?.[i]?._options ?? {};
  const sequence = kind === GraphNodeKind.SEQUENCE;
  const found: [string, string][] = [];
  if (step.weight !== undefined && kind !== GraphNodeKind.SPLITTER) found.push(['weight', 'only the steps of a splitter have weights']);
  if (given.condition !== undefined && node._steps?.[i] === node._otherwise) found.push(['condition', "'otherwise' takes what meets no condition"]);
  else if (given.condition !== undefined && !sequence && kind !== GraphNodeKind.SWITCH) found.push(['condition', `a ${kind} asks by none`]);
  else if (given.condition !== undefined && sequence && i === 0) found.push(['condition', 'the first step of a sequence has no answer before it']);
  if (given.data !== undefined && !sequence) found.push(['data', `all steps of a ${kind} are sent its request`]);
  else if (step.data !== GraphData.REQUEST && i === 0) found.push(['data', 'the first step of a sequence has no answer before it']);
  if (given.dependency !== undefined && (kind === GraphNodeKind.SWITCH || kind === GraphNodeKind.SPLITTER)) found.push(['dependency', `the answer of a ${kind} is that of its one step, also when it failed`]);
  return found;
}

/** One name for two things. */
export function nameTwice(what: string, name: string): Finding {
  return NAME_TWICE.found({ what: `${what} have one name`, got: name, fix: "give one of them another 'name'" });
}

/** A service that can't be asked by the graph's protocol. */
export function unasked(service: IGraphMember, { endpoint, unsound }: MemberFacts, protocol: string): Finding[] {
  // what keeps a service from being planned has been told of it
  if (endpoint !== undefined || unsound) return [];
  return [PROTOCOL.found({ what: `the graph asks its services by ${protocol}, and '${service.name}' does not speak it, or its endpoint is not known`, got: protocol, fix: "give the graph a 'protocol' that all its services speak, say 'endpoints' of an imported one, or give the step by GraphStep.url" })];
}

import { GraphData, GraphNodeKind } from '../../describe/graph';
import { Finding, ProblemKind } from '../../describe/problem';
import { InferenceProtocol } from '../../describe/server/server-facts';
import { GraphWish, PlannedGraph, PlannedNode } from './planned-graph';

const HEADERS = ProblemKind.error('SERVING_GRAPH_STEP_HEADERS', "A step asks a service that needs headers, and KServe's router sends none of its own", 'Headers are those of the request that came, the same for all steps: the service would not be found.');
const ANSWER = ProblemKind.warning('SERVING_GRAPH_ANSWER_AS_REQUEST', "A step is sent an answer that its protocol does not take as a request", "KServe's router hands answers on as they are. A V2 answer has 'outputs' and a V1 answer 'predictions', where requests have 'inputs' and 'instances': most servers refuse it.");
const PREDICTIONS = ProblemKind.error('SERVING_GRAPH_PREDICTIONS', 'Predictions are to be instances in another protocol than V1', 'Only the V1 protocol has predictions and instances: the router would hand the answer on as it is.');
const ITSELF = ProblemKind.error('SERVING_GRAPH_CYCLE', 'A graph asks itself', 'Every request would make further ones without end.');
const SHORT = ProblemKind.warning('SERVING_GRAPH_TIMEOUT', 'A graph that may take less time than its steps', 'The router cuts an answer off that its steps are still allowed to work on.');

/** What is wrong with a graph that KServe's router runs. */
export function checkRouter(graph: PlannedGraph, { protocol, host, requestSeconds }: GraphWish): Finding[] {
  const findings: Finding[] = [];
  for (const node of graph.nodes) {
    for (const step of node.steps) {
      const where = `node '${node.name}', step '${step.name}'`;
      if (step.headers !== undefined) findings.push(HEADERS.found({ what: `${where}: '${step.service!.name}' is only found with the headers ${Object.keys(step.headers).join(', ')}`, fix: 'give the address of a route that sets them, by GraphStep.url' }));
      if (step.service === undefined && asksItself(step.url, host)) findings.push(ITSELF.found({ what: `${where} asks the graph itself`, got: step.url, fix: 'ask a service' }));
      if (step.data === GraphData.PREDICTIONS && !protocol.sameAs(InferenceProtocol.V1_REST)) findings.push(PREDICTIONS.found({ what: `${where}: 'data' is GraphData.PREDICTIONS, and the graph's protocol is ${protocol}`, fix: "give the graph 'protocol: InferenceProtocol.V1_REST', or GraphData.RESPONSE" }));
      const taking = step.data === GraphData.RESPONSE ? takers(step.node === undefined ? [step] : entries(graph, step.node)) : [];
      if (taking.length > 0 && strict(protocol)) {
        findings.push(ANSWER.found({
          what: `${where}: ${taking.join(', ')} ${taking.length === 1 ? 'is' : 'are'} sent the answer of the step before as it is, and ${protocol} asks for a request of another form`,
          fix: protocol.sameAs(InferenceProtocol.V1_REST) ? 'use GraphData.PREDICTIONS' : "speak V1 (protocol, GraphData.PREDICTIONS), put a step between that turns 'outputs' into 'inputs', or acknowledge it: the server takes answers",
        }));
      }
    }
  }
  if (requestSeconds !== undefined && requestSeconds < graph.seconds) {
    findings.push(SHORT.found({ what: `the graph may take ${requestSeconds} s, and the longest way through its steps ${graph.seconds} s`, got: `${requestSeconds} s`, allowed: `${graph.seconds} s or more`, fix: "leave 'requestTimeout' out, give the steps less time ('timeout'), or acknowledge it" }));
  }
  return findings;
}

function asksItself(url: string | undefined, host: string): boolean {
  return url !== undefined && URL.canParse(url) && (new URL(url).hostname === host || host.startsWith(`${new URL(url).hostname}.`));
}

function strict(protocol: InferenceProtocol): boolean {
  return protocol.sameAs(InferenceProtocol.V1_REST) || protocol.sameAs(InferenceProtocol.V2_REST);
}

type Step = PlannedNode['steps'][number];

/** Services that a step's data comes to; an address of one's own takes what it likes. */
function takers(steps: readonly Step[]): string[] {
  return [...new Set(steps.filter((one) => one.service !== undefined).map((one) => `'${one.service!.name}'`))];
}

/** Steps that are sent a node's request. */
function entries(graph: PlannedGraph, name: string): Step[] {
  const node = graph.nodes.find((one) => one.name === name);
  if (node === undefined) return [];
  const sent = node.kind === GraphNodeKind.SEQUENCE ? node.steps.filter((one) => one.data === GraphData.REQUEST) : node.steps;
  return sent.flatMap((one) => (one.node === undefined ? [one] : entries(graph, one.node)));
}

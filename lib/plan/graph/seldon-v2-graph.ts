import { ExposureKind } from '../../describe/exposure';
import { GraphNodeKind } from '../../describe/graph';
import { Finding, ProblemKind } from '../../describe/problem';
import { Engine, EngineId } from '../engine/engine';
import { LONGEST_NAME } from '../engine/kubernetes';
import { MODEL_HEADER, SELDON_V2_API } from '../engine/seldon-core-v2';
import { withFacts } from '../engine/with-facts';
import { quoted } from '../promql';
import { JsonObject } from '../service-plan';
import { NOT_SAID, PipelineSteps } from './pipeline-steps';
import { GraphWish, PlannedGraph, PlannedStep } from './planned-graph';

const OTHERWISE = ProblemKind.warning('SERVING_GRAPH_PIPELINE_MEANING', 'A node that answers otherwise as a Pipeline', "A Pipeline is a flow of tensors: clients that know the graph from KServe's router, on another engine, get another answer.");

/** The one header of a request that its REST steps are sent. Source: https://github.com/SeldonIO/seldon-core/blob/v2.10.2/scheduler/pkg/kafka/gateway/worker.go */
const PASSED_ON = 'x-request-id';

/** What Seldon Core v2 makes of a graph: shares of requests are an Experiment, all else is a Pipeline. */
export function seldonV2GraphKind({ nodes }: PlannedGraph): 'Pipeline' | 'Experiment' {
  return nodes[0]?.kind === GraphNodeKind.SPLITTER ? 'Experiment' : 'Pipeline';
}

/** What Seldon Core v2 is for a graph: it runs in the runtime's own gateways, and has no pods. Source: https://github.com/SeldonIO/seldon-core/blob/v2.10.2/scheduler/pkg/envoy/processor/incremental.go */
export function seldonV2GraphEngine({ title, version, operator }: Engine, graph: PlannedGraph): Engine {
  const kind = seldonV2GraphKind(graph);
  return {
    id: EngineId.SELDON_V2, title, version, operator,
    workload: (group) => ({ apiVersion: SELDON_V2_API, kind, name: group }),
    container: ({ name }) => name,
    // no router of KServe's runs
    server: (server) => withFacts(server, { id: 'seldon-core-v2', title: "Seldon's data flow" }),
    address: ({ name }) => ({ service: name, headers: { [MODEL_HEADER]: `${name}.${kind.toLowerCase()}` } }),
    longestName: () => ({ length: LONGEST_NAME, because: 'a Service of the library has its name' }),
    podMatchers: (namespace, workloads) => `namespace=${quoted(namespace)},pipeline_name=~${quoted(workloads.map(({ name }) => name).join('|'))}`,
  };
}

/** A graph in the words of a Pipeline. */
export function pipelineSpec(graph: PlannedGraph, name: string): JsonObject {
  const { steps, output } = new PipelineSteps(graph, name);
  return { steps, output };
}

/** A splitter in the words of an Experiment, which has an address of its own as long as it has no `default`. */
export function experimentSpec({ nodes }: PlannedGraph): JsonObject {
  const { steps } = nodes[0]!;
  return { resourceType: steps.some((step) => askedAs(step) === 'Pipeline') ? 'pipeline' : 'model', candidates: steps.map(({ service, weight }) => ({ name: service?.name ?? '', weight: weight ?? 0 })) };
}

/** What a step's service is asked as: its header says it, of graphs and of services with detectors on shared servers. */
function askedAs({ headers }: PlannedStep): 'Model' | 'Pipeline' | 'Experiment' {
  const named = headers?.[MODEL_HEADER] ?? '';
  return named.endsWith('.pipeline') ? 'Pipeline' : named.endsWith('.experiment') ? 'Experiment' : 'Model';
}

/** What Seldon Core v2 can't make of a graph. */
export function checkSeldonV2Graph(graph: PlannedGraph, { name, namespace, headers, exposure, pods }: GraphWish): Finding[] {
  const kind = seldonV2GraphKind(graph);
  const findings: Finding[] = [];
  const tell = (what: string, fix: string, got?: unknown): number => findings.push(NOT_SAID.found({ what, fix: `${fix}, or give the graph 'runBy: GraphRunner.ROUTER'`, ...(got === undefined ? {} : { got }) }));
  for (const node of graph.nodes) {
    for (const step of node.steps) {
      const where = `node '${node.name}', step '${step.name}'`;
      const why = notAModel(step, name, namespace, kind);
      if (why !== undefined) tell(`${where} ${why}`, 'give a service on the same engine and in the same namespace');
      if (step.service !== undefined && step.name !== step.service.name) tell(`${where}: a step has the name of its service, '${step.service.name}'`, "leave the step's 'name' out", step.name);
      if (step.timeoutSeconds !== undefined) tell(`${where}: a step has no time-out of its own`, "leave 'timeout' out", `${step.timeoutSeconds} s`);
    }
  }
  const known = headers.filter((one) => one.toLowerCase() !== PASSED_ON);
  if (known.length > 0) tell(`steps are sent '${PASSED_ON}' and no other header`, "leave 'propagateHeaders' out", known);
  if (pods.length > 0) tell(`a ${kind} runs in Seldon's own gateways and has no pods, for which ${pods.map((one) => `'${one}'`).join(', ')} would be`, 'leave it out', pods);
  if (exposure === ExposureKind.INGRESS) tell(`a ${kind} is found by a header, which an Ingress does not set`, 'use Exposure.gateway');
  if (kind === 'Pipeline') return [...findings, ...otherwise(graph), ...new PipelineSteps(graph, name).findings];
  const [root] = graph.nodes;
  const names = root!.steps.map(({ service }) => service?.name);
  if (new Set(names).size < names.length) tell(`node '${root!.name}': one service for two shares`, 'add its weights up', names);
  const kinds = [...new Set(root!.steps.filter(({ service, unsound }) => service !== undefined && unsound !== true).map(askedAs))];
  if (kinds.length > 1) tell(`node '${root!.name}': an Experiment shares out between Models or between Pipelines`, 'put each Model into a graph of its own: a sequence of one step', kinds);
  return findings;
}

/** Why a step asks nothing that the graph can ask in the same runtime. */
function notAModel(step: PlannedStep, graph: string, namespace: string | undefined, kind: 'Pipeline' | 'Experiment'): string | undefined {
  const { service, node, unsound } = step;
  if (node !== undefined) return kind === 'Experiment' ? 'asks a node, and an Experiment shares requests out to Models and Pipelines (an InferenceGraph of that node is one)' : undefined;
  if (service === undefined) return `asks an address, and the steps of a ${kind} are Models`;
  if (unsound) return undefined; // which has been told
  if (service.name === graph) return `asks a Model that has the graph's own name`;
  if (service.namespace !== namespace) return `asks a service of the namespace '${service.namespace ?? ''}', where another scheduler would look after it`;
  const { workload } = service;
  const asked = askedAs(step);
  const ours = workload?.apiVersion === SELDON_V2_API && ['Model', 'Server', 'Pipeline'].includes(workload.kind);
  if (asked === 'Model' ? ours : asked === 'Pipeline' && ours && kind === 'Experiment') return undefined;
  if (asked === 'Model') return `asks a service that is no Model of Seldon Core v2's that this program makes`;
  if (workload?.kind === 'Model') return `asks a service whose detectors are steps of a Pipeline, and the steps of a ${kind} are Models: the detectors would not be asked`;
  return `asks another graph, and the steps of a ${kind} are ${kind === 'Experiment' ? 'Models or Pipelines' : 'Models'} (GraphStep.node takes its nodes)`;
}

/** What a node means as a Pipeline, where that is something else than on other engines. */
function otherwise({ nodes }: PlannedGraph): Finding[] {
  return nodes.flatMap(({ name, kind, steps }) => {
    const what = kind === GraphNodeKind.ENSEMBLE && steps.length > 1 ? "the answer is one list of all steps' outputs, and no object with an answer by each step's name"
      : kind === GraphNodeKind.SWITCH ? 'each step whose tensor comes is asked, not the first alone, and a request that has none of the tensors gets no answer until its time is over' : undefined;
    return what === undefined ? [] : [OTHERWISE.found({ what: `node '${name}': ${what}`, fix: "let clients expect that and acknowledge this, or give the graph 'runBy: GraphRunner.ROUTER'" })];
  });
}

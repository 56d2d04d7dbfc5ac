import { ExposureKind } from '../../describe/exposure';
import { GraphNodeKind } from '../../describe/graph';
import { Finding } from '../../describe/problem';
import { Engine, EngineId } from '../engine/engine';
import { LONGEST_NAME } from '../engine/kubernetes';
import { MODEL_HEADER, SELDON_V2_API } from '../engine/seldon-core-v2';
import { quoted } from '../promql';
import { JsonObject } from '../service-plan';
import { NOT_SAID, PipelineSteps } from './pipeline-steps';
import { GraphWish, PlannedGraph, PlannedStep } from './planned-graph';

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
  return { resourceType: 'model', candidates: nodes[0]!.steps.map(({ service, weight }) => ({ name: service?.name ?? '', weight: weight ?? 0 })) };
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
  if (kind === 'Pipeline') return [...findings, ...new PipelineSteps(graph, name).findings];
  const [root] = graph.nodes;
  const names = root!.steps.map(({ service }) => service?.name);
  if (new Set(names).size < names.length) tell(`node '${root!.name}': one service for two shares`, 'add its weights up', names);
  return findings;
}

/** Why a step asks nothing that is a Model of the same runtime. */
function notAModel({ service, node, unsound }: PlannedStep, graph: string, namespace: string | undefined, kind: string): string | undefined {
  if (node !== undefined) return kind === 'Experiment' ? 'asks a node, and an Experiment shares requests out to Models' : undefined;
  if (service === undefined) return `asks an address, and the steps of a ${kind} are Models`;
  if (unsound) return undefined; // which has been told
  if (service.name === graph) return `asks a Model that has the graph's own name`;
  if (service.namespace !== namespace) return `asks a service of the namespace '${service.namespace ?? ''}', where another scheduler would look after it`;
  const { workload } = service;
  const model = workload?.apiVersion === SELDON_V2_API && (workload.kind === 'Model' || workload.kind === 'Server');
  if (model) return undefined;
  return workload?.kind === 'Pipeline' || workload?.kind === 'Experiment' ? `asks another graph, and the steps of a ${kind} are Models (GraphStep.node takes its nodes)` : `asks a service that is no Model of Seldon Core v2's that this program makes`;
}

import { ExposureKind } from '../../describe/exposure';
import { GraphCondition, GraphData, GraphNodeKind } from '../../describe/graph';
import { InferenceProtocol } from '../../describe/server/server-facts';
import { Capability } from '../engine/capability';
import { Workload } from '../service-plan';

/** One step, with all that it asks for said. */
export interface PlannedStep {
  readonly name: string;
  /** Where requests are posted to; none of a step that asks a node. */
  readonly url?: string;
  /** Headers that the service must be sent. */
  readonly headers?: { readonly [name: string]: string };
  /** The service that is asked: its name and model name, for engines that know it by these. */
  readonly service?: { readonly name: string; readonly namespace?: string; readonly model: string; readonly workload?: Workload };
  /** Whether the service is one that can't be planned. */
  readonly unsound?: boolean;
  /** Name of the node that is asked. */
  readonly node?: string;
  readonly data: GraphData;
  /** A GJSON path. */
  readonly condition?: string;
  /** The tensor whose presence is the condition, where it is nothing else. */
  readonly tensor?: GraphCondition['_tensor'];
  /** Seconds of its answer, where they were given. */
  readonly timeoutSeconds?: number;
  readonly weight?: number;
  readonly hard: boolean;
}

/** One node. */
export interface PlannedNode {
  readonly name: string;
  readonly kind: GraphNodeKind;
  readonly steps: readonly PlannedStep[];
}

/** A graph, whatever runs it: its nodes, each once, the first called `root`. */
export interface PlannedGraph {
  readonly nodes: readonly PlannedNode[];
  /** Seconds of the longest answer of one step. */
  readonly stepSeconds: number;
  /** Seconds of the longest way through the graph. */
  readonly seconds: number;
}

/** What is asked of a graph besides its nodes. */
export interface GraphWish {
  readonly name: string;
  readonly namespace?: string;
  /** Where the graph itself is asked. */
  readonly host: string;
  readonly protocol: InferenceProtocol;
  /** Seconds that the user allows for an answer, if any. */
  readonly requestSeconds?: number;
  /** Names of headers that steps are to be sent. */
  readonly headers: readonly string[];
  readonly exposure?: ExposureKind;
  /** Props given that ask for something of pods. */
  readonly pods: readonly string[];
}

/** The row of the table of capabilities that a node asks for. */
export const NODE_CAPABILITY: { readonly [kind in GraphNodeKind]: Capability } = {
  [GraphNodeKind.SEQUENCE]: Capability.GRAPH_SEQUENCE,
  [GraphNodeKind.SWITCH]: Capability.GRAPH_SWITCH,
  [GraphNodeKind.ENSEMBLE]: Capability.GRAPH_ENSEMBLE,
  [GraphNodeKind.SPLITTER]: Capability.GRAPH_SPLITTER,
};

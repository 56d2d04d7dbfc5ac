import { InferenceProtocol, ServerFacts } from '../../describe/server/server-facts';
import { ServerDefinition, LaunchRequest, ServerLaunch } from '../../describe/server/server-definition';
import { GraphData, GraphNodeKind } from '../../describe/graph';
import { compact } from '../json';
import { JsonObject } from '../service-plan';
import { PlannedGraph, PlannedStep } from './planned-graph';

const ROUTER = 'https://github.com/kserve/kserve/blob/v0.20.0/cmd/router/main.go';
const TYPES: { readonly [kind in GraphNodeKind]: string } = { [GraphNodeKind.SEQUENCE]: 'Sequence', [GraphNodeKind.SWITCH]: 'Switch', [GraphNodeKind.ENSEMBLE]: 'Ensemble', [GraphNodeKind.SPLITTER]: 'Splitter' };

/** What KServe's router adds to a graph's time: its write time-out runs from the end of a request's headers. */
const WRITE_SPARE_SECONDS = 5;

/** What a router is made with. */
export interface GraphRouterProps {
  readonly graph: PlannedGraph;
  /** Name of the graph. */
  readonly name: string;
  readonly protocol: InferenceProtocol;
  /** Names of headers of a request that its steps are sent as well. */
  readonly headers: readonly string[];
  readonly native: boolean;
}

/** KServe's router, which asks the steps of a graph: what runs a graph where the engine's own definition does not. */
export class GraphRouter extends ServerDefinition {
  public readonly facts: ServerFacts;

  /** Its graph. */
  public readonly graph: PlannedGraph;
  /** Whether the engine's own definition of a graph is to run it, where there is one. */
  public readonly native: boolean;
  private readonly name: string;
  private readonly headers: readonly string[];

  public constructor(props: GraphRouterProps) {
    super();
    this.graph = props.graph;
    this.native = props.native;
    this.name = props.name;
    this.headers = props.headers;
    this.facts = {
      id: 'kserve-router', title: "KServe's router", version: '0.20.0',
      protocols: [props.protocol], formats: [{ format: '*', layout: 'none' }], accelerators: [], cpu: true, selectable: false,
      // it tells nothing of itself: there is no /metrics
      metrics: [],
      drains: true, drainDelaySeconds: 30, baseMemoryMib: 256, memoryFactor: 0,
      sources: { image: 'https://github.com/kserve/kserve/blob/v0.20.0/router.Dockerfile', user: 'https://github.com/kserve/kserve/blob/v0.20.0/router.Dockerfile', settings: ROUTER, probes: ROUTER, drain: ROUTER },
    };
  }

  /** It answers on every path, and takes a look at a path for a request: only what clients send is let through. */
  public exposedPaths(): string[] {
    return this.facts.protocols.map((protocol) => this.requestPath(protocol, this.name));
  }

  public launch({ version, requestTimeoutSeconds }: LaunchRequest): ServerLaunch {
    return {
      image: `docker.io/kserve/router:v${version}`,
      args: ['--graph-json', JSON.stringify(compact(routerSpec(this.graph, requestTimeoutSeconds)))],
      // patterns of Go, which look anywhere in a name; names come in the form of HTTP/1 (X-Request-Id)
      environment: this.headers.length === 0 ? [] : [{ name: 'PROPAGATE_HEADERS', value: this.headers.map((name) => `(?i)^${name.replaceAll('.', '\\.')}$`).join(',') }],
      httpPort: 8080,
      readiness: { port: 'http', path: '/readyz' },
      // 503 from the signal to stop on, which is no reason to start it anew: that it listens is enough
      liveness: { port: 'http' },
      user: 65532,
    };
  }
}

/** A graph as KServe's router and its InferenceGraph know it: `nodes` and times. */
export function routerSpec({ nodes, stepSeconds }: PlannedGraph, requestSeconds: number): JsonObject {
  return {
    nodes: Object.fromEntries(nodes.map(({ name, kind, steps }) => [name, { routerType: TYPES[kind], steps: steps.map(stepSpec) }])),
    // its own 60 seconds would cut longer answers off; without a limit of its own a step that hangs would hang the graph
    routerTimeouts: { serverRead: Math.max(60, Math.ceil(requestSeconds)), serverWrite: Math.ceil(requestSeconds) + WRITE_SPARE_SECONDS, serviceClient: Math.ceil(stepSeconds) },
  };
}

function stepSpec(step: PlannedStep): JsonObject {
  return {
    name: step.name, nodeName: step.node,
    // the whole path: what an engine finds out by a service's name is the V1 protocol's unless it is told otherwise in another place
    serviceUrl: step.url,
    data: step.data === GraphData.REQUEST ? undefined : '$response', mapPredictionsToInstances: step.data === GraphData.PREDICTIONS ? true : undefined,
    weight: step.weight, condition: step.condition, dependency: step.hard ? 'Hard' : 'Soft',
  };
}

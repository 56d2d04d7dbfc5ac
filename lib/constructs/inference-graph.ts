import { Duration, Size } from 'cdk8s';
import type { Cpu } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { kebab } from '../describe/checks/names';
import { checkShape } from '../describe/checks/shape';
import { GraphNode, IGraphMember } from '../describe/graph';
import { Model } from '../describe/model';
import { ModelSource } from '../describe/model-source';
import { Finding, ProblemKind } from '../describe/problem';
import { InferenceProtocol } from '../describe/server/server-facts';
import { Engine, EngineId } from '../plan/engine/engine';
import { checkRouter } from '../plan/graph/check-router';
import { GraphRouter } from '../plan/graph/graph-router';
import { checkKServeGraph } from '../plan/graph/kserve-graph';
import { checkSeldonV2Graph } from '../plan/graph/seldon-v2-graph';
import { MemberFacts, planGraph } from '../plan/graph/plan-graph';
import { NODE_CAPABILITY } from '../plan/graph/planned-graph';
import { unable } from '../plan/rules/engine-capability';
import { chartOf } from './chart';
import { GraphRunner, INFERENCE_GRAPH, InferenceGraphProps } from './inference-graph-props';
import { InferenceService } from './inference-service';
import { InferenceServiceProps } from './inference-service-props';
import { ServingEngine } from './serving-engine';

const NOT_HTTP = ProblemKind.error('SERVING_GRAPH_NOT_HTTP', 'A graph by a protocol that is not spoken over HTTP', 'What runs graphs posts requests, and knows nothing of gRPC.');

/**
 * Several services behind one address: one after another, one by a condition, all at once, or one by chance. It is itself an inference service,
 * so that it is exposed, granted, scaled and watched as such, and can be a step of another graph.
 *
 * Its services let it in by themselves. Its main object is its default child; the others are its children by the ids of an InferenceService's.
 */
export class InferenceGraph extends InferenceService {
  private readonly graphFindings: readonly Finding[];

  public constructor(scope: Construct, id: string, props: InferenceGraphProps) {
    const made = prepare(scope, id, props);
    super(scope, id, made.props);
    this.graphFindings = made.findings;
    for (const member of made.members) {
      if (member instanceof InferenceService) member._letIn(this);
    }
  }

  /** @internal */
  public override _findingsNow(): readonly Finding[] {
    return [...this.graphFindings, ...super._findingsNow()];
  }
}

/** What an InferenceService is made with that is a graph. */
interface Prepared {
  readonly props: InferenceServiceProps;
  readonly findings: readonly Finding[];
  readonly members: ReadonlySet<IGraphMember>;
}

function prepare(scope: Construct, id: string, given: InferenceGraphProps): Prepared {
  const checked = checkShape('InferenceGraph', INFERENCE_GRAPH, given);
  const { root, runBy, propagateHeaders, protocol: said, requestTimeout, ...rest } = checked.props;
  const engine = ServingEngine._for(scope, rest.engine);
  const name = rest.name ?? kebab(id);
  const protocol = said ?? InferenceProtocol.V2_REST;
  const headers = propagateHeaders ?? [];
  const members = new Set<IGraphMember>();
  const { graph, findings } = planGraph({
    root: root ?? GraphNode.sequence([]), protocol: protocol.name, usualSeconds: engine.defaults._set.requestTimeoutSeconds,
    facts: (member) => {
      members.add(member);
      return factsOf(member, protocol);
    },
  });
  const native = runBy !== GraphRunner.ROUTER;
  const { engine: ran } = engine.backend._backend;
  const namespace = chartOf(scope)?.namespace;
  const host = namespace === undefined ? name : `${name}.${namespace}.svc.${engine.cluster.domain}`;
  return {
    members,
    findings: [
      ...checked.findings.filter((one) => root !== undefined || one.code !== 'SERVING_GRAPH_EMPTY'),
      ...(root === undefined ? [] : findings),
      ...(protocol.http ? [] : [NOT_HTTP.found({ what: `the graph's protocol is ${protocol}`, got: protocol.name, allowed: 'a protocol over HTTP: v2-rest, v1-rest, openai, custom-rest', fix: "leave 'protocol' out, or give one of these" })]),
      ...(native ? [...new Set(graph.nodes.map((node) => NODE_CAPABILITY[node.kind]))].flatMap((capability) => unable(capability, ran)) : []),
      ...(native && ran.id === EngineId.SELDON_V2
        ? checkSeldonV2Graph(graph, { name, namespace, headers, exposure: rest.exposure?.kind, pods: OF_PODS.filter((prop) => rest[prop] !== undefined) })
        : checkRouter(graph, { protocol, host, requestSeconds: requestTimeout && requestTimeout.toMilliseconds({ integral: false }) / 1000 })),
      ...(native && ofKServe(ran) ? checkKServeGraph(headers) : []),
    ],
    props: {
      ...rest, name, protocol,
      model: Model.custom({ source: ModelSource.inImage('/ko-app'), size: Size.kibibytes(1), loadTime: Duration.seconds(1) }),
      server: new GraphRouter({ graph, name, protocol, headers, native }),
      // its log, a few lines a request, which the kubelet keeps 50 MiB of
      ephemeralStorage: Size.mebibytes(64),
      cpu: rest.cpu ?? HANDS_ON, memory: rest.memory ?? Size.mebibytes(256),
      requestTimeout: requestTimeout ?? Duration.millis(Math.max(1000, Math.ceil(graph.seconds * 1000))),
    },
  };
}

/** Props that ask for something of the pods that run a graph. */
const OF_PODS = ['scaling', 'cpu', 'cpuLimit', 'memory', 'memoryLimit', 'serviceAccount', 'hold'] as const;

/** A Cpu, without loading all of cdk8s-plus for one number. */
const HANDS_ON = { amount: '100m' } as Cpu;

function ofKServe({ id }: Engine): boolean {
  return id === EngineId.KSERVE || id === EngineId.KSERVE_KNATIVE || id === EngineId.KSERVE_LLM;
}

function factsOf(member: IGraphMember, protocol: InferenceProtocol): MemberFacts {
  const endpoint = member.endpoint(protocol);
  if (!(member instanceof InferenceService)) return { endpoint, unsound: false };
  return { endpoint, unsound: member._plan === undefined, seconds: member._requestSeconds, workload: member._plan?.groups[0]?.workload };
}

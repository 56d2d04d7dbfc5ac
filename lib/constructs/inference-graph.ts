import { Duration, Size } from 'cdk8s';
import type { Cpu } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { kebab } from '../describe/checks/names';
import { checkShape } from '../describe/checks/shape';
import { GraphNode, IGraphMember } from '../describe/graph';
import { Model } from '../describe/model';
import { ModelSource } from '../describe/model-source';
import { Finding, ProblemKind, Severity } from '../describe/problem';
import { InferenceProtocol } from '../describe/server/server-facts';
import { frontOf } from '../plan/around/companion';
import { checkRouter } from '../plan/graph/check-router';
import { GraphRouter } from '../plan/graph/graph-router';
import { MemberFacts, planGraph } from '../plan/graph/plan-graph';
import { GraphWish, NODE_CAPABILITY } from '../plan/graph/planned-graph';
import { unable } from '../plan/rules/engine-capability';
import { ServiceRequest } from '../plan/service-plan';
import { Backend } from '../render/ports';
import { chartOf } from './chart';
import { GraphRunner, INFERENCE_GRAPH, InferenceGraphProps } from './inference-graph-props';
import { InferenceService } from './inference-service';
import { InferenceServiceProps } from './inference-service-props';
import { endpointOf } from './service-endpoint';
import { ServingEngine } from './serving-engine';

const NOT_HTTP = ProblemKind.error('SERVING_GRAPH_NOT_HTTP', 'A graph by a protocol that is not spoken over HTTP', 'What runs graphs posts requests, and knows nothing of gRPC.');

/**
 * Several services behind one address: one after another, one by a condition, all at once, or one by chance. It is itself an inference service,
 * so that it is exposed, granted, scaled and watched as such, and can be a step of another graph.
 *
 * Its services let it in by themselves. Its main object is its default child; the others are its children by the ids of an InferenceService's.
 */
export class InferenceGraph extends InferenceService {
  private readonly prepared: Prepared;

  public constructor(scope: Construct, id: string, props: InferenceGraphProps) {
    const prepared = prepare(scope, id, props);
    super(scope, id, prepared.props);
    this.prepared = prepared;
    for (const member of prepared.members) {
      if (member instanceof InferenceService) member._letIn(this);
    }
  }

  /** @internal */
  public override _findingsNow(): readonly Finding[] {
    return [...this.prepared.findings, ...super._findingsNow()];
  }

  /** @internal Services of the same engine move with it. */
  public override _asksOf(backend: Backend, request: ServiceRequest): { request: ServiceRequest; findings: readonly Finding[] } {
    const { server, findings } = this.prepared.on(backend, (member, protocol) => (member instanceof InferenceService && member.engine === this.engine ? factsOn(backend, member, protocol) : factsOf(member, protocol)));
    return { request: { ...request, server }, findings };
  }
}

type FactsOf = (member: IGraphMember, protocol: InferenceProtocol) => MemberFacts;

/** What an InferenceService is made with that is a graph. */
interface Prepared {
  readonly props: InferenceServiceProps;
  readonly findings: readonly Finding[];
  readonly members: ReadonlySet<IGraphMember>;
  /** The graph on an engine: what runs it there, and what stands against that. */
  on(backend: Backend, facts: FactsOf): { server: GraphRouter; findings: Finding[] };
}

function prepare(scope: Construct, id: string, given: InferenceGraphProps): Prepared {
  const checked = checkShape('InferenceGraph', INFERENCE_GRAPH, given);
  const { root, runBy, propagateHeaders, protocol: said, requestTimeout, ...rest } = checked.props;
  const engine = ServingEngine._for(scope, rest.engine);
  const name = rest.name ?? kebab(id);
  const protocol = said ?? InferenceProtocol.V2_REST;
  const headers = propagateHeaders ?? [];
  const native = runBy !== GraphRunner.ROUTER;
  const namespace = chartOf(scope)?.namespace;
  const wish: GraphWish = {
    name, namespace, protocol, headers, host: namespace === undefined ? name : `${name}.${namespace}.svc.${engine.cluster.domain}`,
    requestSeconds: requestTimeout && requestTimeout.toMilliseconds({ integral: false }) / 1000, exposure: rest.exposure?.kind, pods: OF_PODS.filter((prop) => rest[prop] !== undefined),
  };
  const on: Prepared['on'] = (backend, facts) => {
    const { graph, findings } = planGraph({
      root: root ?? GraphNode.sequence([]), protocol: protocol.name, usualSeconds: engine.defaults._set.requestTimeoutSeconds, facts: (member) => facts(member, protocol),
    });
    const check = (native ? backend.graphs?.check : undefined) ?? checkRouter;
    return {
      server: new GraphRouter({ graph, name, protocol, headers, native }),
      findings: [
        ...(root === undefined ? [] : findings),
        ...(native ? [...new Set(graph.nodes.map((node) => NODE_CAPABILITY[node.kind]))].flatMap((capability) => unable(capability, backend.engine)) : []),
        ...check(graph, wish),
      ],
    };
  };
  const members = new Set<IGraphMember>();
  const { server, findings } = on(engine.backend._backend, (member) => {
    members.add(member);
    return factsOf(member, protocol);
  });
  return {
    members, on,
    findings: [
      ...checked.findings.filter((one) => root !== undefined || one.code !== 'SERVING_GRAPH_EMPTY'),
      ...(protocol.http ? [] : [NOT_HTTP.found({ what: `the graph's protocol is ${protocol}`, got: protocol.name, allowed: 'a protocol over HTTP: v2-rest, v1-rest, openai, custom-rest', fix: "leave 'protocol' out, or give one of these" })]),
      ...findings,
    ],
    props: {
      ...rest, name, protocol, server,
      model: Model.custom({ source: ModelSource.inImage('/ko-app'), size: Size.kibibytes(1), loadTime: Duration.seconds(1) }),
      // its log, a few lines a request, which the kubelet keeps 50 MiB of
      ephemeralStorage: Size.mebibytes(64),
      cpu: rest.cpu ?? HANDS_ON, memory: rest.memory ?? Size.mebibytes(256),
      requestTimeout: requestTimeout ?? Duration.millis(Math.max(1000, Math.ceil(server.graph.seconds * 1000))),
    },
  };
}

/** Props that ask for something of the pods that run a graph. */
const OF_PODS = ['scaling', 'cpu', 'cpuLimit', 'memory', 'memoryLimit', 'serviceAccount', 'hold'] as const;

/** A Cpu, without loading all of cdk8s-plus for one number. */
const HANDS_ON = { amount: '100m' } as Cpu;

function factsOf(member: IGraphMember, protocol: InferenceProtocol): MemberFacts {
  const endpoint = member.endpoint(protocol);
  if (!(member instanceof InferenceService)) return { endpoint, unsound: false };
  return { endpoint, unsound: member._plan === undefined, seconds: member._requestSeconds, workload: member._plan?.groups[0]?.workload };
}

/** The same of one that moves to another engine. */
function factsOn(backend: Backend, member: InferenceService, protocol: InferenceProtocol): MemberFacts {
  const { plan, findings, request } = member._onEngine(backend);
  return {
    endpoint: plan && endpointOf(frontOf(plan), protocol, request.cluster.domain), unsound: findings.some(({ severity }) => severity === Severity.ERROR),
    seconds: plan?.timing.request, workload: plan?.groups[0]?.workload,
  };
}

import { Engine } from '../../plan/engine/engine';
import { checkRouter } from '../../plan/graph/check-router';
import { routerSpec } from '../../plan/graph/graph-router';
import { checkKServeGraph, kserveGraphEngine } from '../../plan/graph/kserve-graph';
import { PlannedGraph } from '../../plan/graph/planned-graph';
import { compact, objectsIn } from '../../plan/json';
import { podSpecOf } from '../../plan/pod/template';
import { Json, ServicePlan } from '../../plan/service-plan';
import { around } from '../kubernetes/around';
import { routes } from '../kubernetes/network';
import { Backend, GraphDefinition, RenderedObject, RenderedService, RenderExtras } from '../ports';

/** KServe's own definition of graphs, which its router runs as well. */
export const KSERVE_GRAPHS: GraphDefinition = {
  check: (graph, wish) => [...checkRouter(graph, wish), ...checkKServeGraph(wish)],
  runs: (graph, engine) => new KServeGraphBackend(engine, graph),
};

/** KServe's InferenceGraph in Standard mode: its controller makes the Deployment and the Service, both of the graph's name; all else comes beside it. */
class KServeGraphBackend implements Backend {
  public readonly engine: Engine;

  public constructor(engine: Engine, private readonly graph: PlannedGraph) {
    this.engine = kserveGraphEngine(engine);
  }

  public render(plan: ServicePlan, extras: RenderExtras): RenderedService {
    return around(plan, extras, { workload: [this.inferenceGraph(plan)], network: routes(plan, extras.cluster), analysis: [], target: plan.groups[0]!.workload });
  }

  private inferenceGraph(plan: ServicePlan): RenderedObject {
    const { copies } = plan;
    const spec = podSpecOf(plan.groups[0]!.template);
    const scaled = copies.signals.length > 0 || copies.external;
    return {
      id: 'Resource', apiVersion: 'serving.kserve.io/v1alpha1', kind: 'InferenceGraph', name: plan.name, labels: plan.labels,
      annotations: {
        ...plan.annotations,
        'serving.kserve.io/deploymentMode': 'Standard',
        // `none` keeps the number of copies, `external` leaves it to others; without either KServe makes an HPA of its own
        'serving.kserve.io/autoscalerClass': scaled ? 'external' : 'none',
        ...(copies.stopped ? { 'serving.kserve.io/stop': 'true' } : {}),
      },
      content: {
        spec: compact({
          ...routerSpec(this.graph, plan.timing.request),
          resources: objectsIn(spec.containers)[0]?.resources,
          affinity: copies.max > 1 ? spread(plan.memberSelector) : undefined,
          serviceAccountName: spec.serviceAccountName,
          minReplicas: copies.min, maxReplicas: Math.max(copies.max, copies.min),
        }),
      },
    };
  }
}

/** What the definition has no spread constraints for: copies keep away from zones and nodes that have one. */
function spread(matchLabels: { readonly [key: string]: string }): { [key: string]: Json } {
  const term = (topologyKey: string, weight: number): Json => ({ weight, podAffinityTerm: { topologyKey, labelSelector: { matchLabels: { ...matchLabels } } } });
  return { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [term('topology.kubernetes.io/zone', 100), term('kubernetes.io/hostname', 50)] } };
}

import { Engine } from '../../plan/engine/engine';
import { SELDON_V2_API } from '../../plan/engine/seldon-core-v2';
import { checkSeldonV2Graph, experimentSpec, pipelineSpec, seldonV2GraphEngine, seldonV2GraphKind } from '../../plan/graph/seldon-v2-graph';
import { PlannedGraph } from '../../plan/graph/planned-graph';
import { compact } from '../../plan/json';
import { ServicePlan } from '../../plan/service-plan';
import { Backend, GraphDefinition, RenderedService, RenderExtras } from '../ports';
import { network } from '../seldon-v2/network';

/** Seldon Core v2's own definitions of graphs. */
export const SELDON_V2_GRAPHS: GraphDefinition = {
  check: checkSeldonV2Graph,
  runs: (graph, engine) => new SeldonV2GraphBackend(engine, graph),
};

/** A Pipeline or an Experiment of Seldon Core v2 behind the runtime's Envoy. What runs them are pods of the runtime, so nothing is made around any. */
class SeldonV2GraphBackend implements Backend {
  public readonly engine: Engine;

  public constructor(engine: Engine, private readonly graph: PlannedGraph) {
    this.engine = seldonV2GraphEngine(engine, graph);
  }

  public render(plan: ServicePlan, extras: RenderExtras): RenderedService {
    const { name, labels, annotations } = plan;
    const kind = seldonV2GraphKind(this.graph);
    const spec = kind === 'Pipeline' ? pipelineSpec(this.graph, name) : experimentSpec(this.graph);
    const { workload, component } = plan.groups[0]!;
    return {
      objects: [{ id: 'Resource', apiVersion: SELDON_V2_API, kind, name, labels, annotations, content: { spec: compact({ ...spec }) } }, ...network(plan, extras.cluster)],
      groups: [{ component, scaleTarget: workload, selector: {} }],
      memberSelector: plan.memberSelector, serviceName: plan.address.service, ports: plan.ports, versionLabel: 'app.kubernetes.io/version',
      series: this.engine.podMatchers!(plan.namespace ?? '', [workload]),
    };
  }
}

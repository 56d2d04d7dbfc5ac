import { SELDON_V2_API } from '../../plan/engine/seldon-core-v2';
import { compact } from '../../plan/json';
import { ServicePlan } from '../../plan/service-plan';
import { RenderedObject } from '../ports';

/**
 * The Pipeline that brings requests to detectors on shared servers: each is a step beside the model's, and the answer is the model's alone.
 * Source: https://github.com/SeldonIO/seldon-core/blob/v2.10.2/docs-gb/drift.md
 */
export function detectorPipeline(plan: ServicePlan): RenderedObject[] {
  const detectors = plan.engine.stockCompanions === true ? plan.companions.filter(({ request }) => request.partOf?.detects === true) : [];
  if (detectors.length === 0) return [];
  const [model] = plan.groups;
  const steps = detectors.map((one) => ({ name: one.plan.groups[0]!.name, batch: one.request.partOf?.batchSize === undefined ? undefined : { size: one.request.partOf.batchSize } }));
  return [{
    id: 'Pipeline', apiVersion: SELDON_V2_API, kind: 'Pipeline', name: plan.name, labels: plan.labels, annotations: plan.annotations,
    content: { spec: compact({ steps: [{ name: model!.name }, ...steps], output: { steps: [model!.name] } }) },
  }];
}

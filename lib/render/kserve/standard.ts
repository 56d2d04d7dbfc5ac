import { ServicePlan } from '../../plan/service-plan';
import { rollingUpdate } from '../kubernetes/workload';
import { RenderedObject, WorkloadOf } from '../ports';
import { inferenceService } from './inference-service';

/** A group of pods in Standard mode: KServe makes a Deployment of it. */
export function standardService(plan: ServicePlan, { id, group, replicas }: WorkloadOf): RenderedObject[] {
  const { strategy } = plan;
  return inferenceService(plan, {
    id, group, podAnnotations: {},
    // no route of KServe's own: the service's are beside it
    labels: { 'networking.kserve.io/visibility': 'cluster-local' },
    annotations: {
      // the cluster's own default differs from installation to installation
      'serving.kserve.io/deploymentMode': 'Standard',
      // with 'none' KServe keeps the number; with 'external' it leaves it to whom it belongs
      'serving.kserve.io/autoscalerClass': replicas === undefined ? 'external' : 'none',
    },
    predictor: {
      minReplicas: replicas,
      deploymentStrategy: strategy.recreate ? { type: 'Recreate' } : { type: 'RollingUpdate', rollingUpdate: rollingUpdate(plan) },
    },
  });
}

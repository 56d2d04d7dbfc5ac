import { Cost, CostBudget, Exposure, Hold, InferenceServer, MetricsBackend, Model, ModelSource, Objective, Scaling } from 'cdk8s-serving';
import { Size } from 'cdk8s';
import { AlertRule } from '../../lib/watch/rule';
import { PRICES } from './costs';
import { gpuService } from './gpu-service';
import { monitored } from './monitored';
import { watch, Watched } from './watched';

/** Services that together have all alerts that there are. */
export function watchedExamples(): Watched[] {
  const joined = { metrics: MetricsBackend.kubePrometheus() };
  return [
    watch({ objectives: [Objective.availability(99.9)], scaling: Scaling.onCpu({ min: 2, max: 8 }), exposure: Exposure.ingress({ host: 'iris.example.com', tlsSecretName: 'tls' }) }, joined),
    watch({ hold: Hold.stopped({ reason: 'no budget', until: '2026-12-31' }) }, joined), gpuService(joined), watch(monitored({ groundTruth: { minAccuracy: 0.9 } }), joined),
    watch({ model: Model.onnx({ source: ModelSource.s3('s3://models/v1'), size: Size.mebibytes(100) }), server: InferenceServer.triton() }, joined),
    // what costs, of a service with a GPU: by prices of the cluster, and by OpenCost's
    gpuService({ cost: Cost.prices(), budgets: { risk: CostBudget.monthly(4000) } }, { budget: CostBudget.monthly(4000) }, PRICES), gpuService({ cost: Cost.openCost() }),
  ];
}

/** The alerts of services that together have all there are. */
export function alertExamples(): AlertRule[] {
  return watchedExamples().flatMap((one) => one.all('PrometheusRule').flatMap(({ spec }) => spec.groups.flatMap((group: any) => group.rules))).filter((rule) => rule.alert !== undefined);
}

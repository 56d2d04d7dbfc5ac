import { Accelerator, Cluster, GpuPool, InferenceServer, InferenceServiceProps, Model, ModelSource, Objective, Scaling, Team } from 'cdk8s-serving';
import { Duration, Size } from 'cdk8s';
import { BoardSettings, boardsOf, Dashboard, dashboardsOfService, dashboardsOfStack } from '../../lib/watch/dashboards';
import { COST_MONTH, COST_PER_1K_REQUESTS, COST_PER_1M_TOKENS, COST_PER_HOUR } from '../../lib/watch/series';
import { WatchedService } from '../../lib/watch/watched-service';
import { serve } from './serving';
import { boardSettings, watched } from './watched-service';

const CLUSTER = Cluster.of({
  name: 'eu', version: '1.34', gpuPools: [GpuPool.nvidiaOperator('A100-80GB', { count: 8, spare: 1 })], prices: { cpuHour: 0.04, memoryGibHour: 0.005, deviceHour: { 'A100-80GB': 3 } },
});

/** A service with buckets and two objectives; one whose server counts only sums; one with tokens and a GPU. */
export function watchedServices(): WatchedService[] {
  const service = (id: string, props: Partial<InferenceServiceProps>): WatchedService => watched(serve(props, CLUSTER, {}, id).service);
  return [
    service('Fraud', {
      model: Model.sklearn({ source: ModelSource.s3('s3://models/fraud/v7'), version: 'v7', size: Size.mebibytes(300) }), server: InferenceServer.mlserver(), scaling: Scaling.onCpu({ min: 2, max: 8 }),
      owner: Team.of('risk', { costCenter: 'cc-7' }), objectives: [Objective.availability(99.9), Objective.latency({ p: 99, below: Duration.millis(250) })],
    }),
    service('Vision', { model: Model.onnx({ source: ModelSource.s3('s3://models/vision/v1'), version: 'v1', size: Size.mebibytes(300) }), server: InferenceServer.triton(), scaling: Scaling.fixed(2) }),
    service('Assistant', {
      model: Model.huggingFace('Qwen/Qwen3-8B', { revision: '9216db5781bf21249d130ec9da846c4624c16137', size: Size.gibibytes(16) }), server: InferenceServer.vllm(), accelerator: Accelerator.nvidia('A100-80GB', { count: 1 }),
      scaling: Scaling.fixed(1), objectives: [Objective.availability(99)], owner: Team.of('chat'),
    }),
  ];
}

/** All dashboards of these services, with all that a stack can have. */
export function everyDashboard(services: readonly WatchedService[]): Dashboard[] {
  const costs = [COST_PER_HOUR, COST_PER_1K_REQUESTS, COST_PER_1M_TOKENS, COST_MONTH].map(({ name }) => name); // recorded by the stack, for all services alike
  const settings = (...some: WatchedService[]): BoardSettings => {
    const given = boardSettings(some);
    return { ...given, recorded: new Set([...given.recorded, ...costs]), currency: '$' };
  };
  const stack = settings(...services);
  return [...dashboardsOfStack(stack), ...services.flatMap((service) => dashboardsOfService(service, settings(service), boardsOf(stack)))];
}

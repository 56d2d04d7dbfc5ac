import { ClusterOperator, ClusterProps, EngineBackend, InferenceServiceProps, SeldonCoreV1Props } from 'cdk8s-serving';
import { serve, Served } from './serving';

/** A service on Seldon Core v1, on a cluster that runs its operator. */
export function serveOnSeldon(props: Partial<InferenceServiceProps> = {}, cluster: ClusterProps = {}, engine: SeldonCoreV1Props = {}, id = 'Iris'): Served {
  const operators = [ClusterOperator.SELDON_CORE_V1, ...(cluster.operators ?? [])];
  return serve(props, { version: '1.34', ...cluster, operators }, { backend: EngineBackend.seldonCoreV1(engine) }, id);
}

/** Predictors of its SeldonDeployment. */
export function predictors(served: Served): any[] {
  return served.one('SeldonDeployment').spec.predictors;
}

/** The PodSpec of a predictor. */
export function podOf(served: Served, index = 0): any {
  return predictors(served)[index].componentSpecs[0].spec;
}

/** The server's container of the first predictor. */
export function serverOf(served: Served): any {
  return podOf(served).containers.find((one: any) => one.name === 'server');
}

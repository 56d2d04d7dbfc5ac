import { Cluster } from '../../describe/cluster';
import { Exposure } from '../../describe/exposure';
import { Model } from '../../describe/model';
import { Sli } from '../../describe/monitoring/sli';
import { Rollout } from '../../describe/rollout/rollout';
import { DefaultsSet } from '../defaults/defaults';
import { KUBERNETES } from '../engine/kubernetes';
import { ServiceRequest } from '../service-plan';

/** The request of a service of which nothing but its model is said: for objects of a platform that hold a part of what a service is planned to be. */
export function bareRequest(name: string, model: Model, { cluster, defaults }: { readonly cluster: Cluster; readonly defaults: DefaultsSet }): ServiceRequest {
  return {
    name, model, cluster, defaults, chartLabels: {}, clusterKey: '', engine: KUBERNETES, servers: [], rollout: Rollout.automatic(), objectives: [], detectors: [], sli: Sli.server(), exposure: Exposure.clusterInternal(),
    env: [], files: [], volumes: [], sharedVolumes: [], containers: [], initContainers: [], labels: {}, annotations: {}, podAnnotations: {},
  };
}

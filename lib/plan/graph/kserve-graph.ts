import { Finding, ProblemKind } from '../../describe/problem';
import { Engine, EngineId } from '../engine/engine';
import { LONGEST_NAME } from '../engine/kubernetes';
import { madeDeployment, madeService } from '../engine/made';
import { GraphWish } from './planned-graph';

const PODS = ProblemKind.warning('SERVING_GRAPH_KSERVE_PODS', "Pods of KServe's InferenceGraph keep fewer promises than the library's", "The definition has no field for a pod's security context, for its grace nor for a liveness probe.");
const HEADERS = ProblemKind.error('SERVING_GRAPH_HEADERS', "Headers that KServe's InferenceGraph is not told by its definition", "Which headers reach the steps is said once for the cluster, in KServe's own ConfigMap.");
const CONTROLLER = 'https://github.com/kserve/kserve/blob/v0.20.0/pkg/controller/v1alpha1/inferencegraph/raw_ig.go';

/** Seconds from the signal to stop until the router begins to end what it has begun: as long as the grace that the controller leaves its pods. */
const DRAIN_DELAY = 30;

/** What an engine of KServe's is for a graph: in Standard mode, whatever mode its services run in, all objects have the graph's name. Source: raw_ig.go */
export function kserveGraphEngine({ title, version, operator, reserved }: Engine): Engine {
  return {
    id: EngineId.KSERVE, title, version, operator,
    workload: (group) => ({ apiVersion: 'apps/v1', kind: 'Deployment', name: group }),
    container: ({ name }) => name,
    address: ({ name }) => ({ service: name, headers: {} }),
    // Source: https://github.com/kserve/kserve/blob/v0.20.0/pkg/controller/v1beta1/inferenceservice/reconcilers/ingress/domain.go
    longestName: ({ namespace }) => ({ length: Math.min(LONGEST_NAME, 62 - (namespace?.length ?? 0)), because: "KServe makes a host name of the graph's name and its namespace, and refuses to go on where that is longer than 63" }),
    makes: ({ name }) => [madeDeployment(name), madeService(name), { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', name }],
    // of the graph's pods only labels are the user's
    reserved: reserved && { names: [], containers: [], variables: [], labels: reserved.labels },
  };
}

/** What KServe's definition of a graph can't say. */
export function checkKServeGraph({ headers }: GraphWish): Finding[] {
  return [
    PODS.found({
      what: `KServe's controller makes the graph's pods without a seccomp profile (Pod Security 'restricted' refuses them) and without a liveness probe, and they are killed ${DRAIN_DELAY} s after the signal to stop, which their router sleeps through: an answer that is not out by then is lost (${CONTROLLER})`,
      fix: "give 'runBy: GraphRunner.ROUTER', the same router in a Deployment of the library's, or acknowledge it",
    }),
    ...(headers.length === 0 ? [] : [HEADERS.found({ what: "KServe's InferenceGraph has no field for 'propagateHeaders'", got: headers, fix: "name them under 'router' in the ConfigMap inferenceservice-config and leave them out here, or give 'runBy: GraphRunner.ROUTER'" })]),
  ];
}

import { ClusterOperator } from '../../describe/cluster';
import { SERVER_CONTAINER } from '../pod/template';
import { Engine, EngineId } from './engine';
import { LONGEST_NAME } from './kubernetes';
import { madeDeployment, madeService } from './made';

// Names as the operator makes them: https://github.com/SeldonIO/seldon-core/blob/v1.18.2/operator/apis/machinelearning.seldon.io/v1/seldondeployment_types.go

/** Names of predictors: the version that serves, and the one on trial. */
export const SeldonPredictor = {
  STABLE: 'default',
  /** Not `candidate`: the operator calls a predictor's Service `<service>-<predictor>`, and `<service>-candidate` is one of ours. */
  TRIAL: 'trial',
} as const;

/** Name of a predictor's pods among its componentSpecs: without one, the names of all containers would be the Deployment's. */
export const SELDON_PODS = 'model';
/** Longest name that the operator takes as it is: a longer one becomes `seldon-` and a hash. */
const LONGEST_DERIVED = 63;

/** The predictor that runs a group of pods. */
export function seldonPredictor(group: string, service: string): string {
  return group === service ? SeldonPredictor.STABLE : SeldonPredictor.TRIAL;
}

/** The Deployment of a predictor's pods. */
function seldonDeploymentName(service: string, predictor: string): string {
  return `${service}-${predictor}-0-${SELDON_PODS}`;
}

/** The Service that the operator makes for a predictor. */
export function seldonPredictorService(service: string, predictor: string): string {
  return `${service}-${predictor}`;
}

/** The Service that the operator makes for the node of a predictor's graph. */
export function seldonNodeService(service: string, predictor: string, node: string): string {
  return `${service}-${predictor}-${node}`;
}

/** Longest name of a service that the operator takes as it is: of all that it derives. */
function seldonLongestName(): number {
  const derived = [seldonDeploymentName('', SeldonPredictor.STABLE), seldonNodeService('', SeldonPredictor.STABLE, SERVER_CONTAINER)];
  return Math.min(LONGEST_NAME, ...derived.map((one) => LONGEST_DERIVED - one.length));
}

/** Seldon Core v1: SeldonDeployments. */
export function seldonCoreV1(version: string): Engine {
  return {
    id: EngineId.SELDON_V1,
    title: `Seldon Core ${version}`,
    version,
    operator: ClusterOperator.SELDON_CORE_V1,
    workload: (group, service) => ({ apiVersion: 'apps/v1', kind: 'Deployment', name: seldonDeploymentName(service, seldonPredictor(group, service)) }),
    container: () => SERVER_CONTAINER,
    // a Service of ours, beside the operator's
    address: ({ name }) => ({ service: name, headers: {} }),
    longestName: () => ({ length: seldonLongestName(), because: "names are derived from it, and longer ones become 'seldon-' and a hash" }),
    // a Service that is there under such a name it deletes, and makes its own
    makes: ({ name, container, groups }) => groups.flatMap((group) => {
      const predictor = seldonPredictor(group.name, name);
      return [madeDeployment(group.workload.name), madeService(seldonPredictorService(name, predictor)), madeService(seldonNodeService(name, predictor, container))];
    }),
    reserved: {
      names: [], containers: ['seldon-container-engine', 'tfserving'], variables: [],
      // what its Deployments, Services and Istio's subsets select pods by, and what is written of the service's own props
      labels: ['seldon-deployment-id', 'seldon-app', `seldon-app-svc-${SERVER_CONTAINER}`, 'version', 'seldon.io/controller-id', 'seldon.io/no-engine', 'seldon.io/svc-name', 'seldon.io/rest-timeout', 'seldon.io/grpc-timeout'],
    },
    // built as { StrVal: "10%" } of the type Int, which is 0; the surge is left out, so it is Kubernetes' own
    // source: https://github.com/SeldonIO/seldon-core/blob/v1.18.2/operator/controllers/seldondeployment_controller.go (createDeploymentWithoutEngine)
    updates: { surgePercent: 25 },
  };
}

import { ClusterOperator } from '../../describe/cluster';
import { KnativeFeature } from '../../describe/engine/kserve';
import { SourceKind } from '../../describe/model-source';
import { RolloutControllerKind } from '../../describe/rollout/controller';
import { ScalingSignalKind } from '../../describe/scaling';
import { InferenceProtocol } from '../../describe/server/server-facts';
import { controllerOf } from '../release/plan-release';
import { PoolLoading } from '../../describe/pool-loading';
import { TRANSFORMER } from '../labels';
import { ServicePlan, ServiceRequest } from '../service-plan';
import { older } from '../version';
import { Engine, EngineId } from './engine';
import { LONGEST_NAME } from './kubernetes';
import { kserveLogger } from './kserve-logger';
import { Made, madeDeployment, madeService } from './made';

/** Name of the server's container. Source: https://github.com/kserve/kserve/blob/v0.20.0/pkg/constants/constants.go */
export const KSERVE_CONTAINER = 'kserve-container';
/** The init container that KServe's webhook takes for its own, and leaves as it is. Source: https://github.com/kserve/kserve/blob/v0.20.0/pkg/webhook/admission/pod/storage_initializer_injector.go */
export const STORAGE_INITIALIZER = 'storage-initializer';
/** KServe's names of protocols; OpenAI's API has none. Source: https://github.com/kserve/kserve/blob/v0.20.0/pkg/constants/constants.go */
export const KSERVE_PROTOCOLS: { readonly [protocol: string]: string } = {
  [InferenceProtocol.V1_REST.name]: 'v1', [InferenceProtocol.V2_REST.name]: 'v2', [InferenceProtocol.TENSORFLOW_GRPC.name]: 'grpc-v1', [InferenceProtocol.V2_GRPC.name]: 'grpc-v2',
};

/**
 * KServe in Standard mode: a Deployment by each InferenceService, called after it.
 * Names: https://github.com/kserve/kserve/blob/v0.20.0/pkg/constants/constants.go; runtimes with names of KServe's own get its defaults:
 * https://github.com/kserve/kserve/blob/v0.20.0/pkg/apis/serving/v1beta1/inference_service_defaults.go; variables that its webhook refuses:
 * https://github.com/kserve/kserve/blob/v0.20.0/pkg/validation/env_policy.go
 */
export function kserveStandard(version: string): Engine {
  return {
    id: EngineId.KSERVE,
    title: `KServe ${version}`,
    version,
    operator: ClusterOperator.KSERVE,
    workload: (group) => ({ apiVersion: 'apps/v1', kind: 'Deployment', name: predictorOf(group) }),
    container: () => KSERVE_CONTAINER,
    address: ({ name }) => ({ service: name, headers: {} }),
    // KServe's own Service of the predictor has its first port alone. Source: https://github.com/kserve/kserve/blob/v0.20.0/pkg/controller/v1beta1/inferenceservice/reconcilers/service/service_reconciler.go
    podService: (name) => `${name}-model`,
    longestName,
    makes: madeInStandard,
    // https://github.com/kserve/kserve/blob/v0.20.0/pkg/agent/storage/utils.go; keys are read where a Secret carries KServe's annotations
    fetches: { stores: [SourceKind.S3, SourceKind.GCS, SourceKind.HTTP], bySecret: false },
    reserved: {
      names: ['kserve-mlserver', 'kserve-tritonserver', 'kserve-torchserve', 'kserve-tensorflow-serving', 'kserve-huggingfaceserver', 'kserve-vllmserver'],
      containers: [KSERVE_CONTAINER, STORAGE_INITIALIZER, 'transformer-container', 'worker-container', 'agent', 'queue-proxy', 'modelcar', 'modelcar-init'],
      variables: older(version, '0.18') ? ['INFERENCE_SERVICE_NAME'] : ['INFERENCE_SERVICE_NAME', 'PYTHONPATH'],
      labels: ['app', 'component', 'modelClass', 'serving.kserve.io/', 'internal.serving.kserve.io/', 'networking.kserve.io/'],
    },
  };
}

/** KServe in Knative mode: a Service of Knative Serving by each InferenceService, called after it. */
export function kserveKnative(version: string, features: readonly KnativeFeature[]): Engine {
  const standard = kserveStandard(version);
  return {
    ...standard,
    id: EngineId.KSERVE_KNATIVE,
    title: `KServe ${version} in Knative mode`,
    workload: (group) => ({ apiVersion: 'serving.knative.dev/v1', kind: 'Service', name: predictorOf(group) }),
    // KServe has a Service of the service's own name, where Istio is its ingress; Knative's is there with any
    address: ({ name }) => ({ service: predictorOf(name), headers: {} }),
    podService: predictorOf,
    frontService: (name) => `${name}-${TRANSFORMER}`,
    logger: kserveLogger,
    makes: madeInKnative,
    reserved: {
      ...standard.reserved!,
      // https://github.com/knative/serving/blob/v0.48.1/pkg/apis/serving/k8s_validation.go
      variables: [...standard.reserved!.variables, 'PORT', 'K_SERVICE', 'K_CONFIGURATION', 'K_REVISION'],
      labels: [...standard.reserved!.labels, 'serving.knative.dev/', 'autoscaling.knative.dev/', 'networking.knative.dev/', 'queue.sidecar.serving.knative.dev/'],
    },
    follows: [ScalingSignalKind.CONCURRENCY, ScalingSignalKind.REQUEST_RATE],
    // a new revision has all its copies before the old one loses any
    updates: { surgePercent: 100 },
    onePort: true,
    features,
  };
}

/** What KServe calls whatever runs a service's predictor. */
export function predictorOf(group: string): string {
  return `${group}-predictor`;
}

/**
 * What KServe makes in Standard mode. An HPA of that name is written over whatever the autoscaler's class, and then deleted where that is not KServe's:
 * https://github.com/kserve/kserve/blob/v0.20.0/pkg/controller/v1beta1/inferenceservice/reconcilers/autoscaler/autoscaler_reconciler.go (createAutoscaler)
 */
function madeInStandard({ groups, poolLoading }: ServicePlan): Made[] {
  return groups.flatMap(({ name }) => [
    madeDeployment(predictorOf(name)), madeService(predictorOf(name)), { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', name: predictorOf(name) },
    // https://github.com/kserve/kserve/blob/v0.20.0/pkg/constants/constants.go (ModelConfigName)
    ...(poolLoading === PoolLoading.WHILE_RUNNING ? [{ apiVersion: 'v1', kind: 'ConfigMap', name: `modelconfig-${name}-0` }] : []),
  ]);
}

/**
 * What KServe makes in Knative mode, and Knative of that; where Istio is its ingress, a Service and a VirtualService of the service's own name as well.
 * Source: https://github.com/kserve/kserve/blob/v0.20.0/pkg/controller/v1beta1/inferenceservice/reconcilers/ingress/ingress_reconciler.go
 */
function madeInKnative({ name }: ServicePlan): Made[] {
  const knative = ['Service', 'Route', 'Configuration'].map((kind) => ({ apiVersion: 'serving.knative.dev/v1', kind, name: predictorOf(name) }));
  return [...knative, madeService(predictorOf(name)), madeService(name), { apiVersion: 'networking.istio.io/v1beta1', kind: 'VirtualService', name }];
}

/** KServe makes a host name of service, component and namespace before anything else, and gives up for ever where that is no DNS label. */
function longestName(request: ServiceRequest): { length: number; because: string } {
  const { namespace = '', rollout } = request;
  // a version on trial is an InferenceService of its own
  const trial = rollout.progressive && controllerOf(request) === RolloutControllerKind.NONE ? '-candidate' : '';
  const host = 63 - `${predictorOf(trial)}-${namespace}`.length;
  return host < LONGEST_NAME ? { length: Math.max(1, host), because: `'<name>${predictorOf(trial)}-<namespace>' must be a DNS label of 63 characters, or KServe never makes a Deployment` } : { length: LONGEST_NAME, because: 'names are derived from it' };
}

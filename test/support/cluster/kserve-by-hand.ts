import { MLSERVER_IMAGE } from './client';
import type { Manifest } from './kubectl';

/** The version that its model tells: by it answers are known as its own. */
export const THEIRS = 'theirs';

export interface ByHand {
  readonly name: string;
  readonly namespace: string;
  readonly storageUri: string;
  /** With the keys of the store. */
  readonly secret: Manifest;
  /** host:port of the store. */
  readonly endpoint: string;
}

/**
 * What a team applies that serves a scikit-learn model on KServe by hand: a runtime, an account with the store's keys, the InferenceService.
 * Source of the annotations: https://github.com/kserve/kserve/blob/v0.20.0/pkg/credentials/s3/s3_secret.go
 */
export function byHand({ name, namespace, storageUri, secret, endpoint }: ByHand): Manifest[] {
  return [
    { ...secret, metadata: { ...secret.metadata, annotations: { 'serving.kserve.io/s3-endpoint': endpoint, 'serving.kserve.io/s3-usehttps': '0' } } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'models', namespace }, secrets: [{ name: secret.metadata.name }] },
    {
      apiVersion: 'serving.kserve.io/v1alpha1', kind: 'ServingRuntime', metadata: { name: 'mlserver', namespace },
      spec: {
        supportedModelFormats: [{ name: 'sklearn', version: '1' }], protocolVersions: ['v2', 'grpc-v2'],
        containers: [{
          name: 'kserve-container', image: MLSERVER_IMAGE, imagePullPolicy: 'IfNotPresent',
          env: Object.entries({
            MLSERVER_MODEL_NAME: '{{.Name}}', MLSERVER_MODEL_IMPLEMENTATION: 'mlserver_sklearn.SKLearnModel', MLSERVER_MODEL_URI: '/mnt/models',
            MLSERVER_HTTP_PORT: '8080', MLSERVER_GRPC_PORT: '9000', MLSERVER_PARALLEL_WORKERS: '0', MLSERVER_MODEL_VERSION: THEIRS,
          }).map(([key, value]) => ({ name: key, value })),
          ports: [{ name: 'http', containerPort: 8080 }, { name: 'grpc', containerPort: 9000 }],
          readinessProbe: { httpGet: { path: `/v2/models/${name}/ready`, port: 8080 }, periodSeconds: 1 },
          resources: { requests: { cpu: '100m', memory: '512Mi' } },
          securityContext: { allowPrivilegeEscalation: false, runAsNonRoot: true, runAsUser: 1000, capabilities: { drop: ['ALL'] }, seccompProfile: { type: 'RuntimeDefault' } },
        }],
      },
    },
    {
      apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', metadata: { name, namespace },
      spec: { predictor: { serviceAccountName: 'models', minReplicas: 1, maxReplicas: 1, model: { modelFormat: { name: 'sklearn' }, runtime: 'mlserver', protocolVersion: 'v2', storageUri } } },
    },
  ];
}

/** A route `public` to a Service that there is: one that comes later is not always seen by Contour 1.33. */
export const routeByHand = (kind: 'HTTPRoute' | 'GRPCRoute', namespace: string, gateway: { name: string; namespace: string }, host: string, backend: { name: string; port: number }): Manifest => ({
  apiVersion: 'gateway.networking.k8s.io/v1', kind, metadata: { name: 'public', namespace },
  spec: { parentRefs: [{ name: gateway.name, namespace: gateway.namespace }], hostnames: [host], rules: [{ backendRefs: [backend] }] },
});

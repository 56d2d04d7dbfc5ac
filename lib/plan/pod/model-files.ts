import { CredentialKind, Credentials } from '../../describe/credentials';
import { ModelSource, OciDelivery, SourceKind } from '../../describe/model-source';
import { mebibytes } from '../json';
import { JsonObject, ServiceRequest } from '../service-plan';
import { restricted } from './security';

/** Where models lie in a container, as every server of the catalogue expects it. */
export const MODELS_ROOT = '/mnt/models';
const GCS_KEY = 'gcloud-application-credentials.json';
const SECRETS = '/var/secrets';

/** How a model's files come to the server: what the pod needs for it. */
export interface ModelFiles {
  readonly path: string;
  readonly volumes: JsonObject[];
  readonly mounts: JsonObject[];
  readonly initContainers: JsonObject[];
  /** Bytes of the node's disk that are taken. */
  readonly diskBytes: number;
}

/** Name of the Secret that holds the credentials of the model's store, whether it is there already or an ExternalSecret makes it. */
export function credentialSecretName(request: ServiceRequest): string | undefined {
  const given = request.model.source?.credentials;
  switch (given?.kind) {
    case CredentialKind.SECRET: return given.secretName;
    case CredentialKind.EXTERNAL_SECRET: return `${request.name}-model-credentials`;
    default: return undefined;
  }
}

/** Plans how the model's files come to `folder`. */
export function planModelFiles(request: ServiceRequest, folder: string, modelBytes: number): ModelFiles {
  const source = request.model.source;
  if (source?.kind === SourceKind.IN_IMAGE) return { path: source.path!, volumes: [], mounts: [], initContainers: [], diskBytes: 0 };
  if (source?.kind === SourceKind.PVC) {
    return {
      path: folder, diskBytes: 0, initContainers: [],
      volumes: [{ name: 'model', persistentVolumeClaim: { claimName: source.claimName!, readOnly: true } }],
      mounts: [{ name: 'model', mountPath: folder, subPath: source.path, readOnly: true }],
    };
  }
  if (source?.kind === SourceKind.OCI && source.delivery === OciDelivery.VOLUME) {
    const inner = source.path!.replace(/^\//, '');
    return {
      path: folder, diskBytes: 0, initContainers: [],
      volumes: [{ name: 'model', image: { reference: request.cluster.image(source.uri), pullPolicy: 'IfNotPresent' } }],
      mounts: [{ name: 'model', mountPath: folder, subPath: inner === '' ? undefined : inner, readOnly: true }],
    };
  }
  // a single archive is unpacked beside itself; repositories and images are none
  const archive = source?.kind !== SourceKind.HUGGING_FACE && source?.kind !== SourceKind.OCI;
  const limit = Math.max(modelBytes * (archive ? 2 : 1.1), 2 ** 28, request.ephemeralStorageBytes ?? 0);
  const files: ModelFiles = {
    path: folder, diskBytes: limit, initContainers: [],
    volumes: [{ name: 'model', emptyDir: { sizeLimit: mebibytes(limit) } }],
    mounts: [{ name: 'model', mountPath: MODELS_ROOT, readOnly: true }],
  };
  if (source === undefined) return files;
  return source.kind === SourceKind.OCI ? { ...files, initContainers: [copier(request, source, folder)] } : download(request, source, folder, files, modelBytes);
}

/** The container that copies the files of an OCI image. */
function copier(request: ServiceRequest, source: ModelSource, folder: string): JsonObject {
  return {
    name: 'model-download',
    image: request.cluster.image(source.uri),
    command: ['sh', '-ec', 'mkdir -p "$2" && cp -R "$1/." "$2"', 'copy', source.path!, folder],
    resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { memory: '256Mi' } },
    volumeMounts: [{ name: 'model', mountPath: MODELS_ROOT }],
    terminationMessagePolicy: 'FallbackToLogsOnError',
    securityContext: restricted({ user: 1000 }),
  };
}

/** The container that downloads: KServe's storage initializer. */
function download(request: ServiceRequest, source: ModelSource, folder: string, files: ModelFiles, modelBytes: number): ModelFiles {
  const access = credentials(request, source);
  // the downloader keeps parts of files in memory; its stock limit of 1 GiB is too little for large repositories
  const memory = Math.min(8 * 2 ** 30, Math.max(2 ** 30, modelBytes / 4));
  return {
    ...files,
    volumes: [...files.volumes, { name: 'download-tmp', emptyDir: { sizeLimit: '1Gi' } }, ...access.volumes],
    initContainers: [{
      name: 'model-download',
      image: request.cluster.image(request.defaults.downloadImage),
      args: [source.uri, folder],
      env: [
        ...Object.entries(source.environment).map(([name, value]) => ({ name, value })),
        ...access.env,
        { name: 'HOME', value: '/tmp' },
        // a cache of chunks would fill the folder, and nothing reads it again
        ...(source.kind === SourceKind.HUGGING_FACE ? [{ name: 'HF_HOME', value: '/tmp/huggingface' }, { name: 'HF_XET_CHUNK_CACHE_SIZE_BYTES', value: '0' }] : []),
      ],
      resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: mebibytes(memory) } },
      volumeMounts: [{ name: 'model', mountPath: MODELS_ROOT }, { name: 'download-tmp', mountPath: '/tmp' }, ...access.mounts],
      terminationMessagePolicy: 'FallbackToLogsOnError',
      securityContext: restricted({ user: 1000 }),
    }],
  };
}

/** References to a credential: never its content. */
function credentials(request: ServiceRequest, source: ModelSource): { env: JsonObject[]; volumes: JsonObject[]; mounts: JsonObject[] } {
  const none = { env: [], volumes: [], mounts: [] };
  const given = source.credentials;
  const secretName = credentialSecretName(request);
  if (given === undefined || secretName === undefined) return none;
  if (source.kind === SourceKind.GCS) {
    const key = given.kind === CredentialKind.SECRET ? given.keys?.GOOGLE_APPLICATION_CREDENTIALS ?? GCS_KEY : GCS_KEY;
    return {
      env: [{ name: 'GOOGLE_APPLICATION_CREDENTIALS', value: `${SECRETS}/${GCS_KEY}` }],
      volumes: [{ name: 'model-credentials', secret: { secretName, items: [{ key, path: GCS_KEY }] } }],
      mounts: [{ name: 'model-credentials', mountPath: SECRETS, readOnly: true }],
    };
  }
  const variables = given.keys === undefined ? usual(source) : Object.keys(given.keys);
  const env = variables.map((variable) => ({
    name: variable, valueFrom: { secretKeyRef: { name: secretName, key: given.kind === CredentialKind.SECRET ? given.keys?.[variable] ?? variable : variable } },
  }));
  return { ...none, env };
}

/** The variables that a Secret holds unless it is said which. */
function usual(source: ModelSource): string[] {
  return source._credentialVariables.filter((variable) => variable !== 'AWS_SESSION_TOKEN' && variable !== 'AZURE_STORAGE_ACCESS_KEY');
}

/** The ExternalSecret of a service, when its credentials come from a store. */
export function planExternalSecret(request: ServiceRequest): { name: string; spec: JsonObject } | undefined {
  const given: Credentials | undefined = request.model.source?.credentials;
  if (given?.kind !== CredentialKind.EXTERNAL_SECRET) return undefined;
  const gcs = request.model.source!.kind === SourceKind.GCS;
  const name = credentialSecretName(request)!;
  return {
    name,
    spec: {
      refreshInterval: given.refreshInterval,
      secretStoreRef: { kind: given.clusterStore ? 'ClusterSecretStore' : 'SecretStore', name: given.store! },
      target: { name },
      data: Object.entries(given.keys ?? {}).map(([variable, place]) => {
        const [key, property] = place.split('#');
        return { secretKey: gcs ? GCS_KEY : variable, remoteRef: { key: key!, property } };
      }),
    },
  };
}

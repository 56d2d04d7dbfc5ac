import { CredentialKind, Credentials } from '../../describe/credentials';
import { ModelSource, OciDelivery, SourceKind } from '../../describe/model-source';
import { PoolLoading } from '../../describe/pool-loading';
import { ServerDefinition } from '../../describe/server/server-definition';
import { mebibytes, mebibytesOf } from '../json';
import { bytesOfModel, eachModel, nameOfModel } from '../models';
import { JsonObject, PlannedSecret, ServiceRequest } from '../service-plan';
import { restricted } from './security';

/** Where models lie in a container, as every server of the catalogue expects it. */
export const MODELS_ROOT = '/mnt/models';
/** Name of the container that fetches a model; in a pool it may be followed by `-` and which. */
export const DOWNLOAD_CONTAINER = 'model-download';
const GCS_KEY = 'gcloud-application-credentials.json';
const SECRETS = '/var/secrets';

/** How a model's files come to the server: what the pod needs for it. */
export interface ModelFiles {
  /** Folder or file of the model; of a pool the folder of all. */
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
    case CredentialKind.EXTERNAL_SECRET: return `${request.name}${suffix(request)}-model-credentials`;
    default: return undefined;
  }
}

/** What tells the objects of one model of a pool from another's. */
function suffix(request: ServiceRequest): string {
  return request.pooled === undefined ? '' : `-${nameOfModel(request)}`;
}

/** Where a model's files lie: of a pool each in a folder of its own. */
export function folderOf(request: ServiceRequest, server: ServerDefinition): string {
  const folder = server.modelPath(MODELS_ROOT, nameOfModel(request));
  return request.pooled !== undefined && folder === MODELS_ROOT ? `${MODELS_ROOT}/${nameOfModel(request)}` : folder;
}

/** Plans how the files of all models come to the server. */
export function planModelFiles(request: ServiceRequest, server: ServerDefinition): ModelFiles {
  const planned = eachModel(request).map((one) => filesOf(one, folderOf(one, server), bytesOfModel(one)));
  if (request.pooled === undefined) return planned[0]!;
  const each = oneVolumeAClaim(planned);
  const diskBytes = each.reduce((sum, one) => sum + one.diskBytes, 0);
  // whoever tells the servers what to load brings the files as well
  if (request.poolLoading === PoolLoading.WHILE_RUNNING) return { path: MODELS_ROOT, diskBytes, volumes: [], mounts: [], initContainers: [] };
  // all downloads share one folder, whose limit is that of all
  const volumes = distinct(each.flatMap((one) => one.volumes)).map((volume) => (volume.name === 'model' ? { name: 'model', emptyDir: { sizeLimit: mebibytes(diskBytes) } } : volume));
  return { path: MODELS_ROOT, diskBytes, volumes, mounts: distinct(each.flatMap((one) => one.mounts), 'mountPath'), initContainers: together(each.flatMap((one) => one.initContainers)) };
}

/**
 * The same files, with one volume for all models of a claim: of two volumes of one claim the kubelet mounts one, and the pod waits for the other for ever.
 * Source: https://github.com/kubernetes/kubernetes/issues/132921
 */
function oneVolumeAClaim(each: readonly ModelFiles[]): ModelFiles[] {
  const claims = new Map<string, string>();
  const names = new Map<unknown, string>();
  for (const { name, persistentVolumeClaim } of each.flatMap((one) => one.volumes)) {
    const claim = JSON.stringify(persistentVolumeClaim);
    if (claim === undefined) continue;
    if (!claims.has(claim)) claims.set(claim, String(name));
    names.set(name, claims.get(claim)!);
  }
  const named = (one: JsonObject): JsonObject => ({ ...one, name: names.get(one.name) ?? one.name });
  return each.map((one) => ({ ...one, volumes: one.volumes.map(named), mounts: one.mounts.map(named) }));
}

/** Each object once, by a key. */
function distinct(objects: readonly JsonObject[], key = 'name'): JsonObject[] {
  return [...new Map(objects.map((one) => [one[key], one])).values()];
}

/**
 * Downloads that differ in nothing but what they fetch, in one container: it takes any number of pairs of address and folder.
 * Source: https://github.com/kserve/kserve/blob/v0.20.0/python/storage-initializer/scripts/initializer-entrypoint
 */
function together(containers: readonly JsonObject[]): JsonObject[] {
  const groups = new Map<string, JsonObject>();
  for (const container of containers) {
    const { name, args, resources, ...rest } = container;
    const key = args === undefined ? String(name) : JSON.stringify(rest);
    const known = groups.get(key);
    // the limit of memory is that of the largest: they come one after another
    groups.set(key, known === undefined ? container : { ...known, args: [...known.args as string[], ...args as string[]], resources: larger(known.resources as Limited, resources as Limited) });
  }
  return [...groups.values()];
}

interface Limited extends JsonObject { limits: { memory: string } }

function larger(a: Limited, b: Limited): Limited {
  return mebibytesOf(a.limits.memory) >= mebibytesOf(b.limits.memory) ? a : b;
}

/** Plans how the files of one model come to `folder`. */
export function filesOf(request: ServiceRequest, folder: string, modelBytes: number): ModelFiles {
  const source = request.model.source;
  // the engine mounts it
  if (request.modelCache !== undefined) return { path: folder, volumes: [], mounts: [], initContainers: [], diskBytes: 0 };
  if (source?.kind === SourceKind.IN_IMAGE) return { path: source.path!, volumes: [], mounts: [], initContainers: [], diskBytes: 0 };
  if (source?.kind === SourceKind.PVC) {
    return {
      path: folder, diskBytes: 0, initContainers: [],
      volumes: [{ name: `model${suffix(request)}`, persistentVolumeClaim: { claimName: source.claimName!, readOnly: true } }],
      mounts: [{ name: `model${suffix(request)}`, mountPath: folder, subPath: source.path, readOnly: true }],
    };
  }
  if (source?.kind === SourceKind.OCI && source.delivery === OciDelivery.VOLUME) {
    const inner = source.path!.replace(/^\//, '');
    return {
      path: folder, diskBytes: 0, initContainers: [],
      volumes: [{ name: `model${suffix(request)}`, image: { reference: request.cluster.image(source.uri), pullPolicy: 'IfNotPresent' } }],
      mounts: [{ name: `model${suffix(request)}`, mountPath: folder, subPath: inner === '' ? undefined : inner, readOnly: true }],
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
    name: `${DOWNLOAD_CONTAINER}${suffix(request)}`,
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
      name: `${DOWNLOAD_CONTAINER}${suffix(request)}`,
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
      volumes: [{ name: `model-credentials${suffix(request)}`, secret: { secretName, items: [{ key, path: GCS_KEY }] } }],
      mounts: [{ name: `model-credentials${suffix(request)}`, mountPath: SECRETS, readOnly: true }],
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

/** The ExternalSecrets of a service, one a model whose credentials come from a store. */
export function planExternalSecrets(request: ServiceRequest): PlannedSecret[] {
  return eachModel(request).map(externalSecret).filter((secret) => secret !== undefined);
}

function externalSecret(request: ServiceRequest, i: number): PlannedSecret | undefined {
  const given: Credentials | undefined = request.model.source?.credentials;
  if (given?.kind !== CredentialKind.EXTERNAL_SECRET) return undefined;
  const gcs = request.model.source!.kind === SourceKind.GCS;
  const name = credentialSecretName(request)!;
  return {
    id: i === 0 ? 'ExternalSecret' : `ExternalSecret${i + 1}`, name,
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

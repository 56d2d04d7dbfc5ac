import { Size } from 'cdk8s';
import { Cluster } from '../../describe/cluster';
import { CredentialKind } from '../../describe/credentials';
import { Model } from '../../describe/model';
import { ModelSource, SourceKind } from '../../describe/model-source';
import { Finding, ProblemKind } from '../../describe/problem';
import { DefaultsSet } from '../defaults/defaults';
import { isObject, mebibytes, objectsIn } from '../json';
import { bytesOfModel } from '../models';
import { filesOf, MODELS_ROOT } from '../pod/model-files';
import { JsonObject } from '../service-plan';
import { bareRequest } from './bare-request';

const NOT_FETCHED = ProblemKind.error('SERVING_KSERVE_STORAGE_SOURCE', "A source of which KServe's storage containers fetch nothing", 'Claims, images and what is in an image are mounted; no container would be asked.');
const CREDENTIALS = ProblemKind.error('SERVING_KSERVE_STORAGE_CREDENTIALS', "Credentials that a storage container of KServe's can't hold", 'It is a container without volumes or objects of its own: it can refer to keys of a Secret in the namespace of whoever uses it, and to nothing else.');
const UNLIKE = ProblemKind.error('SERVING_KSERVE_STORAGE_UNLIKE', 'Sources in one storage container that are not read in the same way', 'A container has one environment: the last source would be read with the settings of the first.');

/** Kinds of sources that KServe downloads. */
export const DOWNLOADED: readonly string[] = [SourceKind.S3, SourceKind.GCS, SourceKind.AZURE_BLOB, SourceKind.HUGGING_FACE, SourceKind.HTTP];

/** What a storage container is planned from. */
export interface StorageContainerRequest {
  readonly sources: readonly ModelSource[];
  readonly largestModel?: Size;
  readonly cluster: Cluster;
  readonly defaults: DefaultsSet;
}

/** Plans the container: what downloads a service's model, as far as a container alone can say it. */
export function planStorageContainer(request: StorageContainerRequest): { container?: JsonObject; findings: Finding[] } {
  const findings = request.sources.flatMap(against);
  if (findings.length > 0) return { findings };
  const containers = request.sources.map((source) => containerOf(request, source));
  const settings = new Set(containers.map((container) => JSON.stringify(container)));
  if (settings.size > 1) findings.push(UNLIKE.found({ what: 'the sources differ in their credentials, endpoint, region or patterns', got: request.sources.map(({ uri }) => uri), fix: 'make a KServeStorageContainer for each way of reading' }));
  return { container: containers[0], findings };
}

function against(source: ModelSource): Finding[] {
  if (!DOWNLOADED.includes(source.kind)) return [NOT_FETCHED.found({ what: 'a storage container has a source that is not downloaded', got: source.kind, allowed: DOWNLOADED.join(', '), fix: 'leave it out: nothing is needed for it' })];
  const { credentials } = source;
  const kind = credentials?.kind;
  if (kind === CredentialKind.EXTERNAL_SECRET || credentials?.identity !== undefined) {
    return [CREDENTIALS.found({ what: 'the credentials of a storage container would need an object in every namespace that uses it', got: kind, allowed: 'Credentials.fromSecretName, workloadIdentity without identity, none', fix: 'make the Secret or ServiceAccount in those namespaces, and name it here' })];
  }
  if (kind === CredentialKind.SECRET && source.kind === SourceKind.GCS) {
    return [CREDENTIALS.found({ what: "a key of Google Cloud is a file, for which a storage container has no volume", got: source.uri, fix: "give the services a ServiceAccount to which the Secret belongs, as KServe's documentation says, and leave 'credentials' out" })];
  }
  return [];
}

function containerOf({ largestModel, cluster, defaults }: StorageContainerRequest, source: ModelSource): JsonObject {
  const request = bareRequest('storage', Model.custom({ source, size: largestModel }), { cluster, defaults });
  const bytes = bytesOfModel(request);
  const files = filesOf(request, MODELS_ROOT, bytes);
  const { image, env, resources, terminationMessagePolicy, securityContext } = objectsIn(files.initContainers as never)[0]!;
  const { requests, limits } = resources as { requests: JsonObject; limits: JsonObject };
  return {
    name: 'storage-initializer', image: image!, env: objectsIn(env).length === 0 ? undefined : env!, terminationMessagePolicy: terminationMessagePolicy!,
    // laid upon KServe's own, whose limit of one CPU would stay: unpacking and checking large files wants more
    resources: { requests: { ...requests, 'ephemeral-storage': mebibytes(files.diskBytes + 2 ** 30) }, limits: { ...limits, cpu: '4' } },
    // KServe's own has none, and is refused where Pod Security is 'restricted'; without a volume, what it writes besides goes to its root
    securityContext: isObject(securityContext) ? { ...securityContext, readOnlyRootFilesystem: false } : undefined,
  };
}

import { CredentialKind, Credentials } from '../../describe/credentials';
import { Model } from '../../describe/model';
import { SourceKind } from '../../describe/model-source';
import { ScalingSignalKind } from '../../describe/scaling';
import { ServiceRequest } from '../service-plan';

/** Stores that rclone, by which Seldon's agent reads models, reads as they are. Source: https://github.com/SeldonIO/seldon-core/blob/v2.10.2/docs-gb/kubernetes/storage-secrets.md */
export const STORES: readonly SourceKind[] = [SourceKind.S3, SourceKind.GCS, SourceKind.AZURE_BLOB];

/** What a service asks for that only a server of its own can give, in the words of its props. Its versions run alike: what one of them needs, the other gets as well. */
export function wishesOfPods(request: ServiceRequest): string[] {
  const { scaling } = request;
  const versions = [request.model, request.candidate?.model, request.stable].filter((model) => model !== undefined);
  const some = (asks: (model: Model) => boolean): boolean => versions.some(asks);
  const reads = (asks: (credentials: Credentials) => boolean): boolean => some(({ source }) => source?.credentials !== undefined && asks(source.credentials));
  const asked: { readonly [prop: string]: boolean } = {
    'accelerator': request.accelerator !== undefined,
    'cpu': request.cpu !== undefined, 'cpuLimit': request.cpuLimit !== undefined, 'memory': request.memoryBytes !== undefined, 'memoryLimit': request.memoryLimitBytes !== undefined, 'ephemeralStorage': request.ephemeralStorageBytes !== undefined,
    'env': request.env.length > 0, 'files': request.files.length > 0, 'volumes': request.volumes.length > 0, 'sidecars': request.containers.length > 0, 'initContainers': request.initContainers.length > 0,
    'podOverlay': request.podOverlay !== undefined, 'podAnnotations': Object.keys(request.podAnnotations).length > 0, 'serviceAccount': request.serviceAccountName !== undefined, 'priorityClassName': request.priorityClassName !== undefined,
    'tracing': request.tracing !== undefined, 'payloadLogging': request.payloadLogging !== undefined,
    'model.code': some(({ code }) => code !== undefined), // the agent names those of Alibi by itself
    'model.implementation': some(({ implementation, code }) => implementation !== undefined && request.partOf?.explains === undefined && (request.partOf?.detects !== true || code !== undefined)),
    'model.source': some(({ source }) => source === undefined || !STORES.includes(source.kind)),
    'Credentials.workloadIdentity': reads(({ kind }) => kind === CredentialKind.SERVICE_ACCOUNT), 'Credentials.fromSecret: keys': reads(({ kind, keys }) => kind === CredentialKind.SECRET && keys !== undefined),
    'batching': request.batching !== undefined,
    'PREDICTOR_URL': request.partOf?.predictor !== undefined && request.partOf.explains === undefined,
    'Scaling.onCpu, Scaling.onMemory': scaling?.signals.some(({ kind }) => kind === ScalingSignalKind.CPU || kind === ScalingSignalKind.MEMORY) ?? false,
  };
  // that a Triton model is the files of a version alone is said of the source: the agent makes its folder in both cases
  const server = (request.server?._given ?? []).filter((prop) => prop !== 'versionFolder').map((prop) => `server: ${prop}`);
  return [...Object.keys(asked).filter((prop) => asked[prop]), ...server];
}

import { CredentialKind } from '../../describe/credentials';
import { Model } from '../../describe/model';
import { SourceKind } from '../../describe/model-source';
import { compact, mebibytes } from '../../plan/json';
import { requirementOf } from '../../plan/engine/seldon-core-v2-formats';
import { SELDON_V2_API } from '../../plan/engine/seldon-core-v2';
import { JsonObject, ServicePlan } from '../../plan/service-plan';
import { RenderedObject } from '../ports';

/** A `Model`: what is to be loaded, where from, and onto which servers. */
export interface SeldonModel {
  /** Id below the construct, and name: that by which clients ask for it. */
  readonly id: string;
  readonly name: string;
  readonly labels: { readonly [key: string]: string };
  readonly annotations?: { readonly [key: string]: string };
  /** What rclone copies: a remote's path, or a folder of the pod. */
  readonly storageUri: string;
  /** Secret with the remote. */
  readonly secretName?: string;
  /** Capabilities that a server must have. */
  readonly requirements: readonly string[];
  /** The one server that is to take it. */
  readonly server?: string;
  /** Bytes of the server's memory; 1 MB where it is not said. */
  readonly memoryBytes?: number;
  readonly replicas?: number;
}

/** Writes a `Model`. Also for models of pools, graphs and detectors, which are Models like any other. */
export function seldonModel(model: SeldonModel): RenderedObject {
  return {
    id: model.id, apiVersion: SELDON_V2_API, kind: 'Model', name: model.name, labels: model.labels, annotations: model.annotations,
    content: {
      spec: compact({
        storageUri: model.storageUri, secretName: model.secretName, requirements: [...model.requirements], server: model.server,
        memory: model.memoryBytes === undefined ? undefined : mebibytes(model.memoryBytes), replicas: model.replicas,
      }),
    },
  };
}

/** Bytes of memory that a model takes of a server's. */
export function modelMemory(plan: ServicePlan, modelBytes: number): number {
  return (plan.server.facts.memoryFactor ?? 1.5) * modelBytes;
}

/** The Model of a service on shared servers: the agent fetches it from its store. */
export function sharedModel(plan: ServicePlan, { id, name, model, modelBytes, replicas }: { id: string; name: string; model: Model; modelBytes: number; replicas: number | undefined }, server: string | undefined): RenderedObject {
  const { storageUri, secretName } = storeOf(plan, model);
  return seldonModel({
    id, name, labels: { ...plan.labels, ...versionOf(model) }, annotations: plan.annotations, storageUri, secretName, requirements: [requirementOf(model.format.name, plan.server.facts.id)], server, memoryBytes: modelMemory(plan, modelBytes), replicas,
  });
}

/** Label of a model's version. */
export function versionOf(model: Model): { [key: string]: string } {
  return model.version === undefined ? {} : { 'app.kubernetes.io/version': model.version };
}

/** Key of a Secret that holds a remote of rclone: it may have one key alone. Source: https://github.com/SeldonIO/seldon-core/blob/v2.10.2/scheduler/pkg/agent/k8s/secrets.go */
const REMOTE_KEY = 'rclone.json';

/** Where rclone finds a model. The remote has the name of the URI's scheme, which must be that in the Secret. */
export function storeOf(plan: Pick<ServicePlan, 'name' | 'externalSecrets'>, { source }: Model): { storageUri: string; secretName?: string } {
  const uri = source?.uri ?? '';
  const storageUri = source?.kind === SourceKind.AZURE_BLOB ? uri.replace(/^https:\/\/[^/]+\//, 'azureblob://') : uri;
  switch (source?.credentials?.kind) {
    case CredentialKind.SECRET: return { storageUri, secretName: source.credentials.secretName };
    case CredentialKind.EXTERNAL_SECRET: return { storageUri, secretName: plan.externalSecrets[0]?.name };
    case CredentialKind.NONE: return { storageUri, secretName: publicRemoteName(plan.name) };
    default: return { storageUri };
  }
}

const publicRemoteName = (service: string): string => `${service}-model-store`;

/** What rclone is told of a store, but for what is secret. Parameters: https://rclone.org/s3/, https://rclone.org/googlecloudstorage/, https://rclone.org/azureblob/ */
function remoteOf({ source }: Model): { type: string; name: string; parameters: { [name: string]: string } } {
  const environment = source?.environment ?? {};
  switch (source?.kind) {
    case SourceKind.GCS: return { type: 'google cloud storage', name: 'gs', parameters: {} };
    case SourceKind.AZURE_BLOB: return { type: 'azureblob', name: 'azureblob', parameters: { account: /^https:\/\/([^.]+)/.exec(source.uri)?.[1] ?? '' } };
    default: {
      const endpoint = environment.AWS_ENDPOINT_URL;
      return { type: 's3', name: 's3', parameters: { provider: endpoint === undefined ? 'AWS' : 'Other', ...(endpoint === undefined ? {} : { endpoint }), ...(environment.AWS_DEFAULT_REGION === undefined ? {} : { region: environment.AWS_DEFAULT_REGION }) } };
    }
  }
}

/** What each parameter of rclone is called among the variables of credentials. */
const SECRETS: { readonly [type: string]: { readonly [variable: string]: string } } = {
  's3': { AWS_ACCESS_KEY_ID: 'access_key_id', AWS_SECRET_ACCESS_KEY: 'secret_access_key', AWS_SESSION_TOKEN: 'session_token' },
  'google cloud storage': { 'gcloud-application-credentials.json': 'service_account_credentials' },
  'azureblob': { AZURE_TENANT_ID: 'tenant', AZURE_CLIENT_ID: 'client_id', AZURE_CLIENT_SECRET: 'client_secret', AZURE_STORAGE_ACCESS_KEY: 'key' },
};

/**
 * The Secret by which the agent reads a model, in the form of a remote of rclone: made by the External Secrets Operator where credentials are in a store,
 * and without a secret in it where what is read is public. Templates: https://external-secrets.io/latest/guides/templating/
 */
export function remoteSecrets(plan: ServicePlan, model: Model): RenderedObject[] {
  const remote = remoteOf(model);
  if (model.source?.credentials?.kind === CredentialKind.NONE) {
    const parameters = remote.type === 'google cloud storage' ? { anonymous: 'true' } : { ...remote.parameters, env_auth: 'false' };
    return [{ id: 'ModelStore', apiVersion: 'v1', kind: 'Secret', name: publicRemoteName(plan.name), labels: plan.labels, content: { type: 'Opaque', stringData: { [REMOTE_KEY]: JSON.stringify({ ...remote, parameters }) } } }];
  }
  return plan.externalSecrets.map(({ id, name, spec }) => {
    const variables = ((spec.data ?? []) as unknown as readonly { readonly secretKey: string }[]).map(({ secretKey }) => secretKey);
    const secret = variables.map((variable) => `"${SECRETS[remote.type]?.[variable] ?? variable.toLowerCase()}":{{ index . "${variable}" | toJson }}`);
    const known = Object.entries(remote.parameters).map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
    const template = `{"type":${JSON.stringify(remote.type)},"name":${JSON.stringify(remote.name)},"parameters":{${[...known, ...secret].join(',')}}}`;
    return {
      id, apiVersion: 'external-secrets.io/v1', kind: 'ExternalSecret', name, labels: plan.labels,
      content: { spec: compact({ ...spec, target: { ...(spec.target as JsonObject), template: { engineVersion: 'v2', data: { [REMOTE_KEY]: template } } } }) },
    };
  });
}

import { CredentialKind } from '../../describe/credentials';
import { Model } from '../../describe/model';
import { SourceKind } from '../../describe/model-source';
import { compact } from '../../plan/json';
import { JsonObject, PlannedSecret, ServicePlan } from '../../plan/service-plan';
import { RenderedObject } from '../ports';

/** A model that the agent fetches, and what the names of objects that are made for it begin with. */
export interface FetchedModel {
  readonly owner: string;
  readonly model: Model;
}

/** The models of a plan that the agent fetches: each version of a service's, each of a pool's. */
function fetchedBy(plan: ServicePlan): FetchedModel[] {
  return plan.pooled.length > 0 ? plan.pooled.map(({ name, model }) => fetchedOfPool(plan, name, model)) : plan.groups.map(({ name, model }) => ({ owner: name, model }));
}

/** A model of a pool. */
export function fetchedOfPool(plan: ServicePlan, name: string, model: Model): FetchedModel {
  return { owner: `${plan.name}-${name}`, model };
}

/** The Secrets by which the agent reads a plan's models, each once. */
export function remoteSecrets(plan: ServicePlan): RenderedObject[] {
  return [...new Map(fetchedBy(plan).map((fetched) => remoteSecretOf(plan, fetched)).filter((secret) => secret !== undefined).map((secret) => [secret.name, secret])).values()];
}

/**
 * The Secret by which the agent reads a model, in the form of a remote of rclone: made by the External Secrets Operator where credentials are in a store,
 * and without a secret in it where what is read is public, or opened by the pods' identity. None where it is somebody's own, or the runtime knows the
 * remote. Versions of a model that are read in one way share it.
 */
export function remoteSecretOf(plan: ServicePlan, fetched: FetchedModel): RenderedObject | undefined {
  const [stable] = fetchedBy(plan);
  const own = secretOf(plan, fetched);
  const first = plan.pooled.length > 0 ? undefined : secretOf(plan, stable!);
  return first !== undefined && JSON.stringify(templateOf(first)) === JSON.stringify(templateOf(own)) ? first : own;
}

/** What a Secret says, without its name. */
function templateOf(secret: RenderedObject | undefined): JsonObject {
  const { stringData, spec } = (secret?.content ?? {}) as { readonly stringData?: JsonObject; readonly spec?: JsonObject };
  return { stringData, spec: spec && { ...spec, target: { ...(spec.target as JsonObject), name: undefined } } };
}

function secretOf(plan: ServicePlan, { owner, model }: FetchedModel): RenderedObject | undefined {
  const kind = model.source?.credentials?.kind;
  const remote = remoteOf(model);
  const suffix = owner === plan.name ? '' : `-${owner}`;
  if (kind === CredentialKind.NONE || kind === CredentialKind.SERVICE_ACCOUNT) {
    const nobody = kind === CredentialKind.NONE;
    const parameters = nobody && remote.type === 'google cloud storage' ? { anonymous: 'true' } : { ...remote.parameters, env_auth: String(!nobody) };
    return { id: `ModelStore${suffix}`, apiVersion: 'v1', kind: 'Secret', name: `${owner}-model-store`, labels: plan.labels, content: { type: 'Opaque', stringData: { [REMOTE_KEY]: JSON.stringify({ ...remote, parameters }) } } };
  }
  if (kind !== CredentialKind.EXTERNAL_SECRET) return undefined;
  const name = `${owner}-model-credentials`;
  // a version on trial has the keys of the stable one
  const planned = plan.externalSecrets.find((secret) => secret.name === name) ?? plan.externalSecrets[0];
  return planned && external(plan, planned, { id: planned.name === name ? planned.id : `ExternalSecret${suffix}`, name }, remote);
}

/** Templates: https://external-secrets.io/latest/guides/templating/ */
function external(plan: ServicePlan, { spec }: PlannedSecret, { id, name }: { id: string; name: string }, remote: Remote): RenderedObject {
  const variables = ((spec.data ?? []) as unknown as readonly { readonly secretKey: string }[]).map(({ secretKey }) => secretKey);
  const secret = variables.map((variable) => `"${SECRETS[remote.type]?.[variable] ?? variable.toLowerCase()}":{{ index . "${variable}" | toJson }}`);
  const known = Object.entries(remote.parameters).map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  const template = `{"type":${JSON.stringify(remote.type)},"name":${JSON.stringify(remote.name)},"parameters":{${[...known, ...secret].join(',')}}}`;
  return {
    id, apiVersion: 'external-secrets.io/v1', kind: 'ExternalSecret', name, labels: plan.labels,
    content: { spec: compact({ ...spec, target: { ...(spec.target as JsonObject), name, template: { engineVersion: 'v2', data: { [REMOTE_KEY]: template } } } }) },
  };
}

/** Key of a Secret that holds a remote of rclone: it may have one key alone. Source: https://github.com/SeldonIO/seldon-core/blob/v2.10.2/scheduler/pkg/agent/k8s/secrets.go */
const REMOTE_KEY = 'rclone.json';

/** A remote of rclone. */
interface Remote {
  readonly type: string;
  readonly name: string;
  readonly parameters: { readonly [name: string]: string };
}

/** What rclone is told of a store, but for what is secret. Parameters: https://rclone.org/s3/, https://rclone.org/googlecloudstorage/, https://rclone.org/azureblob/ */
function remoteOf({ source }: Model): Remote {
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

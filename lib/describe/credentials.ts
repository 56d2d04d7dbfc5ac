import type { ISecret, IServiceAccount } from 'cdk8s-plus-28';
import { AZURE_IDENTITY_LABEL, named } from './checks/names';
import { checkShape, is, Shape } from './checks/shape';
import { Finding } from './problem';

/** What happens to running pods when the content of a credential changes. */
export enum SecretRotation {
  /** Pods that start later read the new content; running ones are left alone. Right for a download, which happens at the start. */
  NEXT_START = 'nextStart',
  /** All pods are replaced. Needs Stakater's Reloader in the cluster (`ClusterOperator.RELOADER`), as no manifest can see a Secret change. */
  ROLL = 'roll',
}

/** Where a credential comes from. */
export enum CredentialKind {
  /** A Secret. */
  SECRET = 'secret',
  /** A Secret that the External Secrets Operator makes. */
  EXTERNAL_SECRET = 'externalSecret',
  /** The identity of the pods' ServiceAccount. */
  SERVICE_ACCOUNT = 'serviceAccount',
  /** None: what is read is public. */
  NONE = 'none',
}

/** Properties of `Credentials.fromSecret`. */
export interface SecretCredentialsProps {
  /**
   * Which key of the Secret holds which variable of the downloader, such as `{ AWS_ACCESS_KEY_ID: 'user' }`.
   * @default - keys named as the variables: `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` (S3), `HF_TOKEN` (Hugging Face),
   * `AZURE_CLIENT_ID`, `AZURE_CLIENT_SECRET` and `AZURE_TENANT_ID` (Azure), a file `gcloud-application-credentials.json` (GCS)
   */
  readonly keys?: { [variable: string]: string };
  /**
   * What a change of the Secret does to running pods.
   * @default SecretRotation.NEXT_START
   */
  readonly rotation?: SecretRotation;
}

/** Properties of `Credentials.externalSecret`. */
export interface ExternalSecretProps {
  /** Name of the SecretStore. */
  readonly store: string;
  /**
   * Whether the store is a ClusterSecretStore.
   * @default false
   */
  readonly clusterStore?: boolean;
  /** Where the store holds the value of each variable: `{ HF_TOKEN: 'ml/hugging-face#token' }`; what comes after `#` is a property. */
  readonly keys: { [variable: string]: string };
  /**
   * How often the operator reads the store, as it writes it: `1h`.
   * @default 1h
   */
  readonly refreshInterval?: string;
  /**
   * What a change does to running pods.
   * @default SecretRotation.NEXT_START
   */
  readonly rotation?: SecretRotation;
}

/** Properties of `Credentials.workloadIdentity`. */
export interface WorkloadIdentityProps {
  /**
   * The identity in the cloud: a ServiceAccount with its annotation is made.
   * @default - the ServiceAccount is there already
   */
  readonly identity?: CloudIdentity;
}

const VARIABLES = { pattern: /^[A-Za-z_][A-Za-z0-9_]*$/, allowed: 'a variable of the downloader, such as AWS_ACCESS_KEY_ID' };
const KEY = is.text('a key of the Secret', /^[-._a-zA-Z0-9]+$/);
const ROTATION = is.oneOf(Object.values(SecretRotation));
const SECRET: Shape<SecretCredentialsProps & { name: string }> = { name: is.required(named.subdomain), keys: is.map(KEY, VARIABLES), rotation: ROTATION };
const EXTERNAL: Shape<ExternalSecretProps> = {
  store: is.required(named.subdomain), clusterStore: is.flag, keys: is.required(is.map(is.text("a place in the store, such as 'ml/s3#key'", /^[^#\s]+(#[^#\s]+)?$/), VARIABLES)),
  refreshInterval: is.text("a duration of Go, such as '1h'", /^(\d+(h|m|s))+$/), rotation: ROTATION,
};

/** How pods prove to a model store who they are. Only ever a reference: the secret itself never enters a manifest. */
export class Credentials {
  /** A Secret that exists, in the service's namespace. */
  public static fromSecret(secret: ISecret, props: SecretCredentialsProps = {}): Credentials {
    return Credentials.fromSecretName(secret?.name, props);
  }

  /** A Secret that exists, in the service's namespace, by its name. */
  public static fromSecretName(secretName: string, props: SecretCredentialsProps = {}): Credentials {
    const checked = checkShape('Credentials.fromSecret', SECRET, { ...props, name: secretName });
    return new Credentials({ ...checked.props, kind: CredentialKind.SECRET, secretName: checked.props.name }, checked.findings);
  }

  /** A Secret that the External Secrets Operator fills from a store; the ExternalSecret is made beside the service. */
  public static externalSecret(props: ExternalSecretProps): Credentials {
    const checked = checkShape('Credentials.externalSecret', EXTERNAL, props);
    return new Credentials({ ...checked.props, kind: CredentialKind.EXTERNAL_SECRET }, checked.findings);
  }

  /**
   * The cloud identity of a ServiceAccount: no key anywhere.
   * @param serviceAccountName made with the identity's annotation if `identity` is given, else taken as there already.
   */
  public static workloadIdentity(serviceAccountName: string, props: WorkloadIdentityProps = {}): Credentials {
    const shape: Shape<WorkloadIdentityProps & { name: string }> = { name: is.required(named.subdomain), identity: is.instance(CloudIdentity) };
    const checked = checkShape('Credentials.workloadIdentity', shape, { ...props, name: serviceAccountName });
    return new Credentials({ kind: CredentialKind.SERVICE_ACCOUNT, serviceAccountName: checked.props.name, identity: checked.props.identity }, checked.findings);
  }

  /** A ServiceAccount of your own, whose Secrets or annotations give access. */
  public static serviceAccount(account: IServiceAccount): Credentials {
    return Credentials.workloadIdentity(account?.name);
  }

  /** None: what is read is public (for S3, requests are not signed). */
  public static none(): Credentials {
    return new Credentials({ kind: CredentialKind.NONE }, []);
  }

  /** @internal */
  public readonly _findings: readonly Finding[];
  /** Where it comes from. */
  public readonly kind: CredentialKind;
  /** Name of the Secret. */
  public readonly secretName?: string;
  /** Variable of the downloader → key of the Secret, or place in the store. */
  public readonly keys?: { [variable: string]: string };
  /** The store of an external Secret. */
  public readonly store?: string;
  /** Whether the store is a ClusterSecretStore. */
  public readonly clusterStore: boolean;
  /** How often the store is read. */
  public readonly refreshInterval: string;
  /** Name of the ServiceAccount. */
  public readonly serviceAccountName?: string;
  /** The identity in the cloud, when the ServiceAccount is to be made. */
  public readonly identity?: CloudIdentity;
  /** What a change does to running pods. */
  public readonly rotation: SecretRotation;

  private constructor(props: Partial<ExternalSecretProps> & WorkloadIdentityProps & { kind: CredentialKind; secretName?: string; serviceAccountName?: string }, findings: Finding[]) {
    this.kind = props.kind;
    this.secretName = props.secretName;
    this.keys = props.keys;
    this.store = props.store;
    this.clusterStore = props.clusterStore ?? false;
    this.refreshInterval = props.refreshInterval ?? '1h';
    this.serviceAccountName = props.serviceAccountName;
    this.identity = props.identity;
    this.rotation = props.rotation ?? SecretRotation.NEXT_START;
    this._findings = findings;
  }
}

/** Which cloud an identity belongs to. */
export enum Cloud {
  /** Amazon Web Services. */
  AWS = 'aws',
  /** Google Cloud. */
  GCP = 'gcp',
  /** Microsoft Azure. */
  AZURE = 'azure',
}

/** An identity in a cloud that a ServiceAccount is bound to. */
export class CloudIdentity {
  /**
   * An IAM role for service accounts (IRSA) of EKS.
   * @param roleArn such as `arn:aws:iam::123456789012:role/model-reader`.
   */
  public static awsIrsaRole(roleArn: string): CloudIdentity {
    return new CloudIdentity(Cloud.AWS, roleArn, 'eks.amazonaws.com/role-arn', {}, /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@\/-]+$/, 'an ARN of an IAM role, such as arn:aws:iam::123456789012:role/model-reader');
  }

  /**
   * A service account of Google Cloud, for GKE's workload identity.
   * @param email such as `reader@project.iam.gserviceaccount.com`.
   */
  public static gcpServiceAccount(email: string): CloudIdentity {
    return new CloudIdentity(Cloud.GCP, email, 'iam.gke.io/gcp-service-account', {}, /^[a-z0-9-]+@[a-z0-9-.]+\.gserviceaccount\.com$/, 'the e-mail of a Google service account');
  }

  /**
   * An application or managed identity of Azure, for AKS's workload identity.
   * @param clientId its client id, a UUID.
   */
  public static azureWorkloadIdentity(clientId: string): CloudIdentity {
    return new CloudIdentity(Cloud.AZURE, clientId, 'azure.workload.identity/client-id', { [AZURE_IDENTITY_LABEL]: 'true' }, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'a client id (a UUID)');
  }

  /** @internal */
  public readonly _findings: readonly Finding[];
  /** Which cloud. */
  public readonly cloud: Cloud;
  /** Annotations of the ServiceAccount. */
  public readonly annotations: { [key: string]: string };
  /** Labels that the pods need. */
  public readonly podLabels: { [key: string]: string };

  private constructor(cloud: Cloud, id: string, annotation: string, podLabels: { [key: string]: string }, pattern: RegExp, allowed: string) {
    this._findings = checkShape('CloudIdentity', { id: is.required(is.text(allowed, pattern)) }, { id }).findings;
    this.cloud = cloud;
    this.annotations = this._findings.length === 0 ? { [annotation]: id } : {};
    this.podLabels = podLabels;
  }
}

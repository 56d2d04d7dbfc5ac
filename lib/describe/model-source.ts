import type { IPersistentVolumeClaim, PersistentVolumeAccessMode } from 'cdk8s-plus-28';
import { named } from './checks/names';
import { SECRET_IN_PLAIN_TEXT } from './checks/secrets';
import { checkShape, is, Shape } from './checks/shape';
import { CredentialKind, Credentials } from './credentials';
import { Finding, ProblemKind } from './problem';
import { HuggingFaceSourceProps, OciDelivery, OciSourceProps, PvcSourceProps, S3SourceProps, StoreSourceProps } from './source-props';

export * from './source-props';

const BAD_URI = ProblemKind.error('SERVING_SOURCE_URI', 'The address of a model is not one', 'The download would fail on the cluster, in a pod that restarts for ever.');
const UNKNOWN_SCHEME = ProblemKind.error('SERVING_SOURCE_SCHEME', 'A model address of an unknown scheme', 'The downloader knows a fixed set of schemes.');
const MUTABLE = ProblemKind.warning('SERVING_SOURCE_MUTABLE', 'The model behind an address can change',
  'Copies that start at different times may answer from different models, and a rollback may bring back something else than it says.');
const WRONG_CREDENTIAL = ProblemKind.error('SERVING_CREDENTIAL_FOR_ANOTHER_SCHEME', 'A credential that does not open this source',
  'The downloader reads other variables for each kind of store; it would ask as nobody.');

/** Where a model's files are. */
export enum SourceKind {
  /** Amazon S3, or a store that speaks its protocol. */
  S3 = 's3',
  /** Google Cloud Storage. */
  GCS = 'gcs',
  /** Azure Blob Storage. */
  AZURE_BLOB = 'azureBlob',
  /** A repository of the Hugging Face hub. */
  HUGGING_FACE = 'huggingFace',
  /** A file on a web server. */
  HTTP = 'http',
  /** An OCI image that holds the model's files. */
  OCI = 'oci',
  /** A PersistentVolumeClaim. */
  PVC = 'pvc',
  /** Inside of the server's image. */
  IN_IMAGE = 'inImage',
}

/** Access modes of volumes, as texts: cdk8s-plus' enumeration would load it. */
const ONE_NODE: readonly string[] = ['ReadWriteOnce', 'ReadWriteOncePod'];
const MANY_NODES: readonly string[] = ['ReadOnlyMany', 'ReadWriteMany'];
/** Weights in a format of their makers', beside those that servers read. */
const ALWAYS_IGNORED = ['original/*'];
const CREDENTIALS = is.instance(Credentials, "Credentials.fromSecretName('s3')");
const S3: Shape<S3SourceProps> = {
  credentials: CREDENTIALS, immutable: is.flag, region: is.text('a region', /^[a-z0-9-]+$/), verifyTls: is.flag, virtualHostedBucket: is.flag,
  endpoint: is.text("a URL without a path, such as 'http://minio.storage:9000'", /^https?:\/\/[A-Za-z0-9.-]+(:\d{1,5})?\/?$/),
};
const STORE: Shape<StoreSourceProps> = { credentials: CREDENTIALS, immutable: is.flag };
const HUB: Shape<HuggingFaceSourceProps> = { revision: is.text("a commit, tag or branch without '/', which the downloader can't read", /^[\w.-]+$/), immutable: is.flag, ignore: is.list(is.text('a pattern of file names')), credentials: CREDENTIALS };
const OCI: Shape<OciSourceProps> = { path: is.text("an absolute path without '..', such as '/models'", /^\/(?!.*(^|\/)\.\.(\/|$))[^:\0\s]*$/), delivery: is.oneOf(Object.values(OciDelivery)), immutable: is.flag };
const PVC: Shape<PvcSourceProps & { claim: string }> = {
  claim: is.required(named.subdomain), immutable: is.flag, accessMode: is.oneOf([...ONE_NODE, ...MANY_NODES]),
  path: is.text("a relative path without '..', such as 'iris/v1'", /^(?!\/)(?!.*(^|\/)\.\.(\/|$))[^\0\s]+$/),
};

/** Variables by which the downloader gets each store's credentials. Source: kserve v0.20.0, pkg/credentials and python/storage. */
const VARIABLES: { [kind: string]: { cloud?: string; variables: string[] } } = {
  [SourceKind.S3]: { cloud: 'aws', variables: ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'] },
  [SourceKind.GCS]: { cloud: 'gcp', variables: ['GOOGLE_APPLICATION_CREDENTIALS'] },
  [SourceKind.AZURE_BLOB]: { cloud: 'azure', variables: ['AZURE_CLIENT_ID', 'AZURE_CLIENT_SECRET', 'AZURE_TENANT_ID', 'AZURE_STORAGE_ACCESS_KEY'] },
  [SourceKind.HUGGING_FACE]: { variables: ['HF_TOKEN'] },
};

interface SourceData {
  kind: SourceKind;
  uri: string;
  pinned: boolean;
  version?: string;
  credentials?: Credentials;
  environment?: { [name: string]: string };
  path?: string;
  claimName?: string;
  singleNode?: boolean;
  delivery?: OciDelivery;
}

/** Where a model's files are, how to get at them, and whether they can change. */
export class ModelSource {
  /**
   * Amazon S3, or a store that speaks its protocol.
   * @param uri `s3://bucket/path`: a folder or a single file.
   */
  public static s3(uri: string, props: S3SourceProps = {}): ModelSource {
    const checked = checkShape('ModelSource.s3', S3, props);
    const { endpoint, region, verifyTls, virtualHostedBucket, credentials } = checked.props;
    return ModelSource.store(SourceKind.S3, uri, /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/\S+$/, "'s3://bucket/path', with a bucket of 3 to 63 lower-case letters, digits, dots and hyphens", checked.props, checked.findings, {
      ...(endpoint === undefined ? {} : { AWS_ENDPOINT_URL: endpoint }),
      ...(region === undefined ? {} : { AWS_DEFAULT_REGION: region }),
      ...(verifyTls === false ? { S3_VERIFY_SSL: '0' } : {}),
      ...(virtualHostedBucket === undefined ? {} : { S3_USER_VIRTUAL_BUCKET: virtualHostedBucket ? 'true' : 'false' }),
      ...(credentials?.kind === CredentialKind.NONE ? { awsAnonymousCredential: 'true' } : {}),
    });
  }

  /**
   * Google Cloud Storage.
   * @param uri `gs://bucket/path`.
   */
  public static gcs(uri: string, props: StoreSourceProps = {}): ModelSource {
    const checked = checkShape('ModelSource.gcs', STORE, props);
    return ModelSource.store(SourceKind.GCS, uri, /^gs:\/\/[a-z0-9][a-z0-9._-]+\/\S+$/, "'gs://bucket/path'", checked.props, checked.findings);
  }

  /**
   * Azure Blob Storage.
   * @param uri `https://account.blob.core.windows.net/container/path`.
   */
  public static azureBlob(uri: string, props: StoreSourceProps = {}): ModelSource {
    const checked = checkShape('ModelSource.azureBlob', STORE, props);
    return ModelSource.store(SourceKind.AZURE_BLOB, uri, /^https:\/\/[a-z0-9]{3,24}\.blob\.core\.windows\.net\/\S+$/, "'https://account.blob.core.windows.net/container/path'", checked.props, checked.findings);
  }

  /**
   * A repository of the Hugging Face hub.
   * @param repository `organisation/name`.
   */
  public static huggingFace(repository: string, props: HuggingFaceSourceProps = {}): ModelSource {
    const checked = checkShape('ModelSource.huggingFace', HUB, props);
    const findings = checked.findings;
    const name = textOf(repository);
    if (!/^[\w-][\w.-]*\/[\w-][\w.-]*$/.test(name)) {
      findings.push(BAD_URI.found({ what: 'a repository of the hub is not one', got: repository, allowed: "'organisation/name'", fix: 'copy the name from the model card' }));
    }
    const revision = checked.props.revision;
    const pinned = checked.props.immutable ?? (revision !== undefined && /^[0-9a-f]{7,64}$/.test(revision));
    if (!pinned && findings.length === 0) {
      findings.push(MUTABLE.found({ what: `'${name}' is read at ${revision === undefined ? 'its main branch' : `'${revision}'`}, which can move`, got: revision, allowed: 'a commit of 7 to 64 hexadecimal digits', fix: "give 'revision: <commit>', from the repository's history" }));
    }
    const ignore = [...ALWAYS_IGNORED, ...(checked.props.ignore ?? [])];
    const uri = `hf://${name}${revision === undefined ? '' : `:${revision}`}`;
    return new ModelSource({ kind: SourceKind.HUGGING_FACE, uri, pinned, version: revision?.slice(0, 12), credentials: checked.props.credentials, environment: { STORAGE_IGNORE_PATTERNS: JSON.stringify(ignore) } }, findings);
  }

  /**
   * A file on a web server.
   * @param url `https://host/path/model.joblib`.
   */
  public static http(url: string, props: StoreSourceProps = {}): ModelSource {
    const checked = checkShape('ModelSource.http', STORE, props);
    return ModelSource.store(SourceKind.HTTP, url, /^https?:\/\/[^\s\/]+\/\S+$/, "'https://host/path/file'", checked.props, checked.findings);
  }

  /**
   * An OCI image that holds the model's files.
   * @param image `registry/repository@sha256:...`.
   */
  public static oci(image: string, props: OciSourceProps = {}): ModelSource {
    const checked = checkShape('ModelSource.oci', OCI, props);
    const name = textOf(image).replace(/^oci:\/\//, '');
    const digest = /@sha256:([0-9a-f]{64})$/.exec(name)?.[1];
    if (!/^[a-z0-9][\w.\/:-]*(@sha256:[0-9a-f]{64})?$/i.test(name)) {
      checked.findings.push(BAD_URI.found({ what: 'an OCI image has no usable name', got: image, allowed: "'registry/repository@sha256:<64 hexadecimal digits>'", fix: 'name it as `docker pull` would' }));
    } else if (!(checked.props.immutable ?? digest !== undefined)) {
      checked.findings.push(MUTABLE.found({ what: `the image '${name}' is named by a tag, which can move`, allowed: "a digest: '...@sha256:...'", fix: 'name the image by its digest' }));
    }
    return new ModelSource({ kind: SourceKind.OCI, uri: name, pinned: checked.props.immutable ?? digest !== undefined, version: digest?.slice(0, 12), path: checked.props.path ?? '/models', delivery: checked.props.delivery ?? OciDelivery.COPY }, checked.findings);
  }

  /** A PersistentVolumeClaim, mounted read-only; nothing is downloaded. */
  public static pvc(claim: IPersistentVolumeClaim, props: PvcSourceProps = {}): ModelSource {
    const modes = (claim as { accessModes?: PersistentVolumeAccessMode[] } | undefined)?.accessModes ?? [];
    return ModelSource.pvcName(claim?.name, modes.length > 0 && props?.accessMode === undefined ? { ...props, accessMode: widest(modes) } : props);
  }

  /** A PersistentVolumeClaim by its name. */
  public static pvcName(claimName: string, props: PvcSourceProps = {}): ModelSource {
    const checked = checkShape('ModelSource.pvc', PVC, { ...props, claim: claimName });
    const { claim, path, immutable, accessMode } = checked.props;
    const version = path === undefined ? undefined : versionIn(path);
    const uri = `pvc://${claim ?? 'unknown'}${path === undefined ? '' : `/${path}`}`;
    return new ModelSource({
      kind: SourceKind.PVC, uri, pinned: immutable ?? version !== undefined, version, path, claimName: claim,
      singleNode: accessMode !== undefined && ONE_NODE.includes(accessMode),
    }, [...checked.findings, ...mutable(uri, immutable ?? version !== undefined, checked.findings)]);
  }

  /**
   * Inside of the server's image: nothing is downloaded or mounted, and the image's version is the model's.
   * @param path the folder in the image.
   */
  public static inImage(path: string): ModelSource {
    const checked = checkShape('ModelSource.inImage', { path: is.required(named.absolutePath) }, { path });
    return new ModelSource({ kind: SourceKind.IN_IMAGE, uri: `image:${checked.props.path ?? '/'}`, pinned: true, path: checked.props.path ?? '/' }, checked.findings);
  }

  /**
   * Any address, by its scheme: `s3://`, `gs://`, `hf://org/name:revision`, `oci://`, `pvc://claim/path`, `https://`.
   * @param uri the address.
   */
  public static fromUri(uri: string, props: StoreSourceProps = {}): ModelSource {
    const text = textOf(uri);
    const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
    const rest = text.slice((scheme?.length ?? 0) + 3);
    const checked = checkShape('ModelSource.fromUri', STORE, props);
    const { credentials, immutable } = checked.props;
    const also = (source: ModelSource): ModelSource => new ModelSource({ ...source, credentials }, [...checked.findings, ...source.ownFindings]);
    switch (scheme) {
      case 's3': return also(ModelSource.s3(text, checked.props));
      case 'gs': return also(ModelSource.gcs(text, checked.props));
      case 'http': return also(ModelSource.http(text, checked.props));
      case 'https': return also(/^[a-z0-9]+\.blob\.core\.windows\.net\//.test(rest) ? ModelSource.azureBlob(text, checked.props) : ModelSource.http(text, checked.props));
      case 'hf': return also(ModelSource.huggingFace(rest.split(':')[0]!, { revision: rest.split(':')[1], immutable }));
      case 'oci': return also(ModelSource.oci(rest, { immutable }));
      case 'pvc': return also(ModelSource.pvcName(rest.split('/')[0]!, { path: rest.split('/').slice(1).join('/') || undefined, immutable }));
      default:
        return new ModelSource({ kind: SourceKind.HTTP, uri: 'https://unknown/model', pinned: true }, [...checked.findings, UNKNOWN_SCHEME.found({
          what: 'a model address has a scheme that can not be read', got: scheme === undefined ? 'no scheme' : `${scheme}://...`, allowed: 's3, gs, http, https, hf, oci, pvc', fix: 'copy the model to a store of one of these, or bake it into the image',
        })]);
    }
  }

  private static store(kind: SourceKind, uri: string, form: RegExp, allowed: string, props: StoreSourceProps, findings: Finding[], environment: { [name: string]: string } = {}): ModelSource {
    const text = textOf(uri);
    // a token may stand for the user's name alone
    const secret = /^[a-z][a-z0-9+.-]*:\/\/[^\/]*@/i.test(text) || /[?&](sig|X-Amz-Signature|X-Goog-Signature|token)=/i.test(text);
    const version = versionIn(text);
    const pinned = props.immutable ?? version !== undefined;
    if (secret) {
      findings.push(SECRET_IN_PLAIN_TEXT.found({ what: `the address of a model (${kind}) has a password or a signature in it`, fix: "take it out, and give 'credentials'" }));
    } else if (!form.test(text)) {
      findings.push(BAD_URI.found({ what: `the address of a model (${kind}) is not one`, got: uri, allowed, fix: `give ${allowed}` }));
    }
    findings.push(...mutable(text, pinned, findings));
    return new ModelSource({ kind, uri: secret ? `${kind}://hidden` : asFolder(kind, text), pinned, version, credentials: props.credentials, environment }, findings);
  }

  /** @internal */
  public readonly _findings: readonly Finding[];
  /** What kind of place it is. */
  public readonly kind: SourceKind;
  /** The address. */
  public readonly uri: string;
  /** Whether what lies there can't change. */
  public readonly pinned: boolean;
  /** The version that the address names. */
  public readonly version?: string;
  /** How the pods prove who they are. */
  public readonly credentials?: Credentials;
  /** Variables of the downloader for this store; no secrets. */
  public readonly environment: { [name: string]: string };
  /** The folder in an image or volume. */
  public readonly path?: string;
  /** The PersistentVolumeClaim's name. */
  public readonly claimName?: string;
  /** Whether the volume can be mounted on one node only. */
  public readonly singleNode: boolean;
  /** How the files of an OCI image come to the server. */
  public readonly delivery?: OciDelivery;

  /** What is wrong with the address, whatever the credentials. */
  private readonly ownFindings: readonly Finding[];

  private constructor(data: SourceData, findings: readonly Finding[]) {
    this.kind = data.kind;
    this.uri = data.uri;
    this.pinned = data.pinned;
    this.version = data.version;
    this.credentials = data.credentials;
    this.environment = data.environment ?? {};
    this.path = data.path;
    this.claimName = data.claimName;
    this.singleNode = data.singleNode ?? false;
    this.delivery = data.delivery;
    this.ownFindings = findings;
    this._findings = [...findings, ...this.credentialFindings()];
  }

  /** Whether files are brought to the pod before the server starts (not mounted, not in the image). */
  public get downloaded(): boolean {
    return this.kind !== SourceKind.PVC && this.kind !== SourceKind.IN_IMAGE && !(this.kind === SourceKind.OCI && this.delivery === OciDelivery.VOLUME);
  }

  private credentialFindings(): Finding[] {
    const credentials = this.credentials;
    if (credentials === undefined || credentials.kind === CredentialKind.NONE) return [];
    const own = VARIABLES[this.kind];
    if (own === undefined) {
      return [WRONG_CREDENTIAL.found({ what: `a source of kind '${this.kind}' takes no credentials`, got: credentials.kind, allowed: 'none', fix: this.kind === SourceKind.HTTP ? 'use a store that can check who asks, such as S3' : "leave 'credentials' out" })];
    }
    const cloud = credentials.identity?.cloud;
    if (cloud !== undefined && cloud !== own.cloud) {
      return [WRONG_CREDENTIAL.found({ what: `an identity of '${cloud}' does not open a source of kind '${this.kind}'`, got: cloud, allowed: own.cloud ?? "a Secret with 'HF_TOKEN'", fix: 'give the credentials of the store that the model lies in' })];
    }
    const strange = Object.keys(credentials.keys ?? {}).filter((variable) => !own.variables.includes(variable));
    return strange.length === 0 ? [] : [WRONG_CREDENTIAL.found({ what: `a source of kind '${this.kind}' does not read ${strange.join(', ')}`, got: strange, allowed: own.variables.join(', '), fix: 'name the variables that this store reads' })];
  }

  /** @internal Variables by which the downloader gets the credentials of this kind of store. */
  public get _credentialVariables(): string[] {
    return VARIABLES[this.kind]?.variables ?? [];
  }
}

/** An address as text; what is none has no form, and is told. */
function textOf(address: unknown): string {
  return typeof address === 'string' ? address : '';
}

function mutable(uri: string, pinned: boolean, findings: readonly Finding[]): Finding[] {
  return pinned || findings.length > 0 ? [] : [MUTABLE.found({
    what: `nothing in '${uri}' says which version it is`, got: uri, allowed: "a path with a version, such as '.../v7/' or '.../2026-11-01/'",
    fix: "write each version to a path of its own, or say 'immutable: true'",
  })];
}

/**
 * A folder's address, ended by '/'. The downloader matches keys by text: `models/v1` would bring `models/v10` too.
 * Source: kserve-storage 0.20.0, kserve_storage.py, _download_s3 and _download_gcs.
 */
function asFolder(kind: SourceKind, uri: string): string {
  if ((kind !== SourceKind.S3 && kind !== SourceKind.GCS) || uri.endsWith('/')) return uri;
  const last = uri.slice(uri.lastIndexOf('/') + 1);
  const file = /\.[a-z][a-z0-9]{0,9}$/i.test(last) && versionIn(`/${last}`) === undefined;
  return file ? uri : `${uri}/`;
}

/** The last segment of a path that reads as a version: v7, 1.4.2, 2026-11-01, 20261101, a hash. */
function versionIn(uri: string): string | undefined {
  const segments = uri.replace(/^[a-z][a-z0-9+.-]*:\/\/[^\/]*/i, '').split('/').filter((segment) => segment.length > 0);
  return segments.reverse().find((segment) => /^(v\d+([._-]\d+)*|\d+([._-]\d+)*|[0-9a-f]{7,64})$/i.test(segment) && segment.length <= 63);
}

/** The mode that lets most nodes mount. */
function widest(modes: readonly PersistentVolumeAccessMode[]): PersistentVolumeAccessMode {
  const many = modes.find((mode) => MANY_NODES.includes(mode));
  return many ?? modes[0]!;
}

import { Size } from 'cdk8s';
import { Construct } from 'constructs';
import { kebab, named } from '../describe/checks/names';
import { bytesOf, checkShape, is, Shape } from '../describe/checks/shape';
import { ClusterOperator } from '../describe/cluster';
import { CredentialKind } from '../describe/credentials';
import { ILocalModelCache } from '../describe/engine/model-cache';
import { ModelSource, SourceKind } from '../describe/model-source';
import { Finding, ProblemKind } from '../describe/problem';
import { addManifest } from '../manifest/manifest';
import { DOWNLOADED } from '../plan/kserve/storage-container';
import { renderCache } from '../render/kserve/local-model';
import { chartOf } from './chart';
import { ILocalModelNodeGroup } from './local-model-node-group';
import { operatorPlace } from './operator-place';
import { clusterKey } from './service-request';
import { IServingEngine, ServingEngine } from './serving-engine';
import { Synthesis } from './synthesis';

const SWITCHED_OFF = ProblemKind.warning('SERVING_MODEL_CACHE_OFF', 'A cache of models, which KServe has switched off as it is installed',
  "Unless its ConfigMap says `localModel.enabled: true`, nobody acts on the cache: services download as if there were none.");
const SOURCE = ProblemKind.error('SERVING_MODEL_CACHE_SOURCE', 'A source that KServe can not hold on nodes', 'Its Job downloads from stores alone.');
const SETTINGS = ProblemKind.error('SERVING_MODEL_CACHE_SETTINGS', 'A cache whose source needs what a cache can not say', "KServe's Job is given an address and the Secrets of a ServiceAccount, nothing else.");
const TWICE = ProblemKind.error('SERVING_MODEL_CACHE_TWICE', 'Two caches of one model', "KServe's webhook refuses the second of the cluster's; of a namespace's it takes whichever it finds first.");
const TOO_LARGE = ProblemKind.error('SERVING_MODEL_CACHE_SIZE', 'A model that is larger than the nodes may hold', 'KServe would never fetch it.');

/** Properties of a LocalModelCache. */
export interface LocalModelCacheProps {
  /** The model. It can't be changed of a cache that is there: another version is another cache. */
  readonly source: ModelSource;
  /** How much it takes on a node. */
  readonly modelSize: Size;
  /** Nodes that hold it. Services are run on those of the first. */
  readonly nodeGroups: ILocalModelNodeGroup[];
  /**
   * ServiceAccount, in the namespace of KServe's Jobs (`kserve-localmodel-jobs`), whose Secrets open the source.
   * @default - that of the source's `Credentials.workloadIdentity` or `serviceAccount`, else none
   */
  readonly serviceAccountName?: string;
  /**
   * Whether only services of the chart's namespace may use it.
   * @default false
   */
  readonly namespaced?: boolean;
  /**
   * Its name: a DNS label of at most 30 characters. Claims of it are named `<name>-<node group>`.
   * @default - the construct's id in kebab-case
   */
  readonly name?: string;
  /**
   * The engine whose cluster it is in.
   * @default - the nearest, else the fallback
   */
  readonly engine?: IServingEngine;
}

const SHAPE: Shape<LocalModelCacheProps> = {
  source: is.required(is.instance(ModelSource, "ModelSource.huggingFace('org/name', { revision: '...' })")), modelSize: is.required(is.size),
  nodeGroups: is.required(is.list(is.like('a LocalModelNodeGroup', 'groupName', 'storageLimit'), { min: 1 })), serviceAccountName: named.subdomain, namespaced: is.flag,
  name: is.text('a DNS label of at most 30 characters', /^[a-z0-9]([-a-z0-9]{0,28}[a-z0-9])?$/), engine: is.like('a ServingEngine', 'cluster', 'backend', 'defaults'),
};

/** Variables of a source that only say which files are left out: a cache holds them all. */
const HARMLESS = new Set(['STORAGE_IGNORE_PATTERNS']);

/** A model that KServe keeps on the disks of nodes: services whose `modelCache` it is start there without a download. */
export class LocalModelCache extends Construct implements ILocalModelCache {
  public readonly cacheName: string;
  public readonly sourceUri: string;
  public readonly cacheNamespace?: string;
  /** Names of the PersistentVolumeClaims that KServe makes of it where services use it, in the order of the node groups. */
  public readonly claimNames: string[];
  private readonly findings: Finding[];
  /** The cluster, the namespace if it is one's own, and the model: what there may be one cache of. */
  private readonly holds: string;

  public constructor(scope: Construct, id: string, props: LocalModelCacheProps) {
    super(scope, id);
    const { props: given, findings } = checkShape('LocalModelCache', SHAPE, props);
    const { cluster } = ServingEngine._for(this, given.engine);
    const namespaced = given.namespaced ?? false;
    const groups = given.nodeGroups ?? [];
    const { source } = given;
    this.cacheName = given.name ?? kebab(id);
    this.sourceUri = source?.uri ?? '';
    this.cacheNamespace = namespaced ? chartOf(this)?.namespace : undefined;
    this.holds = `${clusterKey(cluster)} ${namespaced ? this.cacheNamespace ?? '' : '*'} ${this.sourceUri.replace(/\/+$/, '')}`;
    this.claimNames = groups.map(({ groupName }) => `${this.cacheName}-${groupName}`);
    this.findings = [
      ...findings, ...(source === undefined ? [] : against(source)), ...operatorPlace(this, cluster, ClusterOperator.KSERVE, namespaced),
      ...groups.filter(({ storageLimit }) => given.modelSize !== undefined && bytesOf(storageLimit) < bytesOf(given.modelSize)).map(({ groupName }) => TOO_LARGE.found({
        what: `the model does not fit on nodes of '${groupName}'`, got: `${Math.ceil(bytesOf(given.modelSize!) / 2 ** 30)} GiB`, fix: "raise the group's 'storageLimit', or take another group",
      })),
      SWITCHED_OFF.found({ what: "KServe acts on caches only where its ConfigMap 'inferenceservice-config' says so", fix: 'set `localModel.enabled: true` there and acknowledge this' }),
    ];
    if (chartOf(this) !== undefined) {
      const object = renderCache({
        name: this.cacheName, uri: this.sourceUri, bytes: given.modelSize === undefined ? 0 : bytesOf(given.modelSize), groups: groups.map(({ groupName }) => groupName), namespaced,
        serviceAccountName: given.serviceAccountName ?? source?.credentials?.serviceAccountName,
      });
      addManifest(this, object.id, object, () => object);
    }
    Synthesis.of(this).join(this);
  }

  /** @internal */
  public _findingsNow(): readonly Finding[] {
    return [...this.findings, ...this.others().map((other) => TWICE.found({ what: `'${other.node.path}' is a cache of the same model`, got: this.sourceUri, fix: 'keep one of them, with the node groups of both' }))];
  }

  /** Those made before it. */
  private others(): LocalModelCache[] {
    const same = this.node.root.node.findAll().filter((one): one is LocalModelCache => one instanceof LocalModelCache && one.holds === this.holds);
    return same.slice(0, same.indexOf(this));
  }
}

function against(source: ModelSource): Finding[] {
  if (!DOWNLOADED.includes(source.kind)) {
    return [SOURCE.found({ what: 'the source of the cache is not downloaded', got: source.kind, allowed: DOWNLOADED.join(', '), fix: source.kind === SourceKind.PVC ? "leave the cache out: services mount the claim as 'ModelSource.pvc'" : 'leave the cache out, or copy the model to a store' })];
  }
  const variables = Object.keys(source.environment).filter((name) => !HARMLESS.has(name));
  if (variables.length > 0) {
    return [SETTINGS.found({ what: `the source is read with ${variables.join(', ')}`, got: source.uri, fix: "give the ServiceAccount's Secret the settings as KServe's annotations of it (`serving.kserve.io/s3-endpoint`), and name the source without them; or make a KServeStorageContainer with 'forCaches'" })];
  }
  const { credentials } = source;
  const kind = credentials?.kind;
  if (kind === CredentialKind.SECRET || kind === CredentialKind.EXTERNAL_SECRET || credentials?.identity !== undefined) {
    return [SETTINGS.found({ what: 'the source has credentials that are made or named in a namespace of services', got: kind, allowed: 'Credentials.workloadIdentity without identity, none', fix: "give 'serviceAccountName' of the Jobs' namespace, whose Secrets open the source" })];
  }
  return [];
}

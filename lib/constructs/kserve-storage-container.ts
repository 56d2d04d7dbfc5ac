import { Size } from 'cdk8s';
import { Construct } from 'constructs';
import { kebab, named } from '../describe/checks/names';
import { checkShape, is, Shape } from '../describe/checks/shape';
import { ClusterOperator } from '../describe/cluster';
import { ModelSource } from '../describe/model-source';
import { Finding } from '../describe/problem';
import { addManifest } from '../manifest/manifest';
import { planStorageContainer } from '../plan/kserve/storage-container';
import { renderStorageContainer } from '../render/kserve/storage-container';
import { chartOf } from './chart';
import { operatorPlace } from './operator-place';
import { IServingEngine, ServingEngine } from './serving-engine';
import { Synthesis } from './synthesis';

/** Properties of a KServeStorageContainer. */
export interface KServeStorageContainerProps {
  /** Where models lie that it fetches: whatever begins with one of these addresses. All of one store, with the same credentials. */
  readonly sources: ModelSource[];
  /**
   * Size of the largest model that it fetches: its memory and disk follow.
   * @default - of the defaults set
   */
  readonly largestModel?: Size;
  /**
   * Whether it fills caches on nodes (`LocalModelCache`), and not pods.
   * @default false
   */
  readonly forCaches?: boolean;
  /**
   * Its name, which InferenceServices give as `predictor.storageContainerName`.
   * @default - the construct's id in kebab-case
   */
  readonly name?: string;
  /**
   * The engine whose cluster (mirrors, digests) and defaults it uses.
   * @default - the nearest, else the fallback defaults
   */
  readonly engine?: IServingEngine;
}

const SHAPE: Shape<KServeStorageContainerProps> = {
  sources: is.required(is.list(is.instance(ModelSource, "ModelSource.s3('s3://models/llm/')"), { min: 1 })), largestModel: is.size, forCaches: is.flag, name: named.subdomain, engine: is.like('a ServingEngine', 'cluster', 'backend', 'defaults'),
};

/**
 * A ClusterStorageContainer: what fetches models for InferenceServices that are written by hand, with memory, disk, credentials and security context for
 * them. KServe's own has 1 GiB of memory whatever the model. Services of this library bring a container of their own, and need none.
 *
 * Where several would do, KServe takes any: InferenceServices name it.
 */
export class KServeStorageContainer extends Construct {
  /** Its name. */
  public readonly name: string;
  private readonly findings: Finding[];

  public constructor(scope: Construct, id: string, props: KServeStorageContainerProps) {
    super(scope, id);
    const { props: given, findings } = checkShape('KServeStorageContainer', SHAPE, props);
    const { cluster, defaults } = ServingEngine._for(this, given.engine);
    this.name = given.name ?? kebab(id);
    const sources = given.sources ?? [];
    const planned = planStorageContainer({ sources, largestModel: given.largestModel, cluster, defaults: defaults._set });
    // that an address has no version is right here: many models begin with it
    this.findings = [...findings.filter(({ code }) => code !== 'SERVING_SOURCE_MUTABLE'), ...planned.findings, ...operatorPlace(this, cluster, ClusterOperator.KSERVE, false)];
    if (chartOf(this) !== undefined && planned.container !== undefined) {
      const object = renderStorageContainer(this.name, [...new Set(sources.map(({ uri }) => uri))], planned.container, given.forCaches ?? false);
      addManifest(this, object.id, object, () => object);
    }
    Synthesis.of(this).join(this);
  }

  /** @internal */
  public _findingsNow(): readonly Finding[] {
    return this.findings;
  }
}

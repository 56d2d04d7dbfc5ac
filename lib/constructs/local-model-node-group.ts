import { Size } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { kebab, named } from '../describe/checks/names';
import { bytesOf, checkShape, is, Shape } from '../describe/checks/shape';
import { ClusterOperator } from '../describe/cluster';
import { LABEL_KEY, LABEL_VALUE } from '../describe/checks/names';
import { Finding } from '../describe/problem';
import { addManifest } from '../manifest/manifest';
import { renderNodeGroup } from '../render/kserve/local-model';
import { chartOf } from './chart';
import { operatorPlace } from './operator-place';
import { IServingEngine, ServingEngine } from './serving-engine';
import { Synthesis } from './synthesis';

/** Nodes that hold models on their disks, as caches refer to them. */
export interface ILocalModelNodeGroup extends IConstruct {
  /** Its name. */
  readonly groupName: string;
  /** The most that all models together may take on a node. */
  readonly storageLimit: Size;
}

/** Properties of a LocalModelNodeGroup. */
export interface LocalModelNodeGroupProps {
  /** The most that all models together may take on a node. */
  readonly storageLimit: Size;
  /** Labels that the nodes have, all of them. */
  readonly nodeLabels: { [label: string]: string };
  /**
   * Folder of the nodes' disks. It must be the one that KServe's agent on the nodes mounts, or models are fetched again and again.
   * @default /mnt/models, that of KServe's Helm chart (its Kustomize files have /models)
   */
  readonly path?: string;
  /**
   * Class of the volumes, which must be one without a provisioner.
   * @default local-storage
   */
  readonly storageClass?: string;
  /**
   * Its name: a DNS label of at most 30 characters.
   * @default - the construct's id in kebab-case
   */
  readonly name?: string;
  /**
   * The engine whose cluster it is in.
   * @default - the nearest, else the fallback
   */
  readonly engine?: IServingEngine;
}

const SHAPE: Shape<LocalModelNodeGroupProps> = {
  storageLimit: is.required(is.size), nodeLabels: is.required(is.map(is.text('a label value', LABEL_VALUE), { pattern: LABEL_KEY, allowed: 'a label key' }, 1)), path: named.absolutePath, storageClass: named.subdomain,
  name: is.text('a DNS label of at most 30 characters', /^[a-z0-9]([-a-z0-9]{0,28}[a-z0-9])?$/), engine: is.like('a ServingEngine', 'cluster', 'backend', 'defaults'),
};

/**
 * Nodes whose disks hold models for KServe, so that services there start without a download.
 *
 * KServe fetches with a Job a node, which tolerates no taint: nodes that are kept for GPUs by one never get the model.
 */
export class LocalModelNodeGroup extends Construct implements ILocalModelNodeGroup {
  public readonly groupName: string;
  public readonly storageLimit: Size;
  private readonly findings: Finding[];

  public constructor(scope: Construct, id: string, props: LocalModelNodeGroupProps) {
    super(scope, id);
    const { props: given, findings } = checkShape('LocalModelNodeGroup', SHAPE, props);
    const { cluster } = ServingEngine._for(this, given.engine);
    this.groupName = given.name ?? kebab(id);
    this.storageLimit = given.storageLimit ?? Size.gibibytes(1);
    this.findings = [...findings, ...operatorPlace(this, cluster, ClusterOperator.KSERVE, false)];
    if (chartOf(this) !== undefined) {
      const object = renderNodeGroup({ name: this.groupName, limitBytes: bytesOf(this.storageLimit), path: given.path ?? '/mnt/models', storageClass: given.storageClass ?? 'local-storage', nodeLabels: given.nodeLabels ?? {} });
      addManifest(this, object.id, object, () => object);
    }
    Synthesis.of(this).join(this);
  }

  /** @internal */
  public _findingsNow(): readonly Finding[] {
    return this.findings;
  }
}

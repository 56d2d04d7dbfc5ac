import { Duration, Size } from 'cdk8s';
import { Construct } from 'constructs';
import { Accelerator } from '../describe/accelerator';
import { checkShape, is, Shape } from '../describe/checks/shape';
import { ClusterOperator } from '../describe/cluster';
import { ModelFormat } from '../describe/model-format';
import { Finding, Severity } from '../describe/problem';
import { InferenceServer } from '../describe/server/catalogue';
import { ServerDefinition } from '../describe/server/server-definition';
import { addManifest } from '../manifest/manifest';
import { PlannedRuntime, planRuntimes } from '../plan/kserve/runtimes';
import { renderRuntimes } from '../render/kserve/runtimes';
import { chartOf } from './chart';
import { operatorPlace } from './operator-place';
import { IServingEngine, ServingEngine } from './serving-engine';
import { Synthesis } from './synthesis';

/** Properties of KServeRuntimes. */
export interface KServeRuntimesProps {
  /**
   * Servers to make runtimes of.
   * @default - all of the catalogue that need nothing to be said of them
   */
  readonly servers?: ServerDefinition[];
  /**
   * Whether they are ServingRuntimes of the chart's namespace; else they are ClusterServingRuntimes, for all namespaces.
   * @default false
   */
  readonly namespaced?: boolean;
  /**
   * Beginning of their names. KServe treats runtimes of its own names (`kserve-mlserver`) in a way of its own, so `kserve-` is not taken.
   * @default serving-
   */
  readonly prefix?: string;
  /**
   * Device of runtimes for servers that can use it; services ask for more by `model.resources`.
   * @default Accelerator.nvidiaAny()
   */
  readonly accelerator?: Accelerator;
  /**
   * Whether KServe may pick them for services that name no runtime. Services that are there already may then get another server than they had.
   * @default false
   */
  readonly autoSelect?: boolean;
  /**
   * Rank among runtimes that KServe picks by itself; its own have 1 to 3, and no two may be equal.
   * @default 10
   */
  readonly priority?: number;
  /**
   * Size of models that memory, disk and probes are planned for; a service's own resources and probes take their place.
   * @default - of the defaults set
   */
  readonly modelSize?: Size;
  /**
   * How long a server takes to load such a model.
   * @default - by the model's size
   */
  readonly loadTime?: Duration;
  /**
   * The engine whose cluster (mirrors, digests, pull Secrets) and defaults they use.
   * @default - the nearest, else the fallback defaults
   */
  readonly engine?: IServingEngine;
}

const SHAPE: Shape<KServeRuntimesProps> = {
  servers: is.list(is.instance(ServerDefinition, 'InferenceServer.mlserver()'), { min: 1 }), namespaced: is.flag,
  prefix: is.text("lower-case letters, digits and '-', at most 30, beginning with a letter, and not 'kserve-'", /^(?!kserve-)[a-z][-a-z0-9]{0,29}$/), accelerator: is.instance(Accelerator, "Accelerator.nvidia('L4')"),
  autoSelect: is.flag, priority: is.integer(1, 1_000_000), modelSize: is.size, loadTime: is.duration(1, 86_400), engine: is.like('a ServingEngine', 'cluster', 'backend', 'defaults'),
};

/**
 * KServe's serving runtimes for the servers of the catalogue: InferenceServices that are written by hand name them as `model.runtime`, and get the ports,
 * probes, metrics, drain and security context that a service of this library has.
 */
export class KServeRuntimes extends Construct {
  private readonly findings: Finding[];
  private readonly planned: readonly PlannedRuntime[];

  public constructor(scope: Construct, id: string, props: KServeRuntimesProps = {}) {
    super(scope, id);
    const { props: given, findings } = checkShape('KServeRuntimes', SHAPE, props);
    const { cluster, defaults } = ServingEngine._for(this, given.engine);
    const { runtimes, findings: found } = planRuntimes({
      servers: given.servers ?? InferenceServer.all(), named: given.servers !== undefined, accelerator: given.accelerator ?? Accelerator.nvidiaAny(), prefix: given.prefix ?? 'serving-',
      cluster, defaults: defaults._set, model: { size: given.modelSize, loadTime: given.loadTime },
    });
    this.findings = [...findings, ...found, ...operatorPlace(this, cluster, ClusterOperator.KSERVE, given.namespaced ?? false)];
    this.planned = runtimes;
    if (chartOf(this) !== undefined && !this.findings.some(({ severity }) => severity === Severity.ERROR)) {
      const objects = renderRuntimes(runtimes, { namespaced: given.namespaced ?? false, priority: given.autoSelect === true ? given.priority ?? 10 : undefined, imagePullSecrets: cluster.imagePullSecrets });
      for (const object of objects) addManifest(this, object.id, object, () => object);
    }
    Synthesis.of(this).join(this);
  }

  /** Names of all runtimes. */
  public get names(): string[] {
    return this.planned.map(({ name }) => name);
  }

  /**
   * Names of the runtimes for a format, the one that would be picked first at the head.
   * @param format of the model.
   */
  public namesFor(format: ModelFormat): string[] {
    return this.planned.filter(({ formats }) => formats.includes(format.name)).map(({ name }) => name);
  }

  /** @internal */
  public _findingsNow(): readonly Finding[] {
    return this.findings;
  }
}

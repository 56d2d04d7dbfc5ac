import { Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { Accelerator } from '../describe/accelerator';
import { kebab, named } from '../describe/checks/names';
import { bytesOf, checkShape, is, Shape } from '../describe/checks/shape';
import { ClusterOperator } from '../describe/cluster';
import { SELDON_V2_VERSIONS } from '../describe/engine/seldon-core-v2';
import { Finding, Severity } from '../describe/problem';
import { InferenceServer } from '../describe/server';
import { ServerDefinition } from '../describe/server/server-definition';
import { addManifest } from '../manifest/manifest';
import { mebibytes } from '../plan/json';
import { planServerConfig } from '../plan/seldon/server-config';
import { renderServerConfig } from '../render/seldon-v2/server-config';
import { chartOf } from './chart';
import { operatorPlace } from './operator-place';
import { IServingEngine, ServingEngine } from './serving-engine';
import { Synthesis } from './synthesis';

/** Properties of a SeldonServerConfig. */
export interface SeldonServerConfigProps {
  /**
   * MLServer or Triton, with what its props say of it: also what a Server can't say of itself, such as Triton's arguments.
   * @default InferenceServer.mlserver()
   */
  readonly server?: ServerDefinition;
  /**
   * What models may require of servers that are made from it.
   * @default - those of Seldon's own: the formats that the server reads
   */
  readonly capabilities?: string[];
  /**
   * Memory of the server: the room that the scheduler fills with models.
   * @default Size.gibibytes(2)
   */
  readonly memory?: Size;
  /**
   * CPU of the server.
   * @default - of the defaults set
   */
  readonly cpu?: Cpu;
  /**
   * Devices of each copy.
   * @default - CPU alone
   */
  readonly accelerator?: Accelerator;
  /**
   * By how many percent of the memory models may together exceed it: those that nobody asks are put out of it.
   * @default 10
   */
  readonly overcommitPercent?: number;
  /**
   * Volume of each copy for all models that are loaded into it.
   * @default Size.gibibytes(1), as Seldon's own
   */
  readonly modelVolume?: Size;
  /**
   * StorageClass of that volume.
   * @default - the cluster's default
   */
  readonly storageClass?: string;
  /**
   * Version of Seldon Core whose agent runs beside the server, `major.minor`.
   * @default 2.10
   */
  readonly version?: string;
  /**
   * Its name, which `SeldonServers.dedicated` and Servers give.
   * @default - the construct's id in kebab-case
   */
  readonly name?: string;
  /**
   * The engine whose cluster (mirrors, digests, pull Secrets, pools) and defaults it uses.
   * @default - the nearest, else the fallback defaults
   */
  readonly engine?: IServingEngine;
}

/** Releases of Seldon's own images, by the version. Source: https://github.com/SeldonIO/seldon-core/tags */
const RELEASES: { readonly [version: string]: string } = { '2.9': '2.9.1', '2.10': '2.10.2' };

const SHAPE: Shape<SeldonServerConfigProps> = {
  server: is.instance(ServerDefinition, 'InferenceServer.triton()'), capabilities: is.list(is.text("letters, digits, '-', '_' and '.', such as 'onnx'", /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/), { min: 1 }),
  memory: is.size, cpu: is.cpu, accelerator: is.instance(Accelerator, "Accelerator.nvidia('L4')"), overcommitPercent: is.integer(0, 1000), modelVolume: is.size, storageClass: named.subdomain,
  version: is.oneOf(SELDON_V2_VERSIONS), name: named.subdomain, engine: is.like('a ServingEngine', 'cluster', 'backend', 'defaults'),
};

/**
 * A `ServerConfig` of Seldon Core v2: the pods of all Servers that name it. It lies in the namespace of Seldon's operator, which looks for it there alone:
 * give its chart that namespace. Seldon's charts install two, `mlserver` and `triton`; one of your own has the server's version, arguments, memory,
 * devices and volume that those don't.
 *
 * Containers talk to Seldon's control plane in plain text: where that has TLS, Seldon's own are needed.
 */
export class SeldonServerConfig extends Construct {
  /** Its name. */
  public readonly name: string;
  private readonly findings: Finding[];

  public constructor(scope: Construct, id: string, props: SeldonServerConfigProps = {}) {
    super(scope, id);
    const { props: given, findings } = checkShape('SeldonServerConfig', SHAPE, props);
    const { cluster, defaults } = ServingEngine._for(this, given.engine);
    const { server = InferenceServer.mlserver(), memory = Size.gibibytes(2), modelVolume = Size.gibibytes(1) } = given;
    this.name = given.name ?? kebab(id);
    const planned = planServerConfig({ name: this.name, server, capabilities: given.capabilities, accelerator: given.accelerator, cpu: given.cpu?.amount, memory, cluster, defaults: defaults._set });
    this.findings = [...findings, ...server._findings, ...planned.findings, ...operatorPlace(this, cluster, ClusterOperator.SELDON_CORE_V2, true)];
    if (chartOf(this) !== undefined && planned.config !== undefined && !this.findings.some(({ severity }) => severity === Severity.ERROR)) {
      const release = RELEASES[given.version ?? '2.10']!;
      const object = renderServerConfig(planned.config, {
        name: this.name, agentImage: cluster.image(`docker.io/seldonio/seldon-agent:${release}`), rcloneImage: cluster.image(`docker.io/seldonio/seldon-rclone:${release}`),
        overcommitPercent: given.overcommitPercent ?? 10, modelVolume: mebibytes(bytesOf(modelVolume)), storageClass: given.storageClass,
      });
      addManifest(this, object.id, object, () => object);
    }
    Synthesis.of(this).join(this);
  }

  /** @internal */
  public _findingsNow(): readonly Finding[] {
    return this.findings;
  }
}

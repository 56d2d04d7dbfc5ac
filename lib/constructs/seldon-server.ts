import { Construct } from 'constructs';
import { kebab, named } from '../describe/checks/names';
import { checkShape, is, Shape } from '../describe/checks/shape';
import { ClusterOperator } from '../describe/cluster';
import { Finding, ProblemKind } from '../describe/problem';
import { addManifest } from '../manifest/manifest';
import { renderSharedServer } from '../render/seldon-v2/shared-server';
import { chartOf } from './chart';
import { operatorPlace } from './operator-place';
import { IServingEngine, ServingEngine } from './serving-engine';
import { Synthesis } from './synthesis';

const COPIES = ProblemKind.error('SERVING_SELDON_SERVER_COPIES', "Copies of Seldon's server outside of their bounds", 'The API server or the scheduler would refuse them.');
const ONE = ProblemKind.warning('SERVING_SELDON_SERVER_ONE_COPY', 'One copy of a server that many models share', 'While its pod moves to another node, none of its models answers.');

/** Properties of a SeldonServer. */
export interface SeldonServerProps {
  /**
   * Name of the ServerConfig that its pods are made from: `mlserver`, `triton`, or that of a `SeldonServerConfig`.
   * @default mlserver
   */
  readonly serverConfig?: string;
  /**
   * Pods. No model can have more copies than its server.
   * @default 2
   */
  readonly replicas?: number;
  /**
   * The least that it shrinks to, where the runtime has `serverAutoscaling`.
   * @default - it keeps its copies
   */
  readonly minReplicas?: number;
  /**
   * The most that it grows to, where the runtime has `serverAutoscaling`.
   * @default - it keeps its copies
   */
  readonly maxReplicas?: number;
  /**
   * What models may require of it besides what its ServerConfig says.
   * @default - nothing
   */
  readonly extraCapabilities?: string[];
  /**
   * Its name, which `SeldonServers.shared` gives.
   * @default - the construct's id in kebab-case
   */
  readonly name?: string;
  /**
   * The engine whose cluster it is in.
   * @default - the nearest, else the fallback
   */
  readonly engine?: IServingEngine;
}

const NUMBER = is.integer(1, 1000);
const SHAPE: Shape<SeldonServerProps> = {
  serverConfig: named.subdomain, replicas: NUMBER, minReplicas: NUMBER, maxReplicas: NUMBER,
  extraCapabilities: is.list(is.text("letters, digits, '-', '_' and '.', such as 'fraud'", /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/), { min: 1 }), name: named.label, engine: is.like('a ServingEngine', 'cluster', 'backend', 'defaults'),
};

/**
 * A `Server` of Seldon Core v2 that the models of many services share: pods of one ServerConfig, in the chart's namespace, with a disruption budget beside it.
 * A service that is to have a server to itself needs none: `SeldonServers.dedicated()` makes it.
 */
export class SeldonServer extends Construct {
  /** Its name. */
  public readonly name: string;
  private readonly findings: Finding[];

  public constructor(scope: Construct, id: string, props: SeldonServerProps = {}) {
    super(scope, id);
    const { props: given, findings } = checkShape('SeldonServer', SHAPE, props);
    const { cluster } = ServingEngine._for(this, given.engine);
    const { replicas = Math.max(2, given.minReplicas ?? 0), minReplicas, maxReplicas } = given;
    this.name = given.name ?? kebab(id);
    const least = minReplicas ?? replicas;
    this.findings = [
      ...findings, ...operatorPlace(this, cluster, ClusterOperator.SELDON_CORE_V2, true),
      ...(least > replicas || replicas > (maxReplicas ?? replicas) ? [COPIES.found({ what: `the server '${this.name}' starts with ${replicas} copies, and may have ${least} to ${maxReplicas ?? replicas}`, got: replicas, allowed: 'minReplicas <= replicas <= maxReplicas', fix: "change 'replicas' or its bounds" })] : []),
      ...(least === 1 ? [ONE.found({ what: `the server '${this.name}' may have one copy`, got: 1, allowed: '2 or more', fix: "raise 'replicas' and 'minReplicas', or acknowledge it: a cluster to try things" })] : []),
    ];
    if (chartOf(this) !== undefined) {
      const objects = renderSharedServer({ name: this.name, serverConfig: given.serverConfig ?? 'mlserver', extraCapabilities: given.extraCapabilities, replicas, min: minReplicas, max: maxReplicas });
      for (const object of objects) addManifest(this, object.id, object, () => object);
    }
    Synthesis.of(this).join(this);
  }

  /** @internal */
  public _findingsNow(): readonly Finding[] {
    return this.findings;
  }
}

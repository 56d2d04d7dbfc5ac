import { Construct, IConstruct } from 'constructs';
import { Accelerator } from '../describe/accelerator';
import { checkShape, is, Shape } from '../describe/checks/shape';
import { Cluster } from '../describe/cluster';
import { Model } from '../describe/model';
import { Finding, ProblemKind } from '../describe/problem';
import { InferenceServer } from '../describe/server/catalogue';
import { ServerDefinition } from '../describe/server/server-definition';
import { InferenceProtocol } from '../describe/server/server-facts';
import { Team } from '../describe/team';
import { Defaults } from '../plan/defaults/defaults';
import { selectServer } from '../plan/select-server';
import { EngineBackend } from './engine-backend';
import { EngineExplanation, Explained } from './engine-explanation';
import { EngineValues } from './engine-values';
import type { IMonitoringStack } from './monitoring-stack';
import { nearest } from './nearest';
import { ServerSelection } from './server-selection';
import { Synthesis } from './synthesis';

const TWO_ENGINES = ProblemKind.error('SERVING_TWO_ENGINES', 'Two engines in one scope', 'Which of them is nearest would depend on their order.');

/** Properties of a ServingEngine. */
export interface ServingEngineProps {
  /**
   * The cluster.
   * @default - Kubernetes 1.30, and nothing else known of it
   */
  readonly cluster?: Cluster;
  /**
   * What runs the services.
   * @default EngineBackend.kubernetes()
   */
  readonly backend?: EngineBackend;
  /**
   * Published set of images, versions and numbers.
   * @default - the set named by `Defaults.FALLBACK`, fixed until the library's next major version
   */
  readonly defaults?: Defaults;
  /**
   * Owner of services that name none.
   * @default - none
   */
  readonly owner?: Team;
  /**
   * The stack that watches its services.
   * @default - the one nearest to each service
   */
  readonly monitoring?: IMonitoringStack;
  /**
   * Servers of your own; they are asked before those of the catalogue.
   * @default - the catalogue alone
   */
  readonly servers?: ServerDefinition[];
}

/** An engine, as services refer to it. */
export interface IServingEngine extends IConstruct {
  /** The cluster. */
  readonly cluster: Cluster;
  /** What runs the services. */
  readonly backend: EngineBackend;
  /** Published set of images, versions and numbers. */
  readonly defaults: Defaults;
  /** Owner of services that name none. */
  readonly owner?: Team;
  /** The stack that watches its services. */
  readonly monitoring?: IMonitoringStack;
  /** All servers that can be picked, in order of preference. */
  readonly servers: ServerDefinition[];
}

/** What a server is to be picked for. */
export interface SelectServerOptions {
  /**
   * Devices of a copy.
   * @default - CPU alone
   */
  readonly accelerator?: Accelerator;
  /**
   * What clients speak.
   * @default - whatever the server speaks best
   */
  readonly protocol?: InferenceProtocol;
}

const SHAPE: Shape<ServingEngineProps> = {
  cluster: is.instance(Cluster, "Cluster.of({ version: '1.34' })"), backend: is.instance(EngineBackend, 'EngineBackend.kubernetes()'), defaults: is.instance(Defaults, "Defaults.of('2026.11')"),
  owner: is.instance(Team, "Team.of('risk')"), servers: is.list(is.instance(ServerDefinition)), monitoring: is.like('a MonitoringStack', 'metrics', 'metricsUrl', '_watch'),
};

const MOVE: Shape<{ readonly movingTo?: EngineBackend }> = { movingTo: is.instance(EngineBackend, 'EngineBackend.kserve()') };

/** Made once: its values never change, and every service would make the whole catalogue anew. */
let fallback: EngineValues | undefined;

/**
 * Decides for the services below its scope which server, which defaults and which backend they get.
 *
 * Services find the nearest engine by themselves; it has to be made before them.
 */
export class ServingEngine extends Construct implements IServingEngine {
  /**
   * The nearest engine: in the scope itself, or in one above it.
   * @param scope where a service is.
   * @returns undefined where there is none; services then run on plain Kubernetes with the fallback defaults.
   */
  public static of(scope: IConstruct): IServingEngine | undefined {
    return nearest(scope, (construct) => construct instanceof ServingEngine);
  }

  /** @internal What services without any engine get. */
  public static _fallback(): EngineValues {
    return fallback ??= { cluster: Cluster.of(), backend: EngineBackend.kubernetes(), defaults: Defaults.of(Defaults.FALLBACK), servers: InferenceServer.all() };
  }

  /** @internal What decides for a construct: the engine that was handed over, else the nearest, else what services without any get. */
  public static _for(scope: IConstruct, given: IServingEngine | undefined): EngineValues {
    return given ?? ServingEngine.of(scope) ?? ServingEngine._fallback();
  }

  public readonly cluster: Cluster;
  public readonly backend: EngineBackend;
  public readonly defaults: Defaults;
  public readonly owner?: Team;
  public readonly monitoring?: IMonitoringStack;
  public readonly servers: ServerDefinition[];
  private readonly findings: Finding[];

  public constructor(scope: Construct, id: string, props: ServingEngineProps = {}) {
    super(scope, id);
    const checked = checkShape('ServingEngine', SHAPE, props);
    const fallback = ServingEngine._fallback();
    this.cluster = checked.props.cluster ?? fallback.cluster;
    this.backend = checked.props.backend ?? fallback.backend;
    this.defaults = checked.props.defaults ?? fallback.defaults;
    this.owner = checked.props.owner;
    this.monitoring = checked.props.monitoring;
    this.servers = [...(checked.props.servers ?? []), ...fallback.servers];
    this.findings = checked.findings;
    const siblings = scope.node.children.filter((child) => child !== this && child instanceof ServingEngine);
    if (siblings.length > 0) {
      this.findings.push(TWO_ENGINES.found({ what: `'${siblings[0]!.node.path}' is an engine in the same scope`, got: this.node.path, fix: 'put the engines into scopes (charts) of their own' }));
    }
    Synthesis.of(this).join(this);
  }

  /** Which server a model would get, and why. */
  public selectServer(model: Model, options: SelectServerOptions = {}): ServerSelection {
    return ServerSelection._of(selectServer({ format: model.format, accelerator: options.accelerator, protocol: options.protocol, engine: this.backend._backend.engine }, this.servers));
  }

  /**
   * What the engine means for its services: what clients ask, which objects there are, and what is done beside the engine's own resources.
   * @param movingTo another engine: then what a move to it changes for clients, what comes and goes, and what stands against it.
   */
  public explain(movingTo?: EngineBackend): EngineExplanation {
    const services = this.node.root.node.findAll().filter((one): one is Explained & Construct => '_onEngine' in one && (one as { engine?: unknown }).engine === this);
    const { props, findings } = checkShape('ServingEngine.explain', MOVE, { movingTo });
    return EngineExplanation._of(this.backend, services, props.movingTo, findings);
  }

  /** @internal */
  public _findingsNow(): readonly Finding[] {
    return this.findings;
  }
}

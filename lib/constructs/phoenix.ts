import { Duration, Size } from 'cdk8s';
import type { INetworkPolicyPeer } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { kebab, named } from '../describe/checks/names';
import { bytesOf, checkShape, is, secondsOf, Shape } from '../describe/checks/shape';
import { IPhoenix, PhoenixStorage } from '../describe/monitoring/phoenix';
import { Finding, ProblemKind } from '../describe/problem';
import { addManifest } from '../manifest/manifest';
import { Json } from '../plan/service-plan';
import { RenderedObject } from '../render/ports';
import { PHOENIX_METRICS_PORT, phoenixLabels, phoenixObjects, phoenixSelector, PlannedPhoenix } from '../watch/traces/phoenix-objects';
import { chartOf } from './chart';
import { DecidedBy, decidedBy, lateEngine, lateStack } from './decided-by';
import { isPeer, noPeer, peerJson } from './edges';
import { MonitoringStack } from './monitoring-stack';
import { IServingEngine, ServingEngine } from './serving-engine';
import { Synthesis } from './synthesis';

const NO_CHART = ProblemKind.error('SERVING_PHOENIX_OUTSIDE_OF_CHART', 'A Phoenix outside of any chart with a namespace', 'Its objects are written by a chart, and services must know where it is.');
const NOT_A_PEER = ProblemKind.error('SERVING_PHOENIX_GRANT_PEER', 'A grant of a Phoenix to something that is no peer', 'Nobody would be let in.');
const COPIES = ProblemKind.error('SERVING_PHOENIX_COPIES', 'Several copies of a Phoenix, each with a disk of its own', 'Each would show a part of the traces, by chance.');
const OPEN = ProblemKind.warning('SERVING_PHOENIX_OPEN', 'A Phoenix that asks nobody who they are', 'Whoever reaches its port reads all traces, and deletes them; Triton, which sends to that port, has to reach it.');

/** Properties of a Phoenix. */
export interface PhoenixProps {
  /** Where it keeps traces. */
  readonly storage: PhoenixStorage;
  /**
   * Copies. More than one needs `PhoenixStorage.postgres`.
   * @default 1
   */
  readonly copies?: number;
  /**
   * How long traces are kept, in whole days. Phoenix reads it at its first start; later it is changed on its pages.
   * @default Duration.days(30)
   */
  readonly retention?: Duration;
  /**
   * Secret, in its namespace, with which it asks for a name or a key. Keys: `PHOENIX_SECRET` (at least 32 characters with a digit and a lower-case letter),
   * `PHOENIX_DEFAULT_ADMIN_INITIAL_PASSWORD` (of `admin@localhost`), and where wanted `PHOENIX_ADMIN_SECRET`, a key to send spans with from the first day on.
   * @default - it asks nobody
   */
  readonly authSecretName?: string;
  /**
   * Memory of a copy. Half of it may be spans that wait to be written.
   * @default Size.gibibytes(2)
   */
  readonly memory?: Size;
  /**
   * Its image, which runs as user 65532: a `nonroot` variant.
   * @default - that of the engine's defaults
   */
  readonly image?: string;
  /**
   * Name of its objects: a DNS label of at most 40 characters.
   * @default - the construct's id in kebab-case
   */
  readonly name?: string;
  /**
   * The engine whose cluster, defaults and monitoring stack it uses.
   * @default - the nearest, else the fallback defaults
   */
  readonly engine?: IServingEngine;
}

const SHAPE: Shape<PhoenixProps> = {
  storage: is.required(is.instance(PhoenixStorage, 'PhoenixStorage.volume({ size: Size.gibibytes(20) })')), copies: is.integer(1, 20), retention: is.duration(86_400, 3650 * 86_400), authSecretName: named.subdomain, memory: is.size,
  image: is.text('the name of an image', /^[a-z0-9][\w.\-:/@]*$/), name: is.text('a DNS label of at most 40 characters', /^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$/), engine: is.like('a ServingEngine', 'cluster', 'backend', 'defaults'),
};

/**
 * Arize Phoenix: takes traces by OpenTelemetry, keeps and shows them. Services whose `tracing` names it are let in by its NetworkPolicy, to the port that
 * their server sends to; who looks at its pages is let in by `grantUse`.
 *
 * Phoenix is licensed under the Elastic License 2.0, not under an open-source one: it may be run for one's own use, and not be offered to others as a service.
 */
export class Phoenix extends Construct implements IPhoenix {
  public readonly host: string;
  public readonly asksForKey: boolean;
  /** Name of its objects. */
  public readonly name: string;
  private readonly findings: Finding[];
  private readonly given: DecidedBy;
  private readonly found: DecidedBy;
  private readonly planned: PlannedPhoenix;
  private readonly senders: { [key: string]: Json }[] = [];
  private readonly users: { [key: string]: Json }[] = [];
  private objects: RenderedObject[] = [];

  public constructor(scope: Construct, id: string, props: PhoenixProps) {
    super(scope, id);
    const { props: given, findings } = checkShape('Phoenix', SHAPE, props);
    this.findings = findings;
    const namespace = chartOf(this)?.namespace;
    if (namespace === undefined) findings.push(NO_CHART.found({ what: 'the Phoenix is in no chart with a namespace', got: this.node.path, fix: "give the chart a 'namespace', and make the Phoenix in it" }));
    this.name = given.name ?? kebab(id);
    this.given = { engine: given.engine };
    this.found = decidedBy(this, this.given);
    const { cluster, defaults } = this.found.engine ?? ServingEngine._fallback();
    this.host = `${this.name}.${namespace ?? 'unknown'}.svc.${cluster.domain}`;
    this.asksForKey = given.authSecretName !== undefined;
    if (!this.asksForKey) findings.push(OPEN.found({ what: "the Phoenix has no 'authSecretName'", fix: 'give it, or acknowledge that its NetworkPolicy is enough' }));
    const { _volume: volume, _postgres: postgres } = given.storage ?? PhoenixStorage.volume({ size: Size.gibibytes(1) });
    const copies = given.copies ?? 1;
    if (copies > 1 && postgres === undefined && given.storage !== undefined) findings.push(COPIES.found({ what: `${copies} copies with PhoenixStorage.volume`, got: copies, allowed: '1', fix: "give 'PhoenixStorage.postgres', which they share" }));
    this.planned = {
      name: this.name, image: cluster.image(given.image ?? defaults._set.phoenixImage), imagePullSecrets: cluster.imagePullSecrets, copies, senders: this.senders, users: this.users,
      keptDays: Math.ceil((given.retention === undefined ? 30 * 86_400 : secondsOf(given.retention)) / 86_400), memoryBytes: given.memory === undefined ? 2 ** 31 : bytesOf(given.memory), authSecretName: given.authSecretName,
      ...(postgres === undefined ? { volume: { bytes: volume.size === undefined ? 2 ** 30 : bytesOf(volume.size), storageClass: volume.storageClass } } : { postgres: { name: postgres.secretName ?? 'unknown', key: postgres.key ?? 'uri' } }),
    };
    const scrape = namespace === undefined ? [] : (this.found.monitoring as MonitoringStack | undefined)?._scrape(namespace, {
      id: 'Scrape', name: this.name, labels: phoenixLabels(this.name), pods: phoenixSelector(this.name), port: PHOENIX_METRICS_PORT, path: '/metrics', seconds: cluster.scrapeSeconds, fromPodLabels: {},
    }) ?? [];
    this.objects = phoenixObjects(this.planned);
    if (chartOf(this) !== undefined) {
      for (const object of [...this.objects, ...scrape]) addManifest(this, object.id, object, () => this.objects.find((one) => one.id === object.id) ?? object);
    }
    Synthesis.of(this).join(this);
  }

  /**
   * Lets a peer send spans by gRPC: programs beside the services, which let themselves in.
   * @param peer pods, namespaces or addresses, as cdk8s-plus knows them.
   */
  public grantSend(peer: INetworkPolicyPeer): void {
    this.grant('grantSend', this.senders, peer);
  }

  /**
   * Lets a peer reach the pages, the API and OTLP over HTTP: a gateway, people's addresses.
   * @param peer pods, namespaces or addresses, as cdk8s-plus knows them.
   */
  public grantUse(peer: INetworkPolicyPeer): void {
    this.grant('grantUse', this.users, peer);
  }

  /** @internal */
  public _findingsNow(): readonly Finding[] {
    return [...this.findings, ...lateEngine(this, 'this Phoenix', this.given, this.found), ...lateStack(this, 'this Phoenix', this.given, this.found)];
  }

  private grant(what: string, to: { [key: string]: Json }[], peer: INetworkPolicyPeer): void {
    if (!isPeer(peer)) {
      this.findings.push(NOT_A_PEER.found(noPeer(what, peer)));
    } else {
      to.push(...peerJson(peer));
      this.objects = phoenixObjects(this.planned);
    }
    Synthesis.of(this).changed();
  }
}

import { Duration, Size } from 'cdk8s';
import type { INetworkPolicyPeer } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { kebab, named } from '../describe/checks/names';
import { bytesOf, checkShape, is, secondsOf, Shape } from '../describe/checks/shape';
import { IPayloadStore } from '../describe/monitoring/payload-store';
import { Finding, ProblemKind } from '../describe/problem';
import { addManifest } from '../manifest/manifest';
import { Json } from '../plan/service-plan';
import { RenderedObject } from '../render/ports';
import { PlannedStore, STORE_METRICS_PORT, storeObjects, storeLabels, storeSelector } from '../watch/drift/store-objects';
import { chartOf } from './chart';
import { DecidedBy, decidedBy, lateEngine, lateStack } from './decided-by';
import { isPeer, noPeer, peerJson } from './edges';
import { MonitoringStack } from './monitoring-stack';
import { IServingEngine, ServingEngine } from './serving-engine';
import { Synthesis } from './synthesis';

const NO_CHART = ProblemKind.error('SERVING_STORE_OUTSIDE_OF_CHART', 'A payload store outside of any chart with a namespace', 'Its objects are written by a chart, and loggers must know where it is.');
const NOT_A_PEER = ProblemKind.error('SERVING_STORE_GRANT_PEER', 'A grant of a payload store to something that is no peer', 'Nobody would be let in.');

/** Properties of a PayloadStore. */
export interface PayloadStoreProps {
  /** Size of its volume. At 85 % of it the oldest payloads go. */
  readonly size: Size;
  /**
   * How long payloads are kept.
   * @default Duration.days(7)
   */
  readonly retention?: Duration;
  /**
   * StorageClass of its volume.
   * @default - the cluster's default
   */
  readonly storageClass?: string;
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

const SHAPE: Shape<PayloadStoreProps> = {
  size: is.required(is.size), retention: is.duration(3600, 3650 * 86_400), storageClass: named.subdomain, name: is.text('a DNS label of at most 40 characters', /^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$/),
  engine: is.like('a ServingEngine', 'cluster', 'backend', 'defaults'),
};

/**
 * Keeps what models were asked and answered, for monitors to look at, and gives again what they found, for a metrics' store to scrape. One small pod
 * with a volume, for many services. Payloads are for loggers and monitors alone: a NetworkPolicy lets nobody else in that was not granted it.
 *
 * While it restarts, loggers keep what is to be sent for as long as their memory takes it.
 */
export class PayloadStore extends Construct implements IPayloadStore {
  public readonly url: string;
  /** Name of its objects. */
  public readonly name: string;
  private readonly findings: Finding[];
  private readonly given: DecidedBy;
  private readonly found: DecidedBy;
  private readonly planned: PlannedStore;
  private readonly grants: { [key: string]: Json }[] = [];
  private objects: RenderedObject[] = [];

  public constructor(scope: Construct, id: string, props: PayloadStoreProps) {
    super(scope, id);
    const { props: given, findings } = checkShape('PayloadStore', SHAPE, props);
    this.findings = findings;
    const namespace = chartOf(this)?.namespace;
    if (namespace === undefined) findings.push(NO_CHART.found({ what: 'the store is in no chart with a namespace', got: this.node.path, fix: "give the chart a 'namespace', and make the store in it" }));
    this.name = given.name ?? kebab(id);
    this.given = { engine: given.engine };
    this.found = decidedBy(this, this.given);
    const { cluster, defaults } = this.found.engine ?? ServingEngine._fallback();
    this.url = `http://${this.name}.${namespace ?? 'unknown'}.svc.${cluster.domain}`;
    this.planned = {
      name: this.name, image: cluster.image(defaults._set.pythonImage), imagePullSecrets: cluster.imagePullSecrets, storageClass: given.storageClass, grants: this.grants,
      bytes: given.size === undefined ? 2 ** 30 : bytesOf(given.size), keptSeconds: given.retention === undefined ? 7 * 86_400 : secondsOf(given.retention),
    };
    const scrape = namespace === undefined ? [] : (this.found.monitoring as MonitoringStack | undefined)?._scrape(namespace, {
      id: 'Scrape', name: this.name, labels: storeLabels(this.name), pods: storeSelector(this.name), port: STORE_METRICS_PORT, path: '/metrics', seconds: cluster.scrapeSeconds, fromPodLabels: {}, honorLabels: true,
    }) ?? [];
    this.objects = storeObjects(this.planned);
    if (chartOf(this) !== undefined) {
      for (const object of [...this.objects, ...scrape]) addManifest(this, object.id, object, () => this.objects.find((one) => one.id === object.id) ?? object);
    }
    Synthesis.of(this).join(this);
  }

  /**
   * Lets a peer send events: who tells ground truth.
   * @param peer pods, namespaces or addresses, as cdk8s-plus knows them.
   */
  public grantSend(peer: INetworkPolicyPeer): void {
    if (!isPeer(peer)) {
      this.findings.push(NOT_A_PEER.found(noPeer('grantSend', peer)));
    } else {
      this.grants.push(...peerJson(peer));
      this.objects = storeObjects(this.planned);
    }
    Synthesis.of(this).changed();
  }

  /** @internal */
  public _findingsNow(): readonly Finding[] {
    return [...this.findings, ...lateEngine(this, 'this store', this.given, this.found), ...lateStack(this, 'this store', this.given, this.found)];
  }
}

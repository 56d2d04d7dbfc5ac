import type { INetworkPolicyPeer, IPodSelector, NetworkPolicyPeerConfig, PodSelectorConfig } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { named } from '../describe/checks/names';
import { checkShape, is, Shape } from '../describe/checks/shape';
import { Finding } from '../describe/problem';
import { InferenceProtocol } from '../describe/server/server-facts';
import { EXPLAINER, memberSelector, PREDICTOR, TRANSFORMER } from '../plan/labels';
import type { IInferenceService } from './inference-service';
import { chartOf } from './chart';
import { componentsSelector, podSelector } from './edges';
import { ServiceEndpoint } from '../describe/service-endpoint';
import { Participant, Synthesis } from './synthesis';

/** What is to be known of a service that is defined elsewhere. */
export interface InferenceServiceAttributes {
  /** Name of its objects. */
  readonly name: string;
  /**
   * Its namespace.
   * @default - the chart's
   */
  readonly namespace?: string;
  /**
   * Where clients ask, by protocol.
   * @default - not known
   */
  readonly endpoints?: ServiceEndpoint[];
}

const SHAPE: Shape<InferenceServiceAttributes> = { name: is.required(named.label), namespace: named.label, endpoints: is.list(is.like('{ protocol, url, host, port, path, modelName }', 'protocol', 'url', 'host', 'port', 'path', 'modelName')) };

/** A service that is defined elsewhere. */
export class ImportedInferenceService extends Construct implements IInferenceService, INetworkPolicyPeer, IPodSelector, Participant {
  public readonly name: string;
  public readonly namespace?: string;
  private readonly endpoints: readonly ServiceEndpoint[];
  private readonly findings: readonly Finding[];

  public constructor(scope: Construct, id: string, attributes: InferenceServiceAttributes) {
    super(scope, id);
    const { props, findings } = checkShape('InferenceService.fromInferenceServiceAttributes', SHAPE, attributes);
    this.name = props.name ?? 'unknown';
    this.namespace = props.namespace ?? chartOf(this)?.namespace;
    this.endpoints = props.endpoints ?? [];
    this.findings = findings;
    Synthesis.of(this).join(this);
  }

  public endpoint(protocol: InferenceProtocol): ServiceEndpoint | undefined {
    return this.endpoints.find((one) => one.protocol === protocol?.name);
  }

  public toNetworkPolicyPeerConfig(): NetworkPolicyPeerConfig {
    // what stands around it is not known here
    return { podSelector: componentsSelector(this.name, [PREDICTOR, TRANSFORMER, EXPLAINER], this.namespace) };
  }

  public toPodSelector(): IPodSelector | undefined {
    return this;
  }

  public toPodSelectorConfig(): PodSelectorConfig {
    return podSelector(memberSelector(this.name, PREDICTOR), this.namespace);
  }

  /** @internal */
  public _findingsNow(): readonly Finding[] {
    return this.findings;
  }
}

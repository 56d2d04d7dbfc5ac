import { named } from './checks/names';
import { checkShape, is, Shape } from './checks/shape';
import { Finding, ProblemKind } from './problem';

const NO_TLS = ProblemKind.warning('SERVING_INGRESS_WITHOUT_TLS', 'An Ingress without TLS', 'Requests and answers, and any keys in them, cross the network in the clear.');

/** Which way a service is reached from outside of the cluster. */
export enum ExposureKind {
  /** Only inside. */
  CLUSTER_INTERNAL = 'clusterInternal',
  /** By the cluster's Gateway. */
  GATEWAY = 'gateway',
  /** By an Ingress. */
  INGRESS = 'ingress',
}

/** Properties of `Exposure.gateway`. */
export interface GatewayExposureProps {
  /** Host names that you own and that point at the Gateway. */
  readonly hosts: string[];
  /**
   * Host names for gRPC. Must differ from `hosts`: a Gateway may refuse an HTTPRoute and a GRPCRoute of one host name.
   * @default - no GRPCRoute
   */
  readonly grpcHosts?: string[];
  /**
   * A path that all requests begin with; it is taken away before the request reaches the server.
   * @default /
   */
  readonly pathPrefix?: string;
}

/** Properties of `Exposure.ingress`. */
export interface IngressExposureProps {
  /** A host name that you own and that points at the ingress controller. */
  readonly host: string;
  /**
   * Name of the TLS Secret (`kubernetes.io/tls`) in the service's namespace.
   * @default - no TLS, which is a warning
   */
  readonly tlsSecretName?: string;
  /**
   * Annotations for the ingress controller or the certificate manager.
   * @default - time-outs for ingress classes that are known
   */
  readonly annotations?: { [key: string]: string };
}

const PATH = is.text("a path such as '/fraud'", /^\/[A-Za-z0-9._~\/-]*$/);
const GATEWAY: Shape<GatewayExposureProps> = { hosts: is.required(is.list(named.host, { min: 1 })), grpcHosts: is.list(named.host, { min: 1 }), pathPrefix: PATH };
const INGRESS: Shape<IngressExposureProps> = { host: is.required(named.host), tlsSecretName: named.subdomain, annotations: named.annotations };

/** How a service is reached. It always has an address inside of the cluster. */
export class Exposure {
  /** Only inside of the cluster. */
  public static clusterInternal(): Exposure {
    return new Exposure(ExposureKind.CLUSTER_INTERNAL, {}, []);
  }

  /** By the cluster's Gateway (Gateway API): an HTTPRoute and, with `grpcHosts`, a GRPCRoute. */
  public static gateway(props: GatewayExposureProps): Exposure {
    const checked = checkShape('Exposure.gateway', GATEWAY, props);
    return new Exposure(ExposureKind.GATEWAY, checked.props, checked.findings);
  }

  /** By an Ingress of the cluster's ingress class. */
  public static ingress(props: IngressExposureProps): Exposure {
    const checked = checkShape('Exposure.ingress', INGRESS, props);
    const { host, tlsSecretName, annotations } = checked.props;
    const findings = tlsSecretName !== undefined || checked.findings.length > 0 ? checked.findings
      : [NO_TLS.found({ what: `the Ingress of '${host}' has no TLS`, fix: "give 'tlsSecretName'" })];
    return new Exposure(ExposureKind.INGRESS, { hosts: host === undefined ? [] : [host], tlsSecretName, annotations }, findings);
  }

  /** @internal */
  public readonly _findings: readonly Finding[];
  /** Which way. */
  public readonly kind: ExposureKind;
  /** Host names for HTTP. */
  public readonly hosts: string[];
  /** Host names for gRPC. */
  public readonly grpcHosts: string[];
  /** The path that requests begin with. */
  public readonly pathPrefix: string;
  /** Name of the TLS Secret of an Ingress. */
  public readonly tlsSecretName?: string;
  /** Annotations of an Ingress. */
  public readonly annotations: { [key: string]: string };

  private constructor(kind: ExposureKind, props: Partial<GatewayExposureProps> & Partial<IngressExposureProps>, findings: Finding[]) {
    this.kind = kind;
    this.hosts = props.hosts ?? [];
    this.grpcHosts = props.grpcHosts ?? [];
    this.pathPrefix = props.pathPrefix ?? '/';
    this.tlsSecretName = props.tlsSecretName;
    this.annotations = props.annotations ?? {};
    this._findings = findings;
  }
}

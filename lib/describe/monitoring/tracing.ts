import { named } from '../checks/names';
import { checkShape, is, Shape } from '../checks/shape';
import { Finding, ProblemKind } from '../problem';
import { IPhoenix, PHOENIX as IS_PHOENIX } from './phoenix';

const NOWHERE = ProblemKind.error('SERVING_TRACING_ENDPOINT', 'Traces without an endpoint', 'Servers would make spans, and throw them away.');
const TWICE = ProblemKind.error('SERVING_PHOENIX_TWICE', 'Traces to a Phoenix that is named twice', 'Only one of the two could get them.');
const NO_KEY = ProblemKind.error('SERVING_PHOENIX_KEY', 'Traces without a key to a Phoenix that asks for one', 'It would refuse each span, and the server would go on as if nothing was.');

/** What all ways to send traces have in common. */
export interface TracingProps {
  /**
   * Percent of the requests that are traced, where a caller has not decided it.
   * @default 100
   */
  readonly samplePercent?: number;
}

/** Properties of `Tracing.otlp`. */
export interface OtlpTracingProps extends TracingProps {
  /**
   * Where OTLP is taken by gRPC: `http://collector.monitoring:4317`; with https by TLS.
   * @default - nowhere
   */
  readonly grpc?: string;
  /**
   * Where OTLP is taken by HTTP, without the path: `http://collector.monitoring:4318`.
   * @default - nowhere
   */
  readonly http?: string;
  /**
   * Secret in the service's namespace whose key `headers` is sent with all spans: `name=value`, several with commas between them.
   * @default - none
   */
  readonly headersSecretName?: string;
}

/** Properties of `Tracing.phoenix`. */
export interface PhoenixTracingProps extends TracingProps {
  /**
   * Host of an Arize Phoenix that runs in the cluster: `phoenix.monitoring`.
   * @default - that of `phoenix`; one of the two is needed
   */
  readonly host?: string;
  /**
   * A Phoenix that the program installs. It lets the service in.
   * @default - the one at `host`
   */
  readonly phoenix?: IPhoenix;
  /**
   * Secret in the service's namespace whose key `headers` is `authorization=Bearer <API key>`, for a Phoenix with `PHOENIX_ENABLE_AUTH`.
   * @default - none
   */
  readonly headersSecretName?: string;
}

/** Properties of `Tracing.arize`. */
export interface ArizeTracingProps extends TracingProps {
  /** Secret in the service's namespace whose key `headers` is `space_id=<id>,api_key=<key>`. */
  readonly headersSecretName: string;
  /**
   * Address of Arize's collector.
   * @default https://otlp.arize.com
   */
  readonly endpoint?: string;
}

const ADDRESS = is.text('an http or https address without a path, such as http://collector.monitoring:4317', /^https?:\/\/[^\s@/?#]+$/);
const PERCENT = is.number(0.001, 100);
const OTLP: Shape<OtlpTracingProps> = { grpc: ADDRESS, http: ADDRESS, headersSecretName: named.subdomain, samplePercent: PERCENT };
const PHOENIX: Shape<PhoenixTracingProps> = { host: named.host, phoenix: IS_PHOENIX, headersSecretName: named.subdomain, samplePercent: PERCENT };
const ARIZE: Shape<ArizeTracingProps> = { headersSecretName: is.required(named.subdomain), endpoint: ADDRESS, samplePercent: PERCENT };

/** Where a server's traces go, by OpenTelemetry. */
export class Tracing {
  /** To anything that takes OTLP: an OpenTelemetry Collector, Tempo, Jaeger. Give both ways where both are there: servers speak one or the other. */
  public static otlp(props: OtlpTracingProps): Tracing {
    const { props: given, findings } = checkShape('Tracing.otlp', OTLP, props);
    if (findings.length === 0 && given.grpc === undefined && given.http === undefined) findings.push(NOWHERE.found({ what: "Tracing.otlp: neither 'grpc' nor 'http' is given", fix: "give one: { grpc: 'http://collector.monitoring:4317' }" }));
    return new Tracing(given, findings);
  }

  /** To an Arize Phoenix, installed or there already: 4317 by gRPC, 6006 by HTTP. Source: https://arize.com/docs/phoenix/self-hosting/configuration */
  public static phoenix(props: PhoenixTracingProps): Tracing {
    const { props: given, findings } = checkShape('Tracing.phoenix', PHOENIX, props);
    const { phoenix } = given;
    const host = given.host ?? phoenix?.host;
    if (findings.length === 0 && host === undefined) findings.push(NOWHERE.found({ what: "Tracing.phoenix: neither 'host' nor 'phoenix' is given", fix: "give one: { host: 'phoenix.monitoring' }" }));
    if (phoenix !== undefined && given.host !== undefined) findings.push(TWICE.found({ what: "Tracing.phoenix: both 'host' and 'phoenix' are given", got: given.host, fix: "leave 'host' out" }));
    if (phoenix?.asksForKey && given.headersSecretName === undefined) findings.push(NO_KEY.found({ what: "Tracing.phoenix: the Phoenix has an 'authSecretName', and there is no 'headersSecretName'", fix: "give the Secret, in the service's namespace, whose key 'headers' is 'authorization=Bearer <key>'" }));
    return new Tracing({ ...given, grpc: `http://${host}:4317`, http: `http://${host}:6006` }, findings, phoenix);
  }

  /** To Arize's cloud, by its collector. Source: https://arize.com/docs/ax/observe/tracing/configure/otlp */
  public static arize(props: ArizeTracingProps): Tracing {
    const { props: given, findings } = checkShape('Tracing.arize', ARIZE, props);
    return new Tracing({ ...given, grpc: given.endpoint ?? 'https://otlp.arize.com' }, findings);
  }

  /** Where OTLP is taken by gRPC. */
  public readonly grpc?: string;
  /** Where OTLP is taken by HTTP. */
  public readonly http?: string;
  /** Percent of the requests that are traced. */
  public readonly samplePercent: number;
  /** @internal */
  public readonly _headersSecretName?: string;

  private constructor(
    props: Partial<OtlpTracingProps>,
    /** @internal */
    public readonly _findings: readonly Finding[],
    /** @internal The Phoenix that is to let the service in. */
    public readonly _phoenix?: IPhoenix,
  ) {
    this.grpc = props.grpc;
    this.http = props.http;
    this.samplePercent = props.samplePercent ?? 100;
    this._headersSecretName = props.headersSecretName;
  }
}

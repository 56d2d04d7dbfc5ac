import { checkShape, is, Shape } from '../checks/shape';
import { Finding } from '../problem';

/** What a gateway counts of the requests to one service. */
export interface GatewayMetricsProps {
  /** Counter of all requests: `istio_requests_total`. */
  readonly requests: string;
  /**
   * PromQL matchers of the requests of a service, without braces. `$name` and `$namespace` stand for the service's.
   * Label values that are patterns take `$services` for the names of all its Services, with `|` between them: those of a version on trial, too.
   */
  readonly matchers: string;
  /** Further matchers of those that failed: `response_code=~"5.."`. */
  readonly failures: string;
  /**
   * Counter of those that failed.
   * @default - that of all requests
   */
  readonly failed?: string;
  /**
   * Histogram of the time that answers take, without `_bucket`.
   * @default - none: latency can't be judged
   */
  readonly latency?: string;
  /**
   * Unit of the histogram: `s`, `ms` or `us`.
   * @default s
   */
  readonly latencyUnit?: string;
  /**
   * Upper bounds of the histogram's buckets, in its unit.
   * @default - not known: bounds of objectives are not checked
   */
  readonly latencyBuckets?: number[];
}

/** `label="value"`, several with commas between them. */
const MATCHERS = is.text('PromQL matchers without braces: status=~"5.."', /^\s*\w+\s*(=|!=|=~|!~)\s*"([^"\\]|\\.)*"(\s*,\s*\w+\s*(=|!=|=~|!~)\s*"([^"\\]|\\.)*")*\s*$/);
const NAME = is.text('the name of a metric', /^[a-zA-Z_:][a-zA-Z0-9_:]*$/);
const SHAPE: Shape<GatewayMetricsProps> = {
  requests: is.required(NAME), matchers: is.required(MATCHERS), failures: is.required(MATCHERS), failed: NAME, latency: NAME, latencyUnit: is.oneOf(['s', 'ms', 'us']), latencyBuckets: is.list(is.number(0), { min: 1 }),
};

/** Envoy's bounds: https://github.com/envoyproxy/envoy/blob/v1.36.0/source/common/stats/histogram_impl.cc (default_supported_buckets) */
const ENVOY_BUCKETS = [0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000, 60000, 300000, 600000, 1800000, 3600000];
/** Go's default bounds: https://github.com/prometheus/client_golang/blob/v1.23.0/prometheus/histogram.go (DefBuckets) */
const GO_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What Envoy counts of a cluster: an answer that it gives in place of a service that is not there is counted, too. */
const envoy = (cluster: string): GatewayMetricsProps => ({
  requests: 'envoy_cluster_upstream_rq_xx', matchers: `envoy_cluster_name=~"${cluster}"`, failures: 'envoy_response_code_class="5"',
  latency: 'envoy_cluster_upstream_rq_time', latencyUnit: 'ms', latencyBuckets: ENVOY_BUCKETS,
});

/**
 * The metrics by which a gateway tells of a service's requests. The gateway must be scraped already; it counts also what never reached the service.
 * gRPC's errors are answers of status 200 to most gateways: objectives of gRPC services are better measured by the server.
 */
export class GatewayMetrics {
  /** Istio's gateway or sidecars, as the callers see it. Source: https://istio.io/latest/docs/reference/config/metrics/ */
  public static istio(): GatewayMetrics {
    return new GatewayMetrics('istio', {
      requests: 'istio_requests_total', matchers: 'reporter="source",destination_service_namespace="$namespace",destination_service_name=~"$services"', failures: 'response_code=~"5.."',
      latency: 'istio_request_duration_milliseconds', latencyUnit: 'ms', latencyBuckets: ENVOY_BUCKETS,
    });
  }

  /** Envoy Gateway: a cluster a rule of the HTTPRoute. Source: https://github.com/envoyproxy/gateway/blob/v1.5.0/internal/gatewayapi/helpers.go (irRouteDestinationName) */
  public static envoyGateway(): GatewayMetrics {
    return new GatewayMetrics('envoyGateway', envoy('(http|grpc)route/$namespace/$name(-grpc)?/rule/.*'));
  }

  /** Contour: a cluster a Service. Source: https://github.com/projectcontour/contour/blob/v1.33.0/internal/envoy/cluster.go (AltStatName) */
  public static contour(): GatewayMetrics {
    return new GatewayMetrics('contour', envoy('$namespace_($services)_[0-9]+'));
  }

  /** ingress-nginx. Source: https://kubernetes.github.io/ingress-nginx/user-guide/monitoring/ */
  public static ingressNginx(): GatewayMetrics {
    return new GatewayMetrics('ingressNginx', {
      requests: 'nginx_ingress_controller_requests', matchers: 'exported_namespace="$namespace",ingress=~"$name(-canary)?"', failures: 'status=~"5.."',
      latency: 'nginx_ingress_controller_request_duration_seconds', latencyBuckets: GO_BUCKETS,
    });
  }

  /** Any other gateway. */
  public static of(props: GatewayMetricsProps): GatewayMetrics {
    return new GatewayMetrics('own', props);
  }

  /** @internal */
  public readonly _props: GatewayMetricsProps;
  /** @internal */
  public readonly _findings: readonly Finding[];

  private constructor(
    /** Whose they are. */
    public readonly name: string,
    props: GatewayMetricsProps,
  ) {
    const checked = checkShape('GatewayMetrics.of', SHAPE, props);
    this._findings = checked.findings;
    this._props = { requests: 'unknown', matchers: '', failures: '', ...checked.props };
  }
}

import { checkPromql } from '../checks/promql';
import { checkShape, is, Shape } from '../checks/shape';
import { Finding } from '../problem';

/** Properties of `Wake.onQuery`. */
export interface QueryWakeProps {
  /**
   * What the query must exceed to wake the service.
   * @default 0
   */
  readonly above?: number;
}

const SHAPE: Shape<QueryWakeProps & { query: string }> = { query: is.required(is.text('PromQL')), above: is.number(0) };

/**
 * What wakes a service from zero copies. It must be measured where something runs while no copy does: a gateway, a router, a queue.
 * A server's own metric can't be it, as there is no server then.
 */
export class Wake {
  /**
   * A query of the metrics' store that gives one number.
   * @param query PromQL, such as `sum(rate(envoy_http_downstream_rq_total{envoy_http_conn_manager_prefix="fraud"}[2m]))`.
   */
  public static onQuery(query: string, props: QueryWakeProps = {}): Wake {
    const checked = checkShape('Wake.onQuery', SHAPE, { ...props, query });
    const findings = checked.props.query === undefined ? checked.findings : [...checked.findings, ...checkPromql('Wake.onQuery', checked.props.query)];
    return new Wake(checked.props.query, checked.props.above ?? 0, findings);
  }

  /**
   * Requests that Istio's proxies have for the service, also when no copy is there to take them. Source:
   * https://istio.io/latest/docs/reference/config/metrics/
   */
  public static onIstio(): Wake {
    return new Wake(undefined, 0, []);
  }

  private constructor(
    /** The query; that of Istio's proxies is made when the service's name is known. */
    public readonly query: string | undefined,
    /** What it must exceed. */
    public readonly above: number,
    /** @internal */
    public readonly _findings: readonly Finding[],
  ) {}
}

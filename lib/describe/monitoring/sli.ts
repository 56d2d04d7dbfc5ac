import { checkShape, is } from '../checks/shape';
import { Finding } from '../problem';
import { GatewayMetrics } from './gateway-metrics';

/** Where the numbers come from by which objectives judge a service: its service level indicators. */
export class Sli {
  /** From the servers' own metrics. What never reached a server (none is there, or it closed the connection) is not counted. */
  public static server(): Sli {
    return new Sli(undefined, []);
  }

  /**
   * From the metrics of the gateway before the service: as callers see it, and also for servers that don't tell of failures or latency. Calls that
   * don't come by the gateway are not counted.
   * @param metrics what the gateway counts, such as `GatewayMetrics.istio()`.
   */
  public static gateway(metrics: GatewayMetrics): Sli {
    const { props, findings } = checkShape('Sli.gateway', { metrics: is.required(is.instance(GatewayMetrics, 'GatewayMetrics.istio()')) }, { metrics });
    return new Sli(props.metrics, findings);
  }

  private constructor(
    /** @internal */
    public readonly _gateway: GatewayMetrics | undefined,
    /** @internal */
    public readonly _findings: readonly Finding[],
  ) {}
}

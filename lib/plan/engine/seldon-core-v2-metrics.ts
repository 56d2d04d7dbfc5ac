import { MetricRole, MetricType, ServerMetric } from '../../describe/server/server-facts';

const AGENT = 'https://github.com/SeldonIO/seldon-core/blob/v2.10.2/scheduler/pkg/metrics/agent.go';

/** Codes that tell of the server's fault. Of REST they are HTTP's, of gRPC its own names. */
const HTTP_FAILURES = 'code=~"5.."';
const GRPC_FAILURES = 'code=~"Unknown|DeadlineExceeded|Unimplemented|Internal|Unavailable|DataLoss"';
const REST = 'method_type="rest"';
const GRPC = 'method_type="grpc"';

/** Upper bounds of the agent's histogram, in seconds. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/**
 * What Seldon's agent counts before each server, of each model by its label `model`. Its histogram is of all models of a server together, so it tells of a
 * service that has the server for itself, and of no other.
 */
export function agentMetrics(ownServer: boolean): ServerMetric[] {
  const requests = 'seldon_model_infer_total';
  const histogram = { role: MetricRole.LATENCY, name: 'seldon_model_infer_api_seconds', type: MetricType.HISTOGRAM, unit: 's', buckets: BUCKETS, source: AGENT };
  return [
    { role: MetricRole.REQUESTS, name: requests, type: MetricType.COUNTER, matchers: REST, overHttp: true, source: AGENT },
    { role: MetricRole.REQUESTS, name: requests, type: MetricType.COUNTER, matchers: GRPC, overHttp: false, source: AGENT },
    { role: MetricRole.FAILURES, name: requests, type: MetricType.COUNTER, matchers: `${REST},${HTTP_FAILURES}`, allMatchers: REST, overHttp: true, source: AGENT },
    { role: MetricRole.FAILURES, name: requests, type: MetricType.COUNTER, matchers: `${GRPC},${GRPC_FAILURES}`, allMatchers: GRPC, overHttp: false, source: AGENT },
    ...(ownServer ? [{ ...histogram, matchers: 'method!="grpc"', overHttp: true }, { ...histogram, matchers: 'method="grpc"', overHttp: false }] : []),
    { role: MetricRole.LATENCY, name: 'seldon_model_infer_seconds_total', type: MetricType.COUNTER, unit: 's', countName: requests, source: AGENT },
  ];
}

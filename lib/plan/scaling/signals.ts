import { ClusterOperator } from '../../describe/cluster';
import { Autoscaler, ScalingSignal, ScalingSignalKind, ScalingTargetKind, Wake } from '../../describe/scaling';
import { InferenceProtocol, ServerFacts } from '../../describe/server/server-facts';
import { decimal, podMatchers, quoted, rateWindow, selector } from '../promql';
import { AdapterRule, PlannedSignal, ServiceRequest } from '../service-plan';
import { signalQuery, SignalSource, signalSource } from './queries';

/** Namespace of queries whose service doesn't know its own, which is a problem of its own. */
export const UNKNOWN_NAMESPACE = 'unknown';

/** Signals that a metrics' store is asked for by a query of the library. */
const MEASURED: ReadonlySet<ScalingSignalKind> = new Set([
  ScalingSignalKind.CONCURRENCY, ScalingSignalKind.QUEUE_DEPTH, ScalingSignalKind.TOKENS, ScalingSignalKind.REQUEST_RATE, ScalingSignalKind.KV_CACHE, ScalingSignalKind.GPU,
]);

/** Whether a signal is read from the server's own metrics, or its pods'. */
export function isMeasured(kind: ScalingSignalKind): boolean {
  return MEASURED.has(kind);
}

/** Signals that this server can tell. */
export function toldSignals(facts: ServerFacts, protocol: InferenceProtocol): ScalingSignalKind[] {
  return [...MEASURED].filter((kind) => kind !== ScalingSignalKind.GPU && signalSource(kind, facts, protocol) !== undefined);
}

/** Works out what each signal is asked by. */
export function planSignals(request: ServiceRequest, facts: ServerFacts, protocol: InferenceProtocol): PlannedSignal[] {
  const window = rateWindow(request.cluster.scrapeSeconds);
  const workload = request.engine.workload(request.name, request.name, request);
  const namespace = request.namespace ?? UNKNOWN_NAMESPACE;
  const matchers = request.engine.podMatchers?.(namespace, [workload]) ?? podMatchers(namespace, workload.name);
  const zero = request.scaling?.min === 0;
  return (request.scaling?.signals ?? []).map((signal) => {
    if (signal.query !== undefined) return { ...signal, promql: withStandby(signal, signal.query) };
    const source = signalSource(signal.kind, facts, protocol);
    if (source === undefined) return signal;
    const query = signalQuery(source, matchers, window);
    return {
      ...signal, onlyWith: source.onlyWith, adapterRule: adapterRule(signal, source, window),
      // without copies there are no series: zero where nothing is scraped, and still nothing where a scrape fails
      promql: zero ? `${query} or sum(0 * absent(${selector('up', matchers)}))` : withStandby(signal, query),
    };
  });
}

/** Copies that nothing asks for, as the load that would ask for them. */
function withStandby(signal: ScalingSignal, query: string): string {
  return signal.standby === undefined || signal.targetKind !== ScalingTargetKind.PER_REPLICA ? query : `(${query}) + ${decimal(signal.standby * signal.target)}`;
}

/** The signal of each pod, as prometheus-adapter is told to serve it: of all servers of a kind alike, as the adapter says which pods. */
function adapterRule(signal: ScalingSignal, source: SignalSource, window: string): AdapterRule {
  const [first] = source.terms;
  return {
    // the metrics API can't be asked for a name with ':'
    name: `serving_${signal.name.replaceAll('-', '_')}_${first!.series.replace(/^:+/, '').replaceAll(':', '_')}`,
    seriesQuery: selector(first!.series, first!.metric.matchers, 'namespace!=""', 'pod!=""'),
    metricsQuery: signalQuery(source, '<<.LabelMatchers>>', window, '<<.GroupBy>>'),
  };
}

/** Queries that are 1 while something wants the service awake, else 0. */
export function planWakes(request: ServiceRequest): string[] {
  const window = rateWindow(request.cluster.scrapeSeconds);
  return (request.scaling?.wakes ?? []).map((wake: Wake) => `(${wake.query ?? istioRequests(request, window)}) > bool ${decimal(wake.above)}`);
}

/** Requests a second that Istio's proxies have for a service. Source: https://istio.io/latest/docs/reference/config/metrics/ */
function istioRequests(request: ServiceRequest, window: string): string {
  return `sum(rate(${selector('istio_requests_total', 'reporter="source"', `destination_service_name=${quoted(request.name)}`, `destination_service_namespace=${quoted(request.namespace ?? UNKNOWN_NAMESPACE)}`)}[${window}]) >= 0)`;
}

/** Who changes the copies: who was named, else the simplest that can do it and that the cluster runs. */
export function planAutoscaler(request: ServiceRequest): Autoscaler | undefined {
  const { scaling, cluster, engine } = request;
  if (scaling === undefined || scaling.signals.length === 0 || engine.follows !== undefined) return undefined;
  if (scaling.autoscaler !== undefined) return scaling.autoscaler;
  const simple = scaling.signals.every(({ kind }) => kind === ScalingSignalKind.CPU || kind === ScalingSignalKind.MEMORY || kind === ScalingSignalKind.CUSTOM_METRIC);
  if (simple) return Autoscaler.HPA;
  return cluster.runs(ClusterOperator.KEDA) || needsKeda(request).length > 0 ? Autoscaler.KEDA : Autoscaler.HPA;
}

/** What of a scaling only KEDA can do, in the API's words. */
export function needsKeda(request: ServiceRequest): string[] {
  const { scaling } = request;
  if (scaling === undefined) return [];
  const names: { [kind: string]: string } = { [ScalingSignalKind.KAFKA_LAG]: 'Scaling.onKafkaLag', [ScalingSignalKind.SCHEDULE]: 'Scaling.onSchedule', [ScalingSignalKind.QUERY]: 'Scaling.onQuery' };
  return [
    ...new Set(scaling.signals.map(({ kind }) => names[kind]).filter((name) => name !== undefined)),
    ...(scaling.min === 0 ? ["'min: 0'"] : []), ...(scaling.signals.some(({ standby }) => standby !== undefined) ? ["'standby'"] : []), ...(scaling.fallbackReplicas !== undefined ? ["'fallbackReplicas'"] : []), ...(scaling.wakes.length > 0 ? ["'wake'"] : []),
  ];
}

import { GatewayMetricsProps } from '../describe/monitoring/gateway-metrics';
import { Sli } from '../describe/monitoring/sli';
import { allOf, selector } from '../plan/promql';
import { Counter, ofModel, requestMeasures } from '../plan/request-measures';
import { ServicePlan } from '../plan/service-plan';
import { workloads } from './watched-service';

/** A histogram of the time that answers take, with the matchers of one service. */
export interface LatencyHistogram {
  /** Without `_bucket`. */
  readonly name: string;
  readonly matchers: string;
  /** `s`, `ms` or `us`; seconds unless it is said. */
  readonly unit?: string;
  /** Bounds in its unit; undefined when they are not known. */
  readonly buckets?: number[];
}

/** Where requests are counted: by the server or by the gateway. Matchers are whole: those of the service are among them. */
export interface RequestSource {
  /** Counters that together count all requests. */
  readonly all: readonly Counter[];
  readonly failed?: Counter;
  readonly latency?: LatencyHistogram;
}

/** What a service's servers count; undefined when they count nothing. */
export function serverSource(plan: ServicePlan, matchers: string): RequestSource | undefined {
  const told = requestMeasures(plan.server.facts, plan.protocol, plan.modelName);
  if (told === undefined) return undefined;
  const whole = (counter: Counter): Counter => ({ name: counter.name, matchers: allOf(matchers, counter.matchers) });
  const { latency } = told;
  return {
    all: told.all.map(whole), failed: told.failed && whole(told.failed),
    latency: latency && {
      name: latency.name, matchers: allOf(matchers, ofModel(latency, plan.modelName), latency.matchers), unit: latency.unit, buckets: latency.buckets,
    },
  };
}

/** What objectives go by: what the gateway counts, or the servers; undefined when nothing is counted there. */
export function sliSource(sli: Sli, plan: ServicePlan, namespace: string, matchers: string): RequestSource | undefined {
  return sli._gateway === undefined ? serverSource(plan, matchers) : gatewaySource(sli._gateway._props, plan, namespace);
}

function gatewaySource(gateway: GatewayMetricsProps, plan: ServicePlan, namespace: string): RequestSource {
  const services = [...new Set([plan.name, ...plan.groups.map((group) => group.name), ...(plan.release === undefined ? [] : [plan.release.trialService, ...workloads(plan)])])];
  const matchers = gateway.matchers.replaceAll('$namespace', namespace).replaceAll('$services', services.join('|')).replaceAll('$name', plan.name);
  return {
    all: [{ name: gateway.requests, matchers }], failed: { name: gateway.failed ?? gateway.requests, matchers: allOf(matchers, gateway.failures) },
    latency: gateway.latency === undefined ? undefined : { name: gateway.latency, matchers, unit: gateway.latencyUnit, buckets: gateway.latencyBuckets },
  };
}

/** `by (…)`, or nothing. */
export function by(labels: readonly string[]): string {
  return labels.length === 0 ? '' : ` by (${labels.join(', ')}) `;
}

/** All requests a second; no series where none was ever counted. */
export function requestRate({ all }: RequestSource, window: string, labels: readonly string[] = []): string {
  const rates = all.map((one) => `rate(${selector(one.name, one.matchers)}[${window}])`);
  // several counters are kept apart by a label, so that the one that isn't there yet doesn't take the other with it
  const union = rates.length === 1 ? rates[0]! : rates.map((rate, i) => `label_replace(${rate}, "counter", "${i}", "", "")`).join(' or ');
  return `sum${by(labels)}(${union})`;
}

/** Failed requests a second: 0 where requests are counted, but no failure ever was. */
export function failureRate(source: RequestSource, failed: Counter, window: string, labels: readonly string[] = []): string {
  return `sum${by(labels)}(rate(${selector(failed.name, failed.matchers)}[${window}])) or 0 * ${requestRate(source, window, labels)}`;
}

import { ScalingSignalKind, ScalingTargetKind } from '../../describe/scaling';
import { MetricRole, MetricType } from '../../describe/server/server-facts';
import { allOf, decimal, quoted, selector } from '../../plan/promql';
import { ofModel } from '../../plan/request-measures';
import { PlannedSignal } from '../../plan/service-plan';
import { RecordingRule } from '../rule';
import { BATCH_SIZE, COPIES_READY, GENERATED_TOKENS, IN_FLIGHT, KV_CACHE, PROMPT_TOKENS, SATURATION, Series, WAITING } from '../series';
import { VERSION_LABEL } from '../watched-service';
import { meanOf, metricOf, Recorder, RecorderContext } from './recorder';

/** What a service is busy with: requests in work and waiting, batches, tokens, KV cache. */
export const load: Recorder = (context) => [
  ...gauge(context, MetricRole.IN_FLIGHT, IN_FLIGHT, 'sum'), ...gauge(context, MetricRole.QUEUE, WAITING, 'sum'), ...gauge(context, MetricRole.KV_CACHE, KV_CACHE, 'max'),
  ...batch(context), ...tokens(context, MetricRole.PROMPT_TOKENS, PROMPT_TOKENS), ...tokens(context, MetricRole.GENERATED_TOKENS, GENERATED_TOKENS),
];

/** Load against what scaling aims at. The highest of several signals counts, as it is the one that copies follow. */
export const saturation: Recorder = (context) => {
  const terms = context.service.plan.copies.signals.map((signal) => term(context, signal)).filter((one) => one !== undefined);
  if (terms.length === 0) return [];
  // each a series of its own, so that one without data doesn't take the others with it
  const all = terms.length === 1 ? terms[0]! : terms.map((one, i) => `label_replace(${one}, "signal", "${i}", "", "")`).join(' or ');
  return [{ record: SATURATION.name, expr: `max(${all})` }];
};

function term({ service, pods, matchers }: RecorderContext, signal: PlannedSignal): string | undefined {
  const container = allOf(pods, `container=${quoted(service.plan.container)}`);
  const share = (used: string, resource: string): string => `sum(${used}) / sum(max by (pod) (kube_pod_container_resource_requests{${allOf(container, `resource="${resource}"`)}})) / ${decimal(signal.target / 100)}`;
  if (signal.kind === ScalingSignalKind.CPU) return share(`rate(container_cpu_usage_seconds_total{${container}}[5m])`, 'cpu');
  if (signal.kind === ScalingSignalKind.MEMORY) return share(`container_memory_working_set_bytes{${container}}`, 'memory');
  if (signal.promql === undefined) return undefined;
  return signal.targetKind === ScalingTargetKind.PER_REPLICA ? `(${signal.promql}) / (sum(${selector(COPIES_READY.name, matchers)}) > 0) / ${decimal(signal.target)}` : `(${signal.promql}) / ${decimal(signal.target)}`;
}

function gauge(context: RecorderContext, role: MetricRole, series: Series, aggregation: 'sum' | 'max'): RecordingRule[] {
  const found = metricOf(context, role, MetricType.GAUGE);
  // NaN is no number that anything could be summed with
  return found === undefined ? [] : [{ record: series.name, expr: `${aggregation}(${selector(found.metric.name, found.matchers)} >= 0)` }];
}

function batch(context: RecorderContext): RecordingRule[] {
  const found = metricOf(context, MetricRole.BATCH_SIZE, MetricType.GAUGE, MetricType.HISTOGRAM, MetricType.COUNTER);
  if (found === undefined) return [];
  if (found.metric.type === MetricType.GAUGE) return [{ record: BATCH_SIZE.name, expr: `avg(${selector(found.metric.name, found.matchers)} >= 0)` }];
  const expr = meanOf(found, allOf(context.scraped, ofModel(found.metric, context.service.plan.modelName)));
  return expr === undefined ? [] : [{ record: BATCH_SIZE.name, expr }];
}

function tokens(context: RecorderContext, role: MetricRole, series: Series): RecordingRule[] {
  const found = metricOf(context, role, MetricType.COUNTER);
  return found === undefined ? [] : [{ record: series.name, expr: `sum by (${VERSION_LABEL}) (rate(${selector(found.metric.name, found.matchers)}[5m]))` }];
}

import { MetricRole, MetricType } from '../../describe/server/server-facts';
import { allOf } from '../../plan/promql';
import { ofModel, unitsPerSecond } from '../../plan/request-measures';
import { RecordingRule } from '../rule';
import { FIRST_TOKEN_P50, FIRST_TOKEN_P99, INTER_TOKEN_P50, INTER_TOKEN_P99, LATENCY_MEAN, LATENCY_P50, LATENCY_P90, LATENCY_P99, QUEUE_TIME, Series, VERSION_LATENCY_P99 } from '../series';
import { VERSION_LABEL } from '../watched-service';
import { meanOf, metricOf, Recorder, RecorderContext } from './recorder';

/** A percentile of a histogram, in seconds. Without a request in the window it would be NaN, which no comparison takes. */
function quantile(name: string, matchers: string, q: number, perSecond: number, by: string): string {
  const value = `histogram_quantile(${q}, sum by (${by}) (rate(${name}_bucket{${matchers}}[5m]))) >= 0`;
  return perSecond === 1 ? value : `(${value}) / ${perSecond}`;
}

/** How long answers take, in seconds: percentiles where the server counts by buckets, the mean where it only adds up. */
export const latency: Recorder = (context) => {
  const histogram = context.source?.latency;
  const rules: RecordingRule[] = histogram === undefined ? [] : [
    ...([[LATENCY_P50, 0.5], [LATENCY_P90, 0.9], [LATENCY_P99, 0.99]] as const).map(([series, q]) => ({ record: series.name, expr: quantile(histogram.name, histogram.matchers, q, unitsPerSecond(histogram), 'le') })),
    { record: VERSION_LATENCY_P99.name, expr: quantile(histogram.name, histogram.matchers, 0.99, unitsPerSecond(histogram), `le, ${VERSION_LABEL}`) },
  ];
  return [...rules, ...mean(context, MetricRole.LATENCY, LATENCY_MEAN), ...mean(context, MetricRole.QUEUE_TIME, QUEUE_TIME)];
};

/** When answers begin, and how fast tokens follow. */
export const tokenTimes: Recorder = (context) => [
  ...percentiles(context, MetricRole.TIME_TO_FIRST_TOKEN, FIRST_TOKEN_P50, FIRST_TOKEN_P99), ...percentiles(context, MetricRole.INTER_TOKEN, INTER_TOKEN_P50, INTER_TOKEN_P99),
];

function percentiles(context: RecorderContext, role: MetricRole, p50: Series, p99: Series): RecordingRule[] {
  const found = metricOf(context, role, MetricType.HISTOGRAM);
  if (found === undefined) return [];
  const perSecond = unitsPerSecond(found.metric);
  return [{ record: p50.name, expr: quantile(found.metric.name, found.matchers, 0.5, perSecond, 'le') }, { record: p99.name, expr: quantile(found.metric.name, found.matchers, 0.99, perSecond, 'le') }];
}

function mean(context: RecorderContext, role: MetricRole, series: Series): RecordingRule[] {
  const found = metricOf(context, role, MetricType.HISTOGRAM, MetricType.SUMMARY, MetricType.COUNTER);
  const expr = found && meanOf(found, allOf(context.scraped, ofModel(found.metric, context.service.plan.modelName)));
  if (found === undefined || expr === undefined) return [];
  const perSecond = unitsPerSecond(found.metric);
  return [{ record: series.name, expr: perSecond === 1 ? expr : `${expr} / ${perSecond}` }];
}

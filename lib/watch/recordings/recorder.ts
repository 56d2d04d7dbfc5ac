import { MetricRole, MetricType, ServerMetric } from '../../describe/server/server-facts';
import { allOf } from '../../plan/promql';
import { ofModel } from '../../plan/request-measures';
import { RecordingRule } from '../rule';
import { RequestSource } from '../request-source';
import { WatchedService } from '../watched-service';

/** What recording rules of one service are made from. */
export interface RecorderContext {
  readonly service: WatchedService;
  /** Matchers of the service's recorded series. */
  readonly matchers: string;
  /** Matchers of what is scraped of it. */
  readonly scraped: string;
  /** Matchers of its pods, for what others expose about them: kube-state-metrics, cAdvisor. */
  readonly pods: string;
  /** What its servers count of requests. */
  readonly source?: RequestSource;
}

/** A kind of what is recorded. One a file. Labels that tell the service are laid on by the caller; what the server can't tell gives no rule. */
export type Recorder = (context: RecorderContext) => RecordingRule[];

/** The first metric of a role that is always there, with its matchers whole. */
export function metricOf({ service, scraped }: Pick<RecorderContext, 'service' | 'scraped'>, role: MetricRole, ...types: readonly MetricType[]): { metric: ServerMetric; matchers: string } | undefined {
  const { plan } = service;
  const metric = plan.server.facts.metrics.find((one) => one.role === role && one.onlyWith === undefined && (one.overHttp === undefined || one.overHttp === plan.protocol.http) && types.includes(one.type));
  return metric && { metric, matchers: allOf(scraped, ofModel(metric, plan.modelName), metric.matchers) };
}

/** A mean over five minutes, in the metric's unit: the sum of what was seen by how often. NaN-safe: nothing where nothing was seen. */
export function meanOf({ metric, matchers }: { metric: ServerMetric; matchers: string }, bare: string): string | undefined {
  const [sum, count] = metric.type === MetricType.COUNTER ? [metric.name, metric.countName] : [`${metric.name}_sum`, `${metric.name}_count`];
  if (count === undefined) return undefined;
  // the counter that it is divided by may not have this metric's own matchers
  return `sum(rate(${sum}{${matchers}}[5m])) / (sum(rate(${count}{${metric.type === MetricType.COUNTER ? bare : matchers}}[5m])) > 0)`;
}

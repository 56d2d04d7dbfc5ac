import { Finding, ProblemKind } from '../../describe/problem';
import { ScalingSignalKind } from '../../describe/scaling';
import { Rule } from './rule';

const NO_WAKE = ProblemKind.error('SERVING_SCALE_TO_ZERO_WITHOUT_WAKE', 'Nothing wakes a service from zero copies', 'Without a copy the server tells nothing: the last copy goes, and none ever comes again.');
const OWN_METRIC = ProblemKind.error('SERVING_WAKE_BY_OWN_METRIC', 'A service is to be woken by its own metric', 'Without a copy there is no such series, and nothing wakes it.');
const STANDBY = ProblemKind.error('SERVING_STANDBY_AT_ZERO', 'Copies that are kept ready of a service that may have none', 'One says that copies wait for the load, the other that the load waits for copies.');
const AT_ZERO = ProblemKind.warning('SERVING_SCALE_TO_ZERO', 'A service that may have no copy', 'What is asked while a copy starts fails, unless something in front holds it.');
const WAKE_UNUSED = ProblemKind.warning('SERVING_WAKE_UNUSED', 'A wake of a service that always has copies', 'It is asked for nothing.');

/** Zero copies, and the way back. */
export const scaleToZero: Rule = {
  check: ({ request, plan: { server: { facts }, copies } }) => {
    const { scaling, engine } = request;
    // an engine that scales by itself holds requests until a copy is there
    if (scaling === undefined || scaling._findings.length > 0 || engine.follows !== undefined) return [];
    const findings: Finding[] = [];
    if (scaling.min > 0) {
      if (scaling.wakes.length > 0) findings.push(WAKE_UNUSED.found({ what: `'wake' is for 'min: 0'`, got: `min ${scaling.min}`, fix: "leave 'wake' out, or say 'min: 0'" }));
      return findings;
    }
    const self = copies.signals.some(({ kind }) => kind === ScalingSignalKind.KAFKA_LAG || kind === ScalingSignalKind.SCHEDULE);
    if (scaling.wakes.length === 0 && !self) {
      findings.push(NO_WAKE.found({ what: "'min: 0', and nothing wakes the service", got: copies.signals.map(({ name }) => name).join(', '), allowed: "a 'wake', Kafka lag or a schedule", fix: "give 'wake: Wake.onQuery(...)' with a metric of the gateway, or 'min: 1'" }));
    }
    for (const { query } of scaling.wakes) {
      const own = facts.metrics.find(({ name }) => query !== undefined && !GENERIC.has(name) && new RegExp(`(?<![\\w:])${name}(_total|_sum|_count|_bucket)?(?![\\w:])`).test(query));
      if (own !== undefined) findings.push(OWN_METRIC.found({ what: `'wake' asks '${own.name}', which ${facts.title} itself tells`, got: query, fix: 'ask something that runs without a copy: the gateway, a router, a queue' }));
    }
    if (copies.signals.some(({ standby }) => standby !== undefined)) findings.push(STANDBY.found({ what: "'standby' keeps copies ready, and 'min: 0' keeps none", got: 0, fix: "leave 'standby' out, or raise 'min'" }));
    findings.push(AT_ZERO.found({
      what: `after ${copies.cooldownSeconds} s without load no copy runs, and the first requests then wait or fail for about ${copies.startSeconds + copies.pollSeconds} s and longer where a node must come first`, got: 'min 0',
      fix: 'acknowledge it: what holds the requests, or which clients repeat them',
    }));
    return findings;
  },
};

/** Names that gateways have, too. */
const GENERIC = new Set(['http_requests_total']);

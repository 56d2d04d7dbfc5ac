import { RuleGroup } from '../rule';
import { serverSource } from '../request-source';
import { identity, ofService, podsOf, scrapedOf, WatchedService } from '../watched-service';
import { copies, info } from './copies';
import { gpu } from './gpu';
import { latency, tokenTimes } from './latency';
import { load, saturation } from './load';
import { Recorder, RecorderContext } from './recorder';
import { requests } from './requests';

/** In the order in which they are evaluated: one that reads another's series comes after it. */
const RECORDERS: readonly Recorder[] = [info, requests, latency, tokenTimes, load, copies, saturation, gpu];

/** What is told of a service's pods. */
const OF_PODS: ReadonlySet<Recorder> = new Set([copies, saturation, gpu]);

/** Seconds between two evaluations: not more often than there is anything new. */
export function intervalOf(service: WatchedService): number {
  return Math.max(30, service.cluster.scrapeSeconds);
}

/** The rules that give a service's series the names that all services share. */
export function recordings(service: WatchedService): RuleGroup {
  const matchers = ofService(service);
  const scraped = scrapedOf(service);
  const context: RecorderContext = { service, matchers, scraped, pods: podsOf(service), source: serverSource(service.plan, scraped) };
  // without pods of its own there is nothing to be told of pods
  const rules = RECORDERS.filter((record) => service.rendered.series === undefined || !OF_PODS.has(record)).flatMap((record) => record(context)).map((rule) => ({ ...rule, labels: { ...identity(service), ...rule.labels } }));
  return { name: `${service.name}.recordings`, intervalSeconds: intervalOf(service), rules };
}

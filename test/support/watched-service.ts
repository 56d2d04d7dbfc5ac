import { InferenceService } from 'cdk8s-serving';
import { Sli } from '../../lib/describe/monitoring/sli';
import { BoardSettings, Exporter } from '../../lib/watch/dashboards';
import { objectiveRecordings } from '../../lib/watch/objectives/burn';
import { recordings } from '../../lib/watch/recordings';
import { isAlert } from '../../lib/watch/rule';
import { WatchedService } from '../../lib/watch/watched-service';

/** A service as a stack sees it. */
export function watched(service: InferenceService, sli = Sli.server()): WatchedService {
  const { planned: { plan }, rendered, request } = service as any;
  return { name: service.name, namespace: service.namespace ?? 'default', plan, rendered, cluster: request.cluster, objectives: request.objectives, owner: request.owner, hold: request.hold, sli };
}

/** Names of the series that the rules of services record. */
export function recordedOf(...services: readonly WatchedService[]): Set<string> {
  const rules = services.flatMap((one) => [recordings(one), objectiveRecordings(one)]).flatMap((group) => group?.rules ?? []);
  return new Set(rules.flatMap((rule) => (isAlert(rule) ? [] : [rule.record])));
}

/** Settings of dashboards with all that there can be, but for what the services don't record. */
export function boardSettings(services: readonly WatchedService[], more: Partial<BoardSettings> = {}): BoardSettings {
  return { stack: 'monitoring/monitoring', folder: 'Inference', recorded: recordedOf(...services), exporters: new Set(Object.values(Exporter)), ...more };
}

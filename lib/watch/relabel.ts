import { RemoteWrite } from '../describe/monitoring/remote-write';
import { JsonObject } from '../plan/service-plan';
import { ScrapePlan } from './ports';

/** Labels of series from labels of pods, as both operators take it. Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#pod */
export function relabelings({ fromPodLabels }: ScrapePlan): JsonObject[] {
  return Object.entries(fromPodLabels).map(([targetLabel, podLabel]) => ({ action: 'replace', sourceLabels: [`__meta_kubernetes_pod_label_${podLabel.replace(/[^a-zA-Z0-9_]/g, '_')}`], targetLabel }));
}

/** A scrape that takes longer than its interval would never end. */
export function scrapeTimeout(seconds: number): string {
  return `${Math.min(10, seconds)}s`;
}

/** What is sent elsewhere, and as what; undefined where it is all as it is. */
export function writeRelabelings({ _props: { only }, _extras }: RemoteWrite): JsonObject[] | undefined {
  const changes = (_extras.relabelings ?? []).map((one) => ({ action: 'replace', ...one }));
  const kept = only === undefined ? [] : [{ action: 'keep', sourceLabels: ['__name__'], regex: only.join('|') }];
  return kept.length + changes.length === 0 ? undefined : [...kept, ...changes];
}

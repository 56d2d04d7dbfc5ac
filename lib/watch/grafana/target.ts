import { Grafana, GrafanaKind } from '../../describe/monitoring/grafana';
import { contentHash } from '../../plan/hash';
import { JsonObject } from '../../plan/service-plan';

/** The stack that dashboards come from. */
export interface GrafanaTarget {
  /** Name of the stack. */
  readonly name: string;
  readonly namespace: string;
  /** Labels of all objects. */
  readonly labels: { readonly [key: string]: string };
  /** Where the metrics' store answers, as Prometheus does: `http://vmsingle-serving.monitoring:8428`. */
  readonly storeUrl?: string;
  /** Seconds between two scrapes: what windows of rates follow. */
  readonly scrapeSeconds: number;
}

/** Uid of the data source that is made, and that dashboards begin with; none where Grafana's default one is theirs. */
export function datasourceUid(grafana: Grafana, target: GrafanaTarget): string | undefined {
  const { kind, _props: { operator, sidecar } } = grafana;
  const made = kind === GrafanaKind.INSTALL || (kind === GrafanaKind.OPERATOR && operator?.addDatasource !== false) || (kind === GrafanaKind.SIDECAR && sidecar?.datasourceLabel !== undefined);
  return made && target.storeUrl !== undefined ? `serving-metrics-${contentHash([['namespace', target.namespace], ['name', target.name]], 8)}` : undefined;
}

/** The data source, as Grafana's API has it. VictoriaMetrics answers as Prometheus does, so both are of the type `prometheus`. */
export function datasource(uid: string, target: GrafanaTarget, isDefault: boolean): JsonObject {
  return { name: `Inference metrics (${target.namespace})`, uid, type: 'prometheus', access: 'proxy', url: target.storeUrl, isDefault, editable: false, jsonData: { httpMethod: 'POST', timeInterval: `${target.scrapeSeconds}s` } };
}

/** A dashboard as text: a line a value, so that a change of it can be read. */
export function written(json: JsonObject): string {
  return `${JSON.stringify(json, null, 1)}\n`;
}

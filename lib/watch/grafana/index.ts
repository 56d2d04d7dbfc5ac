import { Grafana, GrafanaKind } from '../../describe/monitoring/grafana';
import { RenderedObject } from '../../render/ports';
import { Dashboard } from '../dashboards/board';
import { operatorDashboards, operatorInstance } from './operator';
import { sidecarDashboards, sidecarDatasource } from './sidecar';
import { GrafanaTarget, written } from './target';

export { datasourceUid, type GrafanaTarget } from './target';

/** What a stack brings once: the Grafana, and its data source. */
export function grafanaObjects(grafana: Grafana, target: GrafanaTarget): RenderedObject[] {
  switch (grafana.kind) {
    case GrafanaKind.INSTALL: case GrafanaKind.OPERATOR: return operatorInstance(grafana, target);
    case GrafanaKind.SIDECAR: return sidecarDatasource(grafana, target);
    default: return [];
  }
}

/** Whether dashboards are objects at all: drawing those that nobody takes would load Grafana's SDK for nothing. */
export function bringsObjects(grafana: Grafana): boolean {
  return grafana.kind !== GrafanaKind.FILES && grafana.kind !== GrafanaKind.NONE;
}

/** Dashboards as objects; none where they are files, or not wanted. */
export function dashboardObjects(grafana: Grafana, dashboards: readonly Dashboard[], target: GrafanaTarget): RenderedObject[] {
  switch (grafana.kind) {
    case GrafanaKind.INSTALL: case GrafanaKind.OPERATOR: return operatorDashboards(grafana, dashboards, target);
    case GrafanaKind.SIDECAR: return sidecarDashboards(grafana, dashboards, target);
    default: return [];
  }
}

/** Dashboards as files, with paths below the output folder. */
export function dashboardFiles(grafana: Grafana, dashboards: readonly Dashboard[]): { path: string; content: string }[] {
  if (grafana.kind !== GrafanaKind.FILES) return [];
  return dashboards.map(({ uid, json }) => ({ path: `${grafana._props.files?.path ?? 'dashboards'}/${uid}.json`, content: written(json) }));
}

import { Grafana } from '../../describe/monitoring/grafana';
import { Json, JsonObject } from '../../plan/service-plan';
import { compact } from '../../plan/json';
import { RenderedObject } from '../../render/ports';
import { Dashboard } from '../dashboards/board';
import { datasource, datasourceUid, GrafanaTarget, written } from './target';

/**
 * ConfigMaps as Grafana's sidecar reads them, one a dashboard: together they could be larger than a ConfigMap may be. The sidecar writes all files into
 * one folder, so each has a name of its own. Source: https://github.com/kiwigrid/k8s-sidecar
 */
export function sidecarDashboards(grafana: Grafana, dashboards: readonly Dashboard[], target: GrafanaTarget): RenderedObject[] {
  const { label = 'grafana_dashboard', value = '1', folderAnnotation = 'grafana_folder' } = grafana._props.sidecar ?? {};
  return dashboards.map(({ id, uid, folder, json }) => configMap(grafana, target, id, `dashboard-${uid}`, { [label]: value }, { [`${uid}.json`]: written(json) }, { [folderAnnotation]: folder }));
}

/** The data source, for the sidecar of data sources; none where its label was not said. */
export function sidecarDatasource(grafana: Grafana, target: GrafanaTarget): RenderedObject[] {
  const uid = datasourceUid(grafana, target);
  const label = grafana._props.sidecar?.datasourceLabel;
  if (uid === undefined || label === undefined) return [];
  const provisioned: JsonObject = { apiVersion: 1, datasources: [datasource(uid, target, false)] };
  return [configMap(grafana, target, 'Datasource', `${target.name}-datasource`, { [label]: '1' }, { [`${uid}.yaml`]: written(compact(provisioned)) })];
}

function configMap(grafana: Grafana, target: GrafanaTarget, id: string, name: string, labels: { [key: string]: string }, data: { [key: string]: Json }, annotations?: { [key: string]: string }): RenderedObject {
  const namespace = grafana._props.sidecar?.namespace;
  return { apiVersion: 'v1', kind: 'ConfigMap', id, name, labels: { ...target.labels, ...labels }, ...(annotations === undefined ? {} : { annotations }), ...(namespace === undefined ? {} : { namespace }), content: { data } };
}

import { Grafana, GrafanaKind } from '../../describe/monitoring/grafana';
import { asLabelValue } from '../../describe/checks/names';
import { bytesOf } from '../../describe/checks/shape';
import { compact, mebibytes } from '../../plan/json';
import { JsonObject } from '../../plan/service-plan';
import { RenderedObject } from '../../render/ports';
import { Dashboard } from '../dashboards/board';
import { datasource, datasourceUid, GrafanaTarget, written } from './target';

/** Objects of grafana-operator v5. Source: https://github.com/grafana/grafana-operator/blob/v5.24.0/docs/docs/api.md */
const API = 'grafana.integreatly.org/v1beta1';
/** Label by which a Grafana of ours is found. */
const INSTANCE = 'serving.cdk8s.io/grafana';

/** The Grafana itself where it is to be made, and its data source. */
export function operatorInstance(grafana: Grafana, target: GrafanaTarget): RenderedObject[] {
  const uid = datasourceUid(grafana, target);
  const source: RenderedObject[] = uid === undefined ? [] : [{
    ...common(grafana, target), id: 'Datasource', kind: 'GrafanaDatasource', name: `${target.name}-metrics`,
    content: { spec: compact({ ...joined(grafana, target), uid, datasource: datasource(uid, target, grafana.kind === GrafanaKind.INSTALL) }) },
  }];
  return grafana.kind === GrafanaKind.INSTALL ? [instance(grafana, target), ...source] : source;
}

/** A dashboard each. */
export function operatorDashboards(grafana: Grafana, dashboards: readonly Dashboard[], target: GrafanaTarget): RenderedObject[] {
  return dashboards.map((dashboard) => ({
    ...common(grafana, target), id: dashboard.id, kind: 'GrafanaDashboard', name: dashboard.uid,
    content: { spec: compact({ ...joined(grafana, target), folder: dashboard.folder, json: written(dashboard.json) }) },
  }));
}

function common(grafana: Grafana, target: GrafanaTarget): Pick<RenderedObject, 'apiVersion' | 'labels' | 'namespace'> {
  const namespace = grafana._props.operator?.namespace;
  return { apiVersion: API, labels: target.labels, ...(namespace === undefined ? {} : { namespace }) };
}

/** Which Grafana it is for. Without leave to cross namespaces, one elsewhere would not be found. */
function joined(grafana: Grafana, target: GrafanaTarget): JsonObject {
  return { instanceSelector: { matchLabels: grafana._props.operator?.instanceSelector ?? { [INSTANCE]: instanceLabel(target) } }, allowCrossNamespaceImport: true };
}

function instanceLabel(target: GrafanaTarget): string {
  return asLabelValue(`${target.namespace}.${target.name}`);
}

function instance(grafana: Grafana, target: GrafanaTarget): RenderedObject {
  const { adminSecretName, adminUserKey = 'admin-user', adminPasswordKey = 'admin-password', storage, storageClass, url, version, config } = grafana._props.install ?? {};
  const fromSecret = (name: string, key: string): JsonObject => ({ name, valueFrom: { secretKeyRef: { name: adminSecretName ?? 'unknown', key } } });
  const container = { name: 'grafana', env: [fromSecret('GF_SECURITY_ADMIN_USER', adminUserKey), fromSecret('GF_SECURITY_ADMIN_PASSWORD', adminPasswordKey)] };
  // the operator mounts a volume of this name; it makes the claim `<name>-pvc`
  const volumes = storage === undefined ? undefined : [{ name: 'grafana-data', persistentVolumeClaim: { claimName: `${target.name}-pvc` } }];
  return {
    apiVersion: API, kind: 'Grafana', id: 'Grafana', name: target.name, labels: { ...target.labels, [INSTANCE]: instanceLabel(target) },
    content: {
      spec: compact({
        version, disableDefaultAdminSecret: true,
        config: { 'analytics': { check_for_updates: 'false', reporting_enabled: 'false' }, 'log': { mode: 'console' }, ...(url === undefined ? {} : { server: { root_url: url } }), ...config },
        deployment: { spec: compact({ strategy: storage === undefined ? undefined : { type: 'Recreate' }, template: { spec: { containers: [container], volumes } } }) },
        persistentVolumeClaim: storage === undefined ? undefined : { spec: { accessModes: ['ReadWriteOnce'], storageClassName: storageClass, resources: { requests: { storage: mebibytes(bytesOf(storage)) } } } },
      }),
    },
  };
}

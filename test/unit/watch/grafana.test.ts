import { Size } from 'cdk8s';
import { parse } from 'yaml';
import { Grafana, GrafanaInstallProps } from '../../../lib/describe/monitoring/grafana';
import { dashboardFiles, dashboardObjects, datasourceUid, grafanaObjects, GrafanaTarget } from '../../../lib/watch/grafana';
import { everyDashboard, watchedServices } from '../../support/dashboard-cases';
import { validateManifest } from '../../support/schema';

const dashboards = everyDashboard(watchedServices());
const target: GrafanaTarget = { name: 'monitoring', namespace: 'observe', labels: { 'app.kubernetes.io/part-of': 'monitoring' }, storeUrl: 'http://prometheus-monitoring.observe:9090', scrapeSeconds: 30 };
const install = (props: Partial<GrafanaInstallProps> = {}) => Grafana.install({ adminSecretName: 'grafana-admin', ...props });
const objects = (grafana: Grafana): any[] => grafanaObjects(grafana, target);
const boards = (grafana: Grafana): any[] => dashboardObjects(grafana, dashboards, target);
const spec = (grafana: Grafana, kind: string): any => objects(grafana).find((one) => one.kind === kind).content.spec;

describe('a Grafana of its own', () => {
  test('takes its administrator from the Secret, and no other', () => {
    const grafana = spec(install({ adminUserKey: 'user' }), 'Grafana');
    const from = (key: string) => ({ secretKeyRef: { name: 'grafana-admin', key } });
    expect(grafana.disableDefaultAdminSecret).toBe(true);
    expect(grafana.deployment.spec.template.spec.containers).toEqual([{ name: 'grafana', env: [{ name: 'GF_SECURITY_ADMIN_USER', valueFrom: from('user') }, { name: 'GF_SECURITY_ADMIN_PASSWORD', valueFrom: from('admin-password') }] }]);
  });

  test('keeps what users make on a volume, which only one copy has at a time', () => {
    const kept = spec(install({ storage: Size.gibibytes(5), storageClass: 'ssd' }), 'Grafana');
    expect(kept.persistentVolumeClaim).toEqual({ spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'ssd', resources: { requests: { storage: '5Gi' } } } });
    expect(kept.deployment.spec).toMatchObject({ strategy: { type: 'Recreate' }, template: { spec: { volumes: [{ name: 'grafana-data', persistentVolumeClaim: { claimName: 'monitoring-pvc' } }] } } });
    const lost = spec(install(), 'Grafana');
    expect([lost.persistentVolumeClaim, lost.deployment.spec.strategy, lost.deployment.spec.template.spec.volumes]).toEqual([undefined, undefined, undefined]);
  });

  test("the user's settings, URL and version are its own", () => {
    const grafana = spec(install({ url: 'https://grafana.example.com', version: '12.4.0', config: { log: { level: 'warn' }, users: { viewers_can_edit: 'true' } } }), 'Grafana');
    expect(grafana.version).toBe('12.4.0');
    expect(grafana.config).toMatchObject({ server: { root_url: 'https://grafana.example.com' }, log: { level: 'warn' }, users: { viewers_can_edit: 'true' } });
  });

  test('it, and no other, is found by its data source and its dashboards', () => {
    const [grafana, ...others] = [...objects(install()), ...boards(install())];
    expect(others).toHaveLength(1 + dashboards.length);
    for (const { content } of others) {
      for (const [key, value] of Object.entries(content.spec.instanceSelector.matchLabels)) expect(grafana.labels).toHaveProperty([key], value);
      expect(content.spec.allowCrossNamespaceImport).toBe(true);
    }
    const elsewhere = grafanaObjects(install(), { ...target, namespace: 'other' })[0]!;
    expect(elsewhere.labels!['serving.cdk8s.io/grafana']).not.toBe(grafana.labels['serving.cdk8s.io/grafana']);
  });

  test('it reads the store of the stack, whichever it is, as Prometheus', () => {
    const source = spec(install(), 'GrafanaDatasource');
    expect(source).toMatchObject({ uid: datasourceUid(install(), target), datasource: { type: 'prometheus', access: 'proxy', url: target.storeUrl, isDefault: true, jsonData: { httpMethod: 'POST', timeInterval: '30s' } } });
    expect(source.uid).toMatch(/^[a-z0-9-]{1,40}$/);
    expect(grafanaObjects(install(), { ...target, storeUrl: undefined }).map((one) => one.kind)).toEqual(['Grafana']);
  });
});

describe('a Grafana that an operator runs', () => {
  const joined = Grafana.operator({ instanceSelector: { dashboards: 'grafana' }, namespace: 'grafana' });

  test('is joined by its labels, from the namespace that was named', () => {
    expect([...objects(joined), ...boards(joined)].map((one) => [one.namespace, one.content.spec.instanceSelector])).toEqual(Array(1 + dashboards.length).fill(['grafana', { matchLabels: { dashboards: 'grafana' } }]));
    expect(objects(joined)[0].content.spec.datasource.isDefault).toBe(false);
  });

  test('gets no data source where it has one', () => {
    const own = Grafana.operator({ instanceSelector: { dashboards: 'grafana' }, addDatasource: false });
    expect(objects(own)).toEqual([]);
    expect(datasourceUid(own, target)).toBeUndefined();
    expect(boards(own)[0].namespace).toBeUndefined();
  });

  test('each object holds one dashboard, whole', () => {
    expect(boards(joined).map((one) => [one.name, one.content.spec.folder, JSON.parse(one.content.spec.json)])).toEqual(dashboards.map((one) => [one.uid, 'Inference', one.json]));
  });
});

describe('a sidecar', () => {
  test('finds a ConfigMap a dashboard by its label, and the folder by its annotation', () => {
    const maps = boards(Grafana.sidecar());
    for (const map of maps) {
      expect(map).toMatchObject({ kind: 'ConfigMap', labels: { ...target.labels, grafana_dashboard: '1' }, annotations: { grafana_folder: 'Inference' } });
      expect(map.namespace).toBeUndefined();
    }
    expect(maps.map((map) => Object.values(map.content.data).map((text) => JSON.parse(text as string)))).toEqual(dashboards.map((one) => [one.json]));
  });

  test('writes all files into one folder: none has the name of another', () => {
    const files = boards(Grafana.sidecar()).flatMap((map) => Object.keys(map.content.data));
    expect(new Set(files).size).toBe(dashboards.length);
    for (const file of files) expect(file).toMatch(/^[a-z0-9-]+\.json$/);
  });

  test('ConfigMaps are as the API server takes them, and small enough for kubectl apply', () => {
    for (const { apiVersion, kind, name, labels, annotations, content } of boards(Grafana.sidecar())) {
      expect(validateManifest({ apiVersion, kind, metadata: { name, labels, annotations }, ...content }, '1.34')).toEqual([]);
      expect(JSON.stringify(content).length).toBeLessThan(250 * 1024); // kubectl keeps the object in an annotation of at most 256 KiB
    }
  });

  test('labels, folder and namespace are as they were named', () => {
    const [map] = boards(Grafana.sidecar({ label: 'dashboards', value: 'yes', folderAnnotation: 'folder', namespace: 'grafana' }));
    expect(map).toMatchObject({ namespace: 'grafana', labels: { dashboards: 'yes' }, annotations: { folder: 'Inference' } });
  });

  test('a data source comes only where its label was named', () => {
    expect(objects(Grafana.sidecar())).toEqual([]);
    expect(datasourceUid(Grafana.sidecar(), target)).toBeUndefined();
    const grafana = Grafana.sidecar({ datasourceLabel: 'grafana_datasource' });
    const [map] = objects(grafana);
    expect(map).toMatchObject({ kind: 'ConfigMap', labels: { grafana_datasource: '1' } });
    expect(parse(Object.values(map.content.data)[0] as string)).toMatchObject({ apiVersion: 1, datasources: [{ uid: datasourceUid(grafana, target), url: target.storeUrl, isDefault: false }] });
  });
});

test('files lie where they were asked for, a dashboard each, and nothing is in the cluster', () => {
  const files = dashboardFiles(Grafana.files({ path: 'boards' }), dashboards);
  expect(files.map((file) => file.path)).toEqual(dashboards.map((one) => `boards/${one.uid}.json`));
  expect(files.map((file) => JSON.parse(file.content))).toEqual(dashboards.map((one) => one.json));
  expect([...objects(Grafana.files()), ...boards(Grafana.files())]).toEqual([]);
});

test('without dashboards there is nothing', () => {
  expect([...objects(Grafana.none()), ...boards(Grafana.none()), ...dashboardFiles(Grafana.none(), dashboards), ...dashboardFiles(install(), dashboards)]).toEqual([]);
});

import { Size } from 'cdk8s';
import { Grafana, GrafanaFilesProps, GrafanaInstallProps, GrafanaOperatorProps, GrafanaSidecarProps } from 'cdk8s-serving';
import { Dashboard } from '../../../lib/watch/dashboards';
import { dashboardFiles, dashboardObjects, grafanaObjects, GrafanaTarget } from '../../../lib/watch/grafana';
import { everyProp } from '../../support/props';

const TARGET: GrafanaTarget = { name: 'monitoring', namespace: 'observe', labels: {}, storeUrl: 'http://prometheus:9090', scrapeSeconds: 30 };
/** A dashboard in the folder that the Grafana names, as a stack draws it. */
const board = (grafana: Grafana): Dashboard => ({ id: 'Dashboard', uid: 'svc-fraud-1', title: 'fraud', folder: grafana.folder, json: {} });
const all = (grafana: Grafana): any[] => [...grafanaObjects(grafana, TARGET), ...dashboardObjects(grafana, [board(grafana)], TARGET)];
const spec = (objects: any[], kind: string): any => objects.find((one) => one.kind === kind)?.content.spec;
const admin = (objects: any[], i: number): string => spec(objects, 'Grafana').deployment.spec.template.spec.containers[0].env[i].valueFrom.secretKeyRef;

describe('each prop of a Grafana of its own', () => {
  everyProp<GrafanaInstallProps, any[]>({ adminSecretName: 'admin' }, (props) => all(Grafana.install(props)), {
    adminSecretName: { value: 'other', see: (one) => admin(one, 1), is: { name: 'other', key: 'admin-password' } }, adminUserKey: { value: 'user', see: (one) => admin(one, 0), is: { name: 'admin', key: 'user' } },
    adminPasswordKey: { value: 'password', see: (one) => admin(one, 1), is: { name: 'admin', key: 'password' } }, storage: { value: Size.gibibytes(5), see: (one) => spec(one, 'Grafana').persistentVolumeClaim?.spec.resources.requests.storage, is: '5Gi' },
    storageClass: { value: 'ssd', beside: { storage: Size.gibibytes(5) }, see: (one) => spec(one, 'Grafana').persistentVolumeClaim.spec.storageClassName, is: 'ssd' }, url: { value: 'https://grafana.example.com', see: (one) => spec(one, 'Grafana').config.server?.root_url, is: 'https://grafana.example.com' },
    version: { value: '12.4.0', see: (one) => spec(one, 'Grafana').version, is: '12.4.0' }, config: { value: { users: { viewers_can_edit: 'true' } }, see: (one) => spec(one, 'Grafana').config.users, is: { viewers_can_edit: 'true' } },
    folder: { value: 'Models', see: (one) => spec(one, 'GrafanaDashboard').folder, is: 'Models' },
  });
});

describe('each prop of a Grafana that an operator runs', () => {
  everyProp<GrafanaOperatorProps, any[]>({ instanceSelector: { a: 'b' } }, (props) => all(Grafana.operator(props)), {
    instanceSelector: { value: { c: 'd' }, see: (one) => spec(one, 'GrafanaDashboard').instanceSelector, is: { matchLabels: { c: 'd' } } }, namespace: { value: 'grafana', see: (one) => one[1].namespace, is: 'grafana' },
    addDatasource: { value: false, see: (one) => spec(one, 'GrafanaDatasource'), is: undefined }, folder: { value: 'Models', see: (one) => spec(one, 'GrafanaDashboard').folder, is: 'Models' },
  });
});

describe('each prop of a sidecar', () => {
  everyProp<GrafanaSidecarProps, any[]>({}, (props) => all(Grafana.sidecar(props)), {
    label: { value: 'boards', see: (one) => one.at(-1).labels.boards, is: '1' }, value: { value: 'yes', see: (one) => one.at(-1).labels.grafana_dashboard, is: 'yes' },
    folderAnnotation: { value: 'folder', see: (one) => one.at(-1).annotations.folder, is: 'Inference' }, namespace: { value: 'grafana', see: (one) => one.at(-1).namespace, is: 'grafana' },
    datasourceLabel: { value: 'grafana_datasource', see: (one) => one[0].labels.grafana_datasource, is: '1' }, folder: { value: 'Models', see: (one) => one.at(-1).annotations.grafana_folder, is: 'Models' },
  });
});

describe('each prop of files', () => {
  everyProp<GrafanaFilesProps, any>({}, (props) => { const grafana = Grafana.files(props); return dashboardFiles(grafana, [board(grafana)]); }, { path: { value: 'boards', see: (one) => one[0].path, is: 'boards/svc-fraud-1.json' } });
});

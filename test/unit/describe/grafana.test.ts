import { Size } from 'cdk8s';
import { Grafana } from '../../../lib/describe/monitoring/grafana';
import { codes } from '../../support/serving';

test('each way to bring dashboards says which one it is', () => {
  const all = [Grafana.install({ adminSecretName: 'grafana-admin', storage: Size.gibibytes(5), storageClass: 'ssd', url: 'https://grafana.example.com', version: '12.4.0', config: { 'auth.anonymous': { enabled: 'true' } } }),
    Grafana.operator({ instanceSelector: { dashboards: 'grafana' }, namespace: 'grafana', addDatasource: false }), Grafana.sidecar({ label: 'grafana_dashboard', value: 'yes', folderAnnotation: 'folder', datasourceLabel: 'grafana_datasource' }), Grafana.files({ path: 'a/b' }), Grafana.none()];
  expect(all.map((one) => one.kind)).toEqual(['install', 'operator', 'sidecar', 'files', 'none']);
  expect(all.flatMap(codes)).toEqual([]);
});

test('the folder is Inference unless another one is named', () => {
  expect(Grafana.sidecar().folder).toBe('Inference');
  expect(Grafana.operator({ instanceSelector: { a: 'b' }, folder: 'Models' }).folder).toBe('Models');
  expect(Grafana.files().folder).toBe('Inference');
});

test.each<[string, () => Grafana, string]>([
  ['an administrator without a Secret', () => Grafana.install({} as any), 'SERVING_MISSING_PROP'],
  ['a Secret that is none', () => Grafana.install({ adminSecretName: 'Grafana Admin' }), 'SERVING_TEXT_NOT_ALLOWED'],
  ['a URL with a password', () => Grafana.install({ adminSecretName: 'a', url: 'https://admin:pw@grafana.example.com' }), 'SERVING_TEXT_NOT_ALLOWED'],
  ['a secret among the settings', () => Grafana.install({ adminSecretName: 'a', config: { 'auth.generic_oauth': { client_secret: 'f00ba7' } } }), 'SERVING_SECRET_IN_PLAIN_TEXT'],
  ['a size as a text', () => Grafana.install({ adminSecretName: 'a', storage: '5Gi' as any }), 'SERVING_WRONG_TYPE'],
  ['nothing to find the Grafana by', () => Grafana.operator({} as any), 'SERVING_MISSING_PROP'],
  ['labels that match every Grafana', () => Grafana.operator({ instanceSelector: {} }), 'SERVING_GRAFANA_SELECTOR'],
  ['a folder with a slash', () => Grafana.sidecar({ folder: 'a/b' }), 'SERVING_TEXT_NOT_ALLOWED'],
  ['a path that leads out', () => Grafana.files({ path: '../x' }), 'SERVING_TEXT_NOT_ALLOWED'],
  ['a misspelt prop', () => Grafana.sidecar({ lable: 'x' } as any), 'SERVING_UNKNOWN_PROP'],
])('%s is a problem', (_, make, code) => {
  expect(codes(make())).toEqual([code]);
});

test('a secret is not shown', () => {
  expect(JSON.stringify(Grafana.install({ adminSecretName: 'a', config: { auth: { client_secret: 'f00ba7' } } })._findings)).not.toContain('f00ba7');
});

import { tmpdir } from 'node:os';
import { Chart, Duration, Size, Testing, Yaml } from 'cdk8s';
import { Container, Cpu, EnvValue } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { Cluster, Exposure, InferenceService, InferenceServiceProps, MountedFile, Scaling, ServingEngine, Team } from 'cdk8s-serving';
import { runChild } from '../../support/child';
import { iris, serve, synth } from '../../support/serving';

const PROPS = (): InferenceServiceProps => ({
  model: iris({ size: Size.mebibytes(300) }), owner: Team.of('risk'), cpu: Cpu.units(2), memory: Size.gibibytes(2), scaling: Scaling.onCpu({ min: 2, max: 6 }), requestTimeout: Duration.seconds(9), env: { B: EnvValue.fromValue('1'), A: EnvValue.fromValue('2') },
  files: [MountedFile.inline('/etc/b', 'b'), MountedFile.inline('/etc/a', 'a')], labels: { z: '1', a: '2' }, annotations: { z: '1', a: '2' }, sidecars: [new Container({ name: 'proxy', image: 'a:1' })], podOverlay: { spec: { runtimeClassName: 'x' } },
  exposure: Exposure.ingress({ host: 'a.example.com', tlsSecretName: 'tls' }),
});
const yaml = (props: Partial<InferenceServiceProps>): string => Yaml.stringify(...serve(props).manifests);

/** The same entries in the opposite order, all the way down plain objects. */
function turned<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).reverse().map(([key, item]) => [key, key === 'env' ? item : turned(item)])) as T;
}

test('two synths of one tree are byte for byte the same', () => {
  const { chart } = serve(PROPS());
  expect(Yaml.stringify(...synth(chart))).toBe(Yaml.stringify(...synth(chart)));
});

test('two trees of the same props are byte for byte the same', () => expect(yaml(PROPS())).toBe(yaml(PROPS())));

test('the order in which props are written changes no byte', () => {
  expect(Object.keys(turned(PROPS()))).not.toEqual(Object.keys(PROPS()));
  expect(yaml(turned(PROPS()))).toBe(yaml(PROPS()));
});

test('moving a service in the tree changes no byte', () => {
  const app = Testing.app();
  const place = (scope: Construct, id = 'Iris'): InferenceService => new InferenceService(scope, id, { ...PROPS(), name: 'iris' });
  const flat = new Chart(app, 'flat', { namespace: 'ml' });
  const deep = new Chart(Testing.app(), 'elsewhere', { namespace: 'ml' });
  for (const chart of [flat, deep]) new ServingEngine(chart, 'Engine', { cluster: Cluster.of() });
  place(flat);
  place(new Construct(new Construct(deep, 'Team'), 'Group'), 'AnotherId');
  expect(Yaml.stringify(...synth(deep))).toBe(Yaml.stringify(...synth(flat)));
});

test('other services in the tree change no byte of one', () => {
  const alone = serve(PROPS());
  const beside = serve(PROPS());
  new InferenceService(beside.chart, 'Aaa', { model: iris() });
  const own = (manifests: any[]): string => Yaml.stringify(...manifests.filter((one) => one.metadata.labels['app.kubernetes.io/name'] === 'iris'));
  expect(own(beside.manifests)).toBe(own(alone.manifests));
});

test('time zone, locale and folder change no byte', () => {
  const program = `
    import { Chart, Testing, Yaml } from 'cdk8s';
    import { Hold, InferenceService, Model, ModelSource, MountedFile, Scaling } from 'cdk8s-serving';
    const chart = new Chart(Testing.app(), 'ml', { namespace: 'ml' });
    new InferenceService(chart, 'Iris', { model: Model.sklearn({ source: ModelSource.s3('s3://models/v1') }), scaling: Scaling.onCpu({ min: 2, max: 4 }),
      files: ['ä', 'z', 'I', 'i'].map((name) => MountedFile.inline('/etc/' + name, name)), hold: Hold.frozen({ reason: 'x', until: '2026-03-29' }) });
    process.stdout.write(Yaml.stringify(...Testing.synth(chart)));
  `;
  const here = runChild(program, { TZ: 'UTC', LC_ALL: 'C' });
  const there = runChild(program, { TZ: 'Pacific/Auckland', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' }, tmpdir());
  expect([here.code, here.stderr]).toEqual([0, '']);
  expect(here.stdout).toContain('kind: Deployment');
  expect(there.stdout).toBe(here.stdout);
}, 60_000);

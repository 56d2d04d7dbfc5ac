import { App, Chart, Size, Testing } from 'cdk8s';
import { Accelerator, Cluster, ClusterOperator, InferenceServer, KServeRuntimes, KServeRuntimesProps, ModelFormat, Problems, ServingEngine } from 'cdk8s-serving';
import { synth } from '../../support/serving';

/** Runtimes of these props, by name. */
function made(props: KServeRuntimesProps = {}, cluster = Cluster.of(), namespace?: string): { [name: string]: any } {
  const chart = new Chart(Testing.app(), 'platform', { namespace });
  new ServingEngine(chart, 'Engine', { cluster });
  new KServeRuntimes(chart, 'Runtimes', props);
  return Object.fromEntries(synth(chart).map((object) => [object.metadata.name, object]));
}

/** Codes of the problems of these props. */
function codes(props: KServeRuntimesProps, cluster = Cluster.of(), namespace?: string): string[] {
  const chart = new Chart(new App(), 'platform', { namespace });
  new ServingEngine(chart, 'Engine', { cluster });
  new KServeRuntimes(chart, 'Runtimes', props);
  return Problems.of(chart).map(({ code }) => code);
}

const container = (runtime: any): any => runtime.spec.containers[0];
const variable = (runtime: any, name: string): string => container(runtime).env.find((one: any) => one.name === name)?.value;
/** Servers that need something of the user: an application, an image. */
const UNSAID = ['fastapi', 'container'];
/** Images that start as root, as the catalogue says of them. */
const ROOT = ['vllm', 'sglang', 'tgi'];

test('every server of the catalogue that needs nothing to be said has one', () => {
  const servers = new Set(Object.values(made()).map((one) => one.metadata.labels['serving.cdk8s.io/server']));
  expect([...servers].sort()).toEqual(InferenceServer.all().map(({ facts }) => facts.id).filter((id) => !UNSAID.includes(id)).sort());
});

describe.each(Object.entries(made()))('%s', (name, runtime) => {
  const { containers: [server], annotations, volumes = [] } = runtime.spec;

  test('is for all namespaces, and starts one container of the name that KServe asks for', () => {
    expect([runtime.kind, runtime.metadata.namespace, runtime.spec.containers.length, server.name]).toEqual(['ClusterServingRuntime', undefined, 1, 'kserve-container']);
  });

  test('leads clients to its first port, by HTTP, and whoever scrapes to a port that it has', () => {
    expect(server.ports[0].name).toBe('http');
    expect(server.ports.map((one: any) => String(one.containerPort))).toContain(annotations['prometheus.kserve.io/port']);
  });

  test('leaves the folder of models to KServe, and mounts only volumes that it has', () => {
    expect(server.volumeMounts.filter((one: any) => one.mountPath.startsWith('/mnt/models'))).toEqual([]);
    expect(server.volumeMounts.map((one: any) => one.name).filter((one: string) => !volumes.some((volume: any) => volume.name === one))).toEqual([]);
    expect(volumes.filter((volume: any) => volume.configMap !== undefined)).toEqual([]);
    expect(JSON.stringify([server.args, server.command, server.env])).toContain('/mnt/models');
  });

  test('is asked whether the model is loaded, waits before it stops, and keeps to the restricted standard where its image can', () => {
    expect([server.startupProbe, server.readinessProbe, server.livenessProbe].filter((one) => one === undefined)).toEqual([]);
    expect(server.lifecycle.preStop.sleep.seconds).toBeLessThan(Number(runtime.metadata.annotations['serving.cdk8s.io/termination-grace-seconds']));
    expect(server.securityContext).toMatchObject({ allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, seccompProfile: { type: 'RuntimeDefault' } });
    if (!ROOT.includes(runtime.metadata.labels['serving.cdk8s.io/server'])) expect(server.securityContext).toMatchObject({ runAsNonRoot: true, readOnlyRootFilesystem: true });
  });

  test('has nothing for KServe to fill in but the name', () => {
    expect((JSON.stringify(server).match(/\{\{[^}]*\}\}/g) ?? []).filter((one) => one !== '{{.Name}}')).toEqual([]);
    expect(JSON.stringify([runtime.metadata, annotations, runtime.spec.labels, volumes])).not.toContain('{{');
  });

  test('asks for a device exactly where it is the runtime of one', () => {
    expect([server.resources.limits['nvidia.com/gpu'], runtime.spec.nodeSelector, runtime.spec.tolerations?.[0].key])
      .toEqual(name.endsWith('-nvidia') ? ['1', { 'nvidia.com/gpu.present': 'true' }, 'nvidia.com/gpu'] : [undefined, undefined, undefined]);
  });
});

test("what KServe's own runtimes have wrong is right: where metrics are, and that there are any", () => {
  const runtimes = made();
  expect(runtimes['serving-mlserver-sklearn'].spec.annotations).toEqual({ 'prometheus.kserve.io/port': '8082', 'prometheus.kserve.io/path': '/metrics' });
  expect(variable(runtimes['serving-mlserver-sklearn'], 'MLSERVER_METRICS_PORT')).toBe('8082');
  expect(container(runtimes['serving-openvino']).args).toContain('--metrics_enable');
  expect(variable(runtimes['serving-torchserve'], 'SERVING_FILE_0')).toMatch(/^metrics_mode=prometheus$/m);
  expect(variable(runtimes['serving-torchserve'], 'SERVING_FILE_0')).toMatch(/^load_models=\{\{\.Name\}\}=\{\{\.Name\}\}\.mar$/m);
  expect(container(runtimes['serving-tensorflow-serving']).args).toContain('--monitoring_config_file=/etc/tensorflow-serving/monitoring.config');
  expect(runtimes['serving-tensorflow-serving'].spec.annotations['prometheus.kserve.io/path']).toBe('/monitoring/prometheus/metrics');
  expect(container(runtimes['serving-vllm-nvidia']).volumeMounts).toContainEqual({ name: 'shm', mountPath: '/dev/shm' });
});

test('files are written as the server starts, into a folder that it can write to, and the server takes the shell\'s place', () => {
  const { 'serving-tensorflow-serving': runtime } = made();
  expect(container(runtime).command).toEqual(['/bin/sh', '-ec', 'printf %s "$SERVING_FILE_0" > /etc/tensorflow-serving/monitoring.config && exec "$@"', 'start', '/usr/bin/tensorflow_model_server']);
  expect(container(runtime).volumeMounts).toContainEqual({ name: 'config', mountPath: '/etc/tensorflow-serving' });
  expect(runtime.spec.volumes).toContainEqual({ name: 'config', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } });
});

test('KServe picks none by itself, and when it may, one for each format: never one with a device where one without will do', () => {
  const picked = (props: KServeRuntimesProps): string[] => Object.values(made(props)).flatMap((one) => one.spec.supportedModelFormats.filter((format: any) => format.autoSelect).map((format: any) => `${format.name} ${one.metadata.name} ${format.priority}`));
  expect(picked({})).toEqual([]);
  const all = picked({ autoSelect: true, priority: 7 });
  expect(all).toEqual(expect.arrayContaining(['sklearn serving-mlserver-sklearn 7', 'onnx serving-openvino 7', 'tensorrt serving-triton-nvidia 7', 'huggingface serving-vllm 7']));
  expect(new Set(all.map((one) => one.split(' ')[0])).size).toBe(all.length);
  expect(all.filter((one) => /torchserve|tgi/.test(one))).toEqual([]);
});

test('protocols have the names that KServe knows; of what it has no name for, none is said', () => {
  const runtimes = made();
  expect(runtimes['serving-triton'].spec.protocolVersions).toEqual(['v2', 'grpc-v2']);
  expect(runtimes['serving-tensorflow-serving'].spec.protocolVersions).toEqual(['v1', 'grpc-v1']);
  expect(runtimes['serving-vllm'].spec).not.toHaveProperty('protocolVersions');
});

test('images come by mirror and digest, with the pull Secrets of the cluster', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const { 'serving-kserve-sklearn': runtime } = made({ servers: [InferenceServer.kserveSklearn()] }, Cluster.of({ imageMirrors: { 'docker.io': 'mirror.example.com' }, imageDigests: { 'docker.io/kserve/sklearnserver:v0.20.0': digest }, imagePullSecrets: ['pull'] }));
  expect([container(runtime).image, runtime.spec.imagePullSecrets]).toEqual([`mirror.example.com/kserve/sklearnserver@${digest}`, [{ name: 'pull' }]]);
});

test('a namespace has runtimes of its own, of other names, for its own devices and sizes', () => {
  const runtimes = made({ namespaced: true, prefix: 'risk-', servers: [InferenceServer.triton()], accelerator: Accelerator.nvidia('L4'), modelSize: Size.gibibytes(8) }, Cluster.of(), 'risk');
  expect(Object.values(runtimes).filter((one) => one.kind !== 'ServingEngine').map((one) => [one.kind, one.metadata.namespace, one.metadata.name])).toEqual([['ServingRuntime', 'risk', 'risk-triton'], ['ServingRuntime', 'risk', 'risk-triton-nvidia']]);
  expect(runtimes['risk-triton-nvidia'].spec.nodeSelector).toEqual({ 'nvidia.com/gpu.product': 'NVIDIA-L4' });
  const memory = (one: any): number => parseInt(container(one).resources.limits.memory, 10);
  expect(memory(runtimes['risk-triton'])).toBeGreaterThan(8);
});

test('text that KServe would read as a placeholder comes out as it was written', () => {
  const { 'serving-vllm': runtime } = made({ servers: [InferenceServer.vllm({ extraArguments: ['--chat-template={{ messages }}'] })] });
  expect(container(runtime).args).toContain('--chat-template={{`{{`}} messages }}');
  expect(container(runtime).args).toContain('--served-model-name={{.Name}}');
});

test('a program is told which runtimes there are for a format', () => {
  const runtimes = new KServeRuntimes(new Chart(new App(), 'platform'), 'Runtimes');
  expect(runtimes.namesFor(ModelFormat.XGBOOST)).toEqual(['serving-mlserver-xgboost', 'serving-mlserver-xgboost-nvidia', 'serving-kserve-xgboost']);
  expect(runtimes.names).toEqual(Object.keys(made()));
});

test('a server that no runtime can be made of is an error where it was named', () => {
  expect(codes({ servers: [InferenceServer.fastApi()] })).toEqual(['SERVING_KSERVE_RUNTIME_NONE']);
  expect(codes({ servers: [InferenceServer.triton({ versionFolder: true })] })).toEqual(['SERVING_KSERVE_RUNTIME_NONE']);
  expect(codes({ servers: [InferenceServer.triton({ versionFolder: true, configuration: 'backend: "onnxruntime"' })] })).toEqual(['SERVING_KSERVE_RUNTIME_NONE']);
  expect(codes({ servers: [InferenceServer.fastApi({ image: 'registry.example.com/app:1.0' })] })).toEqual([]);
});

test('bad input is told', () => {
  expect(codes({ prefix: 'kserve-' })).toEqual(['SERVING_TEXT_NOT_ALLOWED']);
  expect(codes({ servers: [InferenceServer.triton(), InferenceServer.triton()] })).toEqual(['SERVING_KSERVE_RUNTIME_TWICE', 'SERVING_KSERVE_RUNTIME_TWICE']);
  expect(codes({ namespaced: true })).toEqual(['SERVING_OPERATOR_OUTSIDE_OF_CHART']);
  expect(codes({}, Cluster.of({ operators: [ClusterOperator.KEDA] }))).toEqual(['SERVING_OPERATOR_MISSING']);
  expect(codes({ server: [] } as KServeRuntimesProps)).toEqual(['SERVING_UNKNOWN_PROP']);
  expect(codes({ servers: [] })).toEqual(['SERVING_NUMBER_OUT_OF_RANGE']);
  const app = new App();
  new KServeRuntimes(app as never, 'Runtimes');
  expect(Problems.of(app).map(({ code }) => code)).toEqual(['SERVING_OPERATOR_OUTSIDE_OF_CHART']);
});

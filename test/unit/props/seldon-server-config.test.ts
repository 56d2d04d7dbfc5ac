import { App, Chart, Size, Testing } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { Accelerator, Cluster, ClusterOperator, GpuPool, InferenceServer, Problems, SeldonServerConfig, SeldonServerConfigProps, ServingEngine } from 'cdk8s-serving';
import { everyProp } from '../../support/props';
import { hearing } from '../../support/serving';

class Made {
  public readonly app = new App();
  public readonly chart: Chart;
  public readonly config: SeldonServerConfig;

  public constructor(props: SeldonServerConfigProps = {}, cluster = Cluster.of({ gpuPools: [GpuPool.nvidiaOperator('L4', { count: 4 })] })) {
    this.chart = new Chart(this.app, 'configs', { namespace: 'seldon-mesh' });
    new ServingEngine(this.chart, 'Engine', { cluster });
    this.config = new SeldonServerConfig(this.chart, 'OwnServers', props);
  }

  public get codes(): string[] { return Problems.of(this.app).map(({ code }) => code); }
  public get object(): any { return hearing(() => Testing.synth(this.chart)).result[0]; }
  public get pod(): any { return this.object.spec.podSpec; }
  public get volume(): any { return this.object.spec.volumeClaimTemplates[0].spec; }
  public container(name: string): any { return this.pod.containers.find((one: any) => one.name === name); }
  public told(setting: string): string { return this.container('agent').env.find(({ name }: any) => name === setting).value; }
}

describe('each prop of a server configuration', () => {
  const elsewhere = new ServingEngine(new Chart(new App(), 'engines'), 'Other', { cluster: Cluster.of({ operators: [ClusterOperator.KEDA] }) });
  const triton = { server: InferenceServer.triton() };
  everyProp<SeldonServerConfigProps, Made>({}, (props) => new Made(props), {
    server: { value: InferenceServer.triton(), see: (made) => made.container('triton')?.image, is: 'nvcr.io/nvidia/tritonserver:26.07-py3' },
    capabilities: { value: ['sklearn', 'fraud'], see: (made) => made.told('SELDON_SERVER_CAPABILITIES'), is: 'sklearn,fraud' },
    memory: { value: Size.gibibytes(8), see: (made) => made.container('mlserver').resources.limits, is: { memory: '8Gi' } },
    cpu: { value: Cpu.units(3), see: (made) => made.container('mlserver').resources.requests.cpu, is: '3' },
    accelerator: { value: Accelerator.nvidia('L4'), beside: triton, see: (made) => made.container('triton').resources.limits['nvidia.com/gpu'], is: '1' },
    overcommitPercent: { value: 0, see: (made) => made.told('SELDON_OVERCOMMIT_PERCENTAGE'), is: '0' },
    modelVolume: { value: Size.gibibytes(50), see: (made) => made.volume.resources.requests.storage, is: '50Gi' },
    storageClass: { value: 'fast', see: (made) => made.volume.storageClassName, is: 'fast' },
    version: { value: '2.9', see: (made) => [made.container('agent').image, made.container('rclone').image], is: ['docker.io/seldonio/seldon-agent:2.9.1', 'docker.io/seldonio/seldon-rclone:2.9.1'] },
    name: { value: 'large', see: (made) => [made.object.metadata.name, made.config.name], is: ['large', 'large'] },
    engine: { value: elsewhere, see: (made) => made.codes, is: ['SERVING_OPERATOR_MISSING'] },
  });
});

test('it is called as its construct, and MLServer has the packages of all formats', () => {
  const made = new Made();
  expect(made.codes).toEqual([]);
  expect(made.object).toMatchObject({ kind: 'ServerConfig', metadata: { name: 'own-servers', namespace: 'seldon-mesh' } });
  expect(made.container('mlserver').image).toBe('docker.io/seldonio/mlserver:1.7.1');
  expect(made.told('SELDON_SERVER_CAPABILITIES').split(',')).toEqual(expect.arrayContaining(['mlserver', 'sklearn', 'alibi-detect', 'alibi-explain']));
});

test('no setting is said twice, and those of the agent are said', () => {
  for (const server of [InferenceServer.mlserver({ workers: 2, debug: true }), InferenceServer.triton()]) {
    const made = new Made({ server });
    for (const { env } of made.pod.containers) expect(new Set(env.map(({ name }: any) => name)).size).toBe(env.length);
  }
  const { env } = new Made({ server: InferenceServer.mlserver({ workers: 2 }) }).container('mlserver');
  expect(env).toEqual(expect.arrayContaining([{ name: 'MLSERVER_HTTP_PORT', value: '9000' }, { name: 'MLSERVER_LOAD_MODELS_AT_STARTUP', value: 'false' }, { name: 'MLSERVER_PARALLEL_WORKERS', value: '2' }]));
});

test("what only a ServerConfig can say of Triton: its arguments and its shared memory", () => {
  const made = new Made({ server: InferenceServer.triton({ extraArguments: ['--log-info=true'], sharedMemory: Size.gibibytes(2) }) });
  const { command, args, volumeMounts } = made.container('triton');
  expect(command).toEqual(['tritonserver']);
  expect(args).toEqual(expect.arrayContaining(['--model-repository=/mnt/agent/models', '--http-port=9000', '--grpc-port=9500', '--metrics-port=8002', '--model-control-mode=explicit', '--log-info=true']));
  expect(new Set(args.map((arg: string) => arg.split('=')[0])).size).toBe(args.length);
  const { name } = volumeMounts.find(({ mountPath }: any) => mountPath === '/dev/shm');
  expect(made.pod.volumes.find((one: any) => one.name === name).emptyDir).toEqual({ medium: 'Memory', sizeLimit: '2048Mi' });
});

test('pods go where the devices are, and no server is killed because it predicts', () => {
  const made = new Made({ server: InferenceServer.triton(), accelerator: Accelerator.nvidia('L4') });
  expect(made.pod.tolerations).toEqual(expect.arrayContaining([expect.objectContaining({ key: 'nvidia.com/gpu' })]));
  expect(JSON.stringify([made.pod.nodeSelector, made.pod.affinity])).toContain('L4');
  for (const name of ['triton', 'rclone']) {
    const { periodSeconds, failureThreshold, timeoutSeconds } = made.container(name).livenessProbe;
    expect(periodSeconds * failureThreshold).toBeGreaterThanOrEqual(60);
    expect(timeoutSeconds).toBe(5);
  }
});

test('images come from the mirrors of the cluster', () => {
  const made = new Made({}, Cluster.of({ imageMirrors: { 'docker.io': 'mirror.example.com/hub' }, imagePullSecrets: ['pull'] }));
  for (const { image } of made.pod.containers) expect(image).toMatch(/^mirror\.example\.com\/hub\/seldonio\//);
  expect(made.pod.imagePullSecrets).toEqual([{ name: 'pull' }]);
});

test("a server that Seldon's agent can't load into is refused, with nothing written", () => {
  const made = new Made({ server: InferenceServer.vllm() });
  expect(made.codes).toContain('SERVING_SELDON_SERVER_CONFIG');
  expect(made.chart.node.findAll().some(({ node }) => node.path.endsWith('OwnServers/Resource'))).toBe(false);
});

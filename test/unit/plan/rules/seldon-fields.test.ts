import { Size } from 'cdk8s';
import { Accelerator, GpuPool, InferenceServer, Model, ModelSource, OciDelivery, Rollout, Scaling } from 'cdk8s-serving';
import { lostInSeldon } from '../../../../lib/plan/engine/seldon-core-v1-fields';
import { serve } from '../../../support/serving';
import { serveOnSeldon, serverOf } from '../../../support/seldon-v1';

const overlaid = (spec: object) => serveOnSeldon({ podOverlay: { spec } });

test.each([
  ['hostUsers', { hostUsers: false }],
  ['topologySpreadConstraints[].minDomains', { topologySpreadConstraints: [{ topologyKey: 'topology.kubernetes.io/zone', minDomains: 2 }] }],
  ['containers[].resizePolicy', { containers: [{ name: 'server', resizePolicy: [{ resourceName: 'cpu', restartPolicy: 'NotRequired' }] }] }],
  ['initContainers[].restartPolicy', { initContainers: [{ name: 'proxy', image: 'proxy:1', restartPolicy: 'Always' }] }],
  ['volumes[].projected.sources[].clusterTrustBundle', { volumes: [{ name: 'trust', projected: { sources: [{ clusterTrustBundle: { name: 'x', path: 'ca' } }] } }] }],
])('%s is no field of a SeldonDeployment', (field, spec) => {
  expect(overlaid(spec).problem('SERVING_SELDON_FIELD')).toMatchObject({ severity: 'error', got: JSON.stringify(field), path: 'ml/Iris' });
  expect(serve({ podOverlay: { spec } } as any, { version: '1.34' }).codes).not.toContain('SERVING_SELDON_FIELD');
});

test('fields that it has are no problem, nor are those that the library says in another way', () => {
  expect(overlaid({ hostAliases: [{ ip: '10.0.0.1', hostnames: ['a'] }], containers: [{ name: 'server', lifecycle: { preStop: { sleep: { seconds: 30 } } } }] }).codes).toEqual([]);
});

test('a path is told once, and lists count as their entries', () => {
  const container = { name: 'a', resources: { claims: [{ name: 'x' }], limits: { cpu: '1' } } };
  expect(lostInSeldon({ containers: [container, container], volumes: [{ name: 'b', image: { reference: 'x' } }], nodeName: 'x', affinity: null })).toEqual(['containers[].resources.claims', 'volumes[].image']);
});

describe('variables in which the operator has the last word', () => {
  const custom = (environment: { [name: string]: string }, command?: string[]) => serveOnSeldon({
    model: Model.onnx({ source: ModelSource.inImage('/model') }), server: InferenceServer.container({ image: 'example.com/own:1', command, environment, httpPort: 8080 }),
  });

  test('are handed on by a command', () => {
    const served = custom({ MLSERVER_MODEL_NAME: 'own', OTHER: 'x' }, ['/serve', '--all']);
    expect(served.codes).not.toContain('SERVING_SELDON_VARIABLE');
    expect(serverOf(served).command).toEqual(['env', 'MLSERVER_MODEL_NAME=own', '/serve', '--all']);
    expect(serverOf(served).env).toContainEqual({ name: 'OTHER', value: 'x' });
  });

  test('are a problem without one, as the entrypoint of an image is not known', () => {
    expect(custom({ MLSERVER_MODEL_NAME: 'own' }).problem('SERVING_SELDON_VARIABLE')).toMatchObject({ got: '"MLSERVER_MODEL_NAME"', fix: expect.stringContaining("'command'") });
    expect(custom({ OTHER: 'x' }).codes).not.toContain('SERVING_SELDON_VARIABLE');
  });

  test('an image of one\'s own must have the program that sleeps', () => {
    expect(custom({}).problem('SERVING_SELDON_SLEEP')).toMatchObject({ severity: 'warning', got: '"example.com/own:1"' });
    expect(serveOnSeldon().codes).toEqual([]);
  });
});

test.each(['seldon-deployment-id', 'seldon-app', 'seldon-app-svc-server', 'version'])('the label %s is the operator\'s', (label) => {
  expect(serveOnSeldon({ labels: { [label]: 'x' } }).problem('SERVING_ENGINE_RESERVED').got).toBe(JSON.stringify(label));
  expect(serveOnSeldon({ labels: { 'example.com/app': 'x' }, annotations: { 'seldon.io/istio-host': 'a.example.com' } }).codes).toEqual([]);
});

describe('updates: new copies first, always', () => {
  const gpu = (spare: number, copies: number) => serveOnSeldon({
    model: Model.onnx({ source: ModelSource.s3('s3://models/o/v1'), size: Size.mebibytes(100) }), server: InferenceServer.triton(), accelerator: Accelerator.nvidia('L4'), scaling: Scaling.fixed(copies),
  }, { gpuPools: [GpuPool.gke('L4', { count: 16, spare })] });

  test.each([1, 2, 8])('%d copies on GPUs without a spare one can not be updated', (copies) => {
    const problem = gpu(0, copies).problem('SERVING_ENGINE_NOT_ABLE');
    expect(problem.what).toContain('25 %');
    expect(problem.allowed).toContain("'spare'");
    expect(gpu(0, copies).problems.filter((one) => one.severity === 'error')).toEqual([problem]);
  });

  test('with spare ones it can, and the surge that is counted is the real one', () => {
    expect(gpu(1, 4).codes).toEqual([]);
    expect(gpu(1, 4).plan.extraCopies).toBe(1);
    expect(gpu(1, 5).problem('SERVING_SURGE_WITHOUT_SPARE_GPU')).toMatchObject({ got: '"maxSurge 2"', allowed: 'maxSurge at most 1', fix: "keep devices free with 'spare' of the GpuPool" });
    expect(gpu(2, 5).codes).toEqual([]);
  });

  test.each([
    ['recreate', Rollout.recreate(), true], ['numbers of its own', Rollout.rolling({ maxSurge: 2, maxUnavailable: 1 }), true], ['the same numbers', Rollout.rolling({ maxSurge: 1, maxUnavailable: 0 }), false],
    ['no number', Rollout.rolling(), false], ['automatic', Rollout.automatic(), false],
  ])('on CPU: %s', (_, rollout, refused) => {
    expect(serveOnSeldon({ rollout, scaling: Scaling.fixed(3) }).codes).toEqual(refused ? ['SERVING_ENGINE_NOT_ABLE'] : []);
    expect(serve({ rollout, scaling: Scaling.fixed(3) }, { version: '1.34' }).codes).toEqual([]);
  });
});

test.each([
  ['an image as a volume', { model: Model.onnx({ source: ModelSource.oci('registry.example.com/m:1', { delivery: OciDelivery.VOLUME }) }) }],
  ['a resource claim', { model: Model.onnx({ source: ModelSource.s3('s3://models/o/v1') }), server: InferenceServer.triton(), accelerator: Accelerator.resourceClaim({ deviceClass: 'gpu.nvidia.com' } as any) }],
])('%s can not be said', (_, props) => {
  const found = serveOnSeldon(props as any, { imageVolumes: true }).problems.filter((one) => one.code === 'SERVING_ENGINE_NOT_ABLE').map((one) => one.what);
  expect(found.some((what) => what.includes('definition knows'))).toBe(true);
  expect(serveOnSeldon(props as any, { imageVolumes: true }).codes).not.toContain('SERVING_SELDON_FIELD');
});

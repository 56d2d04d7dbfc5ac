import { Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { Accelerator, Defaults, InferenceServer, InferenceServiceProps, Model, ModelSource, Scaling } from 'cdk8s-serving';
import { iris, serve } from '../../support/serving';

const resources = (props: Partial<InferenceServiceProps> = {}): any => serve(props).server.resources;
const mib = (quantity: string): number => Number.parseInt(quantity) * (quantity.endsWith('Gi') ? 1024 : 1);
const sized = (size: number): any => resources({ model: iris({ size: Size.mebibytes(size) }) });

test('memory follows the size of the model: its factor and the base of the server, in quarters of a GiB', () => {
  const { baseMemoryMib, memoryFactor } = serve().plan.server.facts;
  for (const size of [10, 1000, 5000]) expect(mib(sized(size).requests.memory)).toBe(Math.ceil((baseMemoryMib! + memoryFactor! * size) / 256) * 256);
  expect(memoryFactor).toBeGreaterThanOrEqual(1);
});

test('no copy may use more memory than it was promised, and CPU is not throttled', () => {
  const { requests, limits } = sized(1000);
  expect([limits.memory, limits.cpu]).toEqual([requests.memory, undefined]);
});

test('what is said counts', () => {
  expect(resources({ cpu: Cpu.millis(1500), cpuLimit: Cpu.units(3), memory: Size.gibibytes(3), memoryLimit: Size.gibibytes(4), ephemeralStorage: Size.gibibytes(9) })).toEqual({
    requests: { 'cpu': '1500m', 'memory': '3Gi', 'ephemeral-storage': '9Gi' }, limits: { cpu: '3', memory: '4Gi' },
  });
});

test('a memory limit alone holds the request down, memory alone is also its limit', () => {
  expect(resources({ memoryLimit: Size.mebibytes(600) })).toMatchObject({ requests: { memory: '600Mi' }, limits: { memory: '600Mi' } });
  expect(resources({ memory: Size.gibibytes(5) }).limits.memory).toBe('5Gi');
  expect(resources({ memoryLimit: Size.gibibytes(64) })).toMatchObject({ requests: { memory: resources().requests.memory }, limits: { memory: '64Gi' } });
});

test('the CPU of the defaults set without an accelerator, four for each device with one', () => {
  const onGpu = (count: number): any => resources({ model: Model.onnx({ source: ModelSource.s3('s3://models/v1') }), server: InferenceServer.triton(), accelerator: Accelerator.nvidia('L4', { count }), scaling: Scaling.fixed(2) });
  const { cpus } = Defaults.of('2026.11')._set;
  const usual = Number.isInteger(cpus) ? String(cpus) : `${cpus * 1000}m`;
  expect([resources().requests.cpu, onGpu(1).requests.cpu, onGpu(2).requests.cpu]).toEqual([usual, '4', '8']);
});

test('with an accelerator half of the files pass through memory, besides what lies in shared memory', () => {
  const served = serve({ model: Model.onnx({ source: ModelSource.s3('s3://models/v1'), size: Size.gibibytes(10) }), server: InferenceServer.triton(), accelerator: Accelerator.nvidia('L4'), scaling: Scaling.fixed(2) });
  // Triton: 1 GiB, and 1 GiB of /dev/shm
  expect(mib(served.server.resources.requests.memory)).toBe(1024 + 5 * 1024 + 1024);
});

test('disk holds the files twice, as an archive is unpacked beside itself, and what the server writes', () => {
  expect(mib(sized(2000).requests['ephemeral-storage'])).toBe(2 * 2000 + 1024);
  const hub = serve({ model: Model.huggingFace('o/n', { revision: '0123456', size: Size.mebibytes(2000) }), server: InferenceServer.mlserver({ task: 'text-classification' }) });
  expect(mib(hub.server.resources.requests['ephemeral-storage'])).toBe(1.1 * 2000 + 1024);
});

test('a model that is mounted takes no disk', () => {
  const mounted = resources({ model: iris({ size: Size.gibibytes(20), source: ModelSource.pvcName('models', { path: 'v1' }) }) });
  expect(mib(mounted.requests['ephemeral-storage'])).toBe(1024);
});

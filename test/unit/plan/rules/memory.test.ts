import { Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { Accelerator, ClusterProps, GpuPool, InferenceServer, InferenceServiceProps, Model, ModelSource, Scaling } from 'cdk8s-serving';
import { iris, serve, Served } from '../../../support/serving';

const GIB = Size.gibibytes;

test('a limit is not below its request', () => {
  expect(serve({ memory: GIB(4), memoryLimit: GIB(3) }).problem('SERVING_LIMIT_BELOW_REQUEST')).toMatchObject({ what: "'memoryLimit' is below 'memory'", got: '"3Gi"', allowed: 'at least 4Gi' });
  expect(serve({ cpu: Cpu.units(2), cpuLimit: Cpu.millis(1500) }).problem('SERVING_LIMIT_BELOW_REQUEST')).toMatchObject({ what: "'cpuLimit' is below 'cpu'", got: '"1500m"', allowed: 'at least 2000m' });
  expect(serve({ memory: GIB(4), memoryLimit: GIB(4), cpu: Cpu.units(2), cpuLimit: Cpu.units(2) }).codes).toEqual([]);
});

test('a CPU limit below the CPU that is requested by default is told, too', () => {
  const { cpuMillis } = serve().plan.requests;
  expect(serve({ cpuLimit: Cpu.millis(cpuMillis - 100) }).problem('SERVING_LIMIT_BELOW_REQUEST').allowed).toBe(`at least ${cpuMillis}m`);
  expect(serve({ cpuLimit: Cpu.units(1) }).codes).toEqual([]);
});

test('a memory limit alone lowers the request, so that nothing contradicts it', () => {
  const served = serve({ memoryLimit: Size.mebibytes(700) });
  expect([served.codes, served.server.resources.requests.memory]).toEqual([[], '700Mi']);
});

test('a model on CPU fits into the memory that the server may use', () => {
  const model = iris({ size: GIB(3) });
  expect(serve({ model, memory: GIB(2) }).problem('SERVING_MODEL_EXCEEDS_MEMORY')).toMatchObject({ what: "the model's files are 3Gi, the server may use 2Gi of memory", got: '"2Gi"', allowed: 'more than 3Gi' });
  expect(serve({ model, memory: GIB(2), memoryLimit: GIB(4) }).codes).toEqual([]);
  expect(serve({ model }).codes).toEqual([]);
});

test('a model that is downloaded fits on the disk', () => {
  const model = iris({ size: GIB(3) });
  expect(serve({ model, ephemeralStorage: GIB(2) }).problem('SERVING_MODEL_EXCEEDS_STORAGE')).toMatchObject({ got: '"2Gi"', allowed: 'at least 3Gi' });
  expect(serve({ model, ephemeralStorage: GIB(3) }).codes).toEqual([]);
  expect(serve({ model: iris({ size: GIB(3), source: ModelSource.pvcName('models', { path: 'v1' }) }), ephemeralStorage: GIB(2) }).codes).toEqual([]);
});

describe("an accelerator's memory", () => {
  function llm(size: Size | undefined, accelerator: Accelerator, cluster: ClusterProps = {}, more: Partial<InferenceServiceProps> = {}): Served {
    const model = Model.huggingFace('org/name', { revision: '0123456789', ...(size === undefined ? {} : { size }) });
    return serve({ model, server: InferenceServer.vllm(), accelerator, scaling: Scaling.fixed(2), ...more }, { gpuPools: [GpuPool.gke('A100-80GB', { count: 64 }), GpuPool.gke('L4', { count: 64 })], ...cluster });
  }

  test('holds the weights in nine tenths of it: 2 x 80 GiB hold 144 GiB', () => {
    expect(llm(GIB(145), Accelerator.nvidia('A100-80GB', { count: 2 })).problem('SERVING_MODEL_EXCEEDS_DEVICE_MEMORY')).toMatchObject({
      what: "the model's files are 145Gi; 2 x 80 GiB = 160 GiB of device memory hold 144 GiB of weights", got: '"2 x A100-80GB"', allowed: '3 or more devices of 80 GiB',
    });
    expect(llm(GIB(144), Accelerator.nvidia('A100-80GB', { count: 2 })).codes).toEqual([]);
  });

  test('is the least of all alternatives', () => {
    const either = Accelerator.anyOf([Accelerator.nvidia('A100-80GB'), Accelerator.nvidia('L4')]);
    expect(llm(GIB(30), either).problem('SERVING_MODEL_EXCEEDS_DEVICE_MEMORY').what).toContain('1 x 24 GiB');
    expect(llm(GIB(20), either).codes).toEqual([]);
  });

  test('of a MIG device is in its profile', () => {
    const cut = { gpuPools: [GpuPool.gke('A100-80GB', { count: 64, migProfile: '1g.10gb' })] };
    expect(llm(GIB(10), Accelerator.nvidiaMig('A100-80GB', '1g.10gb'), cut).problem('SERVING_MODEL_EXCEEDS_DEVICE_MEMORY').what).toContain('1 x 10 GiB = 10 GiB of device memory hold 9 GiB');
    expect(llm(GIB(9), Accelerator.nvidiaMig('A100-80GB', '1g.10gb'), cut).codes).toEqual([]);
  });

  test('is known without pools by the product, and not checked where it is not known', () => {
    expect(llm(GIB(30), Accelerator.nvidia('L4'), { gpuPools: [] }).codes).toEqual(['SERVING_GPU_POOLS_UNKNOWN', 'SERVING_MODEL_EXCEEDS_DEVICE_MEMORY']);
    expect(llm(GIB(30), Accelerator.nvidia('NVIDIA-B200'), { gpuPools: [] }).codes).toEqual(['SERVING_GPU_POOLS_UNKNOWN']);
  });

  test('can not be judged for a model of unknown size, which is a warning', () => {
    expect(llm(undefined, Accelerator.nvidia('L4')).problem('SERVING_MODEL_SIZE_UNKNOWN')).toMatchObject({ severity: 'warning', what: "the model's size is not said; 512Mi is allowed for", fix: expect.stringContaining("'size'") });
    expect(serve({ model: iris() }).codes).toEqual([]);
  });
});

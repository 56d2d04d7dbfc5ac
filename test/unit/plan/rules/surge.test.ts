import { Size } from 'cdk8s';
import { PersistentVolumeAccessMode } from 'cdk8s-plus-28';
import { Accelerator, ClusterProps, GpuPool, InferenceServer, Model, ModelSource, Rollout, RollingRolloutProps, Scaling } from 'cdk8s-serving';
import { iris, serve, Served } from '../../../support/serving';

function rolling(props: RollingRolloutProps, spare: number, cluster: ClusterProps = { gpuPools: [GpuPool.gke('L4', { count: 16, spare })] }): Served {
  const model = Model.onnx({ source: ModelSource.s3('s3://models/v1'), size: Size.gibibytes(1) });
  return serve({ model, server: InferenceServer.triton(), accelerator: Accelerator.nvidia('L4', { count: 2 }), scaling: Scaling.fixed(2), rollout: Rollout.rolling(props) }, cluster);
}

test('an update does not start more copies than devices are spare: 2 copies take 2 x 2 = 4', () => {
  expect(rolling({ maxSurge: 2 }, 3).problem('SERVING_SURGE_WITHOUT_SPARE_GPU')).toMatchObject({
    severity: 'error', what: expect.stringMatching(/2 new copies .* 2 x 2 = 4 spare devices; the pool of L4 keeps 3/), got: '"maxSurge 2"', allowed: 'maxSurge at most 1', fix: expect.stringContaining("'spare' of the GpuPool"),
  });
  expect(rolling({ maxSurge: 2 }, 4).codes).toEqual([]);
  expect(rolling({ maxSurge: 1 }, 3).codes).toEqual([]);
});

test('where no pools are declared, spare devices are not counted', () => {
  expect(rolling({ maxSurge: 2 }, 0, {}).codes).toEqual(['SERVING_GPU_POOLS_UNKNOWN']);
});

test('an update may add or take away a copy', () => {
  expect(serve({ rollout: Rollout.rolling({ maxSurge: 0, maxUnavailable: 0 }) }).problem('SERVING_ROLLOUT_WITHOUT_STEP')).toMatchObject({ severity: 'error', what: 'maxSurge and maxUnavailable are both 0' });
  expect(serve({ rollout: Rollout.rolling({ maxSurge: 0, maxUnavailable: 1 }) }).codes).toEqual([]);
  expect(serve({ rollout: Rollout.recreate() }).codes).toEqual([]);
});

describe('a volume that can be mounted on one node', () => {
  const model = iris({ source: ModelSource.pvcName('models', { path: 'v1', accessMode: PersistentVolumeAccessMode.READ_WRITE_ONCE }) });

  test('is not for several copies', () => {
    expect(serve({ model }).problem('SERVING_VOLUME_ON_ONE_NODE')).toMatchObject({ what: expect.stringContaining('2 copies'), got: '"pvc://models/v1"', allowed: 'one copy, recreated' });
  });

  test('is not for an update with a surge', () => {
    expect(serve({ model, scaling: Scaling.fixed(1), rollout: Rollout.rolling({ maxSurge: 1 }) }).problem('SERVING_VOLUME_ON_ONE_NODE').what).toContain('an update with a surge');
  });

  test('is for one copy that is recreated', () => {
    expect(serve({ model, scaling: Scaling.fixed(1) }).codes).toEqual(['SERVING_SINGLE_COPY']);
  });
});

import { Size } from 'cdk8s';
import { PersistentVolumeAccessMode } from 'cdk8s-plus-28';
import { Accelerator, GpuPool, InferenceServer, InferenceServiceProps, Model, ModelSource, Rollout, Scaling } from 'cdk8s-serving';
import { iris, serve, Served } from '../../support/serving';

const model = Model.onnx({ source: ModelSource.s3('s3://models/v1'), size: Size.gibibytes(1) });
const onGpu = (copies: number, spare: number, props: Partial<InferenceServiceProps> = {}, each = 1): Served => serve({ model, server: InferenceServer.triton(), accelerator: Accelerator.nvidia('L4', { count: each }), scaling: Scaling.fixed(copies), ...props }, { gpuPools: [GpuPool.gke('L4', { count: 16, spare })] });
const strategy = (served: Served): any => served.deployment.spec.strategy;
const rolling = (maxSurge: number | string, maxUnavailable: number): any => ({ type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } });

describe('by itself', () => {
  test('on CPU new copies come first, a quarter at a time', () => {
    expect(strategy(serve())).toEqual(rolling('25%', 0));
    expect(strategy(serve({ rollout: Rollout.automatic() }))).toEqual(rolling('25%', 0));
  });

  test('with a spare device a new copy comes first', () => expect(strategy(onGpu(2, 1))).toEqual(rolling(1, 0)));

  test('a rolling update on a full pool takes an old copy away first', () => expect(strategy(onGpu(2, 0))).toEqual(rolling(0, 1)));

  test('one copy on a full pool is replaced at once', () => {
    expect(strategy(onGpu(1, 0))).toEqual({ type: 'Recreate' });
    expect(onGpu(1, 0).plan.strategy.reason).toContain('outage');
  });

  test('devices are spare for a copy only when there are enough for all of it', () => {
    expect([strategy(onGpu(2, 1, {}, 2)), strategy(onGpu(2, 2, {}, 2))]).toEqual([rolling(0, 1), rolling(1, 0)]);
  });

  test('of a cluster that declares no pools, nothing is known to be spare', () => {
    expect(strategy(serve({ model, server: InferenceServer.triton(), accelerator: Accelerator.nvidia('L4'), scaling: Scaling.fixed(2) }))).toEqual(rolling(0, 1));
  });

  test('a volume for one node is let go before it is mounted again', () => {
    const pvc = iris({ source: ModelSource.pvcName('models', { path: 'v1', accessMode: PersistentVolumeAccessMode.READ_WRITE_ONCE }) });
    expect(strategy(serve({ model: pvc, scaling: Scaling.fixed(1) }))).toEqual({ type: 'Recreate' });
    expect(strategy(serve({ model: iris({ source: ModelSource.pvcName('models', { path: 'v1' }) }) }))).toEqual(rolling('25%', 0));
  });
});

describe('asked to roll', () => {
  test('it rolls as it would by itself', () => {
    expect([strategy(serve({ rollout: Rollout.rolling() })), strategy(onGpu(2, 0, { rollout: Rollout.rolling() }))]).toEqual([rolling('25%', 0), rolling(0, 1)]);
  });

  test('it rolls also where it would recreate: the old copy goes first', () => {
    expect(strategy(onGpu(1, 0, { rollout: Rollout.rolling() }))).toEqual(rolling(0, 1));
  });

  test('a surge alone leaves no copy missing', () => expect(strategy(serve({ rollout: Rollout.rolling({ maxSurge: 3 }) }))).toEqual(rolling(3, 0)));

  test('missing copies alone need no surge', () => {
    expect(strategy(serve({ rollout: Rollout.rolling({ maxUnavailable: 2 }) }))).toEqual(rolling(0, 2));
    expect(strategy(onGpu(4, 0, { rollout: Rollout.rolling({ maxUnavailable: 2 }) }))).toEqual(rolling(0, 2));
  });

  test('no surge means one missing copy', () => expect(strategy(serve({ rollout: Rollout.rolling({ maxSurge: 0 }) }))).toEqual(rolling(0, 1)));

  test('both are as they are said', () => expect(strategy(serve({ rollout: Rollout.rolling({ maxSurge: 2, maxUnavailable: 1 }) }))).toEqual(rolling(2, 1)));
});

test('asked to recreate, it recreates, whatever is spare', () => {
  expect([strategy(serve({ rollout: Rollout.recreate() })), strategy(onGpu(4, 4, { rollout: Rollout.recreate() }))]).toEqual([{ type: 'Recreate' }, { type: 'Recreate' }]);
});

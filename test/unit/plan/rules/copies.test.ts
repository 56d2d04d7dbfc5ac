import { Duration, Size } from 'cdk8s';
import { Accelerator, GpuPool, Hold, InferenceServer, Model, ModelSource, Scaling } from 'cdk8s-serving';
import { iris, serve } from '../../../support/serving';

const onGpu = { model: Model.onnx({ source: ModelSource.s3('s3://models/r/v1'), size: Size.gibibytes(1) }), server: InferenceServer.triton(), accelerator: Accelerator.nvidia('L4') };
const gpuPools = [GpuPool.gke('L4', { count: 8, spare: 1 })];

test('with an accelerator the copies are said', () => {
  expect(serve(onGpu, { gpuPools }).problem('SERVING_COPIES_NOT_SAID')).toMatchObject({ severity: 'error', what: 'copies with 1 x L4 each are not said', fix: expect.stringContaining('Scaling.fixed(2)') });
  expect(serve({ ...onGpu, scaling: Scaling.fixed(2) }, { gpuPools }).codes).toEqual([]);
});

test('on CPU they need not be said: two run', () => {
  const served = serve();
  expect([served.codes, served.plan.copies.min]).toEqual([[], 2]);
});

test('one copy is a warning that says how long an interruption lasts', () => {
  const served = serve({ scaling: Scaling.fixed(1), model: iris({ size: Size.mebibytes(500), loadTime: Duration.seconds(40) }) });
  // 500 MiB at 50 MiB/s, and 40 s to load
  expect(served.problem('SERVING_SINGLE_COPY')).toMatchObject({ severity: 'warning', what: expect.stringContaining('about 50 s'), got: '1', allowed: '2 or more' });
  expect(served.problem('SERVING_SINGLE_COPY').what).not.toContain('An update does, too');
});

test('where no second copy fits beside it, an update interrupts as well', () => {
  const served = serve({ ...onGpu, scaling: Scaling.fixed(1) }, { gpuPools: [GpuPool.gke('L4', { count: 1 })] });
  expect(served.problem('SERVING_SINGLE_COPY').what).toContain('An update does, too');
});

test('a scaling that may go down to one copy is one copy', () => {
  expect(serve({ scaling: Scaling.onCpu({ min: 1, max: 9 }) }).codes).toEqual(['SERVING_SINGLE_COPY']);
  expect(serve({ scaling: Scaling.onCpu({ min: 2, max: 9 }) }).codes).toEqual([]);
});

test('a service that is stopped has no copy to lose', () => {
  expect(serve({ scaling: Scaling.fixed(1), hold: Hold.stopped({ reason: 'cost', until: '2027-01-01' }) }).codes).toEqual([]);
});

import { Duration, Size } from 'cdk8s';
import { Accelerator, InferenceServer, InferenceServiceProps, Model, ModelProps, ModelSource, Scaling } from 'cdk8s-serving';
import type { Timing } from '../../../lib/plan/service-plan';
import { iris, serve, Served } from '../../support/serving';

const timing = (props: Partial<InferenceServiceProps> = {}, model: Partial<ModelProps> = {}): Timing => serve({ model: iris(model), ...props }).plan.timing;
const own = (drains: boolean): Partial<InferenceServiceProps> => ({ server: InferenceServer.container({ image: 'registry.example.com/a:1', drains }) });
const onnx = Model.onnx({ source: ModelSource.s3('s3://models/v1') });

test('a server that ends what it has begun gets the longest answer between the signal and the kill', () => {
  const served = serve({ ...own(true), requestTimeout: Duration.seconds(40) });
  expect(served.plan.timing).toMatchObject({ request: 40, preStop: 15, stop: 55, grace: 70 });
  expect([served.pod.terminationGracePeriodSeconds, served.server.lifecycle.preStop.sleep.seconds]).toEqual([70, 15]);
});

test('a server that drops what it has begun gets the signal only after the longest answer', () => {
  const served = serve({ ...own(false), requestTimeout: Duration.seconds(40) });
  expect(served.plan.timing).toMatchObject({ request: 40, preStop: 55, stop: 15, grace: 70 });
  expect(served.server.lifecycle.preStop.sleep.seconds).toBe(55);
});

test('the grace period is never shorter than the longest answer and the sleep', () => {
  for (const seconds of [0.5, 1, 30, 600, 3600]) {
    const { request, grace, preStop } = timing({ ...own(seconds > 30), requestTimeout: Duration.millis(seconds * 1000) });
    expect([request, grace >= request + 15, preStop < grace, Number.isInteger(grace)]).toEqual([seconds, true, true, true]);
  }
});

test('the longest answer is 30 seconds, or ten minutes where text is generated', () => {
  expect(timing().request).toBe(30);
  const llm = serve({ model: Model.huggingFace('o/n', { revision: '0123456' }), accelerator: Accelerator.nvidia('L4'), scaling: Scaling.fixed(2) });
  expect(llm.plan.timing.request).toBe(600);
});

test('a load is presumed by size: 30 seconds, and 200 MiB more each second', () => {
  expect(timing({}, { size: Size.mebibytes(400) }).load).toBe(32);
  expect(timing({}, { size: Size.gibibytes(20) }).load).toBe(Math.ceil(30 + 20 * 1024 / 200));
  expect(timing().load).toBe(33); // 512 MiB are allowed for
});

test('a load time that is said counts alone', () => {
  expect(timing({}, { size: Size.gibibytes(20), loadTime: Duration.millis(1500) }).load).toBe(2);
});

test('a start may take twice its presumed time, and five minutes at the least', () => {
  const started = (loadTime: Duration): [number, number] => {
    const served = serve({ model: iris({ loadTime }) });
    const { periodSeconds, failureThreshold } = served.server.startupProbe;
    return [served.plan.timing.startup, periodSeconds * failureThreshold];
  };
  expect(started(Duration.seconds(10))).toEqual([300, 300]);
  expect(started(Duration.minutes(10))).toEqual([1200, 1200]);
});

test('a download is presumed at 50 MiB a second, and there is none of a volume or an image', () => {
  const size = Size.mebibytes(510);
  expect(timing({}, { size }).download).toBe(11);
  expect(timing({}, { size, source: ModelSource.pvcName('models', { path: 'v1' }) }).download).toBe(0);
  expect(timing({}, { size, source: ModelSource.inImage('/model') }).download).toBe(0);
});

test('an update may go without progress for a pull, a download, a start and a stop, and ten minutes at the least', () => {
  expect(timing({}, { loadTime: Duration.seconds(1) }).progressDeadline).toBe(300 + 2 * 11 + 300 + 60);
  const served: Served = serve({ model: iris({ loadTime: Duration.hours(1) }) });
  expect(served.deployment.spec.progressDeadlineSeconds).toBe(300 + 22 + 7200 + 60);
});

test('images for accelerators take longer to pull', () => {
  const on = (accelerator?: Accelerator): number => serve({ model: onnx, server: InferenceServer.triton(), scaling: Scaling.fixed(2), ...(accelerator === undefined ? {} : { accelerator }) }).plan.timing.progressDeadline;
  expect(on(Accelerator.nvidia('L4')) - on()).toBe(600);
});

describe('a server that answers no probe while it predicts', () => {
  const probes = (workers: number, seconds: number): any => {
    const { server } = serve({ server: InferenceServer.mlserver({ workers }), requestTimeout: Duration.seconds(seconds) });
    return [server.readinessProbe.failureThreshold * server.readinessProbe.periodSeconds, server.livenessProbe.failureThreshold * server.livenessProbe.periodSeconds];
  };

  test('is not taken for dead as long as the longest answer may take', () => {
    const [ready, alive] = probes(0, 120);
    expect([ready >= 120, alive > 120]).toEqual([true, true]);
  });

  test('while another one is, in a minute', () => expect(probes(2, 120)).toEqual([15, 60]));
});

import { Duration } from 'cdk8s';
import { InferenceServer, Model, ModelSource } from 'cdk8s-serving';
import { iris, serve, Served } from '../../../support/serving';

const leaving = (terminationGracePeriodSeconds: number, props: Parameters<typeof serve>[0] = {}): Served => serve({ ...props, podOverlay: { spec: { terminationGracePeriodSeconds } } });

test('an overlay that leaves less time than the drain needs is told with the sum', () => {
  expect(leaving(59).problem('SERVING_GRACE_BELOW_DRAIN')).toMatchObject({
    severity: 'error', path: 'ml/Iris', got: '59', allowed: '60 or more', fix: expect.stringContaining("lower 'requestTimeout'"),
    what: "'podOverlay' leaves 59 s between the deletion of a pod and its end; the sleep of 15 s and the 45 s that the server may take to stop need 60 s",
  });
  expect(leaving(0).codes).toEqual(['SERVING_GRACE_BELOW_DRAIN']);
});

test('as much or more is fine, and is what the pod gets', () => {
  for (const seconds of [60, 300]) expect([leaving(seconds).codes, leaving(seconds).pod.terminationGracePeriodSeconds]).toEqual([[], seconds]);
});

test('a shorter longest answer needs less', () => {
  const requestTimeout = Duration.seconds(5);
  expect([leaving(34, { requestTimeout }).codes, leaving(35, { requestTimeout }).codes]).toEqual([['SERVING_GRACE_BELOW_DRAIN'], []]);
});

test('of a server that does not drain, the sleep is the longer part, and the sum is the same', () => {
  const onnx = { model: Model.onnx({ source: ModelSource.s3('s3://models/v1') }), server: InferenceServer.openvino() };
  expect(leaving(59, onnx).problem('SERVING_GRACE_BELOW_DRAIN').what).toContain('the sleep of 45 s and the 15 s');
  expect(leaving(60, onnx).codes).toEqual([]);
});

test('a grace period that is taken away is the 30 s of Kubernetes', () => {
  const without = (props: Parameters<typeof serve>[0] = {}): Served => serve({ ...props, podOverlay: { spec: { terminationGracePeriodSeconds: null } } });
  expect(without().problem('SERVING_GRACE_BELOW_DRAIN').what).toContain("'podOverlay' leaves 30 s");
  expect(without({ requestTimeout: Duration.millis(1) }).codes).toEqual(['SERVING_GRACE_BELOW_DRAIN']); // 15 s of sleep, 15 s to end, and the answer
});

describe('the startup probe under an overlay', () => {
  const model = iris({ loadTime: Duration.seconds(100) });
  const probed = (startupProbe: object | null, name = 'server'): Served => serve({ model, podOverlay: { spec: { containers: [{ name, image: 'a:1', startupProbe }] } } });

  test('may not end before the model is loaded', () => {
    expect(probed({ periodSeconds: 9, failureThreshold: 11 }).problem('SERVING_STARTUP_BELOW_LOAD')).toMatchObject({
      severity: 'error', path: 'ml/Iris', what: "'podOverlay' leaves a start 99 s, and the model takes about 100 s to load", got: '"99 s"', allowed: '100 s or more', fix: expect.stringContaining("'loadTime'"),
    });
  });

  test.each([[{ periodSeconds: 10, failureThreshold: 10 }], [{ initialDelaySeconds: 1, periodSeconds: 9, failureThreshold: 11 }], [{ failureThreshold: 500 }], [{ timeoutSeconds: 3 }]])('%j is long enough', (probe) => {
    expect(probed(probe).codes).not.toContain('SERVING_STARTUP_BELOW_LOAD');
  });

  test('that is taken away leaves no time at all', () => {
    expect(probed(null).problem('SERVING_STARTUP_BELOW_LOAD').got).toBe('"0 s"');
  });

  test("without its numbers has Kubernetes' own: 30 s", () => {
    expect(probed({ periodSeconds: null, failureThreshold: null }).problem('SERVING_STARTUP_BELOW_LOAD').got).toBe('"30 s"');
  });

  test('of a sidecar is its own matter', () => {
    expect(probed({ periodSeconds: 1, failureThreshold: 1, httpGet: { path: '/', port: 80 } }, 'proxy').codes).not.toContain('SERVING_STARTUP_BELOW_LOAD');
  });
});

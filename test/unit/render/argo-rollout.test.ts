import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Size } from 'cdk8s';
import { Namespaces } from 'cdk8s-plus-28';
import { Accelerator, Candidate, Gate, GpuPool, Hold, InferenceServer, Model, ModelSource, Rollout, RolloutController, RolloutControllerKind, Scaling, TrafficRouterKind } from 'cdk8s-serving';
import { validateManifest } from '../../support/schema';
import { AB_TEST, ARGO, BLUE_GREEN, CANARY, clusterFor, ERRORS, FLAGGER, NONE, propsOf, rolloutOf, serveCell, SHADOW } from '../../support/release';
import { iris, serve, Served } from '../../support/serving';

const { GATEWAY_API, ISTIO, REPLICAS } = TrafficRouterKind;
const folder = mkdtempSync(join(tmpdir(), 'argo-'));
const file = join(folder, 'golden.json');
writeFileSync(file, '[{ "name": "one", "body": {}, "expect": { "status": 200 } }, { "name": "two", "body": {}, "expect": { "status": 200 } }]');
afterAll(() => rmSync(folder, { recursive: true }));
const GOLDEN = Gate.goldenRequests({ file });

/** Steps in short. */
function steps(served: Served): string[] {
  return served.one('Rollout').spec.strategy.canary.steps.map((step: any) => {
    const [[name, value]] = Object.entries<any>(step) as [[string, any]];
    switch (name) {
      case 'setWeight': return `weight ${value}`;
      case 'pause': return value.duration === undefined ? 'a person' : `wait ${value.duration}`;
      case 'analysis': return `pass ${value.templates.map((one: any) => one.templateName.replace('iris-', '')).join(' ')}`;
      case 'setCanaryScale': return `scale ${Object.entries(value).map(([key, to]) => `${key} ${to}`).join(' ')}`;
      default: return value.match === undefined ? `${name} off` : `${name}${value.percentage === undefined ? '' : ` ${value.percentage}`}`;
    }
  });
}
const canary = (gates: Gate[], router = ISTIO): Served => serveCell({ controller: ARGO, router, kind: CANARY }, { rollout: Rollout.canary({ steps: [25, 50], gates }) });

describe('steps of a canary', () => {
  test.each<[string, Gate[], TrafficRouterKind, string[]]>([
    ['without gates', [], ISTIO, ['weight 25', 'wait 300s', 'weight 50', 'wait 300s']],
    ['with a gate', [ERRORS], ISTIO, ['weight 25', 'pass errors', 'weight 50', 'pass errors']],
    ['with golden requests, before any request of clients', [GOLDEN, ERRORS], ISTIO, ['scale weight 25', 'pass golden', 'weight 25', 'scale matchTrafficWeight true', 'pass errors', 'weight 50', 'pass errors']],
    ['with golden requests and no router, at the first copy', [GOLDEN], REPLICAS, ['weight 25', 'pass golden', 'wait 300s', 'weight 50', 'wait 300s']],
    ['with a person at the end', [ERRORS, Gate.person()], ISTIO, ['weight 25', 'pass errors', 'weight 50', 'pass errors', 'a person']],
    ['with a person at a step', [Gate.person({ at: [25] })], ISTIO, ['weight 25', 'wait 300s', 'a person', 'weight 50', 'wait 300s']],
  ])('%s', (_, gates, router, expected) => expect(steps(canary(gates, router))).toEqual(expected));
});

test('steps of a shadow end it before the version gets requests of its own', () => {
  expect(steps(serveCell({ controller: ARGO, router: ISTIO, kind: SHADOW }, { rollout: Rollout.shadow({ percent: 20, gates: [GOLDEN, ERRORS, Gate.person()] }) })))
    .toEqual(['scale weight 20', 'pass golden', 'setMirrorRoute 20', 'pass errors', 'a person', 'setMirrorRoute off', 'scale weight 100']);
});

test('steps of an A/B test keep the audience until all have the version', () => {
  expect(steps(serveCell({ controller: ARGO, router: GATEWAY_API, kind: AB_TEST }))).toEqual(['scale weight 50', 'setHeaderRoute', 'pass errors', 'scale weight 100']);
});

describe('blue-green', () => {
  const strategy = (gates: Gate[]): any => serveCell({ controller: ARGO, router: REPLICAS, kind: BLUE_GREEN }, { rollout: Rollout.blueGreen({ gates }) }).one('Rollout').spec.strategy.blueGreen;
  const names = (analysis: any): string[] | undefined => analysis?.templates.map((one: any) => one.templateName);

  test('sends golden requests before the switch, and is judged by requests after it', () => {
    const made = strategy([GOLDEN, ERRORS]);
    expect([names(made.prePromotionAnalysis), names(made.postPromotionAnalysis), made.activeService, made.previewService]).toEqual([['iris-golden'], ['iris-errors'], 'iris', 'iris-preview']);
  });

  test('switches by itself unless a person is asked, and never by time', () => {
    expect([strategy([ERRORS]).autoPromotionEnabled, strategy([Gate.person()]).autoPromotionEnabled]).toEqual([true, false]);
    expect(strategy([ERRORS]).autoPromotionSeconds).toBeUndefined();
  });
});

describe('the Job of golden requests', () => {
  const served = canary([GOLDEN]);
  const { job } = served.one('AnalysisTemplate').spec.metrics[0].provider;

  test('may run where Pod Security is restricted', () => {
    const { securityContext, containers, automountServiceAccountToken, restartPolicy, volumes } = job.spec.template.spec;
    expect(securityContext).toEqual({ runAsNonRoot: true, runAsUser: 65534, runAsGroup: 65534, seccompProfile: { type: 'RuntimeDefault' } });
    expect(containers[0].securityContext).toEqual({ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } });
    expect([automountServiceAccountToken, restartPolicy, volumes]).toEqual([false, 'Never', [{ name: 'golden', configMap: { name: expect.stringMatching(/^iris-golden-[0-9a-f]{8}$/) } }]]);
    expect(validateManifest({ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'golden' }, spec: job.spec }, '1.34')).toEqual([]);
  });

  test('asks the new version alone, once, and has the time for it', () => {
    expect(job.spec.template.spec.containers[0].command).toEqual(['python3', '/golden/send.py', '/golden/requests.json', 'http://iris-canary:80/v2/models/iris/infer', '30']);
    expect(job.spec).toMatchObject({ backoffLimit: 0, activeDeadlineSeconds: 120 + 2 * 30 });
    expect(served.one('AnalysisTemplate').spec.metrics[0]).toMatchObject({ count: 1, failureLimit: 0 });
  });

  test('is let in where only some are, and is not taken for a copy of the service', () => {
    const made = serve({ ...propsOf({ controller: ARGO, router: ISTIO, kind: CANARY }), rollout: Rollout.canary({ steps: [50], gates: [GOLDEN] }) }, clusterFor(ARGO, ISTIO));
    made.service.grantInvoke(Namespaces.select(made.chart, 'Callers', { names: ['shop'] }));
    const { ingress, podSelector } = made.one('NetworkPolicy').spec;
    const labels = job.spec.template.metadata.labels;
    expect(ingress[0].from).toContainEqual({ podSelector: { matchLabels: labels } });
    expect(Object.entries(podSelector.matchLabels).every(([key, value]) => labels[key] === value)).toBe(false);
  });
});

describe.each([ARGO, NONE])('a hold, with %s', (controller) => {
  const held = (hold: Hold): Served => serveCell({ controller, router: ISTIO, kind: CANARY }, { hold });
  const until = { reason: 'the quarter is closed', until: '2026-12-31' };

  test('frozen: nothing goes on', () => {
    const served = held(Hold.frozen(until));
    if (controller === ARGO) expect(served.one('Rollout').spec.paused).toBe(true);
    else for (const one of served.all('Deployment')) expect(one.spec.paused).toBe(true);
  });

  test('stopped: no copies, and nothing that makes some', () => {
    const served = held(Hold.stopped(until));
    for (const one of [...served.all('Rollout'), ...served.all('Deployment')]) expect([one.kind, one.spec.replicas]).toEqual([one.kind, 0]);
    expect(served.one('HorizontalPodAutoscaler')).toBeUndefined();
  });
});

test.each([[ARGO, 'Rollout'], [FLAGGER, 'Deployment'], [NONE, 'Deployment']])('an autoscaled service with %s has no number of copies in its manifest', (controller, kind) => {
  const served = serveCell({ controller, router: ISTIO, kind: CANARY }, { scaling: Scaling.onCpu({ min: 4, max: 8 }) });
  const workload = served.all(kind).find((one) => one.metadata.name === 'iris');
  expect(workload.spec.replicas).toBeUndefined();
  expect(served.one('HorizontalPodAutoscaler').spec.scaleTargetRef).toEqual({ apiVersion: workload.apiVersion, kind, name: 'iris' });
});

describe('copies that a release adds', () => {
  const gpu = { model: Model.onnx({ source: ModelSource.s3('s3://models/r/v1'), version: 'v1', size: Size.gibibytes(1) }), server: InferenceServer.triton(), accelerator: Accelerator.nvidia('L4') };
  const extra = (controller: RolloutControllerKind, router: TrafficRouterKind, rollout: Rollout, more: object = {}): number => serveCell({ controller, router, kind: rollout.kind }, { rollout, scaling: Scaling.fixed(4), ...more }).plan.extraCopies;
  const gates = [Gate.person()];

  test.each<[string, RolloutControllerKind, TrafficRouterKind, Rollout, object, number]>([
    ['blue-green: all of them', ARGO, REPLICAS, rolloutOf(BLUE_GREEN, { gates }), {}, 4],
    ['a canary by a router: all of them, as the stable version keeps its own', ARGO, ISTIO, rolloutOf(CANARY, { gates }), {}, 4],
    ['a canary by copies: those of a rolling update', ARGO, REPLICAS, rolloutOf(CANARY, { gates }), {}, 1],
    ['a canary of devices: the largest step, rounded up', ARGO, ISTIO, Rollout.canary({ steps: [25, 50], gates }), gpu, 2],
    ['… with finer steps', ARGO, ISTIO, Rollout.canary({ steps: [25, 50, 75], gates }), gpu, 1],
    ['a shadow of devices: all of them', ARGO, ISTIO, Rollout.shadow({ gates }), gpu, 4],
    ['a canary of an autoscaled service: the largest step of its most', ARGO, ISTIO, Rollout.canary({ steps: [50], gates }), { scaling: Scaling.onCpu({ min: 4, max: 8 }) }, 4],
    ['Flagger: all of them and a surge', FLAGGER, ISTIO, Rollout.canary({ steps: [50], gates: [ERRORS] }), {}, 5],
    ['a candidate: its own, and a surge', NONE, ISTIO, Rollout.canary({ steps: [50] }), { candidate: Candidate.of({ model: iris({ version: 'v2' }), replicas: 2 }) }, 3],
    ['no candidate: a surge', NONE, ISTIO, Rollout.canary({ steps: [50] }), { candidate: undefined }, 1],
  ])('%s', (_, controller, router, rollout, more, expected) => expect(extra(controller, router, rollout, more)).toBe(expected));

  test('of devices must be spare', () => {
    const release = { ...gpu, scaling: Scaling.fixed(4), rollout: Rollout.canary({ steps: [25, 50], gates }) };
    const cluster = (spare: number): object => ({ rollouts: RolloutController.argo({ router: ISTIO }), gpuPools: [GpuPool.gke('L4', { count: 16, spare })] });
    expect(serve(release, cluster(1)).problem('SERVING_SURGE_WITHOUT_SPARE_GPU')).toMatchObject({ got: '"2 copies more"', allowed: 'at most 1' });
    expect(serve(release, cluster(2)).codes).not.toContain('SERVING_SURGE_WITHOUT_SPARE_GPU');
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Audience, Exposure, Gate, GateAction, GateKind, InferenceServiceProps, Rollout, RolloutController, Scaling, TrafficRouterKind } from 'cdk8s-serving';
import { stringify } from 'yaml';
import { gateCapability, strategyCapability } from '../../../lib/plan/release/capabilities';
import { apply, type Manifest } from '../../support/cluster/kubectl';
import { createNamespace, removeNamespaces, setNamespace } from '../../support/cluster/namespaces';
import { measured } from '../../support/cluster/report';
import { run } from '../../support/cluster/run';
import { AB_TEST, ARGO, BLUE_GREEN, CANARY, type Cell, CELLS, ERRORS, FLAGGER, gateOf, GATEWAY, METRICS, NONE, rolloutOf, serveCell, SHADOW } from '../../support/release';

// Every cell of the table of capabilities that says yes, against the definitions of the controllers and routers themselves.

const folder = mkdtempSync(join(tmpdir(), 'rollouts-'));
const file = join(folder, 'golden.json');
writeFileSync(file, '[{ "name": "one", "body": {}, "expect": { "status": 200 } }]');
const { GATEWAY_API, ISTIO, REPLICAS, NGINX, ALB } = TrafficRouterKind;

const cells = CELLS.filter(({ kind, controller, router }) => strategyCapability(kind, controller, router).can).map((cell) => [`${cell.kind} by ${cell.controller} with ${cell.router}`, cell] as const);
const PROCEED = Gate.errors({ maxPercent: 5, onFew: GateAction.PROCEED, onNoData: GateAction.PROCEED });
const gatesOf = (controller: typeof ARGO | typeof FLAGGER): Gate[] => [...Object.values(GateKind).filter((kind) => gateCapability(kind, controller).can).map((kind) => gateOf(kind, file))];
const tester = { rollouts: RolloutController.flagger({ router: ISTIO, loadTesterUrl: 'http://flagger-loadtester.flagger' }) };
const bothHosts = Exposure.gateway({ hosts: ['iris.example.com'], grpcHosts: ['grpc.example.com'], pathPrefix: '/iris' });
const cookie = Audience.cookie('model', 'v2');

/** What props change beyond the cells. */
const VARIANTS: readonly (readonly [string, Cell, Partial<InferenceServiceProps>, object?])[] = [
  ['every gate with Argo Rollouts', { controller: ARGO, router: ISTIO, kind: CANARY }, { rollout: rolloutOf(CANARY, { gates: gatesOf(ARGO) }) }],
  ['a gate that goes on without data', { controller: ARGO, router: ISTIO, kind: CANARY }, { rollout: rolloutOf(CANARY, { gates: [PROCEED] }) }],
  ['every gate before and after a switch', { controller: ARGO, router: REPLICAS, kind: BLUE_GREEN }, { rollout: rolloutOf(BLUE_GREEN, { gates: gatesOf(ARGO) }) }],
  ['a Deployment that is taken over', { controller: ARGO, router: GATEWAY_API, kind: CANARY }, { rollout: rolloutOf(CANARY, { gates: [ERRORS], takeOverDeployment: true, rollbackWindow: 0 }) }],
  ['an autoscaled canary', { controller: ARGO, router: GATEWAY_API, kind: CANARY }, { scaling: Scaling.onCpu({ min: 4, max: 8 }) }],
  ['gRPC, a prefix and a preview', { controller: ARGO, router: GATEWAY_API, kind: CANARY }, { exposure: bothHosts, rollout: rolloutOf(CANARY, { gates: [ERRORS], previewHosts: ['preview.example.com'] }) }],
  ['an audience by a cookie', { controller: ARGO, router: ISTIO, kind: AB_TEST }, { rollout: Rollout.abTest({ audience: cookie, gates: [ERRORS] }) }],
  ['a shadow of a part', { controller: ARGO, router: ISTIO, kind: SHADOW }, { rollout: Rollout.shadow({ percent: 20, replicas: 1, gates: [ERRORS] }) }],
  ['every gate with Flagger', { controller: FLAGGER, router: ISTIO, kind: CANARY }, { rollout: rolloutOf(CANARY, { gates: gatesOf(FLAGGER) }) }, tester],
  ['a cookie with Flagger', { controller: FLAGGER, router: GATEWAY_API, kind: AB_TEST }, { rollout: Rollout.abTest({ audience: cookie, gates: [PROCEED] }) }],
  ['an autoscaled service with Flagger', { controller: FLAGGER, router: ISTIO, kind: CANARY }, { scaling: Scaling.onCpu({ min: 4, max: 8 }) }],
  ['a candidate by gRPC below a prefix', { controller: NONE, router: GATEWAY_API, kind: SHADOW }, { exposure: bothHosts }],
  ['an audience by a cookie without a controller', { controller: NONE, router: GATEWAY_API, kind: AB_TEST }, { exposure: bothHosts, rollout: Rollout.abTest({ audience: cookie }) }],
  ['ingress-nginx', { controller: ARGO, router: NGINX, kind: CANARY }, {}], ['ALB', { controller: ARGO, router: ALB, kind: CANARY }, {}],
];
const all = [...cells.map(([name, cell]) => [name, cell, {}, {}] as const), ...VARIANTS.map(([name, cell, props, cluster]) => [name, cell, props, { gateway: GATEWAY, metricsUrl: METRICS, ...cluster }] as const)];

describe('a release', () => {
  let namespace: string;
  const kinds = new Set<string>();

  beforeAll(async () => { namespace = await createNamespace('rollouts'); });
  afterAll(removeNamespaces);
  afterAll(() => rmSync(folder, { recursive: true }));

  const made = (cell: Cell, props: Partial<InferenceServiceProps>, cluster: object): Promise<Manifest[]> => setNamespace(serveCell(cell, props, cluster).manifests as Manifest[], namespace);

  test.each(all)('%s: the API server takes it strictly', async (_, cell, props, cluster) => {
    const manifests = await made(cell, props, cluster);
    expect(await apply(manifests, { dryRun: true })).toEqual([]);
    for (const { kind } of manifests) kinds.add(kind);
  });

  test('all kinds of objects were among them', () => {
    measured('rollouts: cells and variants whose manifests the API server took', all.length);
    expect([...kinds]).toEqual(expect.arrayContaining(['Rollout', 'AnalysisTemplate', 'Canary', 'MetricTemplate', 'VirtualService', 'HTTPRoute', 'GRPCRoute', 'Ingress', 'Deployment', 'Service', 'HorizontalPodAutoscaler', 'ConfigMap']));
  });

  test.each(['Rollout', 'AnalysisTemplate', 'Canary', 'MetricTemplate', 'VirtualService'])('a field that %s does not have is refused', async (kind) => {
    const cell = kind === 'Canary' || kind === 'MetricTemplate' ? { controller: FLAGGER, router: ISTIO, kind: CANARY } : { controller: ARGO, router: ISTIO, kind: CANARY };
    const one = (await made(cell, {}, {})).find((manifest) => manifest.kind === kind)!;
    one.spec.colour = 'blue';
    await expect(apply([one], { dryRun: true })).rejects.toThrow(/unknown field.*colour/);
  });

  test.each(all.filter(([, { controller }]) => controller === ARGO))('%s: Argo Rollouts finds nothing wrong', async (name, cell, props, cluster) => {
    // the linter reads what belongs together from one file
    const path = join(folder, 'release.yaml');
    writeFileSync(path, (await made(cell, props, cluster)).filter((one) => ['Rollout', 'AnalysisTemplate', 'Service', 'VirtualService', 'Ingress', 'Deployment'].includes(one.kind)).map((one) => stringify(one)).join('---\n'));
    const linted = await run('kubectl-argo-rollouts', ['lint', '-f', path]);
    expect([name, linted.code, linted.stdout + linted.stderr]).toEqual([name, 0, '']);
  });

  test('a release that Argo Rollouts would refuse is told by its linter', async () => {
    const path = join(folder, 'wrong.yaml');
    const manifests = await made({ controller: ARGO, router: REPLICAS, kind: CANARY }, {}, {});
    manifests.find((one) => one.kind === 'Rollout')!.spec.strategy.canary.steps.unshift({ setCanaryScale: { replicas: 1 } });
    writeFileSync(path, manifests.filter((one) => ['Rollout', 'Service'].includes(one.kind)).map((one) => stringify(one)).join('---\n'));
    expect((await run('kubectl-argo-rollouts', ['lint', '-f', path])).code).not.toBe(0);
  });
});

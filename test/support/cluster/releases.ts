import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Audience, Exposure, Gate, GateAction, GateKind, InferenceServiceProps, Rollout, RolloutController, Scaling, TrafficRouterKind } from 'cdk8s-serving';
import { gateCapability, strategyCapability } from '../../../lib/plan/release/capabilities';
import { AB_TEST, ARGO, BLUE_GREEN, CANARY, type Cell, CELLS, ERRORS, FLAGGER, gateOf, NONE, rolloutOf, serveCell, SHADOW } from '../release';
import type { Manifest } from './kubectl';

const folder = mkdtempSync(join(tmpdir(), 'rollouts-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, 'golden.json');
writeFileSync(file, '[{ "name": "one", "body": {}, "expect": { "status": 200 } }]');
const { GATEWAY_API, ISTIO, REPLICAS, NGINX, ALB } = TrafficRouterKind;

const cells = CELLS.filter(({ kind, controller, router }) => strategyCapability(kind, controller, router).can).map((cell) => [`${cell.kind} by ${cell.controller} with ${cell.router}`, cell] as const);
const PROCEED = Gate.errors({ maxPercent: 5, onFew: GateAction.PROCEED, onNoData: GateAction.PROCEED });
const gatesOf = (controller: typeof ARGO | typeof FLAGGER): Gate[] => Object.values(GateKind).filter((kind) => gateCapability(kind, controller).can).map((kind) => gateOf(kind, file));
const tester = { rollouts: RolloutController.flagger({ router: ISTIO, loadTesterUrl: 'http://flagger-loadtester.flagger' }) };
const bothHosts = Exposure.gateway({ hosts: ['iris.example.com'], grpcHosts: ['grpc.example.com'], pathPrefix: '/iris' });
const cookie = Audience.cookie('model', 'v2');

/** What props change beyond the cells. */
const VARIANTS: readonly (readonly [string, Cell, Partial<InferenceServiceProps>, object?])[] = [
  ['every gate with Argo Rollouts', { controller: ARGO, router: ISTIO, kind: CANARY }, { rollout: rolloutOf(CANARY, { gates: gatesOf(ARGO) }) }],
  ['a gate that goes on without data', { controller: ARGO, router: ISTIO, kind: CANARY }, { rollout: rolloutOf(CANARY, { gates: [PROCEED] }) }],
  ['a gate after a switch that goes on without data', { controller: ARGO, router: REPLICAS, kind: BLUE_GREEN }, { rollout: rolloutOf(BLUE_GREEN, { gates: [PROCEED] }) }],
  ['every gate before and after a switch', { controller: ARGO, router: REPLICAS, kind: BLUE_GREEN }, { rollout: rolloutOf(BLUE_GREEN, { gates: [...gatesOf(ARGO).filter((gate) => gate.kind !== GateKind.COMPARISON)] }) }],
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
/** Every cell of the table of capabilities that says yes, and what props change beyond them: a name, the cell, and all its objects. */
export const RELEASES: readonly (readonly [name: string, cell: Cell, make: () => Manifest[]])[] = [
  ...cells.map(([name, cell]) => [name, cell, () => serveCell(cell).manifests] as const),
  ...VARIANTS.map(([name, cell, props, cluster]) => [name, cell, () => serveCell(cell, props, cluster).manifests] as const),
];

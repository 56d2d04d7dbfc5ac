import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GateKind, RolloutController, TrafficRouterKind } from 'cdk8s-serving';
import { gateCapability, strategyCapability } from '../../../lib/plan/release/capabilities';
import { CANARY, CELLS, CONTROLLERS, FLAGGER, gateOf, NONE, rolloutOf, serveCell } from '../../support/release';
import { validateManifests } from '../../support/schema';

const cells = CELLS.map((cell) => [`${cell.kind} by ${cell.controller} with ${cell.router}`, cell, strategyCapability(cell.kind, cell.controller, cell.router)] as const);

describe('a cell with a yes', () => {
  test.each(cells.filter(([, , able]) => able.can))('%s: gives objects, and no problem', (_, cell) => {
    const served = serveCell(cell);
    expect(served.problems.filter((one) => one.severity === 'error')).toEqual([]);
    expect(served.plan.release).toMatchObject({ kind: cell.kind, controller: cell.controller, router: cell.router });
    expect(validateManifests(served.manifests, '1.34')).toEqual([]);
    const made = served.manifests.map((one) => one.kind);
    // the controller's own object, or a second Deployment
    expect(made).toEqual(expect.arrayContaining(cell.controller === NONE ? ['Deployment'] : cell.controller === FLAGGER ? ['Canary', 'MetricTemplate'] : ['Rollout', 'AnalysisTemplate']));
    if (cell.controller === NONE) expect(served.all('Deployment')).toHaveLength(2);
  });
});

describe('a cell with a no', () => {
  test.each(cells.filter(([, , able]) => !able.can))('%s: says why, from where, and what instead', (_, cell, able) => {
    const problem = serveCell(cell).problem('SERVING_ROLLOUT_NOT_ABLE');
    expect(problem).toMatchObject({ severity: 'error', got: `"${cell.kind}"`, allowed: able.instead });
    expect(problem.what).toContain(able.text);
    expect(problem.what).toContain(able.source);
    expect(problem.what).toContain(`'${cell.router}'`);
    expect(able.instead!.length).toBeGreaterThan(5);
  });
});

test('each cell has a source', () => {
  for (const [name, , able] of cells) expect([name, able.source]).toEqual([name, expect.stringMatching(/^https:\/\/\S+$/)]);
  expect(cells).toHaveLength(3 * 5 * 4);
});

describe('gates', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gates-'));
  const file = join(folder, 'golden.json');
  writeFileSync(file, '[{ "name": "one", "body": {}, "expect": { "status": 200 } }]');
  afterAll(() => rmSync(folder, { recursive: true }));
  const all = CONTROLLERS.flatMap((controller) => Object.values(GateKind).map((kind) => [kind, controller] as const));

  test.each(all)("the gate '%s' with %s: is made, or refused with the table's reason", (kind, controller) => {
    const able = gateCapability(kind, controller);
    const cell = { controller, router: TrafficRouterKind.GATEWAY_API, kind: CANARY };
    const served = serveCell(cell, { rollout: rolloutOf(CANARY, { gates: [gateOf(kind, file)] }) }, controller === FLAGGER ? { rollouts: RolloutController.flagger({ loadTesterUrl: 'http://flagger-loadtester.flagger' }) } : {});
    const errors = served.problems.filter((one) => one.severity === 'error');
    if (able.can) expect(errors).toEqual([]);
    else expect(errors).toEqual([expect.objectContaining({ code: 'SERVING_GATE_NOT_ABLE', what: expect.stringContaining(able.text), allowed: able.instead, got: `"${kind}"` })]);
  });
});

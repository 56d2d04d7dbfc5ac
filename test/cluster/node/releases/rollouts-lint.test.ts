import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TrafficRouterKind } from 'cdk8s-serving';
import { stringify } from 'yaml';
import type { Manifest } from '../../../support/cluster/kubectl';
import { RELEASES } from '../../../support/cluster/releases';
import { type Ran, run } from '../../../support/cluster/run';
import { ARGO, CANARY, serveCell } from '../../../support/release';

// The rules of the controller's own validation that its definition doesn't tell; its program comes with the controller.
const folder = mkdtempSync(join(tmpdir(), 'lint-'));
afterAll(() => rmSync(folder, { recursive: true }));
const READ = ['Rollout', 'AnalysisTemplate', 'Service', 'VirtualService', 'Ingress'];

/** What belongs together, from one file. */
function lint(manifests: Manifest[]): Promise<Ran> {
  const path = join(folder, 'release.yaml');
  writeFileSync(path, manifests.filter((one) => READ.includes(one.kind)).map((one) => stringify(one)).join('---\n'));
  return run('kubectl-argo-rollouts', ['lint', '-f', path]);
}

/** The linter does not look up the Deployment whose pods are taken over, and so finds Services without pods. */
const alone = (make: () => Manifest[]): boolean => make().every((one) => one.spec?.workloadRef === undefined);

test.each(RELEASES.filter(([, { controller }, make]) => controller === ARGO && alone(make)))('%s: Argo Rollouts finds nothing wrong', async (_, __, make) => {
  const { code, stdout, stderr } = await lint(make());
  expect([code, stdout + stderr]).toEqual([0, '']);
});

test('a release that Argo Rollouts would refuse is told', async () => {
  const { manifests } = serveCell({ controller: ARGO, router: TrafficRouterKind.REPLICAS, kind: CANARY });
  expect((await lint(manifests)).code).toBe(0);
  manifests.find((one) => one.kind === 'Rollout').spec.strategy.canary.steps.unshift({ setCanaryScale: { replicas: 1 } });
  expect((await lint(manifests)).code).not.toBe(0);
});

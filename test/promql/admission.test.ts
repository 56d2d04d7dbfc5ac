import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { watchedExamples } from '../support/alert-examples';
import { freePort } from '../support/free-port';
import { program } from '../support/cluster/programs';

let webhook: ChildProcess;
let address: string;

/** Prometheus-operator's own admission webhook, which refuses rules that the operator would leave out. */
beforeAll(async () => {
  const path = join(await program('prometheus-operator-webhook'), 'admission-webhook');
  const listen = `127.0.0.1:${await freePort('127.0.0.1')}`;
  address = `http://${listen}`;
  webhook = spawn(path, ['--web.enable-tls=false', `--web.listen-address=${listen}`], { stdio: 'ignore' });
  for (let i = 0; i < 100; i++) {
    if (await fetch(`${address}/healthz`).then(({ ok }) => ok, () => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the webhook does not answer');
}, 1_200_000); // minutes where it has to be made first

afterAll(() => { webhook.kill(); });

/** What it says of an object. */
async function review(object: any): Promise<{ allowed: boolean; status?: object }> {
  const request = { uid: '1', kind: { group: 'monitoring.coreos.com', version: 'v1', kind: 'PrometheusRule' }, resource: { group: 'monitoring.coreos.com', version: 'v1', resource: 'prometheusrules' }, name: object.metadata.name, namespace: object.metadata.namespace, operation: 'CREATE', object };
  const answer = await fetch(`${address}/admission-prometheusrules/validate`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request }) });
  return ((await answer.json()) as any).response;
}

test('the operator admits the rules of every service and stack', async () => {
  const rules = watchedExamples().flatMap((one) => one.all('PrometheusRule'));
  expect(rules.length).toBeGreaterThan(8);
  for (const one of rules) expect([one.metadata.name, await review(one)]).toEqual([one.metadata.name, { uid: '1', allowed: true }]);
});

test('and refuses what is no query', async () => {
  const rule = (expr: string) => ({ apiVersion: 'monitoring.coreos.com/v1', kind: 'PrometheusRule', metadata: { name: 'a', namespace: 'ml' }, spec: { groups: [{ name: 'a', rules: [{ alert: 'A', expr }] }] } });
  expect((await review(rule('sum by (a (up)'))).allowed).toBe(false);
  expect((await review(rule('up'))).allowed).toBe(true);
});

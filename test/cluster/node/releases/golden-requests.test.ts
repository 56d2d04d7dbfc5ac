import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Gate, Rollout } from 'cdk8s-serving';
import { analysisRuns } from '../../../support/cluster/argo';
import { Client, MLSERVER_IMAGE } from '../../../support/cluster/client';
import { kubectl, list, type Manifest } from '../../../support/cluster/kubectl';
import { ALL_ANSWERED } from '../../../support/cluster/load';
import { createNamespace, removeNamespaces } from '../../../support/cluster/namespaces';
import { measured } from '../../../support/cluster/report';
import { Trial, type TrialOptions } from '../../../support/cluster/trial';

const folder = mkdtempSync(join(tmpdir(), 'golden-'));
const file = join(folder, 'golden.json');
const ask = (row: number[]) => ({ inputs: [{ name: 'x', shape: [1, 4], datatype: 'FP64', data: row }] });
writeFileSync(file, JSON.stringify([
  { name: 'small', body: ask([1, 2, 3, 4]), expect: { body: { outputs: [{ name: 'predict', data: [10] }] } } },
  { name: 'large', body: ask([9, 9, 9, 9]), expect: { status: 200, body: { outputs: [{ data: [36] }] } } },
]));

const golden = Gate.goldenRequests({ file, image: MLSERVER_IMAGE });
const rolloutOf = (manifests: Manifest[]): any => manifests.find((one) => one.kind === 'Rollout')!.spec;

describe('golden requests, sent by a Job to the new version alone', () => {
  let namespace: string;
  const trials: Record<string, Trial> = {};

  const PLAN: Record<string, Omit<TrialOptions, 'name' | 'namespace' | 'metricsUrl'>> = {
    right: { rollout: Rollout.blueGreen({ gates: [golden] }), second: {} },
    wrong: { rollout: Rollout.blueGreen({ gates: [golden] }), second: { wrong: true } },
    unasked: { rollout: Rollout.blueGreen({ gates: [golden] }), second: { wrong: true }, without: (manifests) => { delete rolloutOf(manifests).strategy.blueGreen.prePromotionAnalysis; } },
    canary: { rollout: Rollout.canary({ steps: [50], gates: [golden] }), second: { wrong: true } },
    hasty: { rollout: Rollout.canary({ steps: [50], gates: [golden] }), second: { wrong: true }, without: (manifests) => { delete manifests.find((one) => one.kind === 'AnalysisTemplate')!.spec.metrics[0].initialDelay; } },
  };

  beforeAll(async () => {
    namespace = await createNamespace('golden');
    for (const [name, options] of Object.entries(PLAN)) trials[name] = new Trial({ name, namespace, metricsUrl: 'http://127.0.0.1:9', ...options });
    await Promise.all(Object.values(trials).map((trial) => trial.first()));
    const client = await Client.start(await createNamespace('client'));
    for (const name of ['right', 'wrong']) await trials[name]!.ask(client, 5);
    await Promise.all(Object.values(trials).map((trial) => trial.second()));
  }, 600_000);

  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await removeNamespaces();
  }, 300_000);

  const logs = async (name: string): Promise<string> => {
    const run = (await analysisRuns(name, namespace)).at(-1)!;
    const job = run.status.metricResults[0].measurements[0].metadata['job-name'];
    const [pod] = await list('pods', { namespace, selector: `job-name=${job}` });
    return kubectl(['logs', pod!.metadata.name, '--namespace', namespace]);
  };

  test('right answers let the new version go live', async () => {
    expect(trials.right!.keeps(await trials.right!.is('Healthy', 240_000))).toBe(false);
    expect(await logs('right')).toContain('2 of 2 golden requests answered right');
    expect(await trials.right!.asked()).toMatchObject(ALL_ANSWERED);
  });

  test('a wrong answer aborts, and no client has seen one', async () => {
    expect(trials.wrong!.keeps(await trials.wrong!.is('Degraded', 240_000))).toBe(true);
    expect(await logs('wrong')).toContain('wrong  small: answer.outputs[0].data[0] is -11, not 10');
    expect(await trials.wrong!.asked()).toMatchObject(ALL_ANSWERED);
  });

  test('without the Job the wrong version would have gone live', async () => {
    expect(trials.unasked!.keeps(await trials.unasked!.is('Healthy', 240_000))).toBe(false);
  });

  test('of a canary, too: they reach its pods, and not those that its Service led to before', async () => {
    expect(trials.canary!.keeps(await trials.canary!.is('Degraded', 240_000))).toBe(true);
    // at once, they were answered by the stable version (seen: all right), or by chance by the new one
    measured('golden requests without a delay', (await analysisRuns('hasty', namespace)).at(-1)!.status.phase);
  });
});

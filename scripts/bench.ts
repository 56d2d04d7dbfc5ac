/**
 * How long synthesis takes: `npm run bench [-- 1 100 1000]`, numbers of services, each in a chart of its own.
 * Every number runs in a process of its own, so that none warms up the next.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { App, Chart, Size } from 'cdk8s';
import { Cluster, Exposure, InferenceService, Model, ModelSource, Scaling, ServingEngine, Team } from '../lib';

/** Synthesizes so many services of about nine objects, and says how long each part took. */
function measure(services: number): { services: number; constructMs: number; synthMs: number; msPerService: number; peakMiB: number } {
  const outdir = mkdtempSync(join(tmpdir(), 'bench-'));
  const began = performance.now();
  const app = new App({ outdir });
  const cluster = Cluster.of({ name: 'bench', version: '1.34', gateway: { name: 'public', namespace: 'gateway' } });
  for (let i = 0; i < services; i++) {
    const chart = new Chart(app, `service-${i}`, { namespace: `team-${i % 20}` });
    new ServingEngine(chart, 'Engine', { cluster, owner: Team.of('bench') });
    new InferenceService(chart, 'Service', {
      name: `service-${i}`, model: Model.xgboost({ source: ModelSource.s3(`s3://models/m${i}/v1`), size: Size.mebibytes(300) }),
      scaling: Scaling.onCpu({ min: 2, max: 8 }), exposure: Exposure.gateway({ hosts: [`s${i}.example.com`] }),
    });
  }
  const constructed = performance.now();
  app.synth();
  const done = performance.now();
  rmSync(outdir, { recursive: true });
  const round = (value: number): number => Math.round(value * 10) / 10;
  return { services, constructMs: round(constructed - began), synthMs: round(done - constructed), msPerService: round((done - began) / services), peakMiB: Math.round(process.resourceUsage().maxRSS / 1024) };
}

const [mode, only] = process.argv.slice(2);
if (mode === '--one') {
  console.log(JSON.stringify(measure(Number(only))));
} else {
  const numbers = process.argv.slice(2).map(Number);
  const rows = (numbers.length > 0 ? numbers : [1, 10, 100, 1000]).map((services) => {
    const run = spawnSync(process.execPath, [...process.execArgv, __filename, '--one', String(services)], { encoding: 'utf8' });
    if (run.status !== 0) throw new Error(run.stderr);
    return JSON.parse(run.stdout) as object;
  });
  console.table(rows);
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { type Code, programs } from '../../support/arbitraries';
import { judge } from '../../support/verdict';

const NUMBER = Number(process.env.FC_RUNS ?? 400);
/** The same programs in every run, unless FC_SEED says otherwise. */
const SEED = Number(process.env.FC_SEED ?? 2611);
/** Where the manifests of valid programs are written to, a file each: the cluster's tests apply them to a real API server. */
const MANIFESTS = process.env.PROPERTY_MANIFESTS;

/**
 * Whatever is asked for, the answer is a report of coded problems and no file, or manifests that the schema and the API server take;
 * never both, never an error of another kind, never a secret, and twice the same. `judge` holds each program to it; what fails is
 * printed as a program that can be run as it is.
 */
test('every program gives valid manifests or coded problems', async () => {
  const refusals = new Map<string, number>();
  let valid = 0;
  let refused = 0;
  const property = fc.asyncProperty(programs, async (program) => {
    await new Promise((resolve) => setImmediate(resolve)); // the library listens for an uncaught error until the next turn of the loop
    const { codes, files } = judge(program);
    if (codes === undefined) keep(valid++, program, files);
    else {
      refused += 1;
      for (const code of codes) refusals.set(code, (refusals.get(code) ?? 0) + 1);
    }
  });
  await fc.assert(property, { numRuns: NUMBER, seed: SEED, interruptAfterTimeLimit: 400_000, markInterruptAsFailure: true });

  const top = [...refusals].sort((a, b) => b[1] - a[1]).slice(0, 8).map(([code, count]) => `${code.replace('SERVING_', '')} ${count}`).join(', ');
  const percent = Math.round((100 * valid) / (valid + refused));
  process.stdout.write(`property tests: ${valid + refused} programs (seed ${SEED}), ${valid} valid (${percent} %), ${refused} refused: ${top}\n`);
  expect(percent).toBeGreaterThanOrEqual(30);
  expect(refused).toBeGreaterThan(0);
}, 420_000);

function keep(number: number, program: Code, files: { readonly [path: string]: string }): void {
  if (MANIFESTS === undefined) return;
  mkdirSync(MANIFESTS, { recursive: true });
  const manifests = Object.entries(files).filter(([path]) => path.endsWith('.yaml')).map(([, content]) => content).join('---\n');
  const comment = program.split('\n').map((line) => `# ${line}`).join('\n');
  writeFileSync(join(MANIFESTS, `${String(number).padStart(4, '0')}.yaml`), `${comment}\n${manifests}`);
}

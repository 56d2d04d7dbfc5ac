/**
 * Tests against the cluster of $KUBECONFIG, apart from all others: they take minutes and there may be no cluster.
 * `jest --config test/cluster/jest.config.cjs test/cluster/fleet` runs one phase; run.sh makes the clusters for both.
 */
const { spawnSync } = require('node:child_process');
const { readdirSync } = require('node:fs');
const { join } = require('node:path');

const answers = () => !!process.env.KUBECONFIG && spawnSync('kubectl', ['get', '--raw', '/readyz'], { timeout: 10_000 }).status === 0;
const files = ['fleet', 'node'].flatMap((phase) => readdirSync(join(__dirname, phase)).filter((file) => file.endsWith('.test.ts')).map((file) => `test/cluster/${phase}/${file}`));
const ready = answers();
if (!ready && process.env.CI) throw new Error('no cluster answers at $KUBECONFIG: in CI that is a failure');
if (!ready) for (const file of files) console.warn(`${file}: left out, no cluster answers at $KUBECONFIG (test/cluster/run.sh makes one)`);

module.exports = {
  rootDir: join(__dirname, '../..'),
  testMatch: ready ? ['<rootDir>/test/cluster/**/*.test.ts'] : [],
  passWithNoTests: !ready,
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript', decorators: true } } }] },
  testEnvironment: 'node',
  maxWorkers: 1, // one machine's GPUs and cores are shared by all of them
  testTimeout: 300_000,
  verbose: true,
};

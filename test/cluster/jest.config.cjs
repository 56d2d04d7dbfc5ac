/**
 * Tests against the cluster of $KUBECONFIG, apart from all others: they take minutes and there may be no cluster.
 * run.sh makes the clusters for both phases. While working on one test, keep a cluster and run only that file on it:
 *   cluster up && cluster node && cluster image mlserver && cluster image storage-initializer && cluster add dns && cluster add metrics-server && cluster add argo-rollouts
 *   eval "$(cluster env)"; npx jest --config test/cluster/jest.config.cjs test/cluster/node/models/iris
 */
const { spawnSync } = require('node:child_process');
const { readdirSync } = require('node:fs');
const { join } = require('node:path');

const answers = () => !!process.env.KUBECONFIG && spawnSync('kubectl', ['get', '--raw', '/readyz'], { timeout: 10_000 }).status === 0;
const files = ['fleet', 'node'].flatMap((phase) => readdirSync(join(__dirname, phase), { recursive: true }).filter((file) => file.endsWith('.test.ts')).map((file) => `test/cluster/${phase}/${file}`));
const ready = answers();
if (!ready && process.env.CI) throw new Error('no cluster answers at $KUBECONFIG: in CI that is a failure');
if (!ready) for (const file of files) console.warn(`${file}: left out, no cluster answers at $KUBECONFIG (test/cluster/run.sh makes one)`);

module.exports = {
  rootDir: join(__dirname, '../..'),
  testMatch: [ready ? '<rootDir>/test/cluster/**/*.test.ts' : '<rootDir>/nothing'], // an empty list would mean Jest's own default: all tests
  passWithNoTests: !ready,
  transform: { '^.+\\.ts$': ['@swc/jest', { swcrc: false, jsc: { target: 'es2022', keepClassNames: true, parser: { syntax: 'typescript' } } }] },
  moduleNameMapper: { '^cdk8s-serving$': '<rootDir>/lib/index.ts' },
  testEnvironment: 'node',
  maxWorkers: 1, // one machine's GPUs and cores are shared by all of them
  testTimeout: 300_000,
  setupFilesAfterEnv: ['<rootDir>/test/cluster/once-more.ts'],
  verbose: true,
};

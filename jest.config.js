const transform = {
  '^.+\\.ts$': [
    '@swc/jest',
    {
      jsc: { parser: { syntax: 'typescript' }, target: 'es2022', keepClassNames: true },
      module: { type: 'commonjs' },
    },
  ],
};

const project = {
  testEnvironment: 'node',
  transform,
  moduleFileExtensions: ['ts', 'js', 'json'],
  moduleNameMapper: { '^cdk8s-serving$': '<rootDir>/lib/index.ts' },
  modulePathIgnorePatterns: ['<rootDir>/build/', '<rootDir>/dist/', '<rootDir>/node_modules/.cache/'],
};

/** @type {import('jest').Config} */
module.exports = {
  maxWorkers: 2,
  workerIdleMemoryLimit: '2GB',
  projects: [
    {
      ...project,
      displayName: 'unit',
      testMatch: ['<rootDir>/test/unit/**/*.test.ts', '<rootDir>/apps/**/*.test.ts'],
    },
    {
      ...project,
      displayName: 'promql', // needs promtool of Prometheus, and Go, which makes vmalert-tool and prometheus-operator's webhook
      testMatch: ['<rootDir>/test/promql/**/*.test.ts'],
    },
    {
      ...project,
      displayName: 'alertmanager', // needs Go, which makes Alertmanager and amtool, and Debian's older amtool
      testMatch: ['<rootDir>/test/alertmanager/**/*.test.ts'],
    },
    {
      ...project,
      displayName: 'graph', // needs Go, which makes KServe's router, and its port, 8080
      testMatch: ['<rootDir>/test/graph/**/*.test.ts'],
    },
    {
      ...project,
      displayName: 'drift', // needs the libraries of test/cluster/programs, which it installs
      testMatch: ['<rootDir>/test/drift/**/*.test.ts'],
    },
    {
      ...project,
      displayName: 'around', // needs MLServer of test/cluster/programs, which it installs
      testMatch: ['<rootDir>/test/around/**/*.test.ts'],
    },
  ],
};

const tseslint = require('typescript-eslint');

/** What each station of lib/ may import of the others, as docs/architecture.md has it; lib/out may import them all. */
const REACH = {
  manifest: [],
  describe: [],
  plan: ['describe'],
  render: ['manifest', 'describe', 'plan'],
  watch: ['manifest', 'describe', 'plan', 'render/ports'],
  constructs: ['manifest', 'describe', 'plan', 'render', 'watch'],
};
const STATIONS = [...Object.keys(REACH), 'out'];

/** Matches relative imports of a station, but for those of its files that are within reach. */
function outOfReach(station, reach) {
  const files = reach.filter(part => part.startsWith(`${station}/`)).map(part => part.slice(station.length + 1));
  return files.length > 0 ? `^(\\.\\./)+${station}(?!/(${files.join('|')})$)(/|$)` : `^(\\.\\./)+${station}(/|$)`;
}

module.exports = tseslint.config(
  { ignores: ['build/', 'dist/', 'coverage/'] },
  ...tseslint.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'eqeqeq': ['error', 'always', { null: 'ignore' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
    },
  },
  { files: ['**/*.js', '**/*.cjs', 'apps/all.ts'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  { files: ['lib/constructs/edges.ts', 'lib/watch/dashboards/sdk.ts'], rules: { '@typescript-eslint/no-require-imports': 'off' } }, // load cdk8s-plus and Grafana's SDK when they are first met
  { files: ['test/**', 'apps/**/*.test.ts'], rules: { '@typescript-eslint/no-explicit-any': 'off' } }, // manifests are looked into at will
  ...Object.entries(REACH).map(([station, reach]) => ({
    files: [`lib/${station}/**`],
    rules: {
      'no-restricted-imports': ['error', {
        patterns: STATIONS.filter(other => other !== station && !reach.includes(other)).map(other => ({
          regex: outOfReach(other, reach),
          message: `lib/${station} may import only ${[station, ...reach].join(', ')}.`,
        })),
      }],
    },
  })),
);

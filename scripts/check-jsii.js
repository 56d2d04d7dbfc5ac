// Compiles lib/ with jsii, in a staging folder, to hold the public API to what Python, Java, Go and .NET users could call.
// Beyond jsii's own rules: no unions, and lib/index.ts exports only what jsii carries over (no functions, no constants).
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

/** Folders of lib/ that are no part of the jsii API: entry points of their own, which lib/index.ts does not export. */
const EXCLUDED = ['out/pulumi'];
/** Names that one target language reserves (`from`, `default`): jsii's generators escape them. */
const SILENCED = ['reserved-word'];

const start = Date.now();
const root = path.resolve(__dirname, '..');
const staging = path.join(root, 'node_modules', '.cache', 'check-jsii');

function main() {
  stage();
  compile();
  const violations = [...unions(), ...invisibleExports()];
  if (violations.length > 0) {
    fail(violations.join('\n'));
  }
  console.log(`jsii: the public API is clean, ${((Date.now() - start) / 1000).toFixed(1)} s`);
}

function stage() {
  const { name, version, description, license, author, dependencies, bundledDependencies, peerDependencies } = readJson(path.join(root, 'package.json'));
  const excluded = EXCLUDED.map(folder => path.join(root, 'lib', folder));
  fs.rmSync(staging, { recursive: true, force: true });
  fs.mkdirSync(staging, { recursive: true });
  fs.symlinkSync(path.join(root, 'node_modules'), path.join(staging, 'node_modules'), 'dir');
  fs.cpSync(path.join(root, 'lib'), path.join(staging, 'lib'), { recursive: true, filter: file => !excluded.includes(file) });
  fs.writeFileSync(path.join(staging, 'README.md'), `# ${name}\n`);
  fs.writeFileSync(path.join(staging, 'package.json'), JSON.stringify({
    name, version, description, license, author: { name: author }, dependencies, bundledDependencies, peerDependencies,
    repository: { url: `${name}.git` },
    // jsii asks for development dependencies at the least versions that the peers allow
    devDependencies: Object.fromEntries(Object.entries(peerDependencies).map(([peer, range]) => [peer, range.replace(/^\^/, '')])),
    main: 'lib/index.js',
    types: 'lib/index.d.ts',
    stability: 'experimental',
    jsii: { outdir: 'dist', targets: {}, versionFormat: 'short' },
  }, undefined, 2));
}

function compile() {
  const jsii = spawnSync(process.execPath, [require.resolve('jsii/bin/jsii'), '--fail-on-warnings', '--silence-warnings', ...SILENCED], {
    cwd: staging,
    encoding: 'utf8',
    env: { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' },
  });
  if (jsii.status !== 0) {
    fail(jsii.stdout + jsii.stderr);
  }
}

/** Members whose type has a union in it: legal for jsii, and an untyped `Object` for its users. */
function unions() {
  const found = [];
  for (const type of Object.values(assembly().types ?? {})) {
    for (const member of [type.initializer, ...type.methods ?? [], ...type.properties ?? []]) {
      if (member && JSON.stringify(member).includes('"union":')) {
        const { filename, line } = member.locationInModule ?? type.locationInModule;
        found.push(`${filename}:${line} - ${type.name}.${member.name ?? 'constructor'}: a union type; make it a class with static factories`);
      }
    }
  }
  return found;
}

/** What lib/index.ts exports at run time and jsii leaves out without a word. */
function invisibleExports() {
  const { name, types, submodules } = assembly();
  const visible = new Set([...Object.keys(types ?? {}), ...Object.keys(submodules ?? {})].map(fqn => fqn.slice(name.length + 1).split('.')[0]));
  return Object.keys(require(path.join(staging, 'lib', 'index.js')))
    .filter(exported => !visible.has(exported))
    .map(exported => `lib/index.ts exports ${exported}, which jsii does not carry over: make it a static method, or don't export it`);
}

function assembly() {
  return readJson(path.join(staging, '.jsii'));
}

function readJson(file) {
  return JSON.parse(fs.readFileSync(file, 'utf8'));
}

function fail(message) {
  console.error(message);
  console.error('jsii: the public API breaks the rules above');
  process.exit(1);
}

main();

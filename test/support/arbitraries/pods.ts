import fc, { type Arbitrary } from 'fast-check';
import { among, call, type Code, flag, list, map, mostly, must, object, oneOf, seldom, STRANGE_TEXTS, text } from './code';
import { PLANTED } from './models';

const secret = "Secret.fromSecretName(chart, id(), 'app')";

/** Variables, of which some are secrets in plain text. */
export const env: Arbitrary<Code> = mostly(
  map(text(['LOG_LEVEL', 'THREADS', 'FEATURE_FLAGS', 'DB_PASSWORD_FILE'], ["'MODEL_NAME'", "'HOME'", "'a b'", "''", "'1A'", "'A.B'", "'MLSERVER_HTTP_PORT'", "'VLLM_CACHE_ROOT'", "'toString'"]), mostly(
    fc.oneof({ weight: 3, arbitrary: oneOf("EnvValue.fromValue('info')", "EnvValue.fromValue('8')", "EnvValue.fromValue('')") }, {
      weight: 1, arbitrary: oneOf(`EnvValue.fromSecretValue({ secret: ${secret}, key: 'key' })`, "EnvValue.fromConfigMap(ConfigMap.fromConfigMapName(chart, id(), 'app'), 'key')", 'EnvValue.fromFieldRef(EnvFieldPaths.POD_NAME)',
        "EnvValue.fromResource(ResourceFieldPaths.CPU_REQUEST, { divisor: '1m' })"),
    }), [`EnvValue.fromValue('hf_${PLANTED}')`, `EnvValue.fromValue('postgres://app:${PLANTED}@db/x')`, 'EnvValue.fromValue(1)', 'EnvValue.fromValue(undefined)', "'info'", '{ value: 1 }', '{ valueFrom: 1 }', '{ valueFrom: {} }', '{ valueFrom: { secretKeyRef: {} } }', 'EnvValue.fromValue(NaN)', "{ value: 'a', valueFrom: {} }"],
  )),
  [
    `{ HF_TOKEN: EnvValue.fromValue('${PLANTED}') }`, `{ DB_PASSWORD: EnvValue.fromValue('${PLANTED}') }`, `{ API_KEY: '${PLANTED}' }`, `{ 'DB PASSWORD': EnvValue.fromValue('${PLANTED}') }`, `{ A: EnvValue.fromValue('x'), DB_PASSWORD: '${PLANTED}' }`,
    `{ DB_PASSWORD: { value: '${PLANTED}', extra: 1 } }`, `[{ name: 'DB_PASSWORD', value: '${PLANTED}' }]`, `EnvValue.fromValue('hf_${PLANTED}')`, `{ token: EnvValue.fromValue('${PLANTED}') }`,
  ],
);

const volume = mostly(oneOf("Volume.fromEmptyDir(chart, id(), 'scratch')", "Volume.fromEmptyDir(chart, id(), 'fast', { medium: EmptyDirMedium.MEMORY, sizeLimit: Size.gibibytes(1) })", `Volume.fromSecret(chart, id(), ${secret})`,
  "Volume.fromConfigMap(chart, id(), ConfigMap.fromConfigMapName(chart, id(), 'extra'))", "Volume.fromPersistentVolumeClaim(chart, id(), PersistentVolumeClaim.fromClaimName(chart, id(), 'data'))"),
["Volume.fromEmptyDir(chart, id(), 'tmp')", "Volume.fromEmptyDir(chart, id(), 'model')", "Volume.fromEmptyDir(chart, id(), 'Not A Label')", "Volume.fromHostPath(chart, id(), 'host', { path: '/' })", "{ _toKube: () => ({}) }"]);
export const volumes = list(mostly(object({ volume: must(volume), path: must(text(['/data', '/scratch', '/var/lib/app'], ["'data'", "'/tmp'", "'/mnt/models'", "'/'", ...STRANGE_TEXTS])), readOnly: seldom(flag) })), 0, 2);

const container = (name: Code): Arbitrary<Code> => mostly(call('new Container', fc.oneof(
  oneOf(`{ name: ${name}, image: 'envoyproxy/envoy:v1.31' }`, `{ name: ${name}, image: 'busybox:1.36', command: ['sleep', 'inf'], resources: {} }`),
  oneOf(`{ name: ${name}, image: 'busybox:1.36', portNumber: 9901, volumeMounts: [{ path: '/scratch', volume: Volume.fromEmptyDir(chart, id(), 'shared') }] }`),
)), [`new Container({ image: 'x:1' })`, `new Container({ name: 'server', image: 'x:1' })`, `new Container({ name: 'model-download', image: 'x:1' })`, `new Container({ name: 'Bad Name', image: 'x:1' })`, `new Container({ name: ${name}, image: '' })`,
  `new Container({ name: ${name}, image: 'x:1', portNumber: 8080 })`, `new Container({ name: ${name}, image: 'x:1', envVariables: { DB_PASSWORD: EnvValue.fromValue('${PLANTED}') } })`, `new Container({ name: ${name}, image: undefined })`, "{ name: 'x', image: 'y' }"]);
export const sidecars = list(container("'proxy'"), 0, 1);
export const initContainers = list(container("'prepare'"), 0, 1);

/** Overlays. What is wrong in them beyond their shape (a misspelt field, a port out of range) is the user's: an overlay keeps every key, known or not. */
export const overlays: Arbitrary<Code> = mostly(
  oneOf("{ spec: { runtimeClassName: 'nvidia' } }", "{ metadata: { annotations: { 'example.com/a': 'b' } } }", "{ spec: { containers: [{ name: 'server', env: [{ name: 'EXTRA', value: '1' }] }] } }", "{ spec: { tolerations: [{ key: 'spot', operator: 'Exists' }] } }",
    "{ spec: { securityContext: { fsGroup: 1000 }, hostAliases: [{ ip: '10.0.0.1', hostnames: ['a.example.com'] }] } }", "{ spec: { containers: [{ name: 'server', startupProbe: null, resources: { limits: { cpu: '64' } } }] } }", "{ spec: { terminationGracePeriodSeconds: 100 } }", '{}',
    "{ spec: { volumes: [{ name: 'extra', emptyDir: {} }], containers: [{ name: 'server', volumeMounts: [{ name: 'extra', mountPath: '/extra' }] }] } }", "{ spec: { dnsConfig: { searches: ['example.com'], options: null } } }"),
  ["{ spec: { containers: null } }", "{ spec: { containers: [] } }", "{ spec: { containers: [null] } }", '{ spec: null }', '{ spec: [] }', "{ spec: 'x' }", "{ spec: { containers: 'x' } }", "{ spec: { containers: { name: 'server' } } }", '{ metadata: null }', '{ metadata: { labels: null } }',
    "{ metadata: { name: 'x', labels: { 'app.kubernetes.io/name': 'other' } } }", "{ metadata: { labels: { 'a b': 'c' } } }", '{ metadata: { labels: { a: 1 } } }', "{ metadata: { labels: { team: 'x y' } } }", "{ kind: 'Pod' }", 
    "{ spec: { containers: [{ name: 'server', image: null }] } }", "{ spec: { containers: [{ name: 'server', image: 5 }] } }", "{ spec: { containers: [{ image: 'no-name' }] } }", "{ spec: { volumes: [{ emptyDir: {} }] } }",
    "{ spec: { containers: [{ name: 'server', env: [{ name: 'X' }, { name: 'X' }] }] } }", "{ spec: { containers: [{ name: 'server', volumeMounts: [{ name: 'nope', mountPath: '/nope' }] }] } }",
    `{ spec: { containers: [{ name: 'server', env: [{ name: 'DB_PASSWORD', value: '${PLANTED}' }] }] } }`,
    "{ spec: { dnsConfig: { searches: [null] } } }", "{ spec: { x: undefined } }", "{ spec: { x: { y: cyclic() } } }", "{ spec: { x: NaN } }",
    "{ spec: { initContainers: [{ name: 'model-download', image: '' }] } }", "JSON.parse('{\"__proto__\": {\"spec\": 1}}')", "{ spec: { serviceAccountName: 'other' } }", "{ spec: { hostNetwork: true } }"],
);

const KEYS = ['example.com/stage', 'purpose', 'a.b-c/D_e.f'];
const BAD_KEYS = ["'app.kubernetes.io/name'", "'team'", "'a/b/c'", "'-a'", "''", "'ü'", "'a b'", "'x'.repeat(64)", "'example..com/a'", "'x'.repeat(254) + '/a'", "'A/b'", "'a./b'"];
export const labels = map(text(KEYS, BAD_KEYS), text(['prod', 'v1.0_x', ''], ["'a b'", "'-'", "'x'.repeat(64)", '1', "'a\\n'"]));
export const annotations = map(text(KEYS, BAD_KEYS), text(['https://wiki.example.com', 'größe', '{"a": 1}', 'on'], ["''", '1', "'x'.repeat(300000)", "'a\\u0000b'", "'\\ud800'", "'~'", "'2026-11-02'", "'1e3'", "'a: b # c'", "' lead'", "'line\\nline\\n\\n'"]));
export const serviceAccounts = among(["ServiceAccount.fromServiceAccountName(chart, id(), 'given')", 'new ServiceAccount(chart, id())'], ["{ name: 'x' }", "{ name: '' }", "{ name: 'A b' }", '{ name: 1 }']);

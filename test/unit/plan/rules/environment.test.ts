import { Capability, Container, EnvValue, Secret } from 'cdk8s-plus-28';
import { Chart, Testing } from 'cdk8s';
import { MountedFile } from 'cdk8s-serving';
import { serve } from '../../../support/serving';

const securityContext = { user: 1000, capabilities: { drop: [Capability.ALL] } };
const SECRET = `hf_${'x'.repeat(34)}`;

test("a variable of the server's own is not to be set again", () => {
  expect(serve({ env: { MLSERVER_HTTP_PORT: EnvValue.fromValue('9') } }).problem('SERVING_ENV_TAKEN')).toMatchObject({ got: '"MLSERVER_HTTP_PORT"', what: "the variable 'MLSERVER_HTTP_PORT' is the library's own", fix: expect.stringContaining('podOverlay') });
  expect(serve({ env: { MLSERVER_OTHER: EnvValue.fromValue('9') } }).codes).toEqual([]);
});

test('a secret in a value is an error that does not show it', () => {
  const given: { [name: string]: EnvValue }[] = [{ ANY: EnvValue.fromValue(SECRET) }, { API_TOKEN: EnvValue.fromValue('hunter2') }];
  for (const env of given) {
    const served = serve({ env });
    expect(served.problem('SERVING_SECRET_IN_PLAIN_TEXT').fix).toContain('EnvValue.fromSecretValue');
    expect(JSON.stringify(served.problems)).not.toMatch(/hf_x|hunter2/);
  }
});

test('a secret by reference is none in plain text', () => {
  const secret = Secret.fromSecretName(new Chart(Testing.app(), 'other'), 'Secret', 'tokens');
  expect(serve({ env: { API_TOKEN: EnvValue.fromSecretValue({ secret, key: 'token' }), TOKEN_FILE: EnvValue.fromValue('/var/token') } }).codes).toEqual([]);
});

test('a secret that was given as a bare text is not shown either', () => {
  const served = serve({ env: { API_TOKEN: SECRET } as any });
  expect(served.codes).toEqual(['SERVING_WRONG_TYPE']);
  expect(JSON.stringify(served.problems)).not.toContain(SECRET);
});

test('a name of a variable has letters, digits and _', () => {
  expect(serve({ env: { 'my-var': EnvValue.fromValue('x') } }).codes).toEqual(['SERVING_TEXT_NOT_ALLOWED']);
});

describe('an inline file', () => {
  test('with a token of a known service stops the synthesis', () => {
    expect(serve({ files: [MountedFile.inline('/etc/app.conf', `key: ${SECRET}`)] }).problem('SERVING_SECRET_IN_PLAIN_TEXT')).toMatchObject({ severity: 'error', what: expect.stringContaining("the file '/etc/app.conf'") });
  });

  const codes = (content: string): string[] => serve({ files: [MountedFile.inline('/etc/app.conf', content)] }).codes;

  test.each([
    'password: hunter2', 'password = hunter2', 'PASSWORD=hunter2', '{ "password": "hunter2" }', "{ 'api_key': 'hunter2' }", 'store:\n  user: reader\n  secret-key: x\n  access-key: hunter2\n', 'db.password=hunter2', "client_secret: 'hunter2'", 'a=1,token=hunter2', 'API_TOKEN="hunter2"',
  ])('that gives a secret to a name that says so is told, and not shown: %j', (content) => {
    const served = serve({ files: [MountedFile.inline('/etc/app.conf', content)] });
    expect(served.problem('SERVING_SECRET_SUSPECTED')).toMatchObject({ severity: 'warning', what: expect.stringContaining("the file '/etc/app.conf' gives '") });
    expect(JSON.stringify(served.problems)).not.toContain('hunter2');
  });

  test.each([
    'user: hunter2', 'password:', 'password: ""', 'password_file: /etc/password', 'token: /var/run/token', 'use_token: true', 'max_tokens: 4096', 'password: $(PASSWORD)', 'tokens: many', 'the password is somewhere else', '{ "secretName": "store" }',
    '{ "eos_token": "<|im_end|>" }', 'bos_token=xyz', 'password: ${DB_PASSWORD}', 'password: {{ .Values.password }}', 'secret: null',
  ])('of which only the name sounds like it is not: %j', (content) => expect(codes(content)).toEqual([]));
});

test('a secret is found wherever it goes into the pod: sidecars, arguments, files, annotations', () => {
  const ways = [
    { sidecars: [new Container({ name: 'proxy', image: 'a:1', securityContext, envVariables: { API_TOKEN: EnvValue.fromValue(SECRET) } })] }, { sidecars: [new Container({ name: 'proxy', image: 'a:1', securityContext, args: ['--auth', SECRET] })] },
    { files: [MountedFile.inline('/etc/app.json', `{ "token": "${SECRET}" }`)] }, { annotations: { 'example.com/token': SECRET } }, { podAnnotations: { 'example.com/token': SECRET } },
    { podOverlay: { spec: { containers: [{ name: 'server', env: [{ name: 'X', value: SECRET }] }] } } },
  ];
  for (const props of ways) {
    const served = serve(props);
    expect(served.codes).toEqual(['SERVING_SECRET_IN_PLAIN_TEXT']);
    expect(JSON.stringify(served.problems)).not.toContain(SECRET);
  }
  expect(serve({ sidecars: [new Container({ name: 'proxy', image: 'a:1', securityContext, args: ['--auth-file', '/var/token'] })], annotations: { 'example.com/owner': 'risk' } }).codes).toEqual([]);
});

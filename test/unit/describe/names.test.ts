import { asLabelValue, kebab, named } from '../../../lib/describe/checks/names';
import { looksLikeSecret, SECRET_FLAG } from '../../../lib/describe/checks/secrets';

test.each([['FraudCheck', 'fraud-check'], ['fraud', 'fraud'], ['XMLModel', 'xml-model'], ['ModelV2', 'model-v2'], ['already-kebab', 'already-kebab'], ['gpt4Turbo', 'gpt4-turbo'], ['A_b', 'a_b']])('the id %s is the name %s', (id, name) => {
  expect(kebab(id)).toBe(name);
});

test('a label value keeps what labels hold, and is at most 63 long', () => {
  expect([asLabelValue('a/b c'), asLabelValue('-v1-'), asLabelValue('v1.2_3'), asLabelValue('***')]).toEqual(['a-b-c', 'v1', 'v1.2_3', '']);
  expect(asLabelValue(`${'x'.repeat(62)}--y`)).toBe('x'.repeat(62));
});

test('label keys have at most one slash and a prefix in lower case', () => {
  const wrong = (key: string): boolean => named.labels.complain({ [key]: 'x' }) !== undefined;
  expect(['team', 'example.com/team', 'a_b.C'].filter(wrong)).toEqual([]);
  expect(['a/b/c', 'Example.com/a', '/a', 'a b', ''].filter((key) => !wrong(key))).toEqual([]);
});

test.each([
  ['API_TOKEN', 'abcdef'], ['DB_PASSWORD', 'hunter2'], ['aws_secret_access_key', 'xyz'], ['ANY', `hf_${'a'.repeat(34)}`], ['ANY', 'AKIAIOSFODNN7EXAMPLE'], ['ANY', `ghp_${'a'.repeat(36)}`], ['ANY', `sk-${'a'.repeat(48)}`], ['ANY', '-----BEGIN RSA PRIVATE KEY-----'],
  ['DATABASE_URL', 'postgres://user:hunter2@db/x'],
])('%s=%s is a secret', (name, value) => {
  expect(looksLikeSecret(name, value)).toBe(true);
});

test.each([['LOG_LEVEL', 'debug'], ['API_TOKEN', '/var/secrets/token'], ['MAX_TOKEN', '4096'], ['USE_PASSWORD', 'true'], ['TOKENIZER', 'fast'], ['HF_TOKEN', ''], ['URL', 'https://example.com/a'], ['API_KEY', '$(FROM_SECRET)']])('%s=%s is none', (name, value) => {
  expect(looksLikeSecret(name, value)).toBe(false);
});

test('flags that hand over a secret are known, other flags with tokens are not', () => {
  expect(['--api-key', '--hf-token', '-token', '--db-password', '--auth-token'].filter((flag) => !SECRET_FLAG.test(flag))).toEqual([]);
  expect(['--max-tokens', '--tokenizer', '--port', '--max-batch-total-tokens'].filter((flag) => SECRET_FLAG.test(flag))).toEqual([]);
});

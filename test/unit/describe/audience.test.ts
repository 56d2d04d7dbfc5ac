import { Audience } from 'cdk8s-serving';
import { codes } from '../../support/serving';

test('a header is compared as a whole, its name in lower case', () => {
  expect(Audience.header('X-Model', 'v2')).toMatchObject({ name: 'x-model', value: 'v2', isCookie: false, headerName: 'x-model', headerRegex: undefined, _findings: [] });
});

describe('a cookie', () => {
  const audience = Audience.cookie('Model', 'v2.1');
  const regex = new RegExp(audience.headerRegex!);

  test('is a part of a header, its name as it is', () => expect(audience).toMatchObject({ name: 'Model', isCookie: true, headerName: 'cookie', _findings: [] }));

  test.each(['Model=v2.1', 'a=b; Model=v2.1', 'a=b; Model=v2.1; c=d', 'Model=v2.1; c=d', 'a=b;Model=v2.1'])('is found in %j', (header) => expect(regex.test(header)).toBe(true));
  test.each(['Model=v2x1', 'Model=v2.10', 'xModel=v2.1', 'a=Model=v2.1', 'Model=v2', 'model=v2.1', '', 'a=b; Model=v2.1x'])('is not found in %j', (header) => expect(regex.test(header)).toBe(false));
});

test.each([['', 'v2'], ['x model', 'v2'], ['x:y', 'v2'], ['x-model', ''], ['x-model', 'a b'], ['x-model', 'a"b'], ['x-model', '.*'], ['x'.repeat(65), 'v2'], [undefined, 'v2'], ['x', null]])('%p: %p can not be matched', (name, value) => {
  expect(codes(Audience.header(name as string, value as string))).toHaveLength(1);
  expect(codes(Audience.cookie(name as string, value as string))).toHaveLength(1);
});

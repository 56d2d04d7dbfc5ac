import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Gate } from 'cdk8s-serving';
import { GoldenRequests } from '../../../lib/describe/rollout/golden-requests';

const folder = mkdtempSync(join(tmpdir(), 'golden-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
function file(content: string): string {
  const path = join(folder, `${files++}.json`);
  writeFileSync(path, content);
  return path;
}
const read = (content: string): GoldenRequests => GoldenRequests.read(file(content));
/** What is said of one entry. */
const said = (entry: unknown): string[] => read(JSON.stringify([entry])).findings.map((one) => one.what.replace(/^the golden request 1 of '[^']*' /, ''));

const RIGHT = { name: 'a', body: { inputs: [] }, expect: { body: { outputs: [1] } } };

describe('a file', () => {
  test.each([
    ['a list', JSON.stringify([RIGHT, { ...RIGHT, name: 'b' }], null, 2)], ['an object a line', `${JSON.stringify(RIGHT)}\n${JSON.stringify({ ...RIGHT, name: 'b' })}\n`], ['an object a line, with empty ones', `\n${JSON.stringify(RIGHT)}\r\n\n  \n${JSON.stringify({ ...RIGHT, name: 'b' })}`],
    ['a list behind blanks', `\n  ${JSON.stringify([RIGHT, { ...RIGHT, name: 'b' }])}`],
  ])('may be %s', (_, content) => {
    const golden = read(content);
    expect(golden.findings).toEqual([]);
    expect(golden.requests.map((one) => one.name)).toEqual(['a', 'b']);
    expect(golden.requests[0]).toEqual(RIGHT);
  });

  test.each([['[{', /it is no JSON \(/], ['{"name": "a"}\n{', /its line 2 is no JSON \(/], ['', /it holds no request/], ['[]', /it holds no request/], ['\n\n', /it holds no request/]])('can not be used: %j', (content, why) => {
    const golden = read(content);
    expect(golden.findings).toEqual([expect.objectContaining({ code: 'SERVING_GOLDEN_FILE', severity: 'error', what: expect.stringMatching(why), allowed: 'a JSON list, or a JSON object a line' })]);
    expect(golden.requests).toEqual([]);
  });

  test('must be there, a file, and no larger than a ConfigMap', () => {
    mkdirSync(join(folder, 'sub'));
    const why = (path: string): string => GoldenRequests.read(path).findings[0]!.what;
    expect(why(join(folder, 'missing.json'))).toContain('it does not exist');
    expect(why(join(folder, 'sub'))).toContain('it does not exist');
    expect(why(file(`[${JSON.stringify({ ...RIGHT, body: 'x'.repeat(900_000) })}]`))).toMatch(/it has 900\d{3} bytes, and a ConfigMap holds 900000/);
  });

  test.each([[undefined], [null], [1], [{}]])('%p is no path', (path) => expect(Gate.goldenRequests({ file: path as never })._findings).toHaveLength(1));
});

describe('an entry', () => {
  test.each([
    RIGHT, { name: 'a', method: 'GET', path: '/v2/models/a', expect: { status: 404 } }, { name: 'a', body: null, expect: { status: 400 } }, { name: 'a', body: [1], headers: { 'x-a': 'b' }, path: '/x', expect: { status: 200, body: 1, tolerance: 0 } },
  ])('may be %j', (entry) => expect(said(entry)).toEqual([]));

  test.each<[unknown, string[]]>([
    [1, ['is no object']], [null, ['is no object']], [[], ['is no object']], ['a', ['is no object']],
    [{ ...RIGHT, colour: 1 }, ['has an unknown key "colour"']],
    [{ ...RIGHT, name: undefined }, ["needs a 'name'"]], [{ ...RIGHT, name: '' }, ["needs a 'name'"]], [{ ...RIGHT, name: 1 }, ["needs a 'name'"]],
    [{ ...RIGHT, method: 'PUT' }, ["has another 'method' than GET or POST"]],
    [{ ...RIGHT, path: 'v2' }, ["has a 'path' that does not begin with '/'"]], [{ ...RIGHT, path: 1 }, ["has a 'path' that does not begin with '/'"]],
    [{ ...RIGHT, headers: { a: 1 } }, ["has 'headers' that are no texts by name"]], [{ ...RIGHT, headers: null }, ["has 'headers' that are no texts by name"]],
    [{ ...RIGHT, body: undefined }, ["needs a 'body'"]],
    [{ ...RIGHT, expect: undefined }, ["needs 'expect'"]], [{ ...RIGHT, expect: [] }, ["needs 'expect'"]],
    [{ ...RIGHT, expect: {} }, ["expects neither 'status' nor 'body', so it can't fail"]], [{ ...RIGHT, expect: { tolerance: 1 } }, ["expects neither 'status' nor 'body', so it can't fail"]],
    [{ ...RIGHT, expect: { answer: 1, body: 1 } }, ['expects an unknown "answer"']],
    [{ ...RIGHT, expect: { status: 99 } }, ["expects a 'status' that is none"]], [{ ...RIGHT, expect: { status: '200' } }, ["expects a 'status' that is none"]], [{ ...RIGHT, expect: { status: 600 } }, ["expects a 'status' that is none"]],
    [{ ...RIGHT, expect: { body: 1, tolerance: -1 } }, ["has a 'tolerance' that is no number from 0"]], [{ ...RIGHT, expect: { body: 1, tolerance: '1' } }, ["has a 'tolerance' that is no number from 0"]],
    [{ body: 1 }, ["needs a 'name'", "needs 'expect'"]],
  ])('%j is told', (entry, why) => expect(said(entry)).toEqual(why));

  test('is told with its place in the file, and none is used then', () => {
    const path = file(`${JSON.stringify(RIGHT)}\n${JSON.stringify({ name: 'b' })}`);
    const golden = GoldenRequests.read(path);
    expect(golden.findings.map((one) => one.what)).toEqual([expect.stringContaining(`the golden request 2 of '${path}'`), expect.stringContaining('golden request 2')]);
    expect(golden.requests).toEqual([]);
  });
});

test('a gate carries what is wrong with its file', () => {
  expect(Gate.goldenRequests({ file: join(folder, 'none.json') })._findings).toEqual([expect.objectContaining({ code: 'SERVING_GOLDEN_FILE' })]);
});

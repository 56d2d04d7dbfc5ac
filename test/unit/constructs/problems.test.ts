import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Chart, Testing } from 'cdk8s';
import { Deployment } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { InferenceServer, InferenceService, Model, ModelSource, Problems, PythonCode, Rollout, Scaling, Severity } from 'cdk8s-serving';
import { hearing, iris } from '../../support/serving';

let outdir: string;
beforeEach(() => { outdir = mkdtempSync(join(tmpdir(), 'problems-')); });
afterEach(() => rmSync(outdir, { recursive: true }));

interface Tree { readonly app: App; readonly chart: Chart; add(id: string, props?: object, scope?: Construct): InferenceService }

function tree(): Tree {
  const app = new App({ outdir });
  const chart = new Chart(app, 'ml', { namespace: 'ml' });
  return { app, chart, add: (id, props, scope) => new InferenceService(scope ?? chart, id, { model: iris(), ...props }) };
}

/** The report of a synth that is stopped. */
function report(run: () => void): string {
  let message = '';
  hearing(() => { try { run(); } catch (error) { message = (error as Error).message; } });
  return message;
}

describe('a synth with problems', () => {
  test('tells all problems of all services in one report, and writes nothing', () => {
    const { app, add } = tree();
    add('First', { rollout: Rollout.rolling({ maxSurge: -1 }) });
    add('Second', { name: 'Not A Name', colour: 'red' });
    add('Third', {}, new Chart(app, 'other'));
    new Deployment(new Chart(app, 'plain'), 'Plain', { containers: [{ image: 'a:1' }] });
    const text = report(() => app.synth());
    expect(text).toMatch(/^3 problems; nothing was written\./);
    for (const part of ['SERVING_NUMBER_OUT_OF_RANGE  at ml/First', 'SERVING_UNKNOWN_PROP  at ml/Second', 'SERVING_NAME  at ml/Second', '  got      "Not A Name"', '  allowed  1 to 47', "  do       give 'name'"]) expect(text).toContain(part);
    expect(readdirSync(outdir)).toEqual([]);
  });

  test('one is one', () => {
    const { app, add } = tree();
    add('First', { rollout: Rollout.rolling({ maxSurge: -1 }) });
    expect(report(() => app.synth())).toMatch(/^1 problem; nothing was written\./);
  });

  test('tells them from one chart alone, from toJson and from app.synthYaml as well', () => {
    const { app, chart, add } = tree();
    add('First', { rollout: Rollout.rolling({ maxSurge: -1 }) });
    const plain = new Chart(app, 'plain');
    for (const run of [() => Testing.synth(chart), () => Testing.synth(plain), () => chart.toJson(), () => app.synthYaml()]) expect(report(run)).toContain('SERVING_NUMBER_OUT_OF_RANGE');
  });

  test('throws an error whose problems are data, and which has no stack', () => {
    const { app, add } = tree();
    add('First', { rollout: Rollout.rolling({ maxSurge: -1 }) });
    const error: any = hearing(() => { try { app.synth(); } catch (thrown) { return thrown; } return undefined; }).result;
    expect([error.name, error.problems.map((one: any) => one.code)]).toEqual(['ServingError', ['SERVING_NUMBER_OUT_OF_RANGE']]);
    expect(error.stack).not.toMatch(/\n\s+at /);
  });

  test("includes what other constructs' validations say", () => {
    const { app, chart, add } = tree();
    const other = new Construct(chart, 'Other');
    other.node.addValidation({ validate: () => ['the other is not well'] });
    add('First', { rollout: Rollout.rolling({ maxSurge: -1 }) });
    const text = report(() => app.synth());
    expect(text).toMatch(/^2 problems/);
    expect(text).toContain('Other constructs say:\n  [ml/Other] the other is not well');
  });

  test("leaves the report of others to cdk8s when the library has nothing to say", () => {
    const { app, chart, add } = tree();
    add('First');
    new Construct(chart, 'Other').node.addValidation({ validate: () => ['the other is not well'] });
    expect(report(() => app.synth())).toContain('[ml/Other] the other is not well');
    expect(readdirSync(outdir)).toEqual([]);
  });
});

describe('problems as data', () => {
  test('are those of a scope, or of the app', () => {
    const { app, chart, add } = tree();
    const first = add('First', { rollout: Rollout.rolling({ maxSurge: -1 }) });
    add('FirstAndMore', { name: 'Not A Name' });
    const at = (scope: Construct): string[] => Problems.of(scope).map((one) => `${one.path} ${one.code}`);
    expect(at(first)).toEqual(['ml/First SERVING_NUMBER_OUT_OF_RANGE']);
    expect(at(chart)).toEqual(['ml/First SERVING_NUMBER_OUT_OF_RANGE', 'ml/FirstAndMore SERVING_NAME']);
    expect(at(app)).toEqual(at(chart));
    expect(at(new Chart(app, 'm'))).toEqual([]);
  });

  test('follow the tree as it changes', () => {
    const { app, chart, add } = tree();
    add('First', { name: 'fraud' });
    expect(Problems.of(app)).toEqual([]);
    new Deployment(chart, 'Other', { metadata: { name: 'fraud' }, containers: [{ image: 'a:1' }] });
    expect(Problems.of(app).map((one) => one.code)).toEqual(['SERVING_OBJECT_TWICE']);
    chart.node.tryRemoveChild('Other');
    expect(Problems.of(app)).toEqual([]);
  });

  test('of a tree without the library are none', () => expect(Problems.of(new Chart(new App({ outdir }), 'x'))).toEqual([]));

  test('tell each thing once, though it is reached by several ways', () => {
    const { app, add } = tree();
    const source = ModelSource.s3('s3://models/latest');
    add('First', { model: Model.sklearn({ source }) });
    expect(Problems.of(app).map((one) => one.code)).toEqual(['SERVING_SOURCE_MUTABLE']);
  });
});

describe('warnings', () => {
  const warned = (): Tree => {
    const made = tree();
    made.add('First', { scaling: Scaling.fixed(1) });
    return made;
  };

  test('are printed once a synth to stderr, and stop nothing', () => {
    const { app } = warned();
    new Chart(app, 'another');
    const { heard } = hearing(() => app.synth());
    expect(heard.match(/SERVING_SINGLE_COPY/g)).toHaveLength(1);
    expect(heard).toMatch(/^warning SERVING_SINGLE_COPY {2}at ml\/First\n/);
    expect(readFileSync(join(outdir, 'ml.k8s.yaml'), 'utf8')).toContain('kind: Deployment');
  });

  test('are not printed again as long as nothing changes', () => {
    const { app, add } = warned();
    hearing(() => app.synth());
    expect(hearing(() => app.synth()).heard).toBe('');
    add('Second', { scaling: Scaling.fixed(1) });
    expect(hearing(() => app.synth()).heard).toContain('ml/Second');
  });

  test('that are acknowledged are not printed, and are data still', () => {
    const { app, chart } = warned();
    Problems.acknowledge(chart, 'SERVING_SINGLE_COPY', 'a pilot');
    expect(hearing(() => app.synth()).heard).toBe('');
    expect(Problems.of(app)).toEqual([expect.objectContaining({ code: 'SERVING_SINGLE_COPY', severity: Severity.WARNING, acknowledged: 'a pilot' })]);
  });

  test('are acknowledged for a scope and what is below it, not beside it', () => {
    const { app, chart, add } = warned();
    add('FirstAndMore', { scaling: Scaling.fixed(1) });
    Problems.acknowledge(chart.node.findChild('First'), 'SERVING_SINGLE_COPY', 'a pilot');
    expect(Problems.of(app).map((one) => [one.path, one.acknowledged])).toEqual([['ml/First', 'a pilot'], ['ml/FirstAndMore', undefined]]);
  });
});

describe('an acknowledgement', () => {
  test('that matches is used, also when another one matches as well', () => {
    const { app, chart, add } = tree();
    const first = add('First', { scaling: Scaling.fixed(1) });
    Problems.acknowledge(chart, 'SERVING_SINGLE_COPY', 'pilots all of them');
    Problems.acknowledge(first, 'SERVING_SINGLE_COPY', 'a pilot');
    expect(Problems.of(app).map((one) => one.code)).toEqual(['SERVING_SINGLE_COPY']);
  });

  const acknowledged = (code: string, reason: string, props = {}): any[] => {
    const { app, add } = tree();
    Problems.acknowledge(add('First', props), code, reason);
    return Problems.of(app);
  };

  test('of what is not there is told', () => {
    expect(acknowledged('SERVING_SINGLE_COPY', 'a pilot')).toEqual([expect.objectContaining({ code: 'SERVING_ACKNOWLEDGEMENT_UNUSED', severity: 'warning', path: 'ml/First', got: '"SERVING_SINGLE_COPY"', what: 'nothing here is a SERVING_SINGLE_COPY' })]);
  });

  test('of an error does not help', () => {
    expect(acknowledged('SERVING_NAME', 'it is fine', { name: 'Not A Name' })).toEqual([
      expect.objectContaining({ code: 'SERVING_NAME', severity: 'error' }), expect.objectContaining({ code: 'SERVING_ACKNOWLEDGEMENT_UNUSED', what: 'SERVING_NAME can not be acknowledged: it stops the synthesis', fix: 'mend what it says' }),
    ]);
  });

  test.each(['', '  ', undefined as any])('without a reason (%p) is an error', (reason) => {
    expect(acknowledged('SERVING_SINGLE_COPY', reason, { scaling: Scaling.fixed(1) }).map((one) => [one.code, one.severity])).toContainEqual(['SERVING_ACKNOWLEDGEMENT_WITHOUT_REASON', 'error']);
  });
});

test("a build context is not written when another construct's validation stops the synth", () => {
  const { app, chart, add } = tree();
  const code = PythonCode.image(join(__dirname, '..', '..', '..', 'apps', 'fastapi', 'server'), { repository: 'r.example.com/a', digest: `sha256:${'1'.repeat(64)}` });
  add('First', { model: Model.custom({ code }), server: InferenceServer.fastApi() });
  new Construct(chart, 'Other').node.addValidation({ validate: () => ['no'] });
  report(() => app.synth());
  expect(existsSync(join(outdir, 'images'))).toBe(false);
});

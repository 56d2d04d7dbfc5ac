import { runChild } from '../../support/child';

const HEAD = `
  import { App, Chart } from 'cdk8s';
  import { InferenceService, Model, ModelSource, Scaling } from 'cdk8s-serving';
  const app = new App();
  const chart = new Chart(app, 'ml');
  const model = Model.sklearn({ source: ModelSource.s3('s3://models/v1') });
`;
const WRONG = "new InferenceService(chart, 'Iris', { model, scaling: Scaling.fixed(0) });";

test('a program that is stopped ends with the report alone: no stack, exit code 1, no file', () => {
  const ended = runChild(`${HEAD} ${WRONG} app.synth();`);
  expect(ended.code).toBe(1);
  expect(ended.stderr.trim()).toMatch(/^1 problem; nothing was written\.\n\nSERVING_NUMBER_OUT_OF_RANGE {2}at ml\/Iris\n/);
  expect(ended.stderr).not.toMatch(/^\s+at |Node\.js v|throw /m);
  expect([ended.stdout, ended.written]).toEqual(['', []]);
}, 60_000);

test('a program that catches the report goes on, and its own errors are printed as usual', () => {
  const caught = runChild(`${HEAD} ${WRONG} try { app.synth(); } catch (error) { console.log('caught ' + (error as Error).name); }`);
  expect([caught.code, caught.stdout, caught.stderr]).toEqual([0, 'caught ServingError\n', '']);
  const other = runChild(`${HEAD} ${WRONG} try { app.synth(); } catch {} setTimeout(() => { throw new TypeError('of my own'); }, 20);`);
  expect(other.code).not.toBe(0);
  expect(other.stderr).toContain('TypeError: of my own');
  const handled = runChild(`${HEAD} ${WRONG} process.on('uncaughtException', () => { console.log('handled'); }); try { app.synth(); } catch {} setTimeout(() => { throw new TypeError('of my own'); }, 20);`);
  expect([handled.code, handled.stdout, handled.stderr]).toEqual([0, 'handled\n', '']);
}, 60_000);

test('a program that has warnings prints them, writes its files and ends well', () => {
  const ended = runChild(`${HEAD} new InferenceService(chart, 'Iris', { model, scaling: Scaling.fixed(1) }); app.synth();`);
  expect([ended.code, ended.written]).toEqual([0, ['ml.k8s.yaml']]);
  expect(ended.stderr).toContain('warning SERVING_SINGLE_COPY  at ml/Iris');
}, 60_000);

test('a report that is rejected in a promise ends in the same way', () => {
  const ended = runChild(`${HEAD} ${WRONG} const main = async (): Promise<void> => { app.synth(); }; void main();`);
  expect([ended.code, ended.written]).toEqual([1, []]);
  expect(ended.stderr).toContain('SERVING_NUMBER_OUT_OF_RANGE');
  expect(ended.stderr).not.toMatch(/^\s+at /m);
}, 60_000);

test('many syntheses that are refused in one turn of the event loop leave no warning of Node.js and no listener', () => {
  const ended = runChild(`${HEAD} ${WRONG}
    let refused = 0;
    const listeners: number[] = [];
    for (let i = 0; i < 12; i++) try { app.synth(); } catch { refused += 1; listeners.push(process.listenerCount('uncaughtException')); }
    setTimeout(() => console.log(refused, new Set(listeners).size, process.listenerCount('uncaughtException')), 20);
  `, { NODE_NO_WARNINGS: '0' });
  expect([ended.code, ended.stdout]).toEqual([0, '12 1 0\n']);
  expect(ended.stderr).not.toContain('MaxListenersExceededWarning');
  // the warning is there to be seen: twelve listeners would bring it
  expect(runChild("for (let i = 0; i < 12; i++) process.on('uncaughtException', () => undefined);", { NODE_NO_WARNINGS: '0' }).stderr).toContain('MaxListenersExceededWarning');
}, 60_000);

import { join } from 'node:path';
import { InferenceServer, Model, PythonCode } from 'cdk8s-serving';
import { TestFolder } from '../../../support/folder';
import { serve, Served } from '../../../support/serving';

const root = TestFolder.eachTest();

/** A service of this class, from code with these files. */
function of(implementation: string, files: { [path: string]: string }): Served {
  return serve({ model: Model.custom({ implementation, code: PythonCode.mount(root.write(files)) }), server: InferenceServer.mlserver() });
}

const CLASS = 'class Churn(MLModel): ...\n';

test('a module that the code does not have is a warning that names those it has', () => {
  expect(of('chrun.Churn', { 'churn.py': CLASS, 'words.json': '{}' }).problem('SERVING_IMPLEMENTATION_MISSING')).toMatchObject({
    severity: 'warning', path: 'ml/Iris', what: "the code has no module 'chrun'", got: '"chrun.Churn"', allowed: 'churn.py', fix: expect.stringContaining('add chrun.py'),
  });
});

test('a class that its module does not name is a warning', () => {
  const served = of('churn.Chrun', { 'churn.py': CLASS });
  expect(served.codes).toEqual(['SERVING_IMPLEMENTATION_CLASS']);
  expect(served.problem('SERVING_IMPLEMENTATION_CLASS')).toMatchObject({ severity: 'warning', what: "churn.py does not name 'Chrun'", got: '"churn.Chrun"' });
});

test.each<[string, string, { [path: string]: string }]>([
  ['defined', 'churn.Churn', { 'churn.py': CLASS }], ['imported', 'churn.Churn', { 'churn.py': 'from other import Churn\n', 'other.py': CLASS }],
  ['in a package', 'models.churn.Churn', { 'models/churn.py': CLASS }], ["a package's own", 'models.Churn', { 'models/__init__.py': CLASS }],
])('a class that is %s is fine', (_, implementation, files) => expect(of(implementation, files).codes).toEqual([]));

test.each<[string, string, { [path: string]: string }, string]>([
  ['part of another name', 'churn.Churn', { 'churn.py': 'class ChurnModel: ...\n' }, 'SERVING_IMPLEMENTATION_CLASS'],
  ['in a module of the same name in another folder', 'churn.Churn', { 'models/churn.py': CLASS }, 'SERVING_IMPLEMENTATION_MISSING'],
  ['in a package without an __init__.py', 'models.Churn', { 'models/churn.py': CLASS }, 'SERVING_IMPLEMENTATION_MISSING'],
])('a class that is %s is not', (_, implementation, files, code) => expect(of(implementation, files).codes).toEqual([code]));

test('a class of an image that has its code already is not looked for', () => {
  expect(serve({ model: Model.custom({ implementation: 'churn.Churn' }), server: InferenceServer.mlserver({ image: 'registry.example.com/churn:1' }) }).codes).toEqual([]);
});

test('code that is not there is told once', () => {
  expect(serve({ model: Model.custom({ implementation: 'churn.Churn', code: PythonCode.mount(join(root.path, 'none')) }), server: InferenceServer.mlserver() }).codes).toEqual(['SERVING_CODE_FOLDER']);
});

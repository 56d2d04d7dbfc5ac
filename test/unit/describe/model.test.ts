import { Duration, Size } from 'cdk8s';
import { Credentials, Model, ModelFormat, ModelProps, ModelSource } from 'cdk8s-serving';
import { codes } from '../../support/serving';

const SOURCE = ModelSource.s3('s3://models/iris/v1');
const FACTORIES: { [format: string]: (props: ModelProps) => Model } = {
  sklearn: Model.sklearn, xgboost: Model.xgboost, lightgbm: Model.lightgbm, catboost: Model.catboost, mlflow: Model.mlflow, onnx: Model.onnx, pytorch: Model.pytorch, tensorflow: Model.tensorflow,
  tensorrt: Model.tensorrt, openvino: Model.openvino,
};

test.each(Object.entries(FACTORIES))('a model of format %s is made by its factory', (format, make) => {
  const model = make({ source: SOURCE });
  expect([model.format.name, model.source, codes(model)]).toEqual([format, SOURCE, []]);
});

test('what was said is kept, and what was not stays open', () => {
  const size = Size.mebibytes(5);
  const loadTime = Duration.seconds(9);
  expect(Model.sklearn({ source: SOURCE, size, loadTime, name: 'iris', version: '2026.1' })).toMatchObject({ size, loadTime, name: 'iris', version: '2026.1', _findings: [] });
  expect(Model.sklearn({ source: SOURCE })).toMatchObject({ size: undefined, loadTime: undefined, name: undefined, version: 'v1' });
});

test('a version of the format is no prop: no server asks for it', () => {
  const given: object = { source: SOURCE, formatVersion: '1' };
  expect(Model.sklearn(given as ModelProps)._findings).toEqual([expect.objectContaining({ code: 'SERVING_UNKNOWN_PROP', what: "Model (sklearn) has no prop 'formatVersion'" })]);
});

test('a version becomes a label value: what labels can not hold becomes a dash', () => {
  expect(Model.sklearn({ source: SOURCE, version: 'main@2026/11' }).version).toBe('main-2026-11');
  expect(Model.sklearn({ source: SOURCE, version: '//' }).version).toBeUndefined();
  expect(codes(Model.sklearn({ source: SOURCE, version: 'x'.repeat(64) }))).toEqual(['SERVING_TEXT_NOT_ALLOWED']);
});

test("a model's name has no slash, and the problem says why", () => {
  const model = Model.sklearn({ source: SOURCE, name: 'org/iris' });
  expect(model._findings).toEqual([expect.objectContaining({ code: 'SERVING_TEXT_NOT_ALLOWED', got: '"org/iris"', fix: expect.stringContaining("leave '/' out") })]);
  expect(model.name).toBeUndefined();
});

test.each([[Size.mebibytes(0)], [Size.mebibytes(NaN)]])('a size of nothing is refused', (size) => {
  expect(codes(Model.sklearn({ source: SOURCE, size }))).toEqual(['SERVING_NUMBER_OUT_OF_RANGE']);
});

test('a load takes at least a second and at most six hours', () => {
  for (const loadTime of [Duration.millis(10), Duration.hours(7)]) expect(codes(Model.sklearn({ source: SOURCE, loadTime }))).toEqual(['SERVING_NUMBER_OUT_OF_RANGE']);
  expect(codes(Model.sklearn({ source: SOURCE, loadTime: Duration.hours(6) }))).toEqual([]);
});

test('a model without a source, or with a text for one, is told by its format', () => {
  expect(Model.xgboost({} as any)._findings).toEqual([expect.objectContaining({ code: 'SERVING_MISSING_PROP', what: "Model (xgboost) needs 'source'" })]);
  expect(Model.xgboost({ source: 's3://models/v1' } as any)._findings).toEqual([expect.objectContaining({ code: 'SERVING_WRONG_TYPE', got: '"s3://models/v1"' })]);
  expect(codes(Model.xgboost(undefined as any))).toEqual(['SERVING_MISSING_PROP']);
});

test('what is wrong with the source is carried by the model', () => {
  expect(codes(Model.sklearn({ source: ModelSource.s3('nowhere') }))).toEqual(['SERVING_SOURCE_URI']);
});

describe('a model of the hub', () => {
  const REVISION = '9216db5781bf21249d130ec9da846c4624c16137';

  test('comes from the hub, at its revision, with its credentials', () => {
    const credentials = Credentials.fromSecretName('hub');
    const model = Model.huggingFace('org/name', { revision: REVISION, credentials });
    expect(model.source).toMatchObject({ uri: `hf://org/name:${REVISION}`, credentials });
    expect([model.format.name, model.version, codes(model)]).toEqual(['huggingface', '9216db5781bf', []]);
  });

  test('comes from a copy when there is one', () => {
    expect(Model.huggingFace('org/name', { source: SOURCE })).toMatchObject({ source: SOURCE, version: 'v1', _findings: [] });
    expect(Model.huggingFace('org/name', { source: SOURCE, version: '2026.1' })).toMatchObject({ source: SOURCE, version: '2026.1', _findings: [] });
  });

  test.each([['revision', { revision: REVISION }], ['credentials', { credentials: Credentials.fromSecretName('hub') }]])('has one place: beside a copy, %s of the hub would be left out', (prop, props) => {
    const model = Model.huggingFace('org/name', { source: SOURCE, ...props });
    expect(model._findings).toEqual([expect.objectContaining({ code: 'SERVING_SOURCE_TWICE', severity: 'error', got: `"${prop}"`, fix: expect.stringContaining("'version'") })]);
    expect(model.source).toBe(SOURCE);
  });

  test('tells each of its problems once', () => {
    expect(codes(Model.huggingFace('org/name', { revision: REVISION, credentials: Credentials.fromSecretName('Bad Name') }))).toEqual(['SERVING_TEXT_NOT_ALLOWED']);
    expect(codes(Model.huggingFace('no-organisation', { revision: REVISION }))).toEqual(['SERVING_SOURCE_URI']);
    expect(codes(Model.huggingFace('org/name'))).toEqual(['SERVING_SOURCE_MUTABLE']);
  });
});

describe('a custom model', () => {
  test('needs neither a source nor code', () => {
    expect(Model.custom()).toMatchObject({ format: ModelFormat.CUSTOM, source: undefined, code: undefined, _findings: [] });
  });

  test('is implemented by a class in a module', () => {
    expect(Model.custom({ implementation: 'pkg.module.Class' }).implementation).toBe('pkg.module.Class');
    for (const implementation of ['Class', 'module.', 'a-b.C', 'os; rm']) expect(codes(Model.custom({ implementation }))).toEqual(['SERVING_TEXT_NOT_ALLOWED']);
  });
});

describe('a format', () => {
  test('is any name that a server may know', () => {
    expect(Model.of(ModelFormat.of('pmml'), { source: SOURCE })).toMatchObject({ format: { name: 'pmml' }, _findings: [] });
    expect(ModelFormat.of('onnx').sameAs(ModelFormat.ONNX)).toBe(true);
    expect(ModelFormat.SKLEARN.sameAs(ModelFormat.ONNX)).toBe(false);
    expect(String(ModelFormat.ONNX)).toBe('onnx');
  });

  test.each(['PMML', '', 'a b', 5 as any])('named %p is none', (name) => {
    expect(codes(Model.of(ModelFormat.of(name), { source: SOURCE }))).toEqual(['SERVING_FORMAT_NAME']);
  });

  test('that is a text is of another type', () => {
    expect(codes(Model.of('onnx' as any, { source: SOURCE }))).toEqual(['SERVING_WRONG_TYPE']);
  });
});

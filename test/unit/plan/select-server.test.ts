import { Size, Testing } from 'cdk8s';
import { Accelerator, GpuPool, InferenceProtocol, InferenceServer, Model, ModelFormat, ModelSource, Scaling, ServerDefinition, ServingEngine } from 'cdk8s-serving';
import { iris, serve } from '../../support/serving';

const source = ModelSource.s3('s3://models/v1');
const engine = new ServingEngine(Testing.chart(), 'Engine');
const gpu = Accelerator.nvidia('L4');

test.each([
  ['sklearn', undefined, 'mlserver', 'v2-rest'], ['xgboost', undefined, 'mlserver', 'v2-rest'], ['lightgbm', undefined, 'mlserver', 'v2-rest'], ['catboost', undefined, 'mlserver', 'v2-rest'], ['mlflow', undefined, 'mlserver', 'v2-rest'],
  ['onnx', undefined, 'openvino', 'v2-rest'], ['onnx', gpu, 'triton', 'v2-rest'], ['openvino', undefined, 'openvino', 'v2-rest'], ['pytorch', undefined, 'triton', 'v2-rest'], ['pytorch', gpu, 'triton', 'v2-rest'],
  ['tensorflow', undefined, 'tensorflow-serving', 'v1-rest'], ['tensorflow', gpu, 'tensorflow-serving', 'v1-rest'], ['tensorrt', gpu, 'triton', 'v2-rest'], ['huggingface', gpu, 'vllm', 'openai'], ['custom', undefined, 'mlserver', 'v2-rest'],
])('%s on %s is served by %s', (format, accelerator, server, protocol) => {
  const selection = engine.selectServer(Model.of(ModelFormat.of(format), { source }), accelerator === undefined ? {} : { accelerator });
  expect([selection.server, selection.protocol]).toEqual([server, protocol]);
});

test('what clients speak has a say: V1 is not spoken by the first that fits', () => {
  expect(engine.selectServer(iris(), { protocol: InferenceProtocol.V1_REST })).toMatchObject({ server: 'kserve-sklearn', protocol: 'v1-rest' });
  expect(engine.selectServer(iris(), { protocol: InferenceProtocol.V2_GRPC })).toMatchObject({ server: 'mlserver', protocol: 'v2-grpc' });
});

test('every server is told with its reasons, the chosen one once', () => {
  const { candidates } = engine.selectServer(iris());
  const of = (id: string): any => candidates.find((one) => one.server === id);
  expect(candidates.filter((one) => one.chosen).map((one) => one.server)).toEqual(['mlserver']);
  expect(of('mlserver')).toMatchObject({ fits: true, reasons: ['the first that fits'] });
  expect(of('kserve-sklearn')).toMatchObject({ fits: true, chosen: false, reasons: ['fits, but mlserver comes first'] });
  expect(of('vllm')).toMatchObject({ fits: false, reasons: ['does not read sklearn'] });
  expect(of('torchserve').reasons).toEqual(['only when it is named', 'does not read sklearn']);
});

test('as text, the chosen server stands first and has an arrow', () => {
  const text = String(engine.selectServer(iris()));
  expect(text.split('\n')[0]).toBe('mlserver by v2-rest');
  expect(text).toContain('-> mlserver: the first that fits');
});

test('when none fits, the problem says why not of each server that reads the format, and nothing of the others', () => {
  const problem = serve({ model: Model.of(ModelFormat.of('pmml'), { source }) }).problem('SERVING_NO_SERVER_FITS');
  expect(problem).toMatchObject({ severity: 'error', got: '"pmml"', allowed: 'nothing in the catalogue fits', what: expect.stringContaining('no server serves pmml on CPU') });
  expect(problem.what).toBe('no server serves pmml on CPU: fastapi (only when it is named), container (only when it is named)');
  expect(serve({ model: Model.tensorrt({ source }) }).problem('SERVING_NO_SERVER_FITS').what).toMatch(/^no server serves tensorrt on CPU: triton \(reads tensorrt only with an accelerator\), fastapi/);
  expect(serve({ accelerator: Accelerator.amd('MI300X'), model: Model.tensorrt({ source }) }).problem('SERVING_NO_SERVER_FITS').what).toContain('has no image for amd');
  expect(serve({ model: iris(), protocol: InferenceProtocol.OPENAI }).problem('SERVING_NO_SERVER_FITS').what).toContain('does not speak openai');
});

describe('a server that is named', () => {
  test('is taken when it fits, also one that is only taken by name', () => {
    expect(serve({ server: InferenceServer.kserveSklearn() }).service.serverSelection).toMatchObject({ server: 'kserve-sklearn' });
    const torch = serve({ model: Model.pytorch({ source }), server: InferenceServer.torchServe() }).service.serverSelection;
    expect(torch.candidates.find((one) => one.chosen)).toMatchObject({ server: 'torchserve', reasons: ['it was named'] });
  });

  test('is refused when it does not fit, with those that do', () => {
    const served = serve({ server: InferenceServer.triton() });
    expect(served.problem('SERVING_SERVER_MISFIT')).toMatchObject({ got: '"triton"', what: 'Triton can not serve sklearn on CPU: does not read sklearn', allowed: expect.stringContaining('mlserver'), fix: expect.stringContaining("leave 'server' out") });
    expect(served.service.serverSelection.server).toBeUndefined();
  });

  test('for a TensorRT plan is refused on CPU, and taken on a GPU', () => {
    const model = Model.tensorrt({ source, size: Size.gibibytes(1) });
    expect(serve({ model, server: InferenceServer.triton() }).problem('SERVING_SERVER_MISFIT')).toMatchObject({ severity: 'error', what: 'Triton can not serve tensorrt on CPU: reads tensorrt only with an accelerator' });
    expect(serve({ model, server: InferenceServer.triton(), accelerator: gpu, scaling: Scaling.fixed(2) }, { gpuPools: [GpuPool.gke('L4', { count: 4 })] }).codes).toEqual([]);
    expect(serve({ model: Model.onnx({ source }), server: InferenceServer.triton() }).codes).toEqual([]);
  });

  test('on an accelerator that it has no image for is refused', () => {
    const served = serve({ server: InferenceServer.kserveSklearn(), accelerator: gpu });
    expect(served.problem('SERVING_SERVER_MISFIT').what).toContain('has no image for nvidia');
  });

  test.each(['sklearn', 'lightgbm', 'catboost'])('on an accelerator that would stand idle is refused: %s', (format) => {
    const model = Model.of(ModelFormat.of(format), { source });
    const served = serve({ model, server: InferenceServer.mlserver(), accelerator: gpu, scaling: Scaling.fixed(2) });
    expect(served.problem('SERVING_SERVER_MISFIT')).toMatchObject({ severity: 'error', what: expect.stringContaining(`serves ${format} on CPU only`) });
    expect(engine.selectServer(model, { accelerator: gpu }).server).toBeUndefined();
    expect(serve({ model, server: InferenceServer.mlserver() }).codes).toEqual([]);
  });

  test.each(['xgboost', 'mlflow', 'custom'])('on an accelerator that its model can use is not: %s', (format) => {
    expect(engine.selectServer(Model.of(ModelFormat.of(format), { source }), { accelerator: gpu }).server).toBe('mlserver');
  });
});

test("an engine's own servers come before the catalogue's", () => {
  const own: ServerDefinition = InferenceServer.kserveSklearn();
  expect(new ServingEngine(Testing.chart(), 'Engine', { servers: [own] }).selectServer(iris()).server).toBe('kserve-sklearn');
});

import { Size } from 'cdk8s';
import { InferenceServer, Model, ModelSource, Scaling, Accelerator, Tracing } from 'cdk8s-serving';
import { serve } from '../../../support/serving';

const onnx = { model: Model.onnx({ source: ModelSource.s3('s3://models/v1'), size: Size.gibibytes(1) }), server: InferenceServer.triton() };
const llm = { model: Model.huggingFace('Qwen/Qwen3-8B', { revision: 'abcdef0123', size: Size.gibibytes(17) }), server: InferenceServer.vllm(), accelerator: Accelerator.nvidia('L4'), scaling: Scaling.fixed(2) };
const both = Tracing.otlp({ grpc: 'http://collector:4317', http: 'http://collector:4318', samplePercent: 10 });
const code = 'SERVING_TRACING_TRANSPORT';

test('MLServer sends them by gRPC', () => {
  const served = serve({ tracing: both });
  expect(served.env()).toMatchObject({ MLSERVER_TRACING_SERVER: 'http://collector:4317', MLSERVER_SERVER_NAME: 'iris', OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.1' });
  expect(served.codes).toEqual([]);
});

test('Triton by HTTP, one in so many', () => {
  const served = serve({ ...onnx, tracing: both });
  expect(served.server.args.filter((one: string) => one.startsWith('--trace'))).toEqual(['mode=opentelemetry', 'opentelemetry,url=http://collector:4318/v1/traces', 'opentelemetry,resource=service.name=iris', 'level=TIMESTAMPS', 'rate=10'].map((one) => `--trace-config=${one}`));
  expect(served.codes).toEqual([]);
});

test('vLLM by gRPC, and by TLS with a key from a Secret', () => {
  const served = serve({ ...llm, tracing: Tracing.arize({ headersSecretName: 'arize' }) });
  expect(served.server.args).toContain('--otlp-traces-endpoint=https://otlp.arize.com');
  expect(served.env()).toMatchObject({ OTEL_SERVICE_NAME: 'iris', OTEL_EXPORTER_OTLP_HEADERS: { secretKeyRef: { name: 'arize', key: 'headers' } } });
  expect(served.env()).not.toHaveProperty('OTEL_EXPORTER_OTLP_TRACES_INSECURE');
  expect(serve({ ...llm, tracing: both }).env()).toMatchObject({ OTEL_EXPORTER_OTLP_TRACES_INSECURE: 'true' });
});

test('nothing is said to a server that is not traced', () => {
  expect(JSON.stringify([serve().env(), serve(onnx).server.args, serve(llm).server])).not.toMatch(/TRAC|OTEL|trace-config|otlp/);
});

test('a way that the server does not go is told, with the way out', () => {
  expect(serve({ tracing: Tracing.otlp({ http: 'http://collector:4318' }) }).problem(code)).toMatchObject({ allowed: "'grpc'" });
  expect(serve({ ...onnx, tracing: Tracing.otlp({ grpc: 'http://collector:4317' }) }).problem(code)).toMatchObject({ allowed: "'http'" });
  expect(serve({ tracing: Tracing.arize({ headersSecretName: 'arize' }) }).problem(code)).toMatchObject({ what: 'MLServer sends traces without TLS' });
  expect(serve({ ...onnx, tracing: Tracing.phoenix({ host: 'phoenix', headersSecretName: 'phoenix' }) }).codes).toEqual([code]);
  expect(serve({ tracing: Tracing.phoenix({ host: 'phoenix', headersSecretName: 'phoenix' }) }).codes).toEqual([]);
});

test('a server that makes none is told with those that do', () => {
  expect(serve({ server: InferenceServer.kserveSklearn(), tracing: both }).problem('SERVING_TRACING_NOT_ABLE')).toMatchObject({ allowed: expect.stringContaining('MLServer') });
});

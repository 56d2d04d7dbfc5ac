import { join } from 'node:path';
import { App, Chart, Size } from 'cdk8s';
import { Accelerator, Cluster, Defaults, Exposure, GpuPool, InferenceServer, InferenceService, InferenceServiceProps, Model, ModelFormat, ModelSource, PythonCode, Scaling, ServingEngine } from 'cdk8s-serving';
import { EngineId } from '../../lib/plan/engine/engine';
import { ENGINES } from '../support/engine-walk';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;
const s3 = (name: string): ModelSource => ModelSource.s3(`s3://models/${name}/v1`);
const qwen = Model.huggingFace('Qwen/Qwen3-8B', { revision: '9216db5781bf21249d130ec9da846c4624c16137', size: Size.gibibytes(17) });
const onGpu = { model: qwen, accelerator: Accelerator.nvidia('L4'), scaling: Scaling.fixed(2) };

/** A service of each server of the catalogue, by the server's id: the same definition for every engine. */
export const SERVERS: { readonly [server: string]: Partial<InferenceServiceProps> & { readonly model: Model } } = {
  'mlserver': { model: Model.sklearn({ source: s3('iris') }) },
  'kserve-sklearn': { model: Model.sklearn({ source: s3('iris') }), server: InferenceServer.kserveSklearn() },
  'kserve-xgboost': { model: Model.xgboost({ source: s3('fraud') }), server: InferenceServer.kserveXgboost() },
  'kserve-lightgbm': { model: Model.lightgbm({ source: s3('churn') }), server: InferenceServer.kserveLightgbm() },
  'kserve-huggingface': { model: Model.huggingFace('google-bert/bert-base-uncased', { revision: '86b5e0934494bd15c9632b12f734a8a67f723594', size: Size.mebibytes(500) }), server: InferenceServer.kserveHuggingFace({ task: 'fill_mask' }) },
  'tensorflow-serving': { model: Model.tensorflow({ source: s3('mnist') }) },
  'triton': { model: Model.onnx({ source: s3('detector') }), server: InferenceServer.triton() },
  'openvino': { model: Model.openvino({ source: s3('detector') }), server: InferenceServer.openvino() },
  'torchserve': { model: Model.pytorch({ source: s3('densenet') }), server: InferenceServer.torchServe() },
  'vllm': { ...onGpu, server: InferenceServer.vllm() },
  'sglang': { ...onGpu, server: InferenceServer.sglang() },
  'tgi': { ...onGpu, server: InferenceServer.tgi() },
  'fastapi': { model: Model.custom({ code: PythonCode.image(join(__dirname, 'code'), { repository: 'registry.example.com/ml/price', digest: DIGEST }) }), server: InferenceServer.fastApi() },
  'container': { model: Model.of(ModelFormat.of('pmml'), { source: ModelSource.inImage('/opt/model') }), server: InferenceServer.container({ image: 'registry.example.com/ml/scorer:1.4' }) },
};

/** Makes the service of a server on an engine, as of a published set. */
export function make(app: App, engine: EngineId, server: string, set: string): void {
  const chart = new Chart(app, server, { namespace: 'models' });
  const cluster = Cluster.of({ name: 'eu-1', version: '1.34', gateway: { name: 'public', namespace: 'gateway' }, metricsUrl: 'http://prometheus.monitoring:9090', gpuPools: [GpuPool.gke('L4', { count: 8, spare: 2 })] });
  new ServingEngine(chart, 'Engine', { cluster, backend: ENGINES[engine]!(), defaults: Defaults.of(set) });
  new InferenceService(chart, 'Service', { name: server, exposure: Exposure.gateway({ hosts: [`${server}.example.com`] }), ...SERVERS[server] } as InferenceServiceProps);
}

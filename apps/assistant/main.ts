import { App, Chart, Duration, Size } from 'cdk8s';
import { Accelerator, Cluster, Credentials, Exposure, GpuPool, InferenceServer, InferenceService, Model, Problems, Scaling, ServingEngine, Team } from 'cdk8s-serving';

const app = new App();
const chart = new Chart(app, 'assistant', { namespace: 'assistant' });

new ServingEngine(chart, 'Engine', {
  cluster: Cluster.of({
    name: 'eu-1', version: '1.34',
    gpuPools: [GpuPool.gke('A100-80GB', { count: 16, perNode: 8 })],
    gateway: { name: 'public', namespace: 'gateway' },
  }),
  owner: Team.of('assistant'),
});

const assistant = new InferenceService(chart, 'Assistant', {
  model: Model.huggingFace('Qwen/Qwen3-32B', {
    revision: '9216db5781bf21249d130ec9da846c4624c16137',
    credentials: Credentials.fromSecretName('hugging-face'),
    size: Size.gibibytes(66), loadTime: Duration.minutes(6),
  }),
  server: InferenceServer.vllm({ maxModelLength: 16384 }),
  accelerator: Accelerator.nvidia('A100-80GB', { count: 2 }),
  scaling: Scaling.fixed(1), // GPUs are money: copies are said, never assumed
  requestTimeout: Duration.minutes(10),
  exposure: Exposure.gateway({ hosts: ['assistant.example.com'] }),
});
Problems.acknowledge(assistant, 'SERVING_SINGLE_COPY', 'an internal pilot: an interruption of ten minutes is agreed with its users');

app.synth();

import { App, Chart, Size } from 'cdk8s';
import { Accelerator, Cluster, GpuPool, InferenceServer, InferenceService, Model, ModelSource, Scaling, ServingEngine, Team } from 'cdk8s-serving';

const app = new App();
const chart = new Chart(app, 'vision', { namespace: 'vision' });

new ServingEngine(chart, 'Engine', {
  cluster: Cluster.of({
    name: 'eu-1', version: '1.34',
    // two A100 cut in seven each, of which two parts are kept free: an update starts a new copy before it stops an old one
    gpuPools: [GpuPool.nvidiaOperator('A100-80GB', { migProfile: '1g.10gb', count: 14, spare: 2, perNode: 7 })],
  }),
  owner: Team.of('vision'),
});

new InferenceService(chart, 'Detector', {
  model: Model.onnx({ source: ModelSource.gcs('gs://models-eu/detector/2026-11-02'), size: Size.mebibytes(180) }),
  server: InferenceServer.triton(),
  accelerator: Accelerator.nvidiaMig('A100-80GB', '1g.10gb'),
  scaling: Scaling.fixed(3),
});

app.synth();

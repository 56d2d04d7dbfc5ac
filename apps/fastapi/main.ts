import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import { Exposure, InferenceServer, InferenceService, Model, Problems, PythonCode, Team } from 'cdk8s-serving';

const app = new App();
const chart = new Chart(app, 'price', { namespace: 'price' });

const price = new InferenceService(chart, 'Price', {
  // the image's build context is written to images/price beside the manifests
  model: Model.custom({ code: PythonCode.image(join(__dirname, 'server'), { repository: 'registry.example.com/ml/price' }), version: '2026-11' }),
  server: InferenceServer.fastApi({ predictPath: '/predict' }),
  exposure: Exposure.ingress({ host: 'price.example.com', tlsSecretName: 'price-tls' }),
  owner: Team.of('pricing'),
});
Problems.acknowledge(price, 'SERVING_CODE_IMAGE_WITHOUT_DIGEST', 'the pipeline pushes the image under this tag before it applies the manifests');

app.synth();

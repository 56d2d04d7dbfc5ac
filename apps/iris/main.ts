import { App, Chart } from 'cdk8s';
import { Credentials, InferenceService, Model, ModelSource } from 'cdk8s-serving';

const app = new App();
const chart = new Chart(app, 'iris', { namespace: 'iris' });

new InferenceService(chart, 'Iris', {
  model: Model.sklearn({
    source: ModelSource.s3('s3://models/iris/v1', { endpoint: 'http://minio.storage:9000', credentials: Credentials.fromSecretName('minio') }),
  }),
});

app.synth();

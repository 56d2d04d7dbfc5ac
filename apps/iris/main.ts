import { App, Chart } from 'cdk8s';
import { InferenceService, Model, ModelSource } from 'cdk8s-serving';

const app = new App();
const chart = new Chart(app, 'iris', { namespace: 'iris' });

new InferenceService(chart, 'Iris', {
  model: Model.sklearn({ source: ModelSource.s3('s3://models/iris/v1') }),
});

app.synth();

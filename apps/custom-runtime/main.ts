import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import { InferenceServer, InferenceService, Model, PythonCode } from 'cdk8s-serving';

const app = new App();
const chart = new Chart(app, 'sentiment', { namespace: 'sentiment' });

new InferenceService(chart, 'Sentiment', {
  model: Model.custom({ implementation: 'sentiment.Sentiment', code: PythonCode.mount(join(__dirname, 'server')), version: 'v1' }),
  server: InferenceServer.mlserver(),
});

app.synth();

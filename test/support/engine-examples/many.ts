import { InferenceServer, InferenceServerPool, Model, ModelSource, Scaling } from 'cdk8s-serving';
import { ExampleTheme, kserve } from './example';

export const MANY: ExampleTheme = {
  title: 'Many models in one server',
  examples: [
    {
      shows: 'Several models in the pods of one InferenceService (TrainedModel)',
      links: [kserve('multimodelserving/sklearn/README.md'), kserve('multimodelserving/triton/README.md')],
      say: '`InferenceServerPool` with `models`; the pods load them all as they start, without TrainedModels and the agent that pulls them',
      program: (chart) => {
        const source = ModelSource.s3('s3://models/small/v1');
        const models = [Model.sklearn({ name: 'model1-sklearn', source }), Model.sklearn({ name: 'model2-sklearn', source: ModelSource.s3('s3://models/small/v2') })];
        new InferenceServerPool(chart, 'Small', { models, server: InferenceServer.mlserver(), scaling: Scaling.fixed(2) });
      },
      look: (objects) => [objects.of('InferenceService').length, ['model1-sklearn', 'model2-sklearn'].every((name) => JSON.stringify(objects.pods).includes(name) || JSON.stringify(objects.of('ConfigMap')).includes(name))], finds: [1, true],
    },
    {
      shows: 'A model put into pods that run, and taken out',
      links: [kserve('multimodelserving/sklearn/trainedmodels.yaml')],
      reason: "a pod that changes without its manifest answers otherwise after a restart, and KServe's agent tells nobody that a model did not load",
      instead: 'a change of `models`, which replaces the pods copy by copy; Seldon Core v2 where models come and go by the hour',
    },
  ],
};

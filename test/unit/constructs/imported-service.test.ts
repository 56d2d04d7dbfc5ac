import { Chart, Testing } from 'cdk8s';
import { IInferenceService, InferenceProtocol, InferenceService, InferenceServiceAttributes, Problems } from 'cdk8s-serving';
import { serve } from '../../support/serving';

const endpoint = { protocol: 'v2-grpc', url: 'iris.elsewhere:9000', host: 'iris.elsewhere', port: 9000, path: '/inference.GRPCInferenceService/ModelInfer', modelName: 'iris' };
const imported = (chart: Chart, attributes: InferenceServiceAttributes): IInferenceService => InferenceService.fromInferenceServiceAttributes(chart, 'Imported', attributes);

test('it answers at the endpoints that are known, and makes no object', () => {
  const chart = Testing.chart();
  const service = imported(chart, { name: 'iris', endpoints: [endpoint] });
  expect([service.endpoint(InferenceProtocol.V2_GRPC), service.endpoint(InferenceProtocol.V2_REST), Testing.synth(chart)]).toEqual([endpoint, undefined, []]);
});

test('as a peer it is the pods of its name in its namespace, whatever stands around it', () => {
  const served = serve();
  served.service.grantInvoke(imported(served.chart, { name: 'front', namespace: 'elsewhere' }));
  expect(served.one('NetworkPolicy').spec.ingress[0].from).toEqual([{
    podSelector: { matchLabels: { 'app.kubernetes.io/instance': 'front' }, matchExpressions: [{ key: 'app.kubernetes.io/component', operator: 'In', values: ['predictor', 'transformer', 'explainer'] }] }, namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'elsewhere' } },
  }]);
});

test('is in the namespace of its chart when none is said', () => {
  expect(imported(new Chart(Testing.app(), 'chart', { namespace: 'own' }), { name: 'iris' }).namespace).toBe('own');
});

test.each([['without a name', {}, ['SERVING_MISSING_PROP']], ['of a wrong name', { name: 'Not A Name' }, ['SERVING_TEXT_NOT_ALLOWED']], ['with half an endpoint', { name: 'iris', endpoints: [{ url: 'x' }] }, ['SERVING_WRONG_TYPE']]])('one %s is told', (_, attributes, codes) => {
  const chart = Testing.chart();
  imported(chart, attributes as any);
  expect(Problems.of(chart).map((one) => one.code)).toEqual(codes);
});

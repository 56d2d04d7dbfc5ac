import { type AppOutput, runApp, serverOf } from '../../test/support/apps';

let app: AppOutput;
beforeAll(async () => { app = await runApp('fraud'); }, 60_000);

test('copies follow the load, from 4 to 40, and the Deployment leaves their number alone', () => {
  expect(app.of('HorizontalPodAutoscaler').spec).toMatchObject({ minReplicas: 4, maxReplicas: 40 });
  expect(app.of('Deployment').spec.replicas).toBeUndefined();
});

test('requests that come together are scored together', () => {
  const batching = serverOf(app).env.filter(({ name }: any) => name.startsWith('MLSERVER_MODEL_MAX_BATCH'));
  expect(batching.map(({ value }: any) => value)).toEqual(['64', '0.002']);
});

test('it is reached by REST and by gRPC through the gateway', () => {
  expect([app.of('HTTPRoute').spec.hostnames, app.of('GRPCRoute').spec.hostnames]).toEqual([['fraud.example.com'], ['fraud-grpc.example.com']]);
});

test('the bucket is opened by the role of the ServiceAccount, without any key', () => {
  expect(app.of('ServiceAccount').metadata).toMatchObject({ name: 'fraud-reader', annotations: { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::123456789012:role/fraud-model-reader' } });
  expect(JSON.stringify(app.manifests)).not.toContain('AWS_SECRET_ACCESS_KEY');
});

test('only the checkout, the gateway and the metrics may ask it', () => {
  const from = app.of('NetworkPolicy').spec.ingress.flatMap((rule: any) => rule.from).map((peer: any) => peer.namespaceSelector.matchLabels['kubernetes.io/metadata.name']);
  expect(from).toEqual(['checkout', 'gateway', 'monitoring']);
});

test('its cost can be told apart by team and cost centre', () => expect(app.of('Deployment').metadata.labels).toMatchObject({ 'team': 'risk', 'cost-center': 'payments' }));

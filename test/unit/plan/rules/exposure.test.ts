import { Duration } from 'cdk8s';
import { Exposure, InferenceServer, Model, InferenceProtocol } from 'cdk8s-serving';
import { serve } from '../../../support/serving';

const gateway = { name: 'public', namespace: 'gateway' };
const grpcOnly = { model: Model.custom(), server: InferenceServer.container({ image: 'registry.example.com/a:1', grpcPort: 9000, protocols: [InferenceProtocol.V2_GRPC] }) };
const httpOnly = { model: Model.custom(), server: InferenceServer.container({ image: 'registry.example.com/a:1' }) };

test('a route needs a Gateway', () => {
  const exposure = Exposure.gateway({ hosts: ['a.example.com'] });
  expect(serve({ exposure }).problem('SERVING_GATEWAY_UNKNOWN')).toMatchObject({ severity: 'error', fix: expect.stringContaining("'gateway' of the Cluster") });
  expect(serve({ exposure }, { gateway }).codes).toEqual([]);
});

test('HTTP hosts of a server without an HTTP port lead nowhere', () => {
  for (const exposure of [Exposure.gateway({ hosts: ['a.example.com'] }), Exposure.ingress({ host: 'a.example.com', tlsSecretName: 'tls' })]) {
    expect(serve({ ...grpcOnly, exposure }, { gateway }).problem('SERVING_PROTOCOL_NOT_EXPOSED').what).toBe('Container has no HTTP port to expose');
    expect(serve({ ...httpOnly, exposure }, { gateway }).codes).toEqual([]);
  }
});

test('gRPC hosts of a server without a gRPC port lead nowhere', () => {
  const exposure = Exposure.gateway({ hosts: ['a.example.com'], grpcHosts: ['g.example.com'] });
  expect(serve({ ...httpOnly, exposure }, { gateway }).problem('SERVING_PROTOCOL_NOT_EXPOSED')).toMatchObject({ what: 'Container has no gRPC port to expose', got: '["g.example.com"]', allowed: 'custom-rest' });
  expect(serve({ exposure }, { gateway }).codes).toEqual([]);
});

describe('answers that take longer than a minute behind an Ingress', () => {
  const slow = { requestTimeout: Duration.seconds(61), exposure: Exposure.ingress({ host: 'a.example.com', tlsSecretName: 'tls' }) };

  test('are a warning where the controller is not known', () => {
    expect(serve(slow, { ingressClass: 'traefik' }).problem('SERVING_INGRESS_TIMEOUT')).toMatchObject({ severity: 'warning', got: '"61 s"', allowed: '60 s', what: expect.stringContaining("'traefik'") });
    expect(serve(slow).problem('SERVING_INGRESS_TIMEOUT').what).toContain("'default'");
  });

  test('are none with nginx, with annotations, or when a minute is enough', () => {
    expect(serve(slow, { ingressClass: 'nginx' }).codes).toEqual([]);
    expect(serve({ ...slow, exposure: Exposure.ingress({ host: 'a.example.com', tlsSecretName: 'tls', annotations: { 'traefik.io/timeout': '61' } }) }, { ingressClass: 'traefik' }).codes).toEqual([]);
    expect(serve({ ...slow, requestTimeout: Duration.seconds(60) }, { ingressClass: 'traefik' }).codes).toEqual([]);
  });
});

test('a host name is for HTTP or for gRPC: a Gateway may refuse two routes of one', () => {
  expect(serve({ exposure: Exposure.gateway({ hosts: ['a.example.com'], grpcHosts: ['a.example.com'] }) }, { gateway }).codes).toHaveLength(1);
});

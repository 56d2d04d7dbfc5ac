import { Exposure, InferenceProtocol, InferenceServer, PayloadLogging } from 'cdk8s-serving';
import { STORE } from '../../../support/monitored';
import { serve } from '../../../support/serving';

const payloadLogging = PayloadLogging.store(STORE);

test('what is asked by gRPC can not be logged', () => {
  expect(serve({ payloadLogging, protocol: InferenceProtocol.V2_GRPC }).problem('SERVING_PAYLOAD_NOT_HTTP')).toMatchObject({ severity: 'error', got: '"v2-grpc"', allowed: 'v2-rest' });
  const grpcAlone = InferenceServer.container({ image: 'registry.example.com/a:1', grpcPort: 9000, protocols: [InferenceProtocol.V2_GRPC] });
  expect(serve({ payloadLogging, server: grpcAlone }).problem('SERVING_PAYLOAD_NOT_HTTP')).toMatchObject({ fix: "leave 'payloadLogging' out, and have the server log by itself" });
});

test('gRPC that is exposed beside HTTP is told', () => {
  const gateway = { gateway: { name: 'public', namespace: 'gateway' } };
  expect(serve({ payloadLogging, exposure: Exposure.gateway({ hosts: ['a.example.com'], grpcHosts: ['b.example.com'] }) }, gateway).problem('SERVING_PAYLOAD_GRPC_BESIDE')).toMatchObject({ severity: 'warning' });
  expect(serve({ payloadLogging, exposure: Exposure.gateway({ hosts: ['a.example.com'] }) }, gateway).codes).toEqual([]);
});

test('HTTP is logged, whatever the server', () => {
  expect(serve({ payloadLogging }).codes).toEqual([]);
  expect(serve({ payloadLogging, protocol: InferenceProtocol.V1_REST }).codes).toEqual([]);
});

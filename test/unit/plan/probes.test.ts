import { InferenceProtocol, InferenceServer, LaunchRequest, Model, ServerDefinition, ServerLaunch } from 'cdk8s-serving';
import { serve } from '../../support/serving';
import { validateManifests } from '../../support/schema';

test('a probe asks a path, or whether the port accepts connections', () => {
  const with_ = serve({ model: Model.custom(), server: InferenceServer.container({ image: 'registry.example.com/a:1', readinessPath: '/ready/{name}', livenessPath: '/live' }) }).server;
  expect([with_.startupProbe.httpGet, with_.readinessProbe.httpGet, with_.livenessProbe.httpGet]).toEqual([{ path: '/ready/iris', port: 'http' }, { path: '/ready/iris', port: 'http' }, { path: '/live', port: 'http' }]);
  const without = serve({ model: Model.custom(), server: InferenceServer.container({ image: 'registry.example.com/a:1', grpcPort: 9000, protocols: [InferenceProtocol.V2_GRPC] }) }).server;
  expect([without.readinessProbe.tcpSocket, without.livenessProbe.tcpSocket]).toEqual([{ port: 'grpc' }, { port: 'grpc' }]);
});

/** A server of one's own that answers the gRPC health protocol. */
class GrpcServer extends ServerDefinition {
  public readonly facts = { ...InferenceServer.container({ image: 'registry.example.com/a:1' }).facts, id: 'mine', protocols: [InferenceProtocol.V2_GRPC] };
  public launch(_request: LaunchRequest): ServerLaunch {
    const health = { port: 'grpc', grpc: true };
    return { image: 'registry.example.com/a:1', grpcPort: 9000, readiness: { ...health, grpcService: 'ready' }, liveness: health };
  }
}

test('a probe by gRPC health names its port by number, as Kubernetes takes no name there', () => {
  const served = serve({ model: Model.custom(), server: new GrpcServer() });
  expect([served.server.readinessProbe.grpc, served.server.livenessProbe.grpc]).toEqual([{ port: 9000, service: 'ready' }, { port: 9000 }]);
  expect(validateManifests(served.manifests, '1.34')).toEqual([]);
});

import { Cluster, Exposure, InferenceService, ServingEngine } from 'cdk8s-serving';
import { Client } from '../../../support/cluster/client';
import { FAULTY_QUESTIONS, faultyModel } from '../../../support/cluster/faulty';
import { Gateway } from '../../../support/cluster/gateway';
import { apply } from '../../../support/cluster/kubectl';
import { ALL_ANSWERED, Load } from '../../../support/cluster/load';
import { createNamespace, removeNamespaces, setNamespace } from '../../../support/cluster/namespaces';
import { synthesized } from '../../../support/cluster/synthesized';
import { rolledOut, serviceAddress } from '../../../support/cluster/workloads';

/** By which models are listed, loaded and unloaded: ways that must not be open to clients of a Gateway. */
const POSTS = ['/v2/repository/index', '/v2/repository/models/plain/load'];
const METHODS = ['/inference.GRPCInferenceService/RepositoryIndex', '/inference.model_repository.ModelRepositoryService/RepositoryIndex'];

describe('services that a real Gateway exposes', () => {
  let gateway: Gateway;
  let client: Client;
  let namespace: string;

  beforeAll(async () => {
    gateway = await Gateway.start();
    namespace = await createNamespace('exposed');
    const manifests = synthesized((chart) => {
      new ServingEngine(chart, 'Engine', { cluster: Cluster.of({ version: '1.34', gateway: { name: gateway.name, namespace: gateway.namespace } }) });
      new InferenceService(chart, 'Plain', { ...faultyModel({ version: 'v1' }), exposure: Exposure.gateway({ hosts: ['plain.example.com'], grpcHosts: ['grpc.plain.example.com'] }) });
      new InferenceService(chart, 'Prefixed', { ...faultyModel({ version: 'v7' }), exposure: Exposure.gateway({ hosts: ['models.example.com'], pathPrefix: '/team/prefixed' }) });
    });
    await apply(await setNamespace(manifests, namespace));
    client = await Client.start(await createNamespace('client'));
    for (const name of ['plain', 'prefixed']) {
      await rolledOut(name, namespace);
      await gateway.routed('httproute', name, namespace);
    }
    await gateway.routed('grpcroute', 'plain-grpc', namespace);
  });

  afterAll(async () => {
    await gateway?.stop();
    await removeNamespaces();
  });

  const ask = async (address: string, host: string, posts: string[], methods: string[]): Promise<Record<string, number | string>> =>
    JSON.parse(await client.python('ask.py', JSON.stringify({ address, host, posts, methods })));

  test('answer right by REST and gRPC, over fresh and kept connections', async () => {
    const rest = { protocol: 'rest' as const, address: gateway.address, host: 'plain.example.com', model: 'plain', rate: 10 };
    const grpc = { ...rest, protocol: 'grpc' as const, host: 'grpc.plain.example.com' };
    const load = await Load.start(client, { model: FAULTY_QUESTIONS, seconds: 4, streams: { rest, restKept: { ...rest, connections: 2 }, grpc, grpcKept: { ...grpc, connections: 2 } } });
    for (const stream of Object.values(await load.finished())) expect(stream).toMatchObject({ ...ALL_ANSWERED, versions: { v1: stream.sent } });
  });

  test('answer below a prefix, which is theirs alone', async () => {
    const infer = '/team/prefixed/v2/models/prefixed/infer';
    // an empty request is one that the server itself finds fault with
    expect(await ask(gateway.address, 'models.example.com', [infer, '/v2/models/prefixed/infer', '/team/other/v2/models/prefixed/infer'], [])).toEqual({
      [infer]: 422, '/v2/models/prefixed/infer': 404, '/team/other/v2/models/prefixed/infer': 404,
    });
  });

  test('let nobody at what manages models, which is there inside of the cluster', async () => {
    const inside = { ...await ask(await serviceAddress('plain', namespace, 'http'), 'plain', POSTS, []), ...await ask(await serviceAddress('plain', namespace, 'grpc'), 'plain', [], METHODS) };
    const outside = { ...await ask(gateway.address, 'plain.example.com', POSTS, []), ...await ask(gateway.address, 'grpc.plain.example.com', [], METHODS) };
    const all = (post: number, method: string) => Object.fromEntries([...POSTS.map((path) => [path, post]), ...METHODS.map((name) => [name, method])]);
    expect(inside).toEqual(all(200, 'OK'));
    expect(outside).toEqual(all(404, 'UNIMPLEMENTED'));
  });

  test('are not found under a host name of another', async () => {
    expect(await ask(gateway.address, 'other.example.com', ['/v2/models/plain/infer'], [])).toEqual({ '/v2/models/plain/infer': 404 });
  });
});

import { Chart, Testing } from 'cdk8s';
import { Cluster, Exposure, InferenceService, InferenceServiceProps, Problem, Problems, ServingEngine } from 'cdk8s-serving';
import { iris } from '../../../support/serving';

const gateway = { name: 'public', namespace: 'gateway' };

/** Two services, each in a chart of its own. */
function two(props: [Partial<InferenceServiceProps>, Partial<InferenceServiceProps>], where: { namespaces?: [string, string]; clusters?: [string, string] } = {}): Problem[] {
  const app = Testing.app();
  props.forEach((one, i) => {
    const chart = new Chart(app, `chart-${i}`, { namespace: where.namespaces?.[i] ?? 'ml' });
    new ServingEngine(chart, 'Engine', { cluster: Cluster.of({ name: where.clusters?.[i] ?? 'eu', gateway }) });
    new InferenceService(chart, `S${i}`, { model: iris(), ...one });
  });
  return Problems.of(app);
}
const codes = (...given: Parameters<typeof two>): string[] => two(...given).map((one) => one.code);
const named = { name: 'fraud' };

test('two services of one name in one namespace are told at the second', () => {
  expect(two([named, named])).toEqual([expect.objectContaining({ code: 'SERVING_NAME_TWICE', path: 'chart-1/S1', got: '"fraud"', what: "'fraud' is the name of chart-0/S0 already" })]);
});

test('another name, namespace or cluster tells them apart', () => {
  expect(codes([named, { name: 'other' }])).toEqual([]);
  expect(codes([named, named], { namespaces: ['a', 'b'] })).toEqual([]);
  expect(codes([named, named], { clusters: ['eu', 'us'] })).toEqual([]);
});

describe('a host name', () => {
  const at = (host: string, pathPrefix?: string): Partial<InferenceServiceProps> => ({ exposure: Exposure.gateway({ hosts: [host], ...(pathPrefix === undefined ? {} : { pathPrefix }) }) });

  test('leads to one service, also over namespaces', () => {
    expect(two([at('a.example.com'), at('a.example.com')], { namespaces: ['a', 'b'] })).toEqual([expect.objectContaining({ code: 'SERVING_HOST_TWICE', path: 'chart-1/S1', got: '"a.example.com/"', what: "'a.example.com/' is the address of 's0' (chart-0/S0) already" })]);
  });

  test('is shared by paths, over clusters, or with gRPC', () => {
    expect(codes([at('a.example.com', '/a'), at('a.example.com', '/b')])).toEqual([]);
    expect(codes([at('a.example.com'), at('a.example.com')], { clusters: ['eu', 'us'] })).toEqual([]);
    expect(codes([at('a.example.com'), at('b.example.com')])).toEqual([]);
  });

  test('of an Ingress is the same host name', () => {
    expect(codes([at('a.example.com'), { exposure: Exposure.ingress({ host: 'a.example.com', tlsSecretName: 'tls' }) }])).toEqual(['SERVING_HOST_TWICE']);
  });

  test('for gRPC leads to one service', () => {
    const grpc = (host: string, own: string): Partial<InferenceServiceProps> => ({ exposure: Exposure.gateway({ hosts: [own], grpcHosts: [host] }) });
    expect(codes([grpc('g.example.com', 'a.example.com'), grpc('g.example.com', 'b.example.com')])).toEqual(['SERVING_HOST_TWICE']);
    expect(codes([grpc('g.example.com', 'a.example.com'), grpc('h.example.com', 'b.example.com')])).toEqual([]);
  });

  test('is for HTTP or for gRPC, in one service and over two, on one cluster', () => {
    const mixed = (hosts: string[], grpcHosts: string[]): Partial<InferenceServiceProps> => ({ exposure: Exposure.gateway({ hosts, grpcHosts }) });
    const problems = two([mixed(['a.example.com'], ['g.example.com']), at('g.example.com')], { namespaces: ['a', 'b'] });
    expect(problems).toEqual([expect.objectContaining({ code: 'SERVING_HOST_FOR_BOTH', severity: 'error', path: 'chart-1/S1', got: '"g.example.com"', what: "'g.example.com' is a host name for gRPC (chart-0/S0) and for HTTP", fix: 'give gRPC a host name of its own' })]);
    expect(two([mixed(['a.example.com'], ['a.example.com']), {}])).toEqual([expect.objectContaining({ code: 'SERVING_HOST_FOR_BOTH', path: 'chart-0/S0' })]);
    expect(codes([mixed(['a.example.com'], ['g.example.com']), at('b.example.com')])).toEqual([]);
    expect(codes([mixed(['a.example.com'], ['g.example.com']), at('g.example.com')], { clusters: ['eu', 'us'] })).toEqual([]);
  });
});

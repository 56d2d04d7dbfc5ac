import { Exposure, ExposureKind } from 'cdk8s-serving';
import { codes } from '../../support/serving';

test('inside of the cluster needs nothing', () => {
  expect(Exposure.clusterInternal()).toMatchObject({ kind: ExposureKind.CLUSTER_INTERNAL, hosts: [], grpcHosts: [], pathPrefix: '/', _findings: [] });
});

test('a Gateway takes hosts, hosts for gRPC and a path', () => {
  expect(Exposure.gateway({ hosts: ['a.example.com', '*.example.com'], grpcHosts: ['g.example.com'], pathPrefix: '/fraud' })).toMatchObject({ hosts: ['a.example.com', '*.example.com'], grpcHosts: ['g.example.com'], pathPrefix: '/fraud', _findings: [] });
});

test.each([['Upper.example.com'], ['a_b.example.com'], ['http://example.com'], ['a.*.com'], ['example.com:80'], ['']])("'%s' is no host name", (host) => {
  expect(codes(Exposure.gateway({ hosts: [host] }))).toEqual(['SERVING_TEXT_NOT_ALLOWED']);
  expect(codes(Exposure.ingress({ host, tlsSecretName: 'tls' }))).toEqual(['SERVING_TEXT_NOT_ALLOWED']);
});

test('hosts are at least one, and a path begins with a slash', () => {
  expect(codes(Exposure.gateway({ hosts: [] }))).toEqual(['SERVING_NUMBER_OUT_OF_RANGE']);
  expect(codes(Exposure.gateway({ hosts: ['a.example.com'], pathPrefix: 'fraud' }))).toEqual(['SERVING_TEXT_NOT_ALLOWED']);
});

test('an Ingress without TLS is a warning, with TLS it is none', () => {
  expect(Exposure.ingress({ host: 'a.example.com' })._findings).toEqual([expect.objectContaining({ code: 'SERVING_INGRESS_WITHOUT_TLS', severity: 'warning', fix: "give 'tlsSecretName'" })]);
  expect(Exposure.ingress({ host: 'a.example.com', tlsSecretName: 'tls', annotations: { 'a.example.com/b': 'c' } })).toMatchObject({ hosts: ['a.example.com'], tlsSecretName: 'tls', annotations: { 'a.example.com/b': 'c' }, _findings: [] });
});

test('an annotation has a key that Kubernetes takes', () => {
  expect(codes(Exposure.ingress({ host: 'a.example.com', tlsSecretName: 'tls', annotations: { 'not a key': 'x' } }))).toEqual(['SERVING_TEXT_NOT_ALLOWED']);
});

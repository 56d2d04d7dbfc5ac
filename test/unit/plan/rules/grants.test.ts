import { Namespaces } from 'cdk8s-plus-28';
import { ClusterProps, Exposure, InferenceServer, InferenceServiceProps, Model, Problems } from 'cdk8s-serving';
import { serve, Served } from '../../../support/serving';

const metricsUrl = 'http://prometheus.monitoring:9090';
const ingress = { exposure: Exposure.ingress({ host: 'a.example.com', tlsSecretName: 'tls' }) };

/** A service with a grant. */
function granted(props: Partial<InferenceServiceProps>, cluster: ClusterProps): Served {
  const served = serve(props, cluster);
  served.service.grantInvoke(Namespaces.select(served.chart, 'Callers', { names: ['shop'] }));
  return served;
}

describe('a grant beside an Ingress', () => {
  test('needs to know where the controller runs', () => {
    const served = granted(ingress, { ingressClass: 'nginx', metricsUrl });
    expect(served.codes).toEqual(['SERVING_INGRESS_NAMESPACE_UNKNOWN']);
    expect(served.problem('SERVING_INGRESS_NAMESPACE_UNKNOWN')).toMatchObject({ severity: 'error', path: 'ml/Iris', fix: "give 'ingressNamespace' of the Cluster, such as 'ingress-nginx'" });
  });

  test('is fine when that is said', () => {
    expect(granted(ingress, { ingressClass: 'nginx', ingressNamespace: 'ingress-nginx', metricsUrl }).codes).toEqual([]);
  });

  test('is not the matter of a Gateway, nor of a service within the cluster', () => {
    expect(granted({ exposure: Exposure.gateway({ hosts: ['a.example.com'] }) }, { gateway: { name: 'public', namespace: 'gateway' }, metricsUrl }).codes).toEqual([]);
    expect(granted({}, { ingressClass: 'nginx', metricsUrl }).codes).toEqual([]);
  });
});

test('an Ingress without a grant needs no namespace: everyone is let in', () => {
  expect(serve(ingress, { ingressClass: 'nginx' }).codes).toEqual([]);
});

describe('a grant where nobody knows who scrapes', () => {
  test('is a warning', () => {
    const served = granted({}, {});
    expect(served.codes).toEqual(['SERVING_METRICS_SHUT_OUT']);
    expect(served.problem('SERVING_METRICS_SHUT_OUT')).toMatchObject({ severity: 'warning', path: 'ml/Iris', fix: expect.stringContaining("'metricsUrl'") });
  });

  test('may be acknowledged', () => {
    const served = granted({}, {});
    Problems.acknowledge(served.service, 'SERVING_METRICS_SHUT_OUT', 'nothing scrapes here');
    expect(served.problems.map((one) => one.acknowledged)).toEqual(['nothing scrapes here']);
  });

  test('is none of a server without metrics, and none with the address of the store', () => {
    expect(granted({ model: Model.custom(), server: InferenceServer.container({ image: 'r.example.com/a:1', user: 1000 }) }, {}).codes).not.toContain('SERVING_METRICS_SHUT_OUT');
    expect(granted({}, { metricsUrl }).codes).toEqual([]);
  });
});

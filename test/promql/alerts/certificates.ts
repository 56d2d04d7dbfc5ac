import { Exposure } from 'cdk8s-serving';
import { AlertProof, without } from '../../support/alert-proof';
import { TestSeries } from '../../support/promtool';
import { watch, Watched } from '../../support/watched';

const DAY = 86_400;
const ingress = (): Watched => watch({ exposure: Exposure.ingress({ host: 'iris.example.com', tlsSecretName: 'iris-tls' }) });
const gateway = (): Watched => watch({ exposure: Exposure.gateway({ hosts: ['iris.example.com'] }) }, {}, { gateway: { name: 'public', namespace: 'gateway' } });

/**
 * cert-manager 1.17 of a Certificate: when it ends, and when it is renewed. An Ingress' Certificate is named like its Secret.
 * https://github.com/cert-manager/cert-manager/blob/v1.17.0/pkg/metrics/certificates.go
 */
function certificate(ends: number | string, renewed: number | string | undefined, { name = 'iris-tls', namespace = 'ml', honor = true } = {}): TestSeries[] {
  const own = honor ? `namespace="${namespace}"` : `namespace="cert-manager",pod="cert-manager-5d7-x2x4z",exported_namespace="${namespace}"`;
  const labels = `job="cert-manager",${own},name="${name}",issuer_name="letsencrypt",issuer_kind="ClusterIssuer",issuer_group="cert-manager.io"`;
  const values = (at: number | string): string => (typeof at === 'string' ? at : `${at}x240`);
  return [
    { series: `certmanager_certificate_expiration_timestamp_seconds{${labels}}`, values: values(ends) },
    ...(renewed === undefined ? [] : [{ series: `certmanager_certificate_renewal_timestamp_seconds{${labels}}`, values: values(renewed) }]),
  ];
}

/** blackbox-exporter 0.27: https://github.com/prometheus/blackbox_exporter/blob/v0.27.0/prober/http.go */
const probe = (instance: string, ends: number): TestSeries => ({ series: `probe_ssl_earliest_cert_expiry{job="blackbox",instance="${instance}"}`, values: `${ends}x240` });

export const certificateExpiring: AlertProof = {
  alert: 'InferenceServiceCertificateExpiring', on: ingress, interval: '5m', until: '12h',
  fires: [
    { what: 'its renewal failed, and then came', series: certificate(`${13 * DAY}x40 ${90 * DAY}x200`, `0x40 ${60 * DAY}x200`), at: ['70m', '200m'], silent: ['30m', '210m'] },
    { what: 'labels were overruled by those of the scrape', series: certificate(13 * DAY, 0, { honor: false }), at: ['70m'], silent: ['30m'] },
    { what: 'it was never issued', series: certificate(0, 0), at: ['70m'], silent: ['30m'] },
    { what: 'one of the gateway', on: gateway, series: certificate(13 * DAY, 0, { name: 'public', namespace: 'gateway' }), at: ['70m'], silent: ['30m'] },
    { what: 'what a host really shows', on: gateway, series: [probe('https://iris.example.com/v2/health/ready', 13 * DAY)], at: ['70m'], silent: ['30m'] },
    { what: 'the host of an address with a port', series: [probe('iris.example.com:443', 13 * DAY)], at: ['70m'], silent: ['30m'] },
  ],
  calm: [
    { what: 'it was just renewed', series: certificate(90 * DAY, undefined), guard: without('< 14 *', '< 140 *') },
    { what: 'it lives for days by intent, and its renewal is not due', series: certificate(6 * DAY, 4 * DAY), guard: without(/ unless on \(namespace, exported_namespace, name\) \(.*?\) > time\(\)/) },
    { what: 'another certificate of the namespace', series: certificate(13 * DAY, 0, { name: 'other-tls' }), guard: without(/,name="iris-tls"/g) },
    { what: 'one of the same name, of another namespace', series: certificate(13 * DAY, 0, { namespace: 'shop' }) },
    { what: 'another host', series: [probe('https://irisXexample.com', 13 * DAY), probe('https://my-iris.example.com', 13 * DAY)] }, { what: 'nothing tells anything', series: [] },
  ],
};

import { ExposureKind } from '../../describe/exposure';
import { AlertSeverity } from '../../describe/monitoring/alerting/alert-severity';
import { quoted } from '../../plan/promql';
import { ServiceAlert } from './service-alert';

/** Days before its end in which a certificate should long have been renewed: cert-manager does so after two thirds of its time. */
const DAYS = 14;

/**
 * The certificate of the hosts that the service is reached by: as cert-manager tells of its Certificates (an Ingress' is named like its Secret), or a prober
 * (blackbox-exporter) of what the hosts really show.
 * Source: https://cert-manager.io/docs/devops-tips/prometheus-metrics/, https://github.com/cert-manager/cert-manager/blob/v1.17.0/pkg/metrics/certificates.go (0 is not issued yet)
 */
export const certificate: ServiceAlert = ({ service }) => {
  const { exposure } = service.plan;
  const { gateway } = service.cluster;
  const hosts = [...exposure.hosts, ...exposure.grpcHosts].filter((host) => !host.startsWith('*'));
  const certificates = (series: string, namespace: string, name: string): string => ['', 'exported_'].map((prefix) => `certmanager_certificate_${series}_timestamp_seconds{${prefix}namespace=${quoted(namespace)}${name}}`).join(' or ');
  // one that is short-lived by intent is renewed in time all the same; where its renewal is told, only what is overdue counts
  const overdue = (namespace: string, name = ''): string[] => [`(${certificates('expiration', namespace, name)}) unless on (namespace, exported_namespace, name) (${certificates('renewal', namespace, name)}) > time()`];
  const told = exposure.kind === ExposureKind.INGRESS && exposure.tlsSecretName !== undefined ? overdue(service.namespace, `,name=${quoted(exposure.tlsSecretName)}`)
    : exposure.kind === ExposureKind.GATEWAY && gateway !== undefined ? overdue(gateway.namespace) : [];
  const probed = hosts.length === 0 ? [] : [`probe_ssl_earliest_cert_expiry{instance=~${quoted(`(https://)?(${hosts.map((host) => host.replace(/\./g, '\\.')).join('|')})(:443)?(/.*)?`)}}`];
  if (exposure.kind === ExposureKind.CLUSTER_INTERNAL || told.length + probed.length === 0) return [];
  return [{
    alert: 'InferenceServiceCertificateExpiring', severity: AlertSeverity.WARNING, for: '1h',
    expr: `min(${[...told.map((one) => `(${one})`), ...probed].join(' or ')}) - time() < ${DAYS} * 86400`,
    summary: 'a certificate of its hosts ends soon', description: '{{ $value | humanizeDuration }} are left of the certificate, and it was not renewed; without it clients refuse to connect. Below zero it has ended, or was never issued.',
  }];
};

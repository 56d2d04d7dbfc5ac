import { ExposureKind } from '../../describe/exposure';
import { AlertSeverity } from '../../describe/monitoring/alerting/alert-severity';
import { quoted } from '../../plan/promql';
import { ServiceAlert } from './service-alert';

/** Days before its end in which a certificate should long have been renewed: cert-manager does so after two thirds of its time. */
const DAYS = 14;

/**
 * The certificate of the hosts that the service is reached by: as cert-manager tells of its Certificates (an Ingress' is named like its Secret), or a prober
 * (blackbox-exporter) of what the hosts really show.
 * Source: https://cert-manager.io/docs/devops-tips/prometheus-metrics/
 */
export const certificate: ServiceAlert = ({ service }) => {
  const { exposure } = service.plan;
  const { gateway } = service.cluster;
  const hosts = [...exposure.hosts, ...exposure.grpcHosts].filter((host) => !host.startsWith('*'));
  const end = 'certmanager_certificate_expiration_timestamp_seconds';
  const certificates = (namespace: string, name: string): string[] => ['', 'exported_'].map((prefix) => `${end}{${prefix}namespace=${quoted(namespace)}${name}}`);
  const told = exposure.kind === ExposureKind.INGRESS && exposure.tlsSecretName !== undefined ? certificates(service.namespace, `,name=${quoted(exposure.tlsSecretName)}`)
    : exposure.kind === ExposureKind.GATEWAY && gateway !== undefined ? certificates(gateway.namespace, '') : [];
  const probed = hosts.length === 0 ? [] : [`probe_ssl_earliest_cert_expiry{instance=~${quoted(`(https://)?(${hosts.map((host) => host.replace(/\./g, '\\.')).join('|')})(:443)?(/.*)?`)}}`];
  if (exposure.kind === ExposureKind.CLUSTER_INTERNAL || told.length + probed.length === 0) return [];
  return [{
    alert: 'InferenceServiceCertificateExpiring', severity: AlertSeverity.WARNING, for: '1h',
    expr: `min(${[...told, ...probed].join(' or ')}) - time() < ${DAYS} * 86400`,
    summary: 'a certificate of its hosts ends soon', description: 'The certificate ends in {{ $value | humanizeDuration }} and was not renewed; after that clients refuse to connect.',
  }];
};

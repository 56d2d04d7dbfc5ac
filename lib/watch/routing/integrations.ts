import { Receiver, ReceiverKind } from '../../describe/monitoring/alerting/receiver';
import { SecretKey } from '../../describe/monitoring/secret-key';
import { Json } from '../../plan/service-plan';
import { bySeverity, RUNBOOK, TEXT, TITLE } from './messages';

/** A way to tell somebody, by Alertmanager's own names of fields; Secrets apart, as each form refers to them in another way. */
export interface Integration {
  readonly kind: ReceiverKind;
  readonly fields: { readonly [name: string]: Json };
  /** Names and values: a map here and in VictoriaMetrics' object, a list of keys and values in prometheus-operator's. */
  readonly maps: { readonly [name: string]: { readonly [key: string]: string } };
  readonly secret?: SecretKey;
  readonly bearerToken?: SecretKey;
}

/** A receiver's way, with what is said on it. */
export function integrationOf({ kind, secret, _details: { sendResolved, channel, url, responder, bearerToken, mail } }: Receiver): Integration {
  const own: Pick<Integration, 'fields'> & Partial<Pick<Integration, 'maps'>> = {
    [ReceiverKind.SLACK]: () => ({ fields: { ...given('channel', channel), title: TITLE, text: TEXT } }),
    [ReceiverKind.PAGER_DUTY]: () => ({
      fields: { ...given('url', url), description: TITLE, severity: bySeverity('critical', 'warning', 'info'), class: '{{ .CommonLabels.alertname }}', component: '{{ .CommonLabels.inference_service }}', group: '{{ .CommonLabels.namespace }}' },
      maps: { details: { runbook: RUNBOOK, summary: TEXT } },
    }),
    [ReceiverKind.OPSGENIE]: () => ({
      fields: { ...given('api_url', url), message: TITLE, description: TEXT, priority: bySeverity('P1', 'P3', 'P5'), ...(responder === undefined ? {} : { responders: [{ type: 'team', name: responder }] }) },
      maps: { details: { runbook: RUNBOOK } },
    }),
    [ReceiverKind.TEAMS]: () => ({ fields: { title: TITLE, text: TEXT } }),
    [ReceiverKind.WEBHOOK]: () => ({ fields: {} }),
    [ReceiverKind.EMAIL]: () => ({
      fields: { to: mail!.to.join(', '), from: mail!.from, smarthost: mail!.smarthost, ...given('auth_username', mail!.username), require_tls: mail!.requireTls },
      maps: { headers: { Subject: TITLE } },
    }),
  }[kind]();
  return { kind, fields: { send_resolved: sendResolved, ...own.fields }, maps: own.maps ?? {}, secret, bearerToken };
}

function given(name: string, value: string | undefined): { [name: string]: string } {
  return value === undefined ? {} : { [name]: value };
}

/** A duration as Alertmanager, and VictoriaMetrics' definition, which knows no days, take it. */
export function duration(seconds: number): string {
  if (!Number.isInteger(seconds)) return `${Math.round(seconds * 1000)}ms`;
  if (seconds === 0 || seconds % 60 !== 0) return `${seconds}s`;
  return seconds % 3600 === 0 ? `${seconds / 3600}h` : `${seconds / 60}m`;
}

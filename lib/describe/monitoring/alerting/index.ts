export { AlertSeverity } from './alert-severity';
export { Alerting, type AlertingProps, type SeverityReceivers, TeamAlerts } from './alerting';
export { type DatesQuietTimeProps, QuietTime, type QuietTimeProps, Weekday, type WeeklyQuietTimeProps } from './quiet-time';
export { Receiver, ReceiverKind } from './receiver';
export { type EmailReceiverProps, type OpsgenieReceiverProps, type PagerDutyReceiverProps, type ReceiverProps, type SlackReceiverProps, type TeamsReceiverProps, type WebhookReceiverProps } from './receiver-props';
export { SecretKey } from '../secret-key';

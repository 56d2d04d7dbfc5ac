import { checkShape, is, Shape } from '../../checks/shape';
import { Finding, ProblemKind } from '../../problem';
import { EmailReceiverProps, OpsgenieReceiverProps, PagerDutyReceiverProps, ReceiverProps, SlackReceiverProps, TeamsReceiverProps, WebhookReceiverProps } from './receiver-props';
import { SECRET_KEY, SecretKey } from '../secret-key';

const WITHOUT_SECRET = ProblemKind.error('SERVING_RECEIVER_WITHOUT_SECRET', 'A receiver without a Secret', 'It could not prove to be allowed to send: the alert is lost where it was to arrive, and nobody hears of that either.');
const PLAIN_MAIL = ProblemKind.warning('SERVING_MAIL_WITHOUT_TLS', 'Mail that may be sent without TLS', 'What alerts tell, and the password of the mail server, may cross the network in the clear.');

/** By which way somebody is told. */
export enum ReceiverKind {
  /** Slack, by an incoming webhook. */
  SLACK = 'slack',
  /** PagerDuty, by its Events API v2. */
  PAGER_DUTY = 'pagerduty',
  /** E-mail, by SMTP. */
  EMAIL = 'email',
  /** Microsoft Teams, by a workflow. */
  TEAMS = 'msteamsv2',
  /** Any HTTP address that takes Alertmanager's JSON. */
  WEBHOOK = 'webhook',
  /** Opsgenie, by its alert API. */
  OPSGENIE = 'opsgenie',
}

/** What is known of a receiver, for those who render it. */
export interface ReceiverDetails {
  /** Whether it is told when an alert is over. */
  readonly sendResolved: boolean;
  /** Slack: the channel. */
  readonly channel?: string;
  /** PagerDuty, Opsgenie: the address of the API. */
  readonly url?: string;
  /** Opsgenie: the team that is asked. */
  readonly responder?: string;
  /** Webhook: a token that is sent along. */
  readonly bearerToken?: SecretKey;
  /** Mail. */
  readonly mail?: { readonly to: readonly string[]; readonly from: string; readonly smarthost: string; readonly username?: string; readonly requireTls: boolean };
}

const ADDRESS = is.text("an address such as 'https://events.eu.pagerduty.com/v2/enqueue', without a secret in it", /^https?:\/\/[^\s@?]+$/);
const MAIL = is.text("a mail address such as 'risk@example.com'", /^[^\s@,<>]+@[^\s@,<>]+$/);
const COMMON: Shape<ReceiverProps> = { sendResolved: is.flag };
const SLACK: Shape<SlackReceiverProps> = { ...COMMON, apiUrl: SECRET_KEY, channel: is.text("a channel or person, such as '#risk-models'", /^[#@]?[^\s#@]{1,80}$/) };
const PAGER_DUTY: Shape<PagerDutyReceiverProps> = { ...COMMON, routingKey: SECRET_KEY, url: ADDRESS };
const OPSGENIE: Shape<OpsgenieReceiverProps> = { ...COMMON, apiKey: SECRET_KEY, apiUrl: ADDRESS, responder: is.text('the name of a team of at most 100 characters', undefined, { max: 100 }) };
const TEAMS: Shape<TeamsReceiverProps> = { ...COMMON, webhookUrl: SECRET_KEY };
const WEBHOOK: Shape<WebhookReceiverProps> = { ...COMMON, url: SECRET_KEY, bearerToken: SECRET_KEY };
const EMAIL: Shape<EmailReceiverProps> = {
  ...COMMON, to: is.required(is.list(MAIL, { min: 1 })), from: is.required(MAIL), smarthost: is.required(is.text("a host and its port, such as 'smtp.example.com:587'", /^[A-Za-z0-9.-]+:\d{1,5}$/)),
  username: is.text(), password: SECRET_KEY, requireTls: is.flag,
};

/** Who is told of alerts, and how. What it takes to write there comes from a Secret. */
export class Receiver {
  /** A channel in Slack, by an incoming webhook. */
  public static slack(props: SlackReceiverProps): Receiver {
    const { props: given, findings } = check('slack', SLACK, props, 'apiUrl');
    return new Receiver(ReceiverKind.SLACK, given.apiUrl, { sendResolved: given.sendResolved ?? true, channel: given.channel }, findings);
  }

  /** PagerDuty, by its Events API v2: `critical` alerts as critical, others as warning or info, by which its urgency goes. */
  public static pagerDuty(props: PagerDutyReceiverProps): Receiver {
    const { props: given, findings } = check('pagerDuty', PAGER_DUTY, props, 'routingKey');
    return new Receiver(ReceiverKind.PAGER_DUTY, given.routingKey, { sendResolved: given.sendResolved ?? true, url: given.url }, findings);
  }

  /** Opsgenie: `critical` alerts as P1, `warning` as P3, `info` as P5. */
  public static opsgenie(props: OpsgenieReceiverProps): Receiver {
    const { props: given, findings } = check('opsgenie', OPSGENIE, props, 'apiKey');
    return new Receiver(ReceiverKind.OPSGENIE, given.apiKey, { sendResolved: given.sendResolved ?? true, url: given.apiUrl, responder: given.responder }, findings);
  }

  /** A channel in Microsoft Teams, by a workflow. Needs Alertmanager 0.28 or later. */
  public static teams(props: TeamsReceiverProps): Receiver {
    const { props: given, findings } = check('teams', TEAMS, props, 'webhookUrl');
    return new Receiver(ReceiverKind.TEAMS, given.webhookUrl, { sendResolved: given.sendResolved ?? true }, findings);
  }

  /** Any address that takes Alertmanager's JSON: a chat, a ticket system, a bridge of your own. */
  public static webhook(props: WebhookReceiverProps): Receiver {
    const { props: given, findings } = check('webhook', WEBHOOK, props, 'url');
    return new Receiver(ReceiverKind.WEBHOOK, given.url, { sendResolved: given.sendResolved ?? true, bearerToken: given.bearerToken }, findings);
  }

  /** E-mail. */
  public static email(props: EmailReceiverProps): Receiver {
    const checked = checkShape('Receiver.email', EMAIL, props);
    const { to = [], from = '', smarthost = '', username, password, requireTls = true, sendResolved = true } = checked.props;
    const findings = [...checked.findings];
    if (username !== undefined && props.password === undefined) findings.push(WITHOUT_SECRET.found({ what: "Receiver.email: a 'username' without 'password'", fix: "give 'password', as a SecretKey, or leave 'username' out" }));
    if (username === undefined && password !== undefined) findings.push(WITHOUT_SECRET.found({ what: "Receiver.email: a 'password' without 'username' is never used", fix: "give 'username', or leave 'password' out" }));
    if (!requireTls) findings.push(PLAIN_MAIL.found({ what: "Receiver.email: 'requireTls' is false", got: smarthost, fix: "leave it out, or acknowledge it where the mail server is inside of the cluster's network" }));
    return new Receiver(ReceiverKind.EMAIL, password, { sendResolved, mail: { to: [...to], from, smarthost, username, requireTls } }, findings);
  }

  private constructor(
    /** By which way. */
    public readonly kind: ReceiverKind,
    /** What it takes to write there. */
    public readonly secret: SecretKey | undefined,
    /** @internal */
    public readonly _details: ReceiverDetails,
    /** @internal */
    public readonly _findings: readonly Finding[],
  ) {}
}

/** Checks the props of a receiver that can't be without a Secret. */
function check<T extends object>(name: string, shape: Shape<T>, given: T, secret: keyof T & string): { props: Partial<T>; findings: Finding[] } {
  const { props, findings } = checkShape(`Receiver.${name}`, shape, given);
  if (given?.[secret] === undefined) {
    findings.push(WITHOUT_SECRET.found({ what: `Receiver.${name} has no '${secret}'`, allowed: "a SecretKey, such as SecretKey.fromSecretName('risk-pager', 'routing-key')", fix: `give '${secret}'` }));
  }
  return { props, findings };
}

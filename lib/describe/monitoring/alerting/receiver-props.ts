import { SecretKey } from '../secret-key';

/** What all receivers have. */
export interface ReceiverProps {
  /**
   * Whether it is told as well when an alert is over.
   * @default true
   */
  readonly sendResolved?: boolean;
}

/** Properties of `Receiver.slack`. */
export interface SlackReceiverProps extends ReceiverProps {
  /** Address of the incoming webhook, which is a secret: who has it may write. */
  readonly apiUrl: SecretKey;
  /**
   * Where it is written, such as `#risk-models`.
   * @default - the channel of the webhook
   */
  readonly channel?: string;
}

/** Properties of `Receiver.pagerDuty`. */
export interface PagerDutyReceiverProps extends ReceiverProps {
  /** Integration key of the Events API v2. */
  readonly routingKey: SecretKey;
  /**
   * Address of the Events API; PagerDuty's European region has `https://events.eu.pagerduty.com/v2/enqueue`.
   * @default https://events.pagerduty.com/v2/enqueue
   */
  readonly url?: string;
}

/** Properties of `Receiver.opsgenie`. */
export interface OpsgenieReceiverProps extends ReceiverProps {
  /** Key of an API integration. */
  readonly apiKey: SecretKey;
  /**
   * Address of the API; Opsgenie's European region has `https://api.eu.opsgenie.com/`.
   * @default https://api.opsgenie.com/
   */
  readonly apiUrl?: string;
  /**
   * Name of the team in Opsgenie that is asked.
   * @default - as the integration has it
   */
  readonly responder?: string;
}

/** Properties of `Receiver.teams`. */
export interface TeamsReceiverProps extends ReceiverProps {
  /** Address of a workflow ("when a Teams webhook request is received"), which is a secret. */
  readonly webhookUrl: SecretKey;
}

/** Properties of `Receiver.webhook`. */
export interface WebhookReceiverProps extends ReceiverProps {
  /** Address that alerts are posted to, in Alertmanager's own JSON. */
  readonly url: SecretKey;
  /**
   * A token that is sent along as `Authorization: Bearer`.
   * @default - none
   */
  readonly bearerToken?: SecretKey;
}

/** Properties of `Receiver.email`. */
export interface EmailReceiverProps extends ReceiverProps {
  /** Who gets it. */
  readonly to: string[];
  /** Who it is from. */
  readonly from: string;
  /** The mail server and its port: `smtp.example.com:587`. */
  readonly smarthost: string;
  /**
   * Name at the mail server.
   * @default - without a name, as relays inside of a network take it
   */
  readonly username?: string;
  /**
   * Password at the mail server; goes with `username`.
   * @default - none
   */
  readonly password?: SecretKey;
  /**
   * Whether nothing is sent without TLS.
   * @default true
   */
  readonly requireTls?: boolean;
}

import { Size } from 'cdk8s';
import { named } from '../checks/names';
import { checkShape, is, Shape } from '../checks/shape';
import { Finding, ProblemKind } from '../problem';
import { IPayloadStore, PAYLOAD_STORE } from './payload-store';

const BRIDGE = ProblemKind.error('SERVING_PAYLOAD_KAFKA', 'Payloads straight to Kafka', "Kafka's own protocol needs a client library, and the logger has none: an image of ours would have to be trusted, built and mirrored.");
const PAIRS = ProblemKind.warning('SERVING_PAYLOAD_HALVES', 'Requests alone, or responses alone, for a store', 'Monitors compare what was asked with what was answered: halves are counted as unpaired and left out.');

/** Which halves of a prediction are logged. */
export enum PayloadMode {
  /** Requests alone. */
  REQUESTS = 'requests',
  /** Responses alone. */
  RESPONSES = 'responses',
  /** Both, with one id. */
  BOTH = 'both',
}

/** How a sink takes events. */
export enum PayloadFormat {
  /** CloudEvents in binary mode: one a message, its attributes in `ce-` headers. Every CloudEvents sink takes it. */
  BINARY = 'binary',
  /** CloudEvents in batches (`application/cloudevents-batch+json`). */
  BATCH = 'batch',
  /** Records of Kafka's REST bridges (`application/vnd.kafka.json.v2+json`). */
  KAFKA = 'kafka',
}

/** What is logged, wherever it goes. */
export interface PayloadLoggingProps {
  /**
   * Which halves of a prediction.
   * @default PayloadMode.BOTH
   */
  readonly mode?: PayloadMode;
  /**
   * Percent of the predictions, picked by chance.
   * @default 100
   */
  readonly samplePercent?: number;
  /**
   * Headers of requests that are logged, in lower case. No others are.
   * @default - none
   */
  readonly headers?: string[];
  /**
   * Inputs, outputs and fields that are not logged: names, addresses. With any, payloads that are no JSON are left out whole.
   * @default - none
   */
  readonly exclude?: string[];
  /**
   * The largest request or response that is logged; a larger one is passed on, and counted as dropped.
   * @default Size.mebibytes(1)
   */
  readonly maxPayload?: Size;
  /**
   * Memory for what the sink has not taken yet; what is beyond it is dropped and counted.
   * @default Size.mebibytes(32)
   */
  readonly queue?: Size;
}

/** Properties of `PayloadLogging.http`. */
export interface HttpPayloadLoggingProps extends PayloadLoggingProps {
  /** Address that events are posted to: a Knative broker or channel, an event gateway, a service of your own. */
  readonly url: string;
  /**
   * Whether the sink takes batches.
   * @default false
   */
  readonly batch?: boolean;
  /**
   * Secret in the service's namespace whose key `authorization` is sent as the header of that name.
   * @default - none
   */
  readonly authorizationSecretName?: string;
}

/** Properties of `PayloadLogging.kafka`. */
export interface KafkaPayloadLoggingProps extends PayloadLoggingProps {
  /** Address of an HTTP bridge into Kafka: Strimzi's Kafka Bridge, or a REST Proxy of Confluent's API v2. It has the access to the brokers. */
  readonly bridgeUrl: string;
  /** The topic. Records are keyed by the id of the request, so that request and response lie in one partition. */
  readonly topic: string;
  /**
   * Secret in the service's namespace whose key `authorization` is sent as the header of that name.
   * @default - none
   */
  readonly authorizationSecretName?: string;
}

const URL_TEXT = is.text('an http or https address without user and password', /^https?:\/\/[^\s@/?#]+(\/[^\s@?#]*)?$/);
const LOGGING: Shape<PayloadLoggingProps> = {
  mode: is.oneOf(Object.values(PayloadMode)), samplePercent: is.number(0.001, 100), headers: is.list(is.text('the name of a header in lower case', /^[a-z0-9-]+$/)), exclude: is.list(is.text()), maxPayload: is.size, queue: is.size,
};
const HTTP: Shape<HttpPayloadLoggingProps> = { ...LOGGING, url: is.required(URL_TEXT), batch: is.flag, authorizationSecretName: named.subdomain };
const KAFKA: Shape<KafkaPayloadLoggingProps> = { ...LOGGING, bridgeUrl: is.required(URL_TEXT), topic: is.required(is.text('the name of a topic', /^[a-zA-Z0-9._-]{1,249}$/)), authorizationSecretName: named.subdomain };

interface Sink { readonly url: string; readonly format: PayloadFormat; readonly secretName?: string }

/**
 * Logs what a model is asked and answered, as CloudEvents with the types and attributes of KServe's agent. A small proxy beside the server passes
 * HTTP on as it comes; it never waits for the sink. gRPC goes by it and is not logged.
 */
export class PayloadLogging {
  /** To a payload store, where monitors read it. */
  public static store(store: IPayloadStore, props: PayloadLoggingProps = {}): PayloadLogging {
    const checked = checkShape('PayloadLogging.store', { ...LOGGING, store: is.required(PAYLOAD_STORE) }, { ...props, store });
    const { mode } = checked.props;
    if (mode !== undefined && mode !== PayloadMode.BOTH) checked.findings.push(PAIRS.found({ what: `PayloadLogging.store: only ${mode} are logged`, got: mode, allowed: 'PayloadMode.BOTH', fix: "leave 'mode' out, or acknowledge it" }));
    return new PayloadLogging({ url: checked.props.store?.url ?? 'http://unknown', format: PayloadFormat.BATCH }, checked.props, checked.findings);
  }

  /** To an HTTP sink that takes CloudEvents. */
  public static http(props: HttpPayloadLoggingProps): PayloadLogging {
    const checked = checkShape('PayloadLogging.http', HTTP, props);
    return new PayloadLogging({ url: checked.props.url ?? 'http://unknown', format: checked.props.batch ? PayloadFormat.BATCH : PayloadFormat.BINARY, secretName: checked.props.authorizationSecretName }, checked.props, checked.findings);
  }

  /** To a topic of Kafka, through an HTTP bridge. */
  public static kafka(props: KafkaPayloadLoggingProps): PayloadLogging {
    const direct = (props as { bootstrapServers?: unknown } | undefined)?.bootstrapServers;
    if (direct !== undefined) {
      return new PayloadLogging({ url: 'http://unknown', format: PayloadFormat.KAFKA }, {}, [BRIDGE.found({
        what: "PayloadLogging.kafka: the logger speaks HTTP, and no brokers' protocol", got: direct, allowed: "'bridgeUrl' and 'topic'", fix: "give the address of Strimzi's Kafka Bridge or of a Confluent REST Proxy as 'bridgeUrl'; or post to a KafkaSink of Knative with PayloadLogging.http",
      })]);
    }
    const checked = checkShape('PayloadLogging.kafka', KAFKA, props);
    const url = `${(checked.props.bridgeUrl ?? 'http://unknown').replace(/\/+$/, '')}/topics/${checked.props.topic}`;
    return new PayloadLogging({ url, format: PayloadFormat.KAFKA, secretName: checked.props.authorizationSecretName }, checked.props, checked.findings);
  }

  /** Where events are posted to. */
  public readonly url: string;
  /** How they are told. */
  public readonly format: PayloadFormat;
  /** Which halves of a prediction. */
  public readonly mode: PayloadMode;
  /** Percent of the predictions. */
  public readonly samplePercent: number;
  /** @internal */
  public readonly _secretName?: string;

  private constructor(
    sink: Sink,
    /** @internal */
    public readonly _props: PayloadLoggingProps,
    /** @internal */
    public readonly _findings: readonly Finding[],
  ) {
    this.url = sink.url;
    this.format = sink.format;
    this._secretName = sink.secretName;
    this.mode = _props.mode ?? PayloadMode.BOTH;
    this.samplePercent = _props.samplePercent ?? 100;
  }
}

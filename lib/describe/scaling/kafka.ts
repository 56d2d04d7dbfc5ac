import { named } from '../checks/names';
import { checkShape, is, Shape } from '../checks/shape';
import { Finding, ProblemKind } from '../problem';

const AUTH = ProblemKind.error('SERVING_KAFKA_AUTH', 'Access to Kafka that is half said', 'KEDA could not log in, and the copies stay as they are.');

/** How a client says who it is to Kafka. */
export enum KafkaSasl {
  /** User and password in plain text: over TLS only. */
  PLAINTEXT = 'plaintext',
  /** SCRAM with SHA-256. */
  SCRAM_SHA256 = 'scram_sha256',
  /** SCRAM with SHA-512. */
  SCRAM_SHA512 = 'scram_sha512',
}

/** Properties of `KafkaAccess.fromSecretName`. */
export interface KafkaAccessProps {
  /**
   * How user and password are shown.
   * @default - by nothing but a client certificate, if that
   */
  readonly sasl?: KafkaSasl;
  /**
   * Key of the Secret with the user.
   * @default username
   */
  readonly usernameKey?: string;
  /**
   * Key of the Secret with the password.
   * @default password
   */
  readonly passwordKey?: string;
  /**
   * Whether the brokers are asked by TLS.
   * @default true
   */
  readonly tls?: boolean;
  /**
   * Key of the Secret with the authority's certificate.
   * @default - the authorities that KEDA trusts anyway
   */
  readonly caKey?: string;
  /**
   * Key of the Secret with the client's certificate.
   * @default - none
   */
  readonly certificateKey?: string;
  /**
   * Key of the Secret with the client's private key.
   * @default - none
   */
  readonly privateKeyKey?: string;
}

const KEY = is.text('a key of the Secret', /^[-._a-zA-Z0-9]+$/);
const SHAPE: Shape<KafkaAccessProps & { name: string }> = {
  name: is.required(named.subdomain), sasl: is.oneOf(Object.values(KafkaSasl)), usernameKey: KEY, passwordKey: KEY, tls: is.flag, caKey: KEY, certificateKey: KEY, privateKeyKey: KEY,
};

/** How KEDA reaches a Kafka that wants to know who asks. Secrets come by reference only. */
export class KafkaAccess {
  /**
   * By a Secret in the service's namespace.
   * @param secretName name of the Secret.
   */
  public static fromSecretName(secretName: string, props: KafkaAccessProps = {}): KafkaAccess {
    const checked = checkShape('KafkaAccess.fromSecretName', SHAPE, { ...props, name: secretName });
    const { findings } = checked;
    const { sasl, tls, caKey, certificateKey, privateKeyKey, usernameKey, passwordKey } = checked.props;
    const half = (what: string, fix: string): number => findings.push(AUTH.found({ what: `KafkaAccess.fromSecretName: ${what}`, fix }));
    if ((certificateKey === undefined) !== (privateKeyKey === undefined)) half("'certificateKey' and 'privateKeyKey' go together", 'give both, or neither');
    if (sasl === undefined && (usernameKey ?? passwordKey) !== undefined) half("keys of a user without 'sasl'", 'say how the user is shown, such as KafkaSasl.SCRAM_SHA512');
    if (tls === false && (caKey ?? certificateKey) !== undefined) half("certificates without 'tls'", "leave 'tls' out");
    if (tls === false && sasl === KafkaSasl.PLAINTEXT) half('a password in plain text over a connection that is, too', "leave 'tls' out, or use SCRAM");
    if (findings.length === 0 && sasl === undefined && caKey === undefined && certificateKey === undefined) half('nothing of the Secret is used', "give 'sasl' or the key of a certificate");
    return new KafkaAccess(checked.props.name ?? 'unknown', checked.props, findings);
  }

  private constructor(
    /** Name of the Secret. */
    public readonly secretName: string,
    /** @internal */
    public readonly _props: Partial<KafkaAccessProps>,
    /** @internal */
    public readonly _findings: readonly Finding[],
  ) {}
}

/** A consumer group's lag in a topic. */
export interface KafkaLag {
  /** Brokers to ask first: `kafka.streaming:9092`. */
  readonly bootstrapServers: string[];
  /** The consumer group that reads. */
  readonly consumerGroup: string;
  /** The topic. */
  readonly topic: string;
  /**
   * Whether there may be more copies than partitions; those beyond have nothing to read.
   * @default false
   */
  readonly allowIdleConsumers?: boolean;
  /**
   * How the brokers are reached.
   * @default - without TLS and without a name
   */
  readonly access?: KafkaAccess;
}

import { AcceleratorKind } from '../accelerator';

/** A protocol that clients speak to a server. An open set. */
export class InferenceProtocol {
  /** Open Inference Protocol (V2) by REST. */
  public static readonly V2_REST = new InferenceProtocol('v2-rest', true);
  /** Open Inference Protocol (V2) by gRPC. */
  public static readonly V2_GRPC = new InferenceProtocol('v2-grpc', false);
  /** The older V1 protocol by REST (`/v1/models/<name>:predict`). */
  public static readonly V1_REST = new InferenceProtocol('v1-rest', true);
  /** TensorFlow Serving's gRPC. */
  public static readonly TENSORFLOW_GRPC = new InferenceProtocol('tensorflow-grpc', false);
  /** OpenAI's REST API. */
  public static readonly OPENAI = new InferenceProtocol('openai', true);
  /** A REST API of its own. */
  public static readonly CUSTOM_REST = new InferenceProtocol('custom-rest', true);

  /**
   * Any other protocol.
   * @param name as the server's entry names it.
   * @param overHttp whether it is spoken on the HTTP port (and not the gRPC port).
   */
  public static of(name: string, overHttp: boolean): InferenceProtocol {
    return new InferenceProtocol(name, overHttp);
  }

  private constructor(
    /** The protocol's name. */
    public readonly name: string,
    /** Whether it is spoken on the HTTP port. */
    public readonly http: boolean,
  ) {}

  /** Whether two protocols are the same. */
  public sameAs(other: InferenceProtocol): boolean {
    return this.name === other.name;
  }

  /** The protocol's name. */
  public toString(): string {
    return this.name;
  }
}

/** What a metric tells. */
export enum MetricRole {
  /** Requests, all of them. */
  REQUESTS = 'requests',
  /** Requests that failed. */
  FAILURES = 'failures',
  /** How long requests took. */
  LATENCY = 'latency',
  /** Requests that are being answered. */
  IN_FLIGHT = 'inFlight',
  /** Requests that wait. */
  QUEUE = 'queue',
  /** How long requests waited. */
  QUEUE_TIME = 'queueTime',
  /** Requests answered together. */
  BATCH_SIZE = 'batchSize',
  /** Time to the first token. */
  TIME_TO_FIRST_TOKEN = 'timeToFirstToken',
  /** Time between tokens. */
  INTER_TOKEN = 'interToken',
  /** Tokens read. */
  PROMPT_TOKENS = 'promptTokens',
  /** Tokens written. */
  GENERATED_TOKENS = 'generatedTokens',
  /** Share of the KV cache in use, 0 to 1. */
  KV_CACHE = 'kvCache',
  /** Share of the GPU in use, 0 to 1. */
  GPU_UTILIZATION = 'gpuUtilization',
}

/** Prometheus' kinds of metrics. */
export enum MetricType {
  /** Only grows. */
  COUNTER = 'counter',
  /** Goes up and down. */
  GAUGE = 'gauge',
  /** Counts by bucket. */
  HISTOGRAM = 'histogram',
  /** Sum and count. */
  SUMMARY = 'summary',
}

/** One metric of a server. */
export interface ServerMetric {
  /** What it tells. */
  readonly role: MetricRole;
  /** The name, of a histogram or summary without `_bucket`, `_sum`, `_count`. */
  readonly name: string;
  /** Its kind. */
  readonly type: MetricType;
  /**
   * Unit of its value: `s`, `ms`, `us`, `1`.
   * @default 1
   */
  readonly unit?: string;
  /**
   * The label that carries the model's name.
   * @default - none: the metric is of the whole server
   */
  readonly modelLabel?: string;
  /**
   * PromQL matchers that it needs to tell just this, without braces: `status_code=~"5.."`.
   * @default - none
   */
  readonly matchers?: string;
  /**
   * FAILURES only: the matchers with which `allName` counts all requests, failed or not.
   * @default - the failures are counted apart: all requests are REQUESTS and FAILURES together
   */
  readonly allMatchers?: string;
  /**
   * FAILURES only: the counter that counts all requests with `allMatchers`, by the same label of the model.
   * @default - this metric itself
   */
  readonly allName?: string;
  /**
   * COUNTER that adds up times or batches: the counter, by the same label of the model, that it is divided by for its mean.
   * @default - it has no mean
   */
  readonly countName?: string;
  /**
   * Whether it tells of requests by HTTP alone (true) or by gRPC alone (false).
   * @default - of both
   */
  readonly overHttp?: boolean;
  /**
   * Upper bounds of a histogram's buckets, in the metric's unit.
   * @default - not a histogram
   */
  readonly buckets?: number[];
  /**
   * Whether the bounds can be set.
   * @default false
   */
  readonly bucketsSettable?: boolean;
  /**
   * What must be switched on for it.
   * @default - always there
   */
  readonly onlyWith?: string;
  /** Where the fact was read. */
  readonly source: string;
}

/** A format that a server reads. */
export interface ServedFormat {
  /** Name of the format. */
  readonly format: string;
  /** How the files must lie, as text for the docs. */
  readonly layout: string;
  /**
   * Whether it can't be read on CPU alone.
   * @default false
   */
  readonly needsAccelerator?: boolean;
  /**
   * Whether an accelerator would stand idle.
   * @default false
   */
  readonly cpuOnly?: boolean;
}

/** Whether a server is still looked after. */
export interface ServerMaintenance {
  /** What is the matter. */
  readonly note: string;
  /** What to use instead. */
  readonly instead: string;
  /** Where the fact was read. */
  readonly source: string;
}

/** How a server sends traces. */
export interface TracingFacts {
  /** Whether by OTLP over HTTP; else over gRPC. */
  readonly http: boolean;
  /** Whether by TLS, where the address asks for it. */
  readonly tls: boolean;
  /** Whether with headers that OpenTelemetry's variable `OTEL_EXPORTER_OTLP_HEADERS` gives. */
  readonly headers: boolean;
  /** Where the fact was read. */
  readonly source: string;
}

/** Whether a server can be told which requests to answer together. */
export interface BatchingFacts {
  /** Whether it does what `LaunchRequest.batching` says. */
  readonly settable: boolean;
  /** How, or why not. */
  readonly note: string;
  /** Where the fact was read. */
  readonly source: string;
}

/** What is known of a server, apart from any one model. */
export interface ServerFacts {
  /** Stable name in lower case, such as `mlserver`: a label value. */
  readonly id: string;
  /** Name as its makers write it. */
  readonly title: string;
  /** Version that these facts were read from, and that is started unless another is named. */
  readonly version: string;
  /** Protocols, the best first. */
  readonly protocols: InferenceProtocol[];
  /** Formats that it reads. */
  readonly formats: ServedFormat[];
  /** Accelerators that a published image of it can use. */
  readonly accelerators: AcceleratorKind[];
  /** Whether it serves on CPU alone. */
  readonly cpu: boolean;
  /**
   * Whether one of it serves many models (`InferenceServerPool`).
   * @default false
   */
  readonly pools?: boolean;
  /**
   * Whether the engine may pick it by itself.
   * @default true
   */
  readonly selectable?: boolean;
  /** Its metrics. */
  readonly metrics: ServerMetric[];
  /** Whether it ends the answers it has begun when it is told to stop; if not, the pod waits as long as the longest answer before that. */
  readonly drains: boolean;
  /**
   * Seconds from the signal to stop until it begins to end its answers.
   * @default 0
   */
  readonly drainDelaySeconds?: number;
  /**
   * Memory that it needs without any model, in MiB.
   * @default 512
   */
  readonly baseMemoryMib?: number;
  /**
   * Memory per byte of model files.
   * @default 1.5
   */
  readonly memoryFactor?: number;
  /**
   * Whether it finds mounted code also in its working directory, and not by `PYTHONPATH` alone.
   * @default false
   */
  readonly codeInWorkingDirectory?: boolean;
  /**
   * What is to be known before it is used.
   * @default - nothing
   */
  readonly maintenance?: ServerMaintenance;
  /**
   * How it sends traces.
   * @default - it makes none
   */
  readonly tracing?: TracingFacts;
  /**
   * Whether it can be told which requests to answer together.
   * @default - nothing is known of it, and so it can't
   */
  readonly batching?: BatchingFacts;
  /** Where the facts were read: fact → source. */
  readonly sources: { [fact: string]: string };
}

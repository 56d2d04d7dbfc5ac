import { Size } from 'cdk8s';
import { AcceleratorKind } from '../accelerator';
import { checkShape, is, Shape } from '../checks/shape';
import { Finding } from '../problem';
import { cachesBelow, checkArguments, checkBuckets, flags, prop, sharedMemory, variables, withBounds } from './parts';
import { LaunchRequest, ServerDefinition, ServerLaunch } from './server-definition';
import { MetricRole, MetricType, InferenceProtocol, ServerFacts } from './server-facts';

const REPOSITORY = 'https://github.com/sgl-project/sglang/blob/v0.5.23';

/** Properties of `InferenceServer.sglang`. */
export interface SglangProps {
  /**
   * Version of SGLang.
   * @default - of the defaults set
   */
  readonly version?: string;
  /**
   * Image to run. On AMD GPUs it must be said: there is an image for each of their generations.
   * @default - `lmsysorg/sglang` of the version, for CUDA
   */
  readonly image?: string;
  /**
   * Tokens that a request may have, prompt and answer together.
   * @default - as the model was trained
   */
  readonly contextLength?: number;
  /**
   * Share of the device's memory for weights and KV cache, 0 to 1.
   * @default - worked out by SGLang
   */
  readonly memoryFraction?: number;
  /**
   * Requests that are answered at once; others wait.
   * @default - worked out by SGLang
   */
  readonly maxRunningRequests?: number;
  /**
   * Requests that may wait; others are refused.
   * @default - no limit
   */
  readonly maxQueuedRequests?: number;
  /**
   * Tokens of a prompt that are read at once; -1 reads all.
   * @default - worked out by SGLang
   */
  readonly chunkedPrefillSize?: number;
  /**
   * How weights are quantized, such as `awq`, `gptq`, `fp8`.
   * @default - as the model's config.json says
   */
  readonly quantization?: string;
  /**
   * Type that weights are held in: `auto`, `half`, `bfloat16`, `float32`.
   * @default auto
   */
  readonly dtype?: string;
  /**
   * Whether answers begin from what is known of an equal beginning of another prompt.
   * @default true
   */
  readonly enablePrefixCaching?: boolean;
  /**
   * Whether code that lies among the model's files is run.
   * @default false
   */
  readonly trustRemoteCode?: boolean;
  /**
   * Bounds of the latency histogram, in seconds, ascending: what an objective can be measured at.
   * @default - SGLang's own, 0.1 s to 40 min
   */
  readonly latencyBuckets?: number[];
  /**
   * Limit of shared memory (`/dev/shm`), which counts as memory of the pod.
   * @default - 1 GiB with one device, 8 to 20 GiB with more
   */
  readonly sharedMemory?: Size;
  /**
   * Arguments of `sglang.launch_server` that are handed on as they are.
   * @default - none
   */
  readonly extraArguments?: string[];
}

const SHAPE: Shape<SglangProps> = {
  version: prop.semver, image: prop.image, contextLength: is.integer(1), memoryFraction: is.number(0.01, 1), maxRunningRequests: is.integer(1), maxQueuedRequests: is.integer(1), chunkedPrefillSize: is.integer(-1),
  quantization: prop.word, dtype: prop.word, enablePrefixCaching: is.flag, trustRemoteCode: is.flag, latencyBuckets: prop.buckets, sharedMemory: is.size, extraArguments: prop.arguments,
};
const TAKEN = [
  '--model-path', '--model', '--served-model-name', '--host', '--port', '--tp-size', '--tensor-parallel-size', '--tp', '--enable-metrics', '--context-length', '--mem-fraction-static', '--max-running-requests',
  '--max-queued-requests', '--chunked-prefill-size', '--quantization', '--dtype', '--disable-radix-cache', '--trust-remote-code', '--bucket-e2e-request-latency', '--ssl-keyfile', '--ssl-certfile',
];

/** Default bounds, in seconds. Source: python/sglang/srt/observability/metrics_collector.py. */
const FIRST_TOKEN_BUCKETS = [0.1, 0.2, 0.4, 0.6, 0.8, 1, 2, 4, 6, 8, 10, 20, 40, 60, 80, 100, 200, 400];
const LATENCY_BUCKETS = [...FIRST_TOKEN_BUCKETS, 600, 1200, 1800, 2400];
const TOKEN_BUCKETS = [0.002, 0.004, 0.006, 0.008, 0.01, 0.015, 0.02, 0.025, 0.03, 0.035, 0.04, 0.06, 0.08, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 2, 4, 6, 8];
const QUEUE_BUCKETS = [
  0, 0.001, 0.005, 0.01, 0.05, 0.1, 0.2, 0.5, 1, 2, 3, 4, 5, 10, 15, 20, 30, 40, 50, 60, 70, 80, 90, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000, 1200, 1400, 1600, 1800, 2000, 2500, 3000,
];

/** SGLang: language models behind OpenAI's API. */
export class SglangServer extends ServerDefinition {
  /** @internal */
  public readonly _findings: readonly Finding[];
  public readonly facts: ServerFacts;
  private readonly props: Partial<SglangProps>;

  public constructor(props: SglangProps = {}) {
    super();
    const owner = 'InferenceServer.sglang';
    const checked = checkShape(owner, SHAPE, props);
    this.props = checked.props;
    this._findings = [...checked.findings, ...checkArguments(owner, checked.props.extraArguments, TAKEN), ...checkBuckets(owner, checked.props.latencyBuckets)];
    this.facts = factsOf(checked.props);
  }

  public get requestedVersion(): string | undefined {
    return this.props.version;
  }

  public withLatencyBounds(bounds: number[]): ServerDefinition {
    const latencyBuckets = withBounds(this.props.latencyBuckets ?? LATENCY_BUCKETS, bounds);
    return latencyBuckets === undefined ? this : new SglangServer({ ...this.props, latencyBuckets });
  }

  public launch(request: LaunchRequest): ServerLaunch {
    return {
      image: this.props.image ?? `docker.io/lmsysorg/sglang:v${request.version}`,
      command: ['python3', '-m', 'sglang.launch_server'],
      args: [...this.flags(request), ...(this.props.extraArguments ?? [])],
      environment: variables({
        ...cachesBelow('/tmp'),
        // SGLang closes idle connections after 5 s, just as a proxy sends the next request on one
        SGLANG_TIMEOUT_KEEP_ALIVE: '75',
        // otherwise each probe asks for a token, and fails while a long prompt is read
        SGLANG_ENABLE_HEALTH_ENDPOINT_GENERATION: 'false',
      }),
      writable: [{ path: '/tmp', limitMib: 8192 }, sharedMemory(request, this.props.sharedMemory)],
      httpPort: 30000, metricsPath: '/metrics',
      // 503 until the warm-up is over, and while it stops
      readiness: { port: 'http', path: '/ready' },
      liveness: { port: 'http', path: '/health' },
      // the image starts as root, and its kernels are compiled as they are needed; that another user or a read-only root works is proven nowhere
      nonRoot: false, readOnlyRoot: false,
    };
  }

  private flags(request: LaunchRequest): string[] {
    const model = request.models[0]!;
    const devices = request.accelerator?.count ?? 1;
    const { contextLength, memoryFraction, maxRunningRequests, maxQueuedRequests, chunkedPrefillSize, quantization, dtype, enablePrefixCaching, trustRemoteCode, latencyBuckets } = this.props;
    return [
      ...flags({
        '--model-path': model.path,
        '--served-model-name': model.name,
        // it would listen on 127.0.0.1 alone
        '--host': '0.0.0.0',
        '--port': 30000,
        '--tp-size': devices > 1 ? devices : undefined,
        '--enable-metrics': true,
        '--context-length': contextLength,
        '--mem-fraction-static': memoryFraction,
        '--max-running-requests': maxRunningRequests,
        '--max-queued-requests': maxQueuedRequests,
        '--chunked-prefill-size': chunkedPrefillSize,
        '--quantization': quantization,
        '--dtype': dtype,
        '--disable-radix-cache': enablePrefixCaching === false,
        '--trust-remote-code': trustRemoteCode,
      }),
      ...(latencyBuckets === undefined ? [] : ['--bucket-e2e-request-latency', ...latencyBuckets.map(String)]),
    ];
  }
}

/** Answers to clients: probes and scrapes are counted as well, by endpoints of their own. */
const ANSWERS = 'endpoint=~"/v1/.*"';

function factsOf(props: Partial<SglangProps>): ServerFacts {
  const source = `${REPOSITORY}/python/sglang/srt/observability/metrics_collector.py`;
  const http = `${REPOSITORY}/python/sglang/srt/observability/http_request_metrics.py`;
  const model = { modelLabel: 'model_name', source };
  const histogram = { type: MetricType.HISTOGRAM, unit: 's', ...model };
  return {
    id: 'sglang', title: 'SGLang', version: '0.5.23',
    protocols: [InferenceProtocol.OPENAI],
    formats: [{ format: 'huggingface', layout: "a repository's files: config.json, tokenizer and safetensors" }],
    // its image for CPU needs a Xeon with AMX, and those for AMD one generation of GPUs each
    accelerators: [AcceleratorKind.NVIDIA, ...(props.image === undefined ? [] : [AcceleratorKind.AMD])], cpu: false,
    // it waits for what it has begun as long as the pod lets it
    drains: true, baseMemoryMib: 4096, memoryFactor: 1.5,
    metrics: [
      // counted as they end
      { role: MetricRole.REQUESTS, name: 'sglang:num_requests_total', type: MetricType.COUNTER, ...model },
      { role: MetricRole.FAILURES, name: 'sglang:http_responses_total', type: MetricType.COUNTER, matchers: `${ANSWERS},status_code=~"5.."`, allMatchers: ANSWERS, source: http },
      { role: MetricRole.FAILURES, name: 'sglang:num_aborted_requests_total', type: MetricType.COUNTER, ...model },
      { role: MetricRole.LATENCY, name: 'sglang:e2e_request_latency_seconds', buckets: props.latencyBuckets ?? LATENCY_BUCKETS, bucketsSettable: true, ...histogram },
      { role: MetricRole.IN_FLIGHT, name: 'sglang:num_running_reqs', type: MetricType.GAUGE, ...model },
      { role: MetricRole.QUEUE, name: 'sglang:num_queue_reqs', type: MetricType.GAUGE, ...model },
      { role: MetricRole.QUEUE_TIME, name: 'sglang:queue_time_seconds', buckets: QUEUE_BUCKETS, ...histogram },
      { role: MetricRole.TIME_TO_FIRST_TOKEN, name: 'sglang:time_to_first_token_seconds', buckets: FIRST_TOKEN_BUCKETS, bucketsSettable: true, ...histogram },
      { role: MetricRole.INTER_TOKEN, name: 'sglang:inter_token_latency_seconds', buckets: TOKEN_BUCKETS, bucketsSettable: true, ...histogram },
      { role: MetricRole.PROMPT_TOKENS, name: 'sglang:prompt_tokens_total', type: MetricType.COUNTER, ...model },
      { role: MetricRole.GENERATED_TOKENS, name: 'sglang:generation_tokens_total', type: MetricType.COUNTER, ...model },
      { role: MetricRole.KV_CACHE, name: 'sglang:token_usage', type: MetricType.GAUGE, ...model },
    ],
    batching: { settable: false, note: 'it batches by itself, token by token', source: `${REPOSITORY}/README.md` },
    sources: {
      image: `${REPOSITORY}/.github/workflows/release-docker.yml`, user: `${REPOSITORY}/docker/Dockerfile`, settings: `${REPOSITORY}/python/sglang/srt/server_args.py`,
      probes: `${REPOSITORY}/python/sglang/srt/entrypoints/http_server.py`, drain: `${REPOSITORY}/python/sglang/srt/managers/tokenizer_manager.py`,
    },
  };
}

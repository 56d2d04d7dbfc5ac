import { Size } from 'cdk8s';
import { AcceleratorKind } from '../accelerator';
import { bytesOf, checkShape, is, Shape } from '../checks/shape';
import { Finding } from '../problem';
import { cachesBelow, checkArguments, checkBuckets, drainSeconds, flags, prop, sampler, sharedMemory, variables, withBounds } from './parts';
import { LaunchRequest, ServerDefinition, ServerLaunch } from './server-definition';
import { MetricRole, MetricType, InferenceProtocol, ServerFacts } from './server-facts';

const REPOSITORY = 'https://github.com/vllm-project/vllm/blob/v0.33.0';

/** Properties of `InferenceServer.vllm`. */
export interface VllmProps {
  /**
   * Version of vLLM.
   * @default - of the defaults set
   */
  readonly version?: string;
  /**
   * Image to run.
   * @default - vLLM's own of the version: for CUDA, ROCm or CPU
   */
  readonly image?: string;
  /**
   * Tokens that a request may have, prompt and answer together.
   * @default - as the model was trained
   */
  readonly maxModelLength?: number;
  /**
   * Share of the device's memory that vLLM takes, 0 to 1.
   * @default - vLLM's own
   */
  readonly gpuMemoryUtilization?: number;
  /**
   * Requests that are answered at once; others wait.
   * @default - vLLM's own, by device
   */
  readonly maxSequences?: number;
  /**
   * Requests that may wait; others are refused with 503.
   * @default - no limit
   */
  readonly maxQueuedRequests?: number;
  /**
   * How weights are quantized, such as `awq`, `gptq`, `fp8`.
   * @default - as the model's config.json says
   */
  readonly quantization?: string;
  /**
   * Type that weights are held in: `auto`, `float16`, `bfloat16`, `float32`.
   * @default auto
   */
  readonly dtype?: string;
  /**
   * Whether answers begin from what is known of an equal beginning of another prompt.
   * @default - vLLM's own
   */
  readonly enablePrefixCaching?: boolean;
  /**
   * Whether code that lies among the model's files is run.
   * @default false
   */
  readonly trustRemoteCode?: boolean;
  /**
   * Memory for the KV cache on CPU; whole GiB.
   * @default - vLLM's own
   */
  readonly cpuKvCache?: Size;
  /**
   * Bounds of the latency histograms, in seconds, ascending: what an objective can be measured at.
   * @default - vLLM's own, 0.3 s to 2 h
   */
  readonly latencyBuckets?: number[];
  /**
   * Limit of shared memory (`/dev/shm`), which counts as memory of the pod.
   * @default - 1 GiB with one device, 8 to 20 GiB with more
   */
  readonly sharedMemory?: Size;
  /**
   * Arguments of `vllm serve` that are handed on as they are.
   * @default - none
   */
  readonly extraArguments?: string[];
}

const SHAPE: Shape<VllmProps> = {
  version: prop.semver, image: prop.image, maxModelLength: is.integer(1), gpuMemoryUtilization: is.number(0.01, 1), maxSequences: is.integer(1), maxQueuedRequests: is.integer(1),
  quantization: prop.word, dtype: prop.word, enablePrefixCaching: is.flag, trustRemoteCode: is.flag, cpuKvCache: is.size, latencyBuckets: prop.buckets, sharedMemory: is.size, extraArguments: prop.arguments,
};
const TAKEN = [
  '--model', '--host', '--port', '--served-model-name', '--tensor-parallel-size', '-tp', '--shutdown-timeout', '--max-model-len', '--gpu-memory-utilization', '--max-num-seqs', '--max-num-queued-reqs',
  '--quantization', '-q', '--dtype', '--enable-prefix-caching', '--no-enable-prefix-caching', '--trust-remote-code', '--custom-histogram-buckets', '--root-path', '--ssl-keyfile', '--ssl-certfile',
];

/** Bounds of the families of histograms, in seconds. Source: vllm/v1/metrics/loggers.py. */
const REQUEST_BUCKETS = [0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680];
const FIRST_TOKEN_BUCKETS = [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640, 2560];
const TOKEN_BUCKETS = [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80];

const IMAGES: { readonly [vendor: string]: string } = { [AcceleratorKind.NVIDIA]: 'vllm-openai', [AcceleratorKind.AMD]: 'vllm-openai-rocm' };

/** vLLM: language models behind OpenAI's API. */
export class VllmServer extends ServerDefinition {
  /** @internal */
  public readonly _findings: readonly Finding[];
  public readonly facts: ServerFacts;
  private readonly props: Partial<VllmProps>;

  public constructor(props: VllmProps = {}) {
    super();
    const owner = 'InferenceServer.vllm';
    const checked = checkShape(owner, SHAPE, props);
    this.props = checked.props;
    this._findings = [...checked.findings, ...checkArguments(owner, checked.props.extraArguments, TAKEN), ...checkBuckets(owner, checked.props.latencyBuckets)];
    this.facts = factsOf(checked.props.latencyBuckets);
  }

  public get requestedVersion(): string | undefined {
    return this.props.version;
  }

  public withLatencyBounds(bounds: number[]): ServerDefinition {
    const latencyBuckets = withBounds(this.props.latencyBuckets ?? REQUEST_BUCKETS, bounds);
    return latencyBuckets === undefined ? this : new VllmServer({ ...this.props, latencyBuckets });
  }

  public launch(request: LaunchRequest): ServerLaunch {
    const model = request.models[0]!;
    const { accelerator } = request;
    const cuda = accelerator?.vendor === AcceleratorKind.NVIDIA;
    return {
      image: this.props.image ?? `docker.io/vllm/${accelerator === undefined ? 'vllm-openai-cpu' : IMAGES[accelerator.vendor] ?? 'vllm-openai'}:v${request.version}`,
      command: ['vllm', 'serve'],
      args: [model.path, ...this.flags(request), ...(request.tracing === undefined ? [] : [`--otlp-traces-endpoint=${request.tracing.address}`]), ...(this.props.extraArguments ?? [])],
      environment: variables({
        OTEL_SERVICE_NAME: request.tracing?.serviceName,
        OTEL_EXPORTER_OTLP_TRACES_INSECURE: request.tracing?.address.startsWith('http:') ? 'true' : undefined,
        ...(request.tracing === undefined ? {} : sampler(request.tracing)),
        ...cachesBelow('/tmp'), VLLM_CACHE_ROOT: '/tmp/vllm', VLLM_CONFIG_ROOT: '/tmp/vllm-config', VLLM_NO_USAGE_STATS: '1',
        VLLM_CPU_KVCACHE_SPACE: accelerator === undefined && this.props.cpuKvCache !== undefined ? String(Math.max(1, Math.floor(bytesOf(this.props.cpuKvCache) / 2 ** 30))) : undefined,
      }),
      // compiled kernels and graphs of a large model are some GiB
      writable: [{ path: '/tmp', limitMib: 8192 }, sharedMemory(request, this.props.sharedMemory)],
      httpPort: 8000, metricsPath: '/metrics',
      // the port opens when the model is loaded; a request that takes long does not hold the answer up, a dead engine is a 503
      readiness: { port: 'http', path: '/health' },
      liveness: { port: 'http', path: '/health' },
      // the CUDA image starts as root and is prepared for this user; nothing says so of the images for ROCm and CPU
      ...(cuda ? { user: 2000 } : { nonRoot: false }),
    };
  }

  private flags(request: LaunchRequest): string[] {
    const { maxModelLength, gpuMemoryUtilization, maxSequences, maxQueuedRequests, quantization, dtype, enablePrefixCaching, trustRemoteCode, latencyBuckets } = this.props;
    const devices = request.accelerator?.count ?? 1;
    return flags({
      '--port': 8000,
      '--served-model-name': request.models[0]!.name,
      '--tensor-parallel-size': devices > 1 ? devices : undefined,
      // without it, answers that have begun are dropped
      '--shutdown-timeout': drainSeconds(request),
      '--max-model-len': maxModelLength,
      '--gpu-memory-utilization': gpuMemoryUtilization,
      '--max-num-seqs': maxSequences,
      '--max-num-queued-reqs': maxQueuedRequests,
      '--quantization': quantization,
      '--dtype': dtype,
      '--enable-prefix-caching': enablePrefixCaching === true,
      '--no-enable-prefix-caching': enablePrefixCaching === false,
      '--trust-remote-code': trustRemoteCode,
      '--custom-histogram-buckets': latencyBuckets === undefined ? undefined : JSON.stringify({ request_latency: latencyBuckets }),
    });
  }
}

function factsOf(latencyBuckets: number[] | undefined): ServerFacts {
  const source = `${REPOSITORY}/vllm/v1/metrics/loggers.py`;
  const http = 'https://github.com/trallnag/prometheus-fastapi-instrumentator/blob/v8.1.0/src/prometheus_fastapi_instrumentator/metrics.py';
  const model = { modelLabel: 'model_name', source };
  const histogram = { type: MetricType.HISTOGRAM, unit: 's', bucketsSettable: true, ...model };
  return {
    id: 'vllm', title: 'vLLM', version: '0.33.0',
    protocols: [InferenceProtocol.OPENAI],
    formats: [{ format: 'huggingface', layout: "a repository's files: config.json, tokenizer and safetensors" }],
    accelerators: [AcceleratorKind.NVIDIA, AcceleratorKind.AMD], cpu: true,
    drains: true, baseMemoryMib: 4096, memoryFactor: 1.5,
    metrics: [
      { role: MetricRole.REQUESTS, name: 'vllm:request_success_total', type: MetricType.COUNTER, ...model },
      // the engine does not see requests that are refused or fail in front of it
      { role: MetricRole.FAILURES, name: 'http_requests_total', type: MetricType.COUNTER, matchers: 'handler=~"/v1/.*",status="5xx"', allMatchers: 'handler=~"/v1/.*"', source: http },
      { role: MetricRole.FAILURES, name: 'vllm:request_success_total', type: MetricType.COUNTER, matchers: 'finished_reason="error"', allMatchers: '', ...model },
      { role: MetricRole.LATENCY, name: 'vllm:e2e_request_latency_seconds', buckets: latencyBuckets ?? REQUEST_BUCKETS, ...histogram },
      { role: MetricRole.IN_FLIGHT, name: 'vllm:num_requests_running', type: MetricType.GAUGE, ...model },
      { role: MetricRole.QUEUE, name: 'vllm:num_requests_waiting', type: MetricType.GAUGE, ...model },
      { role: MetricRole.QUEUE_TIME, name: 'vllm:request_queue_time_seconds', buckets: latencyBuckets ?? REQUEST_BUCKETS, ...histogram },
      { role: MetricRole.TIME_TO_FIRST_TOKEN, name: 'vllm:time_to_first_token_seconds', buckets: FIRST_TOKEN_BUCKETS, ...histogram },
      { role: MetricRole.INTER_TOKEN, name: 'vllm:inter_token_latency_seconds', buckets: TOKEN_BUCKETS, ...histogram },
      { role: MetricRole.PROMPT_TOKENS, name: 'vllm:prompt_tokens_total', type: MetricType.COUNTER, ...model },
      { role: MetricRole.GENERATED_TOKENS, name: 'vllm:generation_tokens_total', type: MetricType.COUNTER, ...model },
      { role: MetricRole.KV_CACHE, name: 'vllm:kv_cache_usage_perc', type: MetricType.GAUGE, ...model },
    ],
    // the image has OpenTelemetry's SDK and exporters: they are among the package's requirements
    tracing: { http: false, tls: true, headers: true, source: `${REPOSITORY}/docs/features/observability.md` },
    batching: { settable: false, note: 'it batches by itself, token by token', source: `${REPOSITORY}/README.md` },
    sources: {
      image: `${REPOSITORY}/docs/getting_started/installation/gpu.md`, user: `${REPOSITORY}/docs/deployment/docker.md`, settings: `${REPOSITORY}/vllm/entrypoints/openai/cli_args.py`,
      caches: `${REPOSITORY}/vllm/envs.py`, sharedMemory: `${REPOSITORY}/docs/deployment/docker.md`,
      probes: `${REPOSITORY}/vllm/entrypoints/serve/instrumentator/health.py`, drain: 'https://github.com/vllm-project/vllm/pull/36666',
    },
  };
}

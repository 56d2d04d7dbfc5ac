import { Size } from 'cdk8s';
import { AcceleratorKind } from '../accelerator';
import { bytesOf, checkShape, is, Shape } from '../checks/shape';
import { Finding } from '../problem';
import { cachesBelow, checkArguments, drainSeconds, flags, prop, sharedMemory, variables } from './parts';
import { LaunchRequest, ServerDefinition, ServerLaunch } from './server-definition';
import { MetricRole, MetricType, InferenceProtocol, ServerFacts } from './server-facts';

const REPOSITORY = 'https://github.com/huggingface/text-generation-inference/blob/v3.3.7';

/** Properties of `InferenceServer.tgi`. */
export interface TgiProps {
  /**
   * Version of Text Generation Inference.
   * @default - of the defaults set
   */
  readonly version?: string;
  /**
   * Image to run.
   * @default - `ghcr.io/huggingface/text-generation-inference` of the version: for CUDA, ROCm, Gaudi or Intel CPUs
   */
  readonly image?: string;
  /**
   * Requests that it takes at once, answered and waiting; others are refused with 429.
   * @default 128 (TGI's own)
   */
  readonly maxConcurrentRequests?: number;
  /**
   * Tokens that a prompt may have.
   * @default - worked out by TGI
   */
  readonly maxInputTokens?: number;
  /**
   * Tokens that prompt and answer may have together.
   * @default - worked out by TGI
   */
  readonly maxTotalTokens?: number;
  /**
   * Tokens of prompts that are read at once.
   * @default - worked out by TGI
   */
  readonly maxBatchPrefillTokens?: number;
  /**
   * How weights are quantized, such as `awq`, `gptq`, `fp8`.
   * @default - as the model's config.json says
   */
  readonly quantization?: string;
  /**
   * Type that weights are held in: `float16`, `bfloat16`.
   * @default - float16
   */
  readonly dtype?: string;
  /**
   * Share of the GPU's memory that is taken, 0 to 1.
   * @default 1 (TGI's own)
   */
  readonly gpuMemoryFraction?: number;
  /**
   * Largest body of a request.
   * @default - 2 MB (TGI's own)
   */
  readonly maxRequest?: Size;
  /**
   * Whether code that lies among the model's files is run.
   * @default false
   */
  readonly trustRemoteCode?: boolean;
  /**
   * Limit of shared memory (`/dev/shm`), which counts as memory of the pod.
   * @default - 1 GiB with one device, 8 to 20 GiB with more
   */
  readonly sharedMemory?: Size;
  /**
   * Arguments of `text-generation-launcher` that are handed on as they are.
   * @default - none
   */
  readonly extraArguments?: string[];
}

const SHAPE: Shape<TgiProps> = {
  version: prop.semver, image: prop.image, maxConcurrentRequests: is.integer(1), maxInputTokens: is.integer(1), maxTotalTokens: is.integer(2), maxBatchPrefillTokens: is.integer(1), quantization: prop.word,
  dtype: prop.word, gpuMemoryFraction: is.number(0.01, 1), maxRequest: is.size, trustRemoteCode: is.flag, sharedMemory: is.size, extraArguments: prop.arguments,
};
const TAKEN = [
  '--model-id', '--port', '-p', '--hostname', '--num-shard', '--sharded', '--graceful-termination-timeout', '-g', '--max-concurrent-requests', '--max-input-tokens', '--max-input-length', '--max-total-tokens',
  '--max-batch-prefill-tokens', '--quantize', '--dtype', '--cuda-memory-fraction', '--payload-limit', '--trust-remote-code', '--usage-stats',
];
const SUFFIXES: { readonly [vendor: string]: string } = { [AcceleratorKind.NVIDIA]: '', [AcceleratorKind.AMD]: '-rocm', [AcceleratorKind.GAUDI]: '-gaudi' };

/** Hugging Face Text Generation Inference: language models behind OpenAI's API. In maintenance mode. */
export class TgiServer extends ServerDefinition {
  /** @internal */
  public readonly _findings: readonly Finding[];
  public readonly facts: ServerFacts = FACTS;
  private readonly props: Partial<TgiProps>;

  public constructor(props: TgiProps = {}) {
    super();
    const checked = checkShape('InferenceServer.tgi', SHAPE, props);
    this.props = checked.props;
    this._findings = [...checked.findings, ...checkArguments('InferenceServer.tgi', checked.props.extraArguments, TAKEN)];
  }

  public get requestedVersion(): string | undefined {
    return this.props.version;
  }

  /** The folder is named like the model, as TGI names a model by its folder. */
  public modelPath(root: string, modelName: string): string {
    return `${root}/${modelName}`;
  }

  public launch(request: LaunchRequest): ServerLaunch {
    const { accelerator } = request;
    const suffix = accelerator === undefined ? '-intel-cpu' : SUFFIXES[accelerator.vendor] ?? '';
    return {
      image: this.props.image ?? `ghcr.io/huggingface/text-generation-inference:${request.version}${suffix}`,
      args: [...this.flags(request), ...(this.props.extraArguments ?? [])],
      environment: variables({ ...cachesBelow('/tmp'), GRACEFUL_TERMINATION_TIMEOUT: String(drainSeconds(request)) }),
      writable: [{ path: '/tmp', limitMib: 8192 }, sharedMemory(request, this.props.sharedMemory)],
      httpPort: 8080, metricsPath: '/metrics',
      // the router listens when all shards are up
      readiness: { port: 'http', path: '/health' },
      // /health asks the device, and after a failure the model; the port tells of the process alone
      liveness: { port: 'http' },
      // its Python lies in /root, where no other user can read; and the entry point rewrites the cache of the linker
      nonRoot: false, readOnlyRoot: false,
    };
  }

  private flags(request: LaunchRequest): string[] {
    const { maxConcurrentRequests, maxInputTokens, maxTotalTokens, maxBatchPrefillTokens, quantization, dtype, gpuMemoryFraction, maxRequest, trustRemoteCode } = this.props;
    return flags({
      // also the model's name: there is no flag for one, and the route takes any
      '--model-id': request.models[0]!.path,
      '--hostname': '0.0.0.0',
      '--port': 8080,
      '--num-shard': request.accelerator?.count,
      '--usage-stats': 'off',
      '--max-concurrent-requests': maxConcurrentRequests,
      '--max-input-tokens': maxInputTokens,
      '--max-total-tokens': maxTotalTokens,
      '--max-batch-prefill-tokens': maxBatchPrefillTokens,
      '--quantize': quantization,
      '--dtype': dtype,
      '--cuda-memory-fraction': gpuMemoryFraction,
      '--payload-limit': maxRequest === undefined ? undefined : Math.floor(bytesOf(maxRequest)),
      '--trust-remote-code': trustRemoteCode,
    });
  }
}

const ROUTER = `${REPOSITORY}/router/src/server.rs`;
const BACKEND = `${REPOSITORY}/backends/v3/src`;
/** 0.0001 · 1.5^k seconds, k from 1, multiplied one by one as the router does: its noise of binary fractions is in the labels. Source: router/src/server.rs. */
const BUCKETS = Array.from({ length: 35 }).reduce<number[]>((bounds) => [...bounds, (bounds.at(-1) ?? 0.0001) * 1.5], []);
const FACTS: ServerFacts = {
  id: 'tgi', title: 'Text Generation Inference', version: '3.3.7',
  protocols: [InferenceProtocol.OPENAI],
  formats: [{ format: 'huggingface', layout: "a repository's files: config.json, tokenizer and safetensors" }],
  accelerators: [AcceleratorKind.NVIDIA, AcceleratorKind.AMD, AcceleratorKind.GAUDI], cpu: true, selectable: false,
  drains: true, baseMemoryMib: 4096, memoryFactor: 1.5,
  // no metric tells the model: there is one a server
  metrics: [
    { role: MetricRole.REQUESTS, name: 'tgi_request_success', type: MetricType.COUNTER, source: ROUTER },
    // a request that is not one is its client's failure
    { role: MetricRole.FAILURES, name: 'tgi_request_failure', type: MetricType.COUNTER, matchers: 'err!~"validation|template"', source: `${REPOSITORY}/router/src/infer/mod.rs` },
    { role: MetricRole.LATENCY, name: 'tgi_request_duration', type: MetricType.HISTOGRAM, unit: 's', buckets: BUCKETS, source: ROUTER },
    { role: MetricRole.QUEUE, name: 'tgi_queue_size', type: MetricType.GAUGE, source: `${BACKEND}/queue.rs` },
    { role: MetricRole.QUEUE_TIME, name: 'tgi_request_queue_duration', type: MetricType.HISTOGRAM, unit: 's', buckets: BUCKETS, source: ROUTER },
    // the batch holds all requests that are being answered
    { role: MetricRole.IN_FLIGHT, name: 'tgi_batch_current_size', type: MetricType.GAUGE, source: `${BACKEND}/backend.rs` },
    { role: MetricRole.BATCH_SIZE, name: 'tgi_batch_current_size', type: MetricType.GAUGE, source: `${BACKEND}/backend.rs` },
    { role: MetricRole.INTER_TOKEN, name: 'tgi_request_mean_time_per_token_duration', type: MetricType.HISTOGRAM, unit: 's', buckets: BUCKETS, source: ROUTER },
    { role: MetricRole.PROMPT_TOKENS, name: 'tgi_request_input_length_sum', type: MetricType.COUNTER, source: `${REPOSITORY}/router/src/validation.rs` },
    { role: MetricRole.GENERATED_TOKENS, name: 'tgi_request_generated_tokens_sum', type: MetricType.COUNTER, source: ROUTER },
  ],
  maintenance: { note: 'Text Generation Inference is in maintenance mode: it gets minor fixes only', instead: 'vLLM or SGLang', source: `${REPOSITORY}/README.md` },
  batching: { settable: false, note: 'it batches by itself, token by token', source: 'https://huggingface.co/docs/text-generation-inference/conceptual/streaming' },
  sources: {
    image: `${REPOSITORY}/docs/source/installation_amd.md`, user: `${REPOSITORY}/Dockerfile`, settings: `${REPOSITORY}/launcher/src/main.rs`, sharedMemory: `${REPOSITORY}/README.md`,
    probes: ROUTER, drain: `${REPOSITORY}/launcher/src/main.rs`,
  },
};

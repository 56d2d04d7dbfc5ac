import { Size } from 'cdk8s';
import { AcceleratorKind } from '../accelerator';
import { checkShape, is, Shape } from '../checks/shape';
import { Finding } from '../problem';
import { cachesBelow, checkArguments, flags, KSERVE_REPOSITORY, PROMETHEUS_BUCKETS, prop, sharedMemory, variables } from './parts';
import { LaunchRequest, ServerDefinition, ServerLaunch } from './server-definition';
import { MetricRole, MetricType, InferenceProtocol, ServerFacts, ServerMetric } from './server-facts';

/** What runs a model in KServe's Hugging Face server. */
export enum KServeHuggingFaceBackend {
  /** vLLM for the generating models that it knows, transformers for all others. */
  AUTO = 'auto',
  /** transformers. */
  HUGGING_FACE = 'huggingface',
  /** vLLM. */
  VLLM = 'vllm',
}

/** Properties of `InferenceServer.kserveHuggingFace`. */
export interface KServeHuggingFaceProps {
  /**
   * Version of KServe.
   * @default - of the defaults set
   */
  readonly version?: string;
  /**
   * Image to run.
   * @default - `kserve/huggingfaceserver` of the version, with `-gpu` on an accelerator
   */
  readonly image?: string;
  /**
   * What runs the model.
   * @default KServeHuggingFaceBackend.AUTO
   */
  readonly backend?: KServeHuggingFaceBackend;
  /**
   * What the model does, such as `sequence_classification`, `fill_mask`, `text_embedding`, `text_generation`.
   * @default - told by the architecture that the model's config.json names
   */
  readonly task?: string;
  /**
   * Tokens that a request may have, prompt and answer together.
   * @default - as the model was trained
   */
  readonly maxModelLength?: number;
  /**
   * Type that weights are held in: `auto`, `float16`, `bfloat16`, `float32`.
   * @default auto
   */
  readonly dtype?: string;
  /**
   * Whether code that lies among the model's files is run.
   * @default false
   */
  readonly trustRemoteCode?: boolean;
  /**
   * Whether a classifier answers with probabilities.
   * @default false
   */
  readonly probabilities?: boolean;
  /**
   * Whether prompts are logged.
   * @default false
   */
  readonly logRequests?: boolean;
  /**
   * Limit of shared memory (`/dev/shm`), which counts as memory of the pod.
   * @default - 1 GiB with one device, 8 to 20 GiB with more
   */
  readonly sharedMemory?: Size;
  /**
   * Arguments that are handed on as they are; vLLM's own too.
   * @default - none
   */
  readonly extraArguments?: string[];
}

const SHAPE: Shape<KServeHuggingFaceProps> = {
  version: prop.semver, image: prop.image, backend: is.oneOf(Object.values(KServeHuggingFaceBackend)), task: prop.word, maxModelLength: is.integer(1), dtype: prop.word,
  trustRemoteCode: is.flag, probabilities: is.flag, logRequests: is.flag, sharedMemory: is.size, extraArguments: prop.arguments,
};
const TAKEN = [
  '--model_name', '--served-model-name', '--model_dir', '--model_id', '--http_port', '--grpc_port', '--workers', '--backend', '--task', '--max_model_len', '--max_length',
  '--dtype', '--trust_remote_code', '--return_probabilities', '--disable_log_requests', '--tensor-parallel-size', '-tp',
];
/** Tasks that vLLM's OpenAI routes answer; all others are asked by V1 or V2. */
const GENERATING = new Set([undefined, 'text_generation', 'text2text_generation']);

/** KServe's Hugging Face server: transformers or vLLM behind V1, V2 and OpenAI. */
export class KServeHuggingFaceServer extends ServerDefinition {
  /** @internal */
  public readonly _findings: readonly Finding[];
  public readonly facts: ServerFacts;
  private readonly props: Partial<KServeHuggingFaceProps>;

  public constructor(props: KServeHuggingFaceProps = {}) {
    super();
    const checked = checkShape('InferenceServer.kserveHuggingFace', SHAPE, props);
    this.props = checked.props;
    this._findings = [...checked.findings, ...checkArguments('InferenceServer.kserveHuggingFace', checked.props.extraArguments, TAKEN)];
    this.facts = factsOf(checked.props);
  }

  public get requestedVersion(): string | undefined {
    return this.props.version;
  }

  public exposedPaths(): string[] {
    return super.exposedPaths().map((path) => (path === '/v1' ? '/openai/v1' : path));
  }

  public requestPath(protocol: InferenceProtocol, modelName: string): string {
    return protocol.sameAs(InferenceProtocol.OPENAI) ? '/openai/v1/chat/completions' : super.requestPath(protocol, modelName);
  }

  public launch(request: LaunchRequest): ServerLaunch {
    const model = request.models[0]!;
    const { image, backend, task, maxModelLength, dtype, trustRemoteCode, probabilities, logRequests, sharedMemory: memory, extraArguments } = this.props;
    return {
      image: image ?? `docker.io/kserve/huggingfaceserver:v${request.version}${request.accelerator === undefined ? '' : '-gpu'}`,
      // the number of devices is not among them: the server splits a model over all that it sees
      args: [
        ...flags({
          '--model_name': model.name,
          '--model_dir': model.path,
          '--http_port': 8080,
          '--grpc_port': 8081,
          '--workers': 1,
          '--backend': backend ?? KServeHuggingFaceBackend.AUTO,
          '--task': task,
          '--max_model_len': maxModelLength,
          '--dtype': dtype,
          '--trust_remote_code': trustRemoteCode,
          '--return_probabilities': probabilities,
          '--disable_log_requests': !logRequests,
        }),
        ...(extraArguments ?? []),
      ],
      environment: variables({ ...cachesBelow('/tmp'), VLLM_CACHE_ROOT: '/tmp/vllm', VLLM_CONFIG_ROOT: '/tmp/vllm-config', VLLM_NO_USAGE_STATS: '1' }),
      writable: [{ path: '/tmp', limitMib: 8192 }, sharedMemory(request, memory)],
      httpPort: 8080, grpcPort: 8081, metricsPath: '/metrics',
      readiness: { port: 'http', path: `/v2/models/${model.name}/ready` },
      liveness: { port: 'http', path: '/v2/health/live' },
      user: 1000,
    };
  }
}

function factsOf(props: Partial<KServeHuggingFaceProps>): ServerFacts {
  const metrics = `${KSERVE_REPOSITORY}/python/kserve/kserve/metrics.py`;
  const engine = `${KSERVE_REPOSITORY}/python/huggingfaceserver/huggingfaceserver/vllm/vllm_model.py`;
  const others = [InferenceProtocol.V2_REST, InferenceProtocol.V1_REST, InferenceProtocol.V2_GRPC];
  return {
    id: 'kserve-huggingface', title: 'KServe Hugging Face server', version: '0.20.0',
    protocols: GENERATING.has(props.task) ? [InferenceProtocol.OPENAI, ...others] : others,
    formats: [{ format: 'huggingface', layout: "a repository's files; config.json names the architecture" }],
    accelerators: [AcceleratorKind.NVIDIA], cpu: true,
    drains: false, baseMemoryMib: 2048, memoryFactor: 1.5,
    metrics: ofBackend(props.backend, [
      { role: MetricRole.REQUESTS, name: 'request_predict_seconds_count', type: MetricType.COUNTER, modelLabel: 'model_name', onlyWith: 'backend: huggingface', source: metrics },
      { role: MetricRole.LATENCY, name: 'request_predict_seconds', type: MetricType.HISTOGRAM, unit: 's', modelLabel: 'model_name', buckets: PROMETHEUS_BUCKETS, onlyWith: 'backend: huggingface', source: metrics },
      { role: MetricRole.IN_FLIGHT, name: 'vllm:num_requests_running', type: MetricType.GAUGE, modelLabel: 'model_name', onlyWith: 'backend: vllm', source: engine },
      { role: MetricRole.QUEUE, name: 'vllm:num_requests_waiting', type: MetricType.GAUGE, modelLabel: 'model_name', onlyWith: 'backend: vllm', source: engine },
      { role: MetricRole.KV_CACHE, name: 'vllm:kv_cache_usage_perc', type: MetricType.GAUGE, modelLabel: 'model_name', onlyWith: 'backend: vllm', source: engine },
    ]),
    sources: {
      image: `${KSERVE_REPOSITORY}/pkg/controller/v1beta1/inferenceservice/utils/utils.go`, user: `${KSERVE_REPOSITORY}/python/huggingface_server.Dockerfile`,
      settings: `${KSERVE_REPOSITORY}/python/huggingfaceserver/huggingfaceserver/__main__.py`, devices: engine,
      probes: `${KSERVE_REPOSITORY}/python/kserve/kserve/protocol/dataplane.py`, drain: `${KSERVE_REPOSITORY}/python/kserve/kserve/protocol/rest/server.py`,
    },
  };
}

/** Metrics of the backend that is named; of all of them, each with its condition, where the server picks. */
function ofBackend(backend: KServeHuggingFaceBackend | undefined, metrics: ServerMetric[]): ServerMetric[] {
  if (backend === undefined || backend === KServeHuggingFaceBackend.AUTO) return metrics;
  return metrics.filter(({ onlyWith }) => onlyWith === `backend: ${backend}`).map(({ onlyWith, ...metric }) => metric);
}

import { Size } from 'cdk8s';
import { AcceleratorKind } from '../accelerator';
import { bytesOf, checkShape, is, Shape } from '../checks/shape';
import { Finding, ProblemKind } from '../problem';
import { checkArguments, drainSeconds, flags, given, modelFolder, parent, prop, sharedMemory, variables } from './parts';
import { LaunchRequest, ServedModel, ServedTracing, ServerDefinition, ServerLaunch } from './server-definition';
import { MetricRole, MetricType, InferenceProtocol, ServerFacts, ServerMetric } from './server-facts';

const REPOSITORY = 'https://github.com/triton-inference-server/server/blob/v2.71.0';

const WRONG_FOLDER = ProblemKind.error('SERVING_TRITON_MODEL_FOLDER', 'Triton would not find the model by its name', "A model's name is the name of its folder, and versions are numbered folders below it.");
const NO_CONFIGURATION = ProblemKind.error('SERVING_TRITON_NO_CONFIGURATION', 'Triton can not load a model of this format without config.pbtxt', 'It works inputs and outputs out for ONNX, TensorRT and OpenVINO only.');
const LOST_CONFIGURATION = ProblemKind.error('SERVING_TRITON_TWO_CONFIGURATIONS', "Triton's config.pbtxt is given twice", 'A model folder brings its own; the files of the source are read-only.');

/** How Triton decides which models are loaded. */
export enum TritonModelControl {
  /** All models of the folder, at the start; clients can't load or unload any. */
  NONE = 'none',
  /** As `NONE`, and again when files change (a volume that is written elsewhere). */
  POLL = 'poll',
  /** The service's own model at the start; whoever reaches the server can load and unload models. */
  EXPLICIT = 'explicit',
}

/** Properties of `InferenceServer.triton`. */
export interface TritonProps {
  /**
   * Version, as the container is numbered: `26.07`.
   * @default - of the defaults set
   */
  readonly version?: string;
  /**
   * Image to run.
   * @default - `nvcr.io/nvidia/tritonserver` of the version, with all backends
   */
  readonly image?: string;
  /**
   * Whether the source is only what belongs into a version folder, such as a single `model.onnx`.
   * @default false: the source is a Triton model folder, which holds `config.pbtxt` and the version folders
   */
  readonly versionFolder?: boolean;
  /**
   * Text of `config.pbtxt`: batching, instances, queues, bounds of histograms. Only with `versionFolder`.
   * @default - Triton works out what it can
   */
  readonly configuration?: string;
  /**
   * Which models are loaded.
   * @default TritonModelControl.NONE
   */
  readonly modelControl?: TritonModelControl;
  /**
   * Requests answered together at the most, for ONNX models without a configuration that can be batched.
   * @default 4 (Triton's own)
   */
  readonly defaultMaxBatchSize?: number;
  /**
   * Whether the time to the first answer is counted by buckets, without which there is no quantile of latency.
   * @default true
   */
  readonly histograms?: boolean;
  /**
   * Largest body of an HTTP request.
   * @default 64 MiB (Triton's own)
   */
  readonly maxHttpRequest?: Size;
  /**
   * Pinned memory for copies between host and GPU.
   * @default 256 MiB (Triton's own)
   */
  readonly pinnedMemory?: Size;
  /**
   * Limit of shared memory (`/dev/shm`), through which the Python backend passes tensors; it counts as memory of the pod.
   * @default - 1 GiB with one device, 8 to 20 GiB with more
   */
  readonly sharedMemory?: Size;
  /**
   * Arguments that are handed on as they are.
   * @default - none
   */
  readonly extraArguments?: string[];
}

const SHAPE: Shape<TritonProps> = {
  version: prop.calver, image: prop.image, versionFolder: is.flag, configuration: is.text('the text of config.pbtxt', undefined, { max: 900 * 1024 }), modelControl: is.oneOf(Object.values(TritonModelControl)),
  defaultMaxBatchSize: is.integer(1, 100_000), histograms: is.flag, maxHttpRequest: is.size, pinnedMemory: is.size, sharedMemory: is.size, extraArguments: prop.arguments,
};
const TAKEN = [
  '--model-repository', '--model-store', '--http-port', '--grpc-port', '--metrics-port', '--exit-timeout-secs', '--model-control-mode', '--load-model', '--http-max-input-size',
  '--pinned-memory-pool-byte-size', '--allow-http', '--allow-grpc', '--allow-metrics', '--http-address', '--grpc-address', '--metrics-address', '--strict-readiness', '--http-restricted-api',
];
/** Formats whose inputs and outputs Triton finds out by itself. Source: docs/user_guide/model_configuration.md, "Auto-Generated Model Configuration". */
const SELF_DESCRIBING = new Set(['onnx', 'tensorrt', 'openvino']);

/** NVIDIA Triton: ONNX, TensorRT, TorchScript, OpenVINO, and Python code, on CPU and NVIDIA GPUs. */
export class TritonServer extends ServerDefinition {
  /** @internal */
  public readonly _findings: readonly Finding[];
  public readonly facts: ServerFacts;
  private readonly props: Partial<TritonProps>;

  public constructor(props: TritonProps = {}) {
    super();
    const checked = checkShape('InferenceServer.triton', SHAPE, props);
    this.props = checked.props;
    if (checked.props.configuration !== undefined && !checked.props.versionFolder) {
      checked.findings.push(LOST_CONFIGURATION.found({ what: "InferenceServer.triton: 'configuration' needs 'versionFolder'", fix: "put config.pbtxt into the model folder, or give 'versionFolder: true' and a source of the version's files alone" }));
    }
    this._findings = [...checked.findings, ...checkArguments('InferenceServer.triton', checked.props.extraArguments, TAKEN)];
    this.facts = factsOf(checked.props.histograms ?? true);
  }

  /** @internal */
  public get _given(): readonly string[] {
    return given(this.props);
  }

  public get requestedVersion(): string | undefined {
    return this.props.version;
  }

  public modelPath(root: string, modelName: string): string {
    return modelFolder(root, modelName, this.props.versionFolder);
  }

  public launch(request: LaunchRequest): ServerLaunch {
    const model = request.models[0]!;
    const folder = this.folderOf(model);
    const http = request.startsEmpty ? 8080 : 8000;
    const { image, configuration, modelControl, defaultMaxBatchSize, histograms, maxHttpRequest, pinnedMemory, sharedMemory: memory, extraArguments } = this.props;
    return {
      image: image ?? `nvcr.io/nvidia/tritonserver:${request.version}-py3`,
      args: [
        'tritonserver',
        ...flags({
          '--model-repository': parent(folder),
          '--http-port': http,
          '--grpc-port': 8001,
          '--metrics-port': 8002,
          '--exit-timeout-secs': drainSeconds(request),
          '--model-control-mode': request.startsEmpty ? TritonModelControl.EXPLICIT : modelControl ?? TritonModelControl.NONE,
        }),
        ...(modelControl === TritonModelControl.EXPLICIT && !request.startsEmpty ? request.models.map(({ name }) => `--load-model=${name}`) : []),
        ...flags({
          '--metrics-config': histograms ?? true ? 'histogram_latencies=true' : undefined,
          '--backend-config': defaultMaxBatchSize === undefined ? undefined : `default-max-batch-size=${defaultMaxBatchSize}`,
          '--http-max-input-size': bytes(maxHttpRequest),
          '--pinned-memory-pool-byte-size': bytes(pinnedMemory),
        }),
        ...(request.tracing === undefined ? [] : tracing(request.tracing)),
        ...(extraArguments ?? []),
      ],
      // HOME is for backends in Python
      environment: variables({ HOME: '/tmp' }),
      files: configuration === undefined || request.startsEmpty ? [] : request.models.map((one) => ({ path: `${this.folderOf(one)}/config.pbtxt`, content: configuration })),
      // a read-only root is not documented; by the sources, nothing else is written to
      writable: [{ path: '/tmp' }, sharedMemory(request, memory)],
      httpPort: http, grpcPort: 8001, metricsPort: 8002, metricsPath: '/metrics',
      // by default it is ready when all of its models are (--strict-readiness)
      readiness: { port: 'http', path: request.pool ? '/v2/health/ready' : `/v2/models/${model.name}/ready` },
      liveness: { port: 'http', path: '/v2/health/live' },
      // the image starts as root; its documentation names this user
      user: 1000, findings: request.models.flatMap((one) => this.check(one, this.folderOf(one))),
    };
  }

  /** The folder of a model, with its configuration and its versions. */
  private folderOf(model: ServedModel): string {
    return this.props.versionFolder ? parent(model.path) : model.path;
  }

  private check(model: ServedModel, folder: string): Finding[] {
    const findings: Finding[] = [];
    const version = model.path.slice(folder.length + 1);
    if (folder.slice(folder.lastIndexOf('/') + 1) !== model.name || (this.props.versionFolder && !/^[1-9]\d*$/.test(version))) {
      findings.push(WRONG_FOLDER.found({ what: `the folder of the model is not named '${model.name}'`, got: model.path, allowed: `.../${model.name}${this.props.versionFolder ? '/1' : ''}`, fix: "name the folder in the image like the model, or the model like the folder ('name')" }));
    }
    if (this.props.versionFolder && this.props.configuration === undefined && !SELF_DESCRIBING.has(model.format)) {
      findings.push(NO_CONFIGURATION.found({ what: `Triton needs config.pbtxt for a model of format '${model.format}'`, got: model.format, allowed: [...SELF_DESCRIBING].join(', '), fix: "give 'configuration', or a whole model folder without 'versionFolder'" }));
    }
    return findings;
  }
}

function bytes(size: Size | undefined): number | undefined {
  return size === undefined ? undefined : Math.floor(bytesOf(size));
}

/** Traces by OpenTelemetry, of one in so many requests: a rate is a whole number. */
function tracing({ address, serviceName, samplePercent }: ServedTracing): string[] {
  const settings = ['mode=opentelemetry', `opentelemetry,url=${address}/v1/traces`, `opentelemetry,resource=service.name=${serviceName}`, 'level=TIMESTAMPS', `rate=${Math.max(1, Math.round(100 / samplePercent))}`];
  return settings.map((setting) => `--trace-config=${setting}`);
}

function factsOf(histograms: boolean): ServerFacts {
  const source = `${REPOSITORY}/docs/user_guide/metrics.md`;
  const latency: ServerMetric = {
    role: MetricRole.LATENCY, name: 'nv_inference_first_response_histogram_ms', type: MetricType.HISTOGRAM, unit: 'ms', modelLabel: 'model', buckets: [100, 500, 2000, 5000], bucketsSettable: true,
    // others have sums alone
    onlyWith: 'a decoupled model', source: 'https://github.com/triton-inference-server/core/blob/main/src/metric_model_reporter.cc',
  };
  return {
    id: 'triton', title: 'Triton', version: '26.07',
    protocols: [InferenceProtocol.V2_REST, InferenceProtocol.V2_GRPC],
    formats: [
      { format: 'onnx', layout: '<version>/model.onnx' }, { format: 'tensorrt', layout: '<version>/model.plan', needsAccelerator: true }, { format: 'pytorch', layout: 'config.pbtxt and <version>/model.pt (TorchScript)' },
      { format: 'openvino', layout: '<version>/model.xml and model.bin' }, { format: 'triton', layout: 'a model folder of any backend: config.pbtxt and <version>/' },
    ],
    accelerators: [AcceleratorKind.NVIDIA], cpu: true, pools: true,
    drains: true,
    // the pool of pinned memory alone is 256 MiB
    baseMemoryMib: 1024, memoryFactor: 2,
    metrics: [
      { role: MetricRole.REQUESTS, name: 'nv_inference_request_success', type: MetricType.COUNTER, modelLabel: 'model', source },
      { role: MetricRole.FAILURES, name: 'nv_inference_request_failure', type: MetricType.COUNTER, modelLabel: 'model', matchers: 'reason!="CANCELED"', source },
      ...(histograms ? [latency] : []),
      { role: MetricRole.LATENCY, name: 'nv_inference_request_duration_us', type: MetricType.COUNTER, unit: 'us', modelLabel: 'model', countName: 'nv_inference_request_success', source },
      { role: MetricRole.QUEUE, name: 'nv_inference_pending_request_count', type: MetricType.GAUGE, modelLabel: 'model', source },
      { role: MetricRole.QUEUE_TIME, name: 'nv_inference_queue_duration_us', type: MetricType.COUNTER, unit: 'us', modelLabel: 'model', countName: 'nv_inference_request_success', source },
      { role: MetricRole.BATCH_SIZE, name: 'nv_inference_count', type: MetricType.COUNTER, modelLabel: 'model', countName: 'nv_inference_exec_count', source },
      { role: MetricRole.GPU_UTILIZATION, name: 'nv_gpu_utilization', type: MetricType.GAUGE, source },
    ],
    tracing: { http: true, tls: false, headers: false, source: `${REPOSITORY}/docs/user_guide/trace.md` },
    batching: { settable: false, note: "only 'dynamic_batching' of the model's own config.pbtxt says how long a request may wait", source: `${REPOSITORY}/docs/user_guide/batcher.md` },
    sources: {
      image: `${REPOSITORY}/docs/customization_guide/compose.md`, user: `${REPOSITORY}/docs/customization_guide/deploy.md`, settings: `${REPOSITORY}/src/command_line_parser.cc`,
      files: `${REPOSITORY}/docs/user_guide/model_repository.md`, probes: `${REPOSITORY}/src/http_server.cc`, drain: `${REPOSITORY}/src/main.cc`,
    },
  };
}

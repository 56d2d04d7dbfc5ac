import { AcceleratorKind } from '../accelerator';
import { checkShape, is, Shape } from '../checks/shape';
import { Finding, ProblemKind } from '../problem';
import { checkArguments, exponential, flags, modelFolder, parent, prop } from './parts';
import { LaunchRequest, ServedBatching, ServerDefinition, ServerFile, ServerLaunch } from './server-definition';
import { MetricRole, MetricType, InferenceProtocol, ServerFacts } from './server-facts';

const REPOSITORY = 'https://github.com/tensorflow/serving/blob/2.20.0';
const KSERVE_RUNTIME = 'https://github.com/kserve/kserve/blob/v0.20.0/config/runtimes/kserve-tensorflow-serving.yaml';

const NO_BATCHING = ProblemKind.error('SERVING_TENSORFLOW_SERVING_BATCHING', 'A batching setting without batching', "TensorFlow Serving batches only with the service's 'batching', and would leave the rest unread.");

/** Properties of `InferenceServer.tensorflowServing`. */
export interface TensorFlowServingProps {
  /**
   * Version of TensorFlow Serving.
   * @default - of the defaults set
   */
  readonly version?: string;
  /**
   * Image to run.
   * @default - `tensorflow/serving` of the version, with `-gpu` on an accelerator
   */
  readonly image?: string;
  /**
   * Whether the source is the SavedModel alone (`saved_model.pb` and `variables/`).
   * @default false: the source holds numbered folders, one a version, and the highest is served
   */
  readonly versionFolder?: boolean;
  /**
   * Batches that may wait; requests beyond are refused. Needs the service's `batching`.
   * @default - TensorFlow Serving's own
   */
  readonly maxQueuedBatches?: number;
  /**
   * Batches that are answered at once; needs the service's `batching`.
   * @default - TensorFlow Serving's own: the CPUs of the node, not those of the copy
   */
  readonly batchThreads?: number;
  /**
   * Threads of one operation.
   * @default - the CPUs of a copy (TensorFlow would take those of the node)
   */
  readonly intraOpThreads?: number;
  /**
   * Operations that run at once.
   * @default - the CPUs of a copy (TensorFlow would take those of the node)
   */
  readonly interOpThreads?: number;
  /**
   * Share of the GPU's memory that is taken, 0 to 1.
   * @default - TensorFlow's own
   */
  readonly gpuMemoryFraction?: number;
  /**
   * Whether the requests that lie in the model's `assets.extra` are answered before it is ready.
   * @default true
   */
  readonly warmup?: boolean;
  /**
   * Arguments that are handed on as they are.
   * @default - none
   */
  readonly extraArguments?: string[];
}

const SHAPE: Shape<TensorFlowServingProps> = {
  version: prop.semver, image: prop.image, versionFolder: is.flag, maxQueuedBatches: is.integer(1), batchThreads: is.integer(1, 256),
  intraOpThreads: is.integer(1, 256), interOpThreads: is.integer(1, 256), gpuMemoryFraction: is.number(0.01, 1), warmup: is.flag, extraArguments: prop.arguments,
};
const TAKEN = [
  '--port', '--rest_api_port', '--model_name', '--model_base_path', '--model_config_file', '--rest_api_timeout_in_ms', '--monitoring_config_file', '--file_system_poll_wait_seconds', '--enable_batching',
  '--batching_parameters_file', '--tensorflow_intra_op_parallelism', '--tensorflow_inter_op_parallelism', '--per_process_gpu_memory_fraction', '--enable_model_warmup', '--ssl_config_file',
];
const CONFIG = '/etc/tensorflow-serving';
const METRICS_PATH = '/monitoring/prometheus/metrics';

/** TensorFlow Serving: SavedModels behind V1 and its own gRPC. */
export class TensorFlowServing extends ServerDefinition {
  /** @internal */
  public readonly _findings: readonly Finding[];
  public readonly facts: ServerFacts;
  private readonly props: Partial<TensorFlowServingProps>;

  public constructor(props: TensorFlowServingProps = {}) {
    super();
    const owner = 'InferenceServer.tensorflowServing';
    const checked = checkShape(owner, SHAPE, props);
    this.props = checked.props;
    this._findings = [...checked.findings, ...checkArguments(owner, checked.props.extraArguments, TAKEN)];
    this.facts = FACTS;
  }

  public get requestedVersion(): string | undefined {
    return this.props.version;
  }

  public modelPath(root: string, modelName: string): string {
    return modelFolder(root, modelName, this.props.versionFolder);
  }

  public launch(request: LaunchRequest): ServerLaunch {
    const model = request.models[0]!;
    const { image, versionFolder, maxQueuedBatches, batchThreads, intraOpThreads, interOpThreads, gpuMemoryFraction, warmup, extraArguments } = this.props;
    const { batching } = request;
    const lost = Object.entries({ maxQueuedBatches, batchThreads }).filter(([, value]) => value !== undefined).map(([name]) => name);
    return {
      image: image ?? `docker.io/tensorflow/serving:${request.version}${request.accelerator === undefined ? '' : '-gpu'}`,
      // without the image's own shell in front
      command: ['/usr/bin/tensorflow_model_server'],
      args: [
        ...flags({
          '--port': 8500,
          '--rest_api_port': 8501,
          '--model_name': model.name,
          '--model_base_path': versionFolder ? parent(model.path) : model.path,
          '--rest_api_timeout_in_ms': Math.ceil(request.requestTimeoutSeconds * 1000),
          '--monitoring_config_file': `${CONFIG}/monitoring.config`,
          // the files are mounted read-only; it need not look for other versions each second
          '--file_system_poll_wait_seconds': 0,
          '--tensorflow_intra_op_parallelism': intraOpThreads ?? request.cpus,
          '--tensorflow_inter_op_parallelism': interOpThreads ?? request.cpus,
          '--per_process_gpu_memory_fraction': gpuMemoryFraction,
          '--enable_model_warmup': warmup === false ? 'false' : 'true',
          '--enable_batching': batching && 'true',
          '--batching_parameters_file': batching && `${CONFIG}/batching.config`,
        }),
        ...(extraArguments ?? []),
      ],
      files: this.files(batching),
      writable: [{ path: '/tmp' }],
      httpPort: 8501, grpcPort: 8500, metricsPath: METRICS_PATH,
      // the ports open when the model is loaded
      readiness: { port: 'http', path: `/v1/models/${model.name}` },
      // all of its threads may be busy with requests; the port takes connections all the same
      liveness: { port: 'http' },
      // the image names no user; KServe runs it as this one
      user: 1000,
      findings: batching !== undefined || lost.length === 0 ? [] : [NO_BATCHING.found({ what: `InferenceServer.tensorflowServing: '${lost.join("', '")}' without 'batching'`, got: lost, fix: "give the service 'batching: Batching.of({ maxBatchSize, maxLatency })' too, or leave them out" })],
    };
  }

  private files(batching: ServedBatching | undefined): ServerFile[] {
    const { maxQueuedBatches, batchThreads } = this.props;
    const monitoring = { path: `${CONFIG}/monitoring.config`, content: `prometheus_config {\n  enable: true\n  path: "${METRICS_PATH}"\n}\n` };
    if (batching === undefined) return [monitoring];
    const settings = {
      max_batch_size: batching.maxSize,
      batch_timeout_micros: batching.maxSeconds === 0 ? undefined : Math.round(batching.maxSeconds * 1e6),
      max_enqueued_batches: maxQueuedBatches,
      num_batch_threads: batchThreads,
    };
    const lines = Object.entries(settings).filter(([, value]) => value !== undefined).map(([name, value]) => `${name} { value: ${value} }\n`);
    return [monitoring, { path: `${CONFIG}/batching.config`, content: lines.join('') }];
  }
}

/** Bounds as labels have them: with six digits. Source: tensorflow_serving/util/prometheus_exporter.cc. */
function asWritten(bounds: readonly number[]): number[] {
  return bounds.map((bound) => Number(bound.toPrecision(6)));
}

const SOURCE = `${REPOSITORY}/tensorflow_serving/servables/tensorflow/util.cc`;
const FACTS: ServerFacts = {
  id: 'tensorflow-serving', title: 'TensorFlow Serving', version: '2.20.0',
  protocols: [InferenceProtocol.V1_REST, InferenceProtocol.TENSORFLOW_GRPC],
  formats: [{ format: 'tensorflow', layout: '<version>/saved_model.pb and <version>/variables/' }],
  accelerators: [AcceleratorKind.NVIDIA], cpu: true,
  // it has no handler for the signal: as process 1 it serves on until it is killed
  drains: false, baseMemoryMib: 300, memoryFactor: 2,
  metrics: [
    { role: MetricRole.REQUESTS, name: ':tensorflow:serving:request_count', type: MetricType.COUNTER, modelLabel: 'model_name', source: SOURCE },
    { role: MetricRole.FAILURES, name: ':tensorflow:serving:request_count', type: MetricType.COUNTER, modelLabel: 'model_name', matchers: 'status!="OK"', allMatchers: '', source: SOURCE },
    { role: MetricRole.LATENCY, name: ':tensorflow:serving:request_latency', type: MetricType.HISTOGRAM, unit: 'us', modelLabel: 'model_name', buckets: asWritten(exponential(10, 1.8, 33)), source: SOURCE },
    {
      role: MetricRole.QUEUE_TIME, name: ':tensorflow:serving:batching_session:queuing_latency', type: MetricType.HISTOGRAM, unit: 'us', buckets: asWritten(exponential(100, 1.2, 52)), onlyWith: 'batching',
      source: `${REPOSITORY}/tensorflow_serving/batching/batching_session.cc`,
    },
  ],
  batching: { settable: true, note: 'requests for one model and signature wait for each other', source: `${REPOSITORY}/tensorflow_serving/batching/README.md` },
  sources: {
    image: `${REPOSITORY}/tensorflow_serving/tools/docker/Dockerfile`, user: KSERVE_RUNTIME, settings: `${REPOSITORY}/tensorflow_serving/model_servers/main.cc`,
    batching: `${REPOSITORY}/tensorflow_serving/batching/README.md`, metrics: `${REPOSITORY}/tensorflow_serving/util/prometheus_exporter.cc`,
    probes: `${REPOSITORY}/tensorflow_serving/model_servers/server.cc`, drain: `${REPOSITORY}/tensorflow_serving/model_servers/main.cc`,
  },
};

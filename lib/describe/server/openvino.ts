import { checkShape, is, Shape } from '../checks/shape';
import { Finding } from '../problem';
import { checkArguments, exponential, flags, modelFolder, parent, prop } from './parts';
import { LaunchRequest, ServerDefinition, ServerLaunch } from './server-definition';
import { MetricRole, MetricType, InferenceProtocol, ServerFacts } from './server-facts';

const REPOSITORY = 'https://github.com/openvinotoolkit/model_server/blob/v2026.3';

/** What OpenVINO sets streams and threads for. */
export enum OpenVinoHint {
  /** One request is answered as fast as can be. */
  LATENCY = 'LATENCY',
  /** As many requests a second as can be. */
  THROUGHPUT = 'THROUGHPUT',
}

/** Properties of `InferenceServer.openvino`. */
export interface OpenVinoProps {
  /**
   * Version of OpenVINO Model Server: `2026.3`.
   * @default - of the defaults set
   */
  readonly version?: string;
  /**
   * Image to run.
   * @default - `openvino/model_server` of the version
   */
  readonly image?: string;
  /**
   * Whether the source is one version's files alone (`model.xml` and `model.bin`, an `.onnx`, a SavedModel).
   * @default false: the source holds numbered folders, one a version
   */
  readonly versionFolder?: boolean;
  /**
   * What streams and threads are set for.
   * @default - OpenVINO's own
   */
  readonly hint?: OpenVinoHint;
  /**
   * Requests that are answered at once, each on its share of the CPUs.
   * @default - OpenVINO's own, by `hint`
   */
  readonly streams?: number;
  /**
   * Requests that are prepared at once; others wait.
   * @default - by streams
   */
  readonly inferRequests?: number;
  /**
   * Batch size that the model is set to.
   * @default - the model's own
   */
  readonly batchSize?: number;
  /**
   * Shape that the model's inputs are set to: `(1,3,224,224)`, or JSON by input.
   * @default - the model's own
   */
  readonly shape?: string;
  /**
   * Threads that take HTTP requests.
   * @default - by CPUs
   */
  readonly restWorkers?: number;
  /**
   * Arguments that are handed on as they are.
   * @default - none
   */
  readonly extraArguments?: string[];
}

const SHAPE: Shape<OpenVinoProps> = {
  version: prop.calver, image: prop.image, versionFolder: is.flag, hint: is.oneOf(Object.values(OpenVinoHint)), streams: is.integer(1, 1024), inferRequests: is.integer(1, 100_000), batchSize: is.integer(1, 100_000),
  shape: is.text("a shape, such as '(1,3,224,224)'", /^[({].*[)}]$/), restWorkers: is.integer(2, 10_000), extraArguments: prop.arguments,
};
const TAKEN = [
  '--port', '--rest_port', '--model_name', '--model_path', '--config_path', '--metrics_enable', '--file_system_poll_wait_seconds', '--plugin_config', '--nireq', '--batch_size', '--shape', '--rest_workers',
  '--target_device', '--grpc_bind_address', '--rest_bind_address',
];

/** OpenVINO Model Server: OpenVINO, ONNX and TensorFlow models on Intel CPUs. */
export class OpenVinoServer extends ServerDefinition {
  /** @internal */
  public readonly _findings: readonly Finding[];
  public readonly facts: ServerFacts = FACTS;
  private readonly props: Partial<OpenVinoProps>;

  public constructor(props: OpenVinoProps = {}) {
    super();
    const checked = checkShape('InferenceServer.openvino', SHAPE, props);
    this.props = checked.props;
    this._findings = [...checked.findings, ...checkArguments('InferenceServer.openvino', checked.props.extraArguments, TAKEN)];
  }

  public get requestedVersion(): string | undefined {
    return this.props.version;
  }

  public modelPath(root: string, modelName: string): string {
    return modelFolder(root, modelName, this.props.versionFolder);
  }

  public launch(request: LaunchRequest): ServerLaunch {
    const model = request.models[0]!;
    const { image, versionFolder, hint, streams, inferRequests, batchSize, shape, restWorkers, extraArguments } = this.props;
    const plugin = { ...(hint === undefined ? {} : { PERFORMANCE_HINT: hint }), ...(streams === undefined ? {} : { NUM_STREAMS: String(streams) }) };
    return {
      image: image ?? `docker.io/openvino/model_server:${request.version}`,
      args: [
        ...flags({
          '--model_name': model.name,
          '--model_path': versionFolder ? parent(model.path) : model.path,
          '--target_device': 'CPU',
          // neither port is open unless it is named
          '--port': 9000,
          '--rest_port': 8080,
          '--metrics_enable': true,
          // the files are mounted read-only; it need not look for other versions each second
          '--file_system_poll_wait_seconds': 0,
          '--plugin_config': Object.keys(plugin).length === 0 ? undefined : JSON.stringify(plugin),
          '--nireq': inferRequests,
          '--batch_size': batchSize,
          '--shape': shape,
          '--rest_workers': restWorkers,
        }),
        ...(extraArguments ?? []),
      ],
      writable: [{ path: '/tmp' }],
      httpPort: 8080, grpcPort: 9000, metricsPath: '/metrics',
      // /v2/health/ready says that the configuration was read, not that the model is loaded
      readiness: { port: 'http', path: `/v2/models/${model.name}/ready` },
      liveness: { port: 'http', path: '/v2/health/live' },
      // the image names its user 'ovms', which a restricted pod can't check: this is its number
      user: 5000,
    };
  }
}

const SOURCE = `${REPOSITORY}/docs/metrics.md`;
/** floor(10 · 1.8^i) microseconds. Source: src/model_metric_reporter.cpp. */
const BUCKETS = exponential(10, 1.8, 33).map(Math.floor);
const FACTS: ServerFacts = {
  id: 'openvino', title: 'OpenVINO Model Server', version: '2026.3',
  protocols: [InferenceProtocol.V2_REST, InferenceProtocol.V2_GRPC, InferenceProtocol.V1_REST, InferenceProtocol.TENSORFLOW_GRPC],
  formats: [
    { format: 'openvino', layout: '<version>/*.xml and *.bin' }, { format: 'onnx', layout: '<version>/*.onnx' }, { format: 'tensorflow', layout: '<version>/saved_model.pb and <version>/variables/' },
  ],
  // Intel's GPUs have an image of their own (-gpu), and no kind of accelerator here yet
  accelerators: [], cpu: true,
  // gRPC is given 5 s, which nothing changes, and REST none
  drains: false, baseMemoryMib: 300, memoryFactor: 2,
  metrics: [
    { role: MetricRole.REQUESTS, name: 'ovms_requests_success', type: MetricType.COUNTER, modelLabel: 'name', matchers: 'method=~"ModelInfer|Predict"', source: SOURCE },
    { role: MetricRole.FAILURES, name: 'ovms_requests_fail', type: MetricType.COUNTER, modelLabel: 'name', matchers: 'method=~"ModelInfer|Predict"', source: SOURCE },
    { role: MetricRole.LATENCY, name: 'ovms_request_time_us', type: MetricType.HISTOGRAM, unit: 'us', modelLabel: 'name', buckets: BUCKETS, source: SOURCE },
    { role: MetricRole.IN_FLIGHT, name: 'ovms_current_requests', type: MetricType.GAUGE, modelLabel: 'name', source: SOURCE },
    { role: MetricRole.QUEUE_TIME, name: 'ovms_wait_for_infer_req_time_us', type: MetricType.HISTOGRAM, unit: 'us', modelLabel: 'name', buckets: BUCKETS, source: SOURCE },
  ],
  batching: { settable: false, note: 'it answers each request by itself', source: `${REPOSITORY}/docs/performance_tuning.md` },
  sources: {
    image: `${REPOSITORY}/docs/deploying_server_docker.md`, user: `${REPOSITORY}/Dockerfile.ubuntu`, readOnlyRoot: `${REPOSITORY}/docs/security_considerations.md`, settings: `${REPOSITORY}/docs/parameters.md`,
    files: `${REPOSITORY}/docs/models_repository.md`, probes: `${REPOSITORY}/src/http_rest_api_handler.cpp`, drain: `${REPOSITORY}/src/grpcservermodule.cpp`,
  },
};

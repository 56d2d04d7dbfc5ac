import { Size } from 'cdk8s';
import { AcceleratorKind } from '../accelerator';
import { bytesOf, checkShape, is, Shape } from '../checks/shape';
import { Finding } from '../problem';
import { prop, variables } from './parts';
import { LaunchRequest, ServerDefinition, ServerLaunch } from './server-definition';
import { MetricRole, MetricType, InferenceProtocol, ServerFacts } from './server-facts';

const REPOSITORY = 'https://github.com/pytorch/serve/blob/v0.12.0';

/** Properties of `InferenceServer.torchServe`. */
export interface TorchServeProps {
  /**
   * Version of TorchServe.
   * @default - of the defaults set
   */
  readonly version?: string;
  /**
   * Image to run.
   * @default - `pytorch/torchserve` of the version, for CPU or GPU
   */
  readonly image?: string;
  /**
   * The model archive's file name in the source.
   * @default - the model's name and `.mar`
   */
  readonly archive?: string;
  /**
   * Processes that predict, each with a copy of the model.
   * @default 1
   */
  readonly workers?: number;
  /**
   * Requests that may wait; others are refused with 503.
   * @default 100 (TorchServe's own)
   */
  readonly queueSize?: number;
  /**
   * Largest body of a request and of an answer.
   * @default 64 MiB (TorchServe's own is 6.25 MiB)
   */
  readonly maxMessage?: Size;
}

const SHAPE: Shape<TorchServeProps> = {
  version: prop.semver, image: prop.image, archive: is.text("a file name ending in '.mar'", /^[\w.-]+\.mar$/), workers: is.integer(1, 64), queueSize: is.integer(1, 1_000_000), maxMessage: is.size,
};
const CONFIG = '/etc/torchserve/config.properties';

/** TorchServe: `.mar` archives of PyTorch models. No longer maintained. */
export class TorchServe extends ServerDefinition {
  /** @internal */
  public readonly _findings: readonly Finding[];
  public readonly facts: ServerFacts = FACTS;
  private readonly props: Partial<TorchServeProps>;

  public constructor(props: TorchServeProps = {}) {
    super();
    const checked = checkShape('InferenceServer.torchServe', SHAPE, props);
    this.props = checked.props;
    this._findings = checked.findings;
  }

  public get requestedVersion(): string | undefined {
    return this.props.version;
  }

  public launch(request: LaunchRequest): ServerLaunch {
    const model = request.models[0]!;
    return {
      image: this.props.image ?? `docker.io/pytorch/torchserve:${request.version}-${request.accelerator === undefined ? 'cpu' : 'gpu'}`,
      // the image's own script lives on when the server is dead
      command: ['torchserve', '--start', '--foreground', `--model-store=${model.path}`, `--ts-config=${CONFIG}`, '--no-config-snapshots', '--disable-token-auth'],
      environment: variables({ TEMP: '/tmp', LOG_LOCATION: '/tmp/logs', METRICS_LOCATION: '/tmp/logs', HOME: '/tmp' }),
      files: [{ path: CONFIG, content: this.configuration(request) }],
      writable: [{ path: '/tmp', limitMib: 4096 }],
      httpPort: 8080, metricsPort: 8082, metricsPath: '/metrics',
      // fails until every model has its workers. What tells of one model lies on the management port, which stays closed to the outside
      readiness: { port: 'http', path: '/ping' },
      liveness: { port: 'http' },
      // the image names its user 'model-server', which a restricted pod can't check; KServe runs it by this number
      user: 1000,
    };
  }

  private configuration(request: LaunchRequest): string {
    const { name } = request.models[0]!;
    const { archive, workers, queueSize, maxMessage } = this.props;
    const message = maxMessage === undefined ? 64 * 2 ** 20 : Math.floor(bytesOf(maxMessage));
    const settings: { [name: string]: string | number | undefined } = {
      inference_address: 'http://0.0.0.0:8080',
      // without tokens, whoever reaches this port can load code
      management_address: 'http://127.0.0.1:8081',
      metrics_address: 'http://0.0.0.0:8082',
      metrics_mode: 'prometheus',
      load_models: `${name}=${archive ?? `${name}.mar`}`,
      default_workers_per_model: workers ?? 1,
      default_response_timeout: Math.ceil(request.requestTimeoutSeconds),
      job_queue_size: queueSize,
      max_request_size: message,
      max_response_size: message,
      service_envelope: request.protocol.sameAs(InferenceProtocol.V1_REST) ? 'kserve' : 'kservev2',
      install_py_dep_per_model: 'false',
    };
    return Object.entries(settings).filter(([, value]) => value !== undefined).map(([key, value]) => `${key}=${value}\n`).join('');
  }
}

const METRICS = `${REPOSITORY}/ts/configs/metrics.yaml`;
const FACTS: ServerFacts = {
  id: 'torchserve', title: 'TorchServe', version: '0.12.0',
  protocols: [InferenceProtocol.V2_REST, InferenceProtocol.V1_REST],
  formats: [{ format: 'pytorch', layout: 'a .mar archive, as torch-model-archiver writes it' }],
  accelerators: [AcceleratorKind.NVIDIA], cpu: true, selectable: false,
  // its starter in Python is process 1 and has no handler for the signal: it serves on until it is killed
  drains: false, baseMemoryMib: 1024, memoryFactor: 2,
  metrics: [
    // counted as they come in, so those that fail are among them
    { role: MetricRole.REQUESTS, name: 'ts_inference_requests_total', type: MetricType.COUNTER, modelLabel: 'model_name', source: METRICS },
    { role: MetricRole.FAILURES, name: 'Requests5XX', type: MetricType.COUNTER, allName: 'ts_inference_requests_total', allMatchers: '', source: METRICS },
    { role: MetricRole.LATENCY, name: 'ts_inference_latency_microseconds', type: MetricType.COUNTER, unit: 'us', modelLabel: 'model_name', countName: 'ts_inference_requests_total', source: METRICS },
    { role: MetricRole.QUEUE_TIME, name: 'ts_queue_latency_microseconds', type: MetricType.COUNTER, unit: 'us', modelLabel: 'model_name', countName: 'ts_inference_requests_total', source: METRICS },
  ],
  maintenance: { note: 'TorchServe is no longer maintained: holes in its security stay open', instead: 'Triton for TorchScript, MLServer for a class of your own', source: 'https://github.com/pytorch/serve/blob/master/README.md' },
  batching: { settable: false, note: "only the archive's model-config.yaml says it (batchSize, maxBatchDelay)", source: `${REPOSITORY}/docs/batch_inference_with_ts.md` },
  sources: {
    image: `${REPOSITORY}/docker/Dockerfile`, user: 'https://github.com/kserve/kserve/blob/v0.20.0/config/runtimes/kserve-torchserve.yaml', settings: `${REPOSITORY}/docs/configuration.md`,
    locations: `${REPOSITORY}/frontend/server/src/main/java/org/pytorch/serve/util/ConfigManager.java`,
    probes: `${REPOSITORY}/frontend/server/src/main/java/org/pytorch/serve/util/ApiUtils.java`, drain: `${REPOSITORY}/ts/model_server.py`,
  },
};

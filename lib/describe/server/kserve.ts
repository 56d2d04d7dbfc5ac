import { Size } from 'cdk8s';
import { bytesOf, checkShape, is, Shape } from '../checks/shape';
import { Finding, ProblemKind } from '../problem';
import { flags, KSERVE_REPOSITORY, PROMETHEUS_BUCKETS, prop, variables } from './parts';
import { LaunchRequest, ServerDefinition, ServerLaunch } from './server-definition';
import { MetricRole, MetricType, InferenceProtocol, ServerFacts } from './server-facts';

const NOT_AN_OPTION = ProblemKind.error('SERVING_KSERVE_OPTION', 'A KServe server does not have this option', 'The server would leave it unread.');
const UNKNOWN_SERVER = ProblemKind.error('SERVING_KSERVE_SERVER', 'KServe has no such server', 'There is an image for each of its formats, and for no other.');

/** Properties of `InferenceServer.kserveSklearn`, `kserveXgboost` and `kserveLightgbm`. */
export interface KServeServerProps {
  /**
   * Version of KServe.
   * @default - of the defaults set
   */
  readonly version?: string;
  /**
   * Image to run.
   * @default - KServe's server of the format, of the version
   */
  readonly image?: string;
  /**
   * Threads of one prediction (XGBoost and LightGBM).
   * @default - the CPUs of a copy (the server's own default is 1)
   */
  readonly threads?: number;
  /**
   * Whether answers are probabilities of the classes (scikit-learn).
   * @default false
   */
  readonly probabilities?: boolean;
  /**
   * Largest gRPC message.
   * @default 64 MiB (the server's own default is 8 MiB)
   */
  readonly maxGrpcMessage?: Size;
  /**
   * Whether the time of each request is logged.
   * @default false
   */
  readonly logLatency?: boolean;
}

const SHAPE: Shape<KServeServerProps> = {
  version: prop.semver, image: prop.image, threads: is.integer(1, 256), probabilities: is.flag, maxGrpcMessage: is.size, logLatency: is.flag,
};

interface Entry { readonly title: string; readonly image: string; readonly files: string; readonly option: 'threads' | 'probabilities'; readonly memoryFactor: number }

/** What tells KServe's servers apart: all else is one Python library. */
const SERVERS: { readonly [format: string]: Entry } = {
  sklearn: { title: 'KServe scikit-learn server', image: 'sklearnserver', files: 'one *.joblib, *.pkl or *.pickle', option: 'probabilities', memoryFactor: 2 },
  xgboost: { title: 'KServe XGBoost server', image: 'xgbserver', files: 'one *.bst, *.json or *.ubj; any other .json beside it stops the server', option: 'threads', memoryFactor: 2 },
  lightgbm: { title: 'KServe LightGBM server', image: 'lgbserver', files: 'one *.bst', option: 'threads', memoryFactor: 2 },
};

/** KServe's servers for scikit-learn, XGBoost and LightGBM. */
export class KServeServer extends ServerDefinition {
  /** @internal */
  public readonly _findings: readonly Finding[];
  public readonly facts: ServerFacts;
  private readonly props: Partial<KServeServerProps>;
  private readonly entry: Entry;

  /**
   * @param format `sklearn`, `xgboost` or `lightgbm`.
   */
  public constructor(format: string, props: KServeServerProps = {}) {
    super();
    const known = Object.hasOwn(SERVERS, format) ? format : 'sklearn';
    const owner = `InferenceServer.kserve${known[0]!.toUpperCase()}${known.slice(1)}`;
    const checked = checkShape(owner, SHAPE, props);
    this.props = checked.props;
    this.entry = SERVERS[known]!;
    if (known !== format) {
      checked.findings.push(UNKNOWN_SERVER.found({ what: 'KServe has no server of this format', got: format, allowed: Object.keys(SERVERS).join(', '), fix: 'name one of these, or use another server' }));
    }
    const strange = this.entry.option === 'threads' ? 'probabilities' : 'threads';
    if (checked.props[strange] !== undefined) {
      checked.findings.push(NOT_AN_OPTION.found({ what: `${owner} does not have '${strange}'`, got: checked.props[strange], allowed: this.entry.option, fix: 'leave it out' }));
    }
    this._findings = checked.findings;
    this.facts = factsOf(known, this.entry);
  }

  public get requestedVersion(): string | undefined {
    return this.props.version;
  }

  public launch(request: LaunchRequest): ServerLaunch {
    const model = request.models[0]!;
    const { image, threads, probabilities, maxGrpcMessage, logLatency } = this.props;
    const message = maxGrpcMessage === undefined ? 64 * 2 ** 20 : Math.floor(bytesOf(maxGrpcMessage));
    return {
      image: image ?? `docker.io/kserve/${this.entry.image}:v${request.version}`,
      args: flags({
        '--model_name': model.name,
        '--model_dir': model.path,
        '--http_port': 8080,
        '--grpc_port': 8081,
        '--grpc_max_send_message_length': message,
        '--grpc_max_receive_message_length': message,
        // one process: with more, a scrape is answered by any one of them, and counters jump
        '--workers': 1,
        '--enable_latency_logging': logLatency ? 'true' : 'false',
        '--nthread': this.entry.option === 'threads' ? threads ?? request.cpus : undefined,
      }),
      environment: variables({ PREDICT_PROBA: this.entry.option === 'probabilities' ? String(probabilities ?? false) : undefined }),
      writable: [{ path: '/tmp' }],
      httpPort: 8080, grpcPort: 8081, metricsPath: '/metrics',
      // when it finds no model it starts without one, and /v2/health/ready is 200 all the same
      readiness: { port: 'http', path: `/v2/models/${model.name}/ready` },
      liveness: { port: 'http', path: '/v2/health/live' },
      user: 1000,
    };
  }
}

function factsOf(format: string, entry: Entry): ServerFacts {
  return {
    id: `kserve-${format}`, title: entry.title, version: '0.20.0',
    protocols: [InferenceProtocol.V2_REST, InferenceProtocol.V2_GRPC, InferenceProtocol.V1_REST],
    formats: [{ format, layout: entry.files }],
    accelerators: [], cpu: true,
    // it drains for 30 s, which no argument changes, REST first and gRPC after
    drains: false, baseMemoryMib: 300, memoryFactor: entry.memoryFactor,
    // there is no count of failures
    metrics: [
      { role: MetricRole.REQUESTS, name: 'request_predict_seconds_count', type: MetricType.COUNTER, modelLabel: 'model_name', source: `${KSERVE_REPOSITORY}/python/kserve/kserve/metrics.py` },
      { role: MetricRole.LATENCY, name: 'request_predict_seconds', type: MetricType.HISTOGRAM, unit: 's', modelLabel: 'model_name', buckets: PROMETHEUS_BUCKETS, source: `${KSERVE_REPOSITORY}/python/kserve/kserve/metrics.py` },
    ],
    batching: { settable: false, note: "it answers each request by itself; KServe's agent batches the V1 protocol's `instances` alone", source: `${KSERVE_REPOSITORY}/pkg/batcher/handler.go` },
    sources: {
      image: `${KSERVE_REPOSITORY}/config/runtimes/kustomization.yaml`, user: `${KSERVE_REPOSITORY}/config/runtimes/kserve-${entry.image}.yaml`,
      settings: `${KSERVE_REPOSITORY}/python/kserve/kserve/model_server.py`, files: `${KSERVE_REPOSITORY}/python/${entry.image}/${entry.image}/model.py`,
      probes: `${KSERVE_REPOSITORY}/python/kserve/kserve/protocol/dataplane.py`, drain: `${KSERVE_REPOSITORY}/python/kserve/kserve/protocol/rest/server.py`,
    },
  };
}

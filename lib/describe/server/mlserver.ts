import { Size } from 'cdk8s';
import { AcceleratorKind } from '../accelerator';
import { own } from '../checks/own';
import { bytesOf, checkShape, is, Shape } from '../checks/shape';
import { Finding, ProblemKind } from '../problem';
import { given, PROMETHEUS_BUCKETS, prop, sampler, variables } from './parts';
import { LaunchRequest, ServedModel, ServerDefinition, ServerFile, ServerLaunch, ServerVariable } from './server-definition';
import { MetricRole, MetricType, InferenceProtocol, ServerFacts } from './server-facts';

const REPOSITORY = 'https://github.com/SeldonIO/MLServer/blob/1.7.1';

const NO_WAIT = ProblemKind.error('SERVING_MLSERVER_BATCHING', 'MLServer batches only where requests wait', 'Without a time it would not batch, in silence.');
const WORKERS = ProblemKind.warning('SERVING_MLSERVER_WORKERS', 'MLServer with worker processes loses requests at each update',
  'It ends its workers before it stops to listen: requests on kept connections are answered 500 or CANCELLED. Measured: 11 of 2,364 at 80 requests a second, with a drain of 10 s; none without workers.');
const NO_TASK = ProblemKind.error('SERVING_MLSERVER_TASK', 'MLServer does not know what a Hugging Face model is for', 'Its runtime refuses to load a model without a task.');
const GRPC_STOP = ProblemKind.warning('SERVING_MLSERVER_GRPC_STOP', 'MLServer ends gRPC answers five seconds after it is told to stop', 'The time is fixed in its code: longer answers are cut at each update.');
const NO_IMPLEMENTATION = ProblemKind.error('SERVING_MLSERVER_IMPLEMENTATION', 'MLServer does not know which class serves a custom model', 'It would start without a model and report itself ready.');

/** Properties of `InferenceServer.mlserver`. */
export interface MLServerProps {
  /**
   * Version of MLServer.
   * @default - of the defaults set
   */
  readonly version?: string;
  /**
   * Image to run.
   * @default - `seldonio/mlserver` of the version, with the runtime of the model's format
   */
  readonly image?: string;
  /**
   * Processes that predict, each with a copy of the model. 0 predicts in the main process, which can then answer nothing else meanwhile.
   * With any, an update loses requests that come over kept connections (a gRPC client's only kind), as the server ends its workers before
   * it stops to listen; that is a warning. More copies serve better than more workers.
   * @default 0
   */
  readonly workers?: number;
  /**
   * Largest gRPC message.
   * @default 64 MiB (gRPC's own default is 4 MiB)
   */
  readonly maxGrpcMessage?: Size;
  /**
   * What a Hugging Face model is for, as transformers name it: `text-classification`. Needed for such models.
   * @default - no Hugging Face model
   */
  readonly task?: string;
  /**
   * Whether every request is logged.
   * @default false
   */
  readonly debug?: boolean;
}

const SHAPE: Shape<MLServerProps> = {
  version: prop.semver, image: prop.image,
  workers: is.integer(0, 64), maxGrpcMessage: is.size, task: is.text("a task of transformers, such as 'text-classification'", /^[a-z0-9-]+$/), debug: is.flag,
};

/** Implementation and image suffix of each format. */
const RUNTIMES: { readonly [format: string]: { readonly implementation: string; readonly suffix: string; readonly files: string; readonly cpuOnly?: boolean } } = {
  sklearn: { implementation: 'mlserver_sklearn.SKLearnModel', suffix: 'sklearn', files: 'model.joblib, model.pickle or model.pkl', cpuOnly: true },
  xgboost: { implementation: 'mlserver_xgboost.XGBoostModel', suffix: 'xgboost', files: 'model.bst, model.json or model.ubj' },
  lightgbm: { implementation: 'mlserver_lightgbm.LightGBMModel', suffix: 'lightgbm', files: 'model.bst', cpuOnly: true },
  catboost: { implementation: 'mlserver_catboost.CatboostModel', suffix: 'catboost', files: 'model.cbm or model.bin (classifiers only)', cpuOnly: true },
  mlflow: { implementation: 'mlserver_mlflow.MLflowRuntime', suffix: 'mlflow', files: 'an MLflow model folder with its MLmodel file' },
  huggingface: { implementation: 'mlserver_huggingface.HuggingFaceRuntime', suffix: 'huggingface', files: 'a repository of transformers' },
};

/** Routes are told apart by their template. */
const PREDICTIONS = 'path="/v2/models/{model_name}/infer"';
const TEMP = '/tmp';
/** Where the settings of a pool's models lie. */
const SETTINGS = '/mnt/settings';
const PORTS = { http: 8080, grpc: 8081, metrics: 8082 };
const TABULAR = new Set(['sklearn', 'xgboost', 'lightgbm', 'catboost']);

/** MLServer: scikit-learn, XGBoost, LightGBM, CatBoost, MLflow, Hugging Face, and classes of your own. */
export class MLServer extends ServerDefinition {
  public readonly facts: ServerFacts;

  private readonly props: MLServerProps;
  /** @internal */
  public readonly _findings: readonly Finding[];

  public constructor(props: MLServerProps = {}) {
    super();
    const checked = checkShape('InferenceServer.mlserver', SHAPE, props);
    this.props = checked.props;
    this._findings = checked.findings;
    this.facts = factsOf(checked.props.workers ?? 0);
  }

  /** @internal */
  public get _given(): readonly string[] {
    return given(this.props);
  }

  public get requestedVersion(): string | undefined {
    return this.props.version;
  }

  public codeBaseImage(version: string): string {
    return this.props.image ?? `docker.io/seldonio/mlserver:${version}-slim`;
  }

  public launch(request: LaunchRequest): ServerLaunch {
    const model = request.models[0]!;
    const findings = request.models.some((one) => implementationOf(one) === undefined) ? [NO_IMPLEMENTATION.found({ what: 'MLServer needs the class that serves a custom model', fix: "give 'implementation: \"module.Class\"' to Model.custom" })] : [];
    const workers = this.props.workers ?? 0;
    const offset = request.portOffset ?? 0;
    if (request.batching?.maxSeconds === 0) findings.push(NO_WAIT.found({ what: 'MLServer answers nothing together where no request may wait', got: '0 s', allowed: 'more than 0 s', fix: "raise 'maxLatency' of Batching" }));
    if (workers > 0) {
      findings.push(WORKERS.found({ what: `MLServer with ${workers} worker ${workers === 1 ? 'process' : 'processes'} loses requests on kept connections whenever a pod stops`, got: workers, allowed: '0', fix: "leave 'workers' out and run more copies, or acknowledge it: clients repeat what fails" }));
    }
    if (request.models.some(({ format }) => format === 'huggingface') && this.props.task === undefined) {
      findings.push(NO_TASK.found({ what: "MLServer needs the task of a Hugging Face model", fix: "name it: InferenceServer.mlserver({ task: 'text-classification' }), or use InferenceServer.kserveHuggingFace()" }));
    }
    if (request.protocol.sameAs(InferenceProtocol.V2_GRPC) && request.requestTimeoutSeconds > 5) {
      findings.push(GRPC_STOP.found({ what: `answers by gRPC may take ${request.requestTimeoutSeconds} s, and MLServer ends them 5 s after it is told to stop`, got: `${request.requestTimeoutSeconds} s`, allowed: '5 s', fix: "lower 'requestTimeout', or acknowledge it: clients repeat what fails" }));
    }
    const image = model.codeImage ?? this.props.image ?? `docker.io/seldonio/mlserver:${request.version}${imageSuffix(request.models)}`;
    return {
      image,
      // without the image's own shell in front, SIGTERM reaches the server; an environment tarball is then not unpacked
      command: ['mlserver', 'start', request.pool && !request.startsEmpty ? SETTINGS : '/mnt/models'],
      environment: this.environment(request, workers),
      ...(request.pool && !request.startsEmpty ? { files: request.models.map((one) => this.settings(one, request)), filesFolder: SETTINGS } : {}),
      writable: [{ path: TEMP }],
      httpPort: PORTS.http + offset, grpcPort: PORTS.grpc + offset, metricsPort: PORTS.metrics + offset, metricsPath: '/metrics',
      // /v2/health/ready is also 200 when no model was found at all: a pool's are known by their settings
      readiness: { port: 'http', path: request.pool ? '/v2/health/ready' : `/v2/models/${model.name}/ready` },
      liveness: { port: 'http', path: '/v2/health/live' },
      blocksWhileBusy: workers === 0, user: 1000, findings,
    };
  }

  /** The settings of one model of a pool. Fields: https://github.com/SeldonIO/MLServer/blob/1.7.1/mlserver/settings.py */
  private settings(model: ServedModel, request: LaunchRequest): ServerFile {
    const { task } = this.props;
    const { batching } = request;
    const extra = model.format === 'huggingface' ? { pretrained_model: model.path, task, ...(request.accelerator === undefined ? {} : { device: 0 }) } : model.extra && JSON.parse(model.extra) as object;
    const settings = {
      name: model.name, implementation: implementationOf(model) ?? 'unknown',
      ...(batching === undefined ? {} : { max_batch_size: batching.maxSize, max_batch_time: batching.maxSeconds }),
      parameters: { uri: model.path, ...(extra === undefined ? {} : { extra }) },
    };
    return { path: `${SETTINGS}/${model.name}/model-settings.json`, content: `${JSON.stringify(settings, null, 2)}\n` };
  }

  /** What MLServer reads of a model where there is no file of settings. */
  private modelEnvironment(model: ServedModel, onDevice: boolean): { [name: string]: string | undefined } {
    const transformers = model.format === 'huggingface';
    return {
      MLSERVER_MODEL_NAME: model.name,
      MLSERVER_MODEL_IMPLEMENTATION: implementationOf(model) ?? 'unknown',
      MLSERVER_MODEL_URI: model.path,
      MLSERVER_MODEL_HUGGINGFACE_PRETRAINED_MODEL: transformers ? model.path : undefined,
      MLSERVER_MODEL_HUGGINGFACE_TASK: transformers ? this.props.task : undefined,
      MLSERVER_MODEL_HUGGINGFACE_DEVICE: transformers && onDevice ? '0' : undefined,
    };
  }

  private environment(request: LaunchRequest, workers: number): ServerVariable[] {
    const model = request.models[0]!;
    const tabular = request.models.every(({ format }) => TABULAR.has(format));
    const { maxGrpcMessage, debug } = this.props;
    const batching = request.pool ? undefined : request.batching;
    const port = (usual: number): string => String(usual + (request.portOffset ?? 0));
    return variables({
      ...(request.startsEmpty ? { MLSERVER_LOAD_MODELS_AT_STARTUP: 'false', MLSERVER_MODEL_REPOSITORY_ROOT: '/mnt/models' } : request.pool ? {} : this.modelEnvironment(model, request.accelerator !== undefined)),
      MLSERVER_HTTP_PORT: port(PORTS.http),
      MLSERVER_GRPC_PORT: port(PORTS.grpc),
      MLSERVER_METRICS_PORT: port(PORTS.metrics),
      MLSERVER_PARALLEL_WORKERS: String(workers),
      // a worker that still predicts is killed after this, and the request it had is never answered
      MLSERVER_PARALLEL_WORKERS_TIMEOUT: workers === 0 ? undefined : String(Math.ceil(request.requestTimeoutSeconds)),
      MLSERVER_GRPC_MAX_MESSAGE_LENGTH: String(maxGrpcMessage === undefined ? 64 * 2 ** 20 : Math.floor(bytesOf(maxGrpcMessage))),
      MLSERVER_MODEL_MAX_BATCH_SIZE: batching && String(batching.maxSize),
      MLSERVER_MODEL_MAX_BATCH_TIME: batching && String(batching.maxSeconds),
      MLSERVER_DEBUG: String(debug ?? false),
      MLSERVER_METRICS_DIR: `${TEMP}/mlserver-metrics`,
      MLSERVER_ENVIRONMENTS_DIR: `${TEMP}/mlserver-environments`,
      // scikit-learn and the boosted trees keep no caches
      HF_HOME: tabular ? undefined : `${TEMP}/huggingface`,
      NUMBA_CACHE_DIR: tabular ? undefined : `${TEMP}/numba`,
      PYTHONPATH: model.codePath,
      MLSERVER_TRACING_SERVER: request.tracing?.address,
      MLSERVER_SERVER_NAME: request.tracing?.serviceName,
      ...(request.tracing === undefined ? {} : sampler(request.tracing)),
    });
  }
}

/** The class that serves a model; undefined for one of your own that is not named. */
function implementationOf(model: ServedModel): string | undefined {
  return model.implementation ?? own(RUNTIMES, model.format)?.implementation;
}

/** What tells the image with the runtime of the models' format; the one with all runtimes where they have several. */
function imageSuffix(models: readonly ServedModel[]): string {
  const suffixes = [...new Set(models.map(({ format }) => own(RUNTIMES, format)?.suffix ?? 'slim'))];
  return suffixes.length === 1 ? `-${suffixes[0]}` : '';
}

function factsOf(workers: number): ServerFacts {
  return {
    id: 'mlserver', title: 'MLServer', version: '1.7.1',
    protocols: [InferenceProtocol.V2_REST, InferenceProtocol.V2_GRPC],
    formats: [...Object.entries(RUNTIMES).map(([format, { files, cpuOnly }]) => ({ format, layout: files, cpuOnly })), { format: 'custom', layout: 'a class of your own' }],
    accelerators: [AcceleratorKind.NVIDIA], cpu: true, pools: true,
    // without workers it ends its answers (gRPC's within 5 s); with them it drops them
    drains: workers === 0, codeInWorkingDirectory: true, baseMemoryMib: 400 + 300 * workers, memoryFactor: 1.5 + Math.max(0, workers - 1),
    metrics: [
      // by either protocol; those that failed are in the summary's count as well, and a failure's series starts at 0 with the first request
      { role: MetricRole.REQUESTS, name: 'model_infer_request_duration_count', type: MetricType.COUNTER, modelLabel: 'model', source: `${REPOSITORY}/mlserver/handlers/dataplane.py` },
      { role: MetricRole.FAILURES, name: 'model_infer_request_failure_total', type: MetricType.COUNTER, modelLabel: 'model', allName: 'model_infer_request_duration_count', allMatchers: '', source: `${REPOSITORY}/mlserver/handlers/dataplane.py` },
      { role: MetricRole.REQUESTS, name: 'rest_server_requests_total', type: MetricType.COUNTER, matchers: PREDICTIONS, overHttp: true, source: `${REPOSITORY}/mlserver/metrics/server.py` },
      { role: MetricRole.FAILURES, name: 'rest_server_requests_total', type: MetricType.COUNTER, matchers: `${PREDICTIONS},status_code=~"5.."`, allMatchers: PREDICTIONS, overHttp: true, source: `${REPOSITORY}/mlserver/rest/app.py` },
      { role: MetricRole.LATENCY, name: 'rest_server_request_duration_seconds', type: MetricType.HISTOGRAM, unit: 's', matchers: PREDICTIONS, buckets: PROMETHEUS_BUCKETS, overHttp: true, source: `${REPOSITORY}/mlserver/rest/app.py` },
      { role: MetricRole.LATENCY, name: 'grpc_server_handling_seconds', type: MetricType.HISTOGRAM, unit: 's', matchers: 'grpc_method="ModelInfer"', buckets: PROMETHEUS_BUCKETS, overHttp: false, source: `${REPOSITORY}/mlserver/grpc/server.py` },
      { role: MetricRole.LATENCY, name: 'model_infer_request_duration', type: MetricType.SUMMARY, unit: 's', modelLabel: 'model', source: `${REPOSITORY}/mlserver/handlers/dataplane.py` },
      { role: MetricRole.IN_FLIGHT, name: 'rest_server_requests_in_progress', type: MetricType.GAUGE, matchers: 'method="POST"', overHttp: true, source: `${REPOSITORY}/mlserver/rest/app.py` },
      { role: MetricRole.QUEUE, name: 'parallel_request_queue', type: MetricType.HISTOGRAM, buckets: PROMETHEUS_BUCKETS, onlyWith: 'workers', source: `${REPOSITORY}/mlserver/parallel/dispatcher.py` },
      // how many wait for a batch as each comes, not how large batches are. Without workers it is in a registry that is not shown: https://github.com/SeldonIO/MLServer/issues/1151
      { role: MetricRole.QUEUE, name: 'batch_request_queue', type: MetricType.HISTOGRAM, modelLabel: 'model_name', buckets: PROMETHEUS_BUCKETS, onlyWith: 'batching and workers', source: `${REPOSITORY}/mlserver/batching/adaptive.py` },
    ],
    // its exporter is made with insecure=True
    tracing: { http: false, tls: false, headers: true, source: `${REPOSITORY}/mlserver/tracing.py` },
    batching: { settable: true, note: 'requests for one model wait for each other', source: `${REPOSITORY}/mlserver/batching/adaptive.py` },
    sources: {
      image: `${REPOSITORY}/hack/build-images.sh`, user: `${REPOSITORY}/Dockerfile`, settings: `${REPOSITORY}/mlserver/settings.py`,
      files: `${REPOSITORY}/runtimes`, probes: `${REPOSITORY}/mlserver/handlers/dataplane.py`, drain: `${REPOSITORY}/mlserver/server.py`, code: `${REPOSITORY}/mlserver/cli/serve.py`,
    },
  };
}

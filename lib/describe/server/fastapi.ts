import { AcceleratorKind } from '../accelerator';
import { checkShape, is, Shape } from '../checks/shape';
import { Finding, ProblemKind } from '../problem';
import { drainSeconds, flags, prop, variables } from './parts';
import { LaunchRequest, ServerDefinition, ServerLaunch } from './server-definition';
import { MetricRole, MetricType, InferenceProtocol, ServerFacts } from './server-facts';

const INSTRUMENTATOR = 'https://github.com/trallnag/prometheus-fastapi-instrumentator/blob/v8.1.0/src/prometheus_fastapi_instrumentator';
const UVICORN = 'https://github.com/Kludex/uvicorn/blob/0.54.0';

const NO_IMAGE = ProblemKind.error('SERVING_FASTAPI_IMAGE', 'A FastAPI application without an image', 'There is no image that everyone could share: FastAPI, uvicorn and the libraries of the model are to be in it.');

/** Properties of `InferenceServer.fastApi`. */
export interface FastApiProps {
  /**
   * Image with uvicorn and what the application imports.
   * @default - the image of the model's code (`PythonCode.image`)
   */
  readonly image?: string;
  /**
   * The application, as uvicorn names it.
   * @default server:app
   */
  readonly application?: string;
  /**
   * Path of predictions. `{name}` stands for the model's name.
   * @default /predict
   */
  readonly predictPath?: string;
  /**
   * Path that answers 200 when the model is loaded.
   * @default /ready
   */
  readonly readinessPath?: string;
  /**
   * Path that answers 200 as long as the process is alive.
   * @default /live
   */
  readonly livenessPath?: string;
  /**
   * Path of the metrics that prometheus-fastapi-instrumentator exposes.
   * @default /metrics
   */
  readonly metricsPath?: string;
  /**
   * Processes, each with a copy of the model.
   * @default 1
   */
  readonly workers?: number;
  /**
   * Requests that are answered at once; others are refused with 503.
   * @default - no limit
   */
  readonly maxConcurrency?: number;
  /**
   * User that it runs as, by number.
   * @default 1000
   */
  readonly user?: number;
}

const PATH = is.text("a path, such as '/ready'", /^\/\S*$/);
const SHAPE: Shape<FastApiProps> = {
  image: prop.image, application: is.text("a module and the application in it, such as 'server:app'", /^[A-Za-z_][\w.]*:[A-Za-z_][\w.]*$/), predictPath: PATH, readinessPath: PATH, livenessPath: PATH,
  metricsPath: PATH, workers: is.integer(1, 64), maxConcurrency: is.integer(1), user: is.integer(1),
};
/** Bounds of the histogram of all routes. Source: metrics.py of the instrumentator. */
const BUCKETS = [0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 7.5, 10, 30, 60];
const MULTIPROCESS = '/var/run/prometheus';

/** A FastAPI application of your own, run by uvicorn: the first preset of a container. */
export class FastApiServer extends ServerDefinition {
  /** @internal */
  public readonly _findings: readonly Finding[];
  public readonly facts: ServerFacts;
  private readonly props: Partial<FastApiProps>;

  public constructor(props: FastApiProps = {}) {
    super();
    const checked = checkShape('InferenceServer.fastApi', SHAPE, props);
    this.props = checked.props;
    this._findings = checked.findings;
    this.facts = factsOf(checked.props.predictPath ?? '/predict');
  }

  public requestPath(_protocol: InferenceProtocol, modelName: string): string {
    return (this.props.predictPath ?? '/predict').replaceAll('{name}', modelName);
  }

  public launch(request: LaunchRequest): ServerLaunch {
    const model = request.models[0]!;
    const { application, readinessPath, livenessPath, metricsPath, workers, maxConcurrency, user } = this.props;
    const image = model.codeImage ?? this.props.image;
    const several = (workers ?? 1) > 1;
    return {
      image: image ?? 'unknown',
      // uvicorn itself as process 1, so that the signal reaches it
      command: [
        'uvicorn', application ?? 'server:app',
        ...flags({
          '--host': '0.0.0.0',
          '--port': 8000,
          '--app-dir': model.codePath,
          '--workers': workers ?? 1,
          '--timeout-graceful-shutdown': drainSeconds(request),
          // uvicorn closes idle connections after 5 s, just as a proxy sends the next request on one
          '--timeout-keep-alive': 75,
          '--limit-concurrency': maxConcurrency,
        }),
      ],
      environment: variables({ MODEL_NAME: model.name, MODEL_PATH: model.path, HOME: '/tmp', PROMETHEUS_MULTIPROC_DIR: several ? MULTIPROCESS : undefined }),
      // a folder that is mounted is there when prometheus_client looks for it
      writable: [{ path: '/tmp' }, ...(several ? [{ path: MULTIPROCESS, limitMib: 128 }] : [])],
      httpPort: 8000, metricsPath: metricsPath ?? '/metrics',
      readiness: { port: 'http', path: readinessPath ?? '/ready' },
      liveness: { port: 'http', path: livenessPath ?? '/live' },
      user: user ?? 1000,
      findings: image !== undefined ? [] : [NO_IMAGE.found({ what: 'InferenceServer.fastApi has no image to run', fix: "give 'image', or code as PythonCode.image" })],
    };
  }
}

function factsOf(predictPath: string): ServerFacts {
  const source = `${INSTRUMENTATOR}/metrics.py`;
  // routes are told apart by their template, as FastAPI has them
  const handler = `handler="${predictPath}"`;
  return {
    id: 'fastapi', title: 'FastAPI', version: '8.1.0',
    protocols: [InferenceProtocol.CUSTOM_REST],
    formats: [{ format: '*', layout: 'as the application reads it' }],
    accelerators: [AcceleratorKind.NVIDIA, AcceleratorKind.AMD], cpu: true, selectable: false,
    drains: true, baseMemoryMib: 256, memoryFactor: 2,
    metrics: [
      { role: MetricRole.REQUESTS, name: 'http_requests_total', type: MetricType.COUNTER, matchers: handler, source },
      { role: MetricRole.FAILURES, name: 'http_requests_total', type: MetricType.COUNTER, matchers: `${handler},status="5xx"`, allMatchers: handler, source },
      { role: MetricRole.LATENCY, name: 'http_request_duration_seconds', type: MetricType.HISTOGRAM, unit: 's', matchers: handler, bucketsSettable: true, buckets: [0.1, 0.5, 1], source },
      // with finer bounds, but of all routes together: probes and scrapes would pass a gate for predictions
      { role: MetricRole.LATENCY, name: 'http_request_duration_highr_seconds', type: MetricType.HISTOGRAM, unit: 's', bucketsSettable: true, buckets: BUCKETS, source },
      { role: MetricRole.IN_FLIGHT, name: 'http_requests_inprogress', type: MetricType.GAUGE, onlyWith: 'should_instrument_requests_inprogress', source: `${INSTRUMENTATOR}/instrumentation.py` },
    ],
    sources: {
      image: `${INSTRUMENTATOR}/instrumentation.py`, user: 'https://v1-34.docs.kubernetes.io/docs/concepts/security/pod-security-standards/', settings: `${UVICORN}/docs/settings.md`, probes: `${UVICORN}/docs/settings.md`,
      drain: `${UVICORN}/uvicorn/server.py`, multiprocess: 'https://prometheus.github.io/client_python/multiprocess/',
    },
  };
}

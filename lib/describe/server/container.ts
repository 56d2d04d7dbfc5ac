import { AcceleratorKind } from '../accelerator';
import { ENV_NAME, named } from '../checks/names';
import { SECRET_IN_PLAIN_TEXT } from '../checks/secrets';
import { Check, checkShape, is, Shape } from '../checks/shape';
import { Finding, ProblemKind } from '../problem';
import { checkArguments, prop, variables } from './parts';
import { LaunchRequest, ServedPredictor, ServerDefinition, ServerLaunch } from './server-definition';
import { InferenceProtocol, ServerFacts, ServerMetric } from './server-facts';

const KUBERNETES = 'https://v1-34.docs.kubernetes.io/docs/concepts';

const NO_IMAGE = ProblemKind.error('SERVING_CONTAINER_IMAGE', 'A container of your own without an image', 'There is nothing that could be run.');
const NO_PORT = ProblemKind.error('SERVING_CONTAINER_PORT', 'A container of your own without a port that a setting needs', 'Requests, probes and scrapes go to a port by its name.');
const ROOT_USER = ProblemKind.error('SERVING_CONTAINER_USER', 'A container is told to run as root and as another user', 'Kubernetes refuses the pod.');

/** Properties of `InferenceServer.container`. */
export interface ContainerProps {
  /**
   * Image to run, with tag or digest.
   * @default - the image of the model's code (`PythonCode.image`)
   */
  readonly image?: string;
  /**
   * Entry point.
   * @default - the image's
   */
  readonly command?: string[];
  /**
   * Arguments. `{name}` stands for the model's name and `{path}` for where its files are; in a transformer or explainer `{predictor}` for the host and
   * port that it asks, and `{predictorProtocol}` for what it speaks there, as KServe's SDK names it: `v1`, `v2`, `grpc-v2`.
   * @default - the image's
   */
  readonly args?: string[];
  /**
   * Environment, beside MODEL_NAME and MODEL_PATH.
   * @default - none
   */
  readonly environment?: { [name: string]: string };
  /**
   * Port of HTTP requests.
   * @default 8080, unless there is a gRPC port alone
   */
  readonly httpPort?: number;
  /**
   * Port of gRPC requests.
   * @default - none
   */
  readonly grpcPort?: number;
  /**
   * What clients speak, the best first.
   * @default - a REST API of its own
   */
  readonly protocols?: InferenceProtocol[];
  /**
   * Path of predictions, for a REST API of its own. `{name}` stands for the model's name.
   * @default /
   */
  readonly predictPath?: string;
  /**
   * Path that answers 200 when the model is loaded. `{name}` stands for the model's name.
   * @default - the port only has to accept connections
   */
  readonly readinessPath?: string;
  /**
   * Path that answers 200 as long as the process is alive, also while it is busy.
   * @default - the port only has to accept connections
   */
  readonly livenessPath?: string;
  /**
   * Path of Prometheus metrics.
   * @default - no metrics
   */
  readonly metricsPath?: string;
  /**
   * Port of metrics.
   * @default - the HTTP port
   */
  readonly metricsPort?: number;
  /**
   * What its metrics tell.
   * @default - nothing is known of them
   */
  readonly metrics?: ServerMetric[];
  /**
   * User that it runs as, by number.
   * @default - the image's, which must be a number, too
   */
  readonly user?: number;
  /**
   * Whether it needs to be root.
   * @default false
   */
  readonly root?: boolean;
  /**
   * Folders that it writes to, beside /tmp.
   * @default - none
   */
  readonly writable?: string[];
  /**
   * Whether it writes anywhere else in its image.
   * @default false
   */
  readonly writesToImage?: boolean;
  /**
   * Whether it ends the answers it has begun when it gets SIGTERM.
   * @default false
   */
  readonly drains?: boolean;
  /**
   * Devices that the image can use.
   * @default - NVIDIA GPUs
   */
  readonly accelerators?: AcceleratorKind[];
}

const PORT = is.integer(1024, 65535); // below are root's
const PATH = is.text("a path, such as '/ready'", /^\/\S*$/);
const ANY_TEXT: Check = { complain: (value) => (value === '' ? undefined : is.text().complain(value)) };
/** Source: https://github.com/kserve/kserve/blob/v0.20.0/python/kserve/kserve/constants/constants.py */
const KSERVE_PROTOCOLS: { readonly [protocol: string]: string } = { 'v1-rest': 'v1', 'v2-rest': 'v2', 'v2-grpc': 'grpc-v2' };
const SECRET_NAME = /(^|_)(API_?KEY|TOKEN|PASSWORD|SECRET|SECRET_ACCESS_KEY)$/i;
const SHAPE: Shape<ContainerProps> = {
  image: prop.image, command: is.list(is.text(), { min: 1 }), args: is.list(is.text()), environment: is.map(ANY_TEXT, { pattern: ENV_NAME, allowed: 'a name of a variable' }) as Check,
  httpPort: PORT, grpcPort: PORT, protocols: is.list(is.instance(InferenceProtocol, 'InferenceProtocol.V2_REST'), { min: 1 }), predictPath: PATH, readinessPath: PATH, livenessPath: PATH, metricsPath: PATH, metricsPort: PORT,
  metrics: is.list(is.like('a metric with role, name, type and source', 'role', 'name', 'type', 'source')), user: is.integer(1), root: is.flag, writable: is.list(named.absolutePath), writesToImage: is.flag,
  drains: is.flag, accelerators: is.list(is.oneOf(Object.values(AcceleratorKind))),
};

/** Any container that serves: what is known of a server of the catalogue is said of it in props. */
export class ContainerServer extends ServerDefinition {
  /** @internal */
  public readonly _findings: readonly Finding[];
  public readonly facts: ServerFacts;
  private readonly props: Partial<ContainerProps>;

  public constructor(props: ContainerProps = {}) {
    super();
    const checked = checkShape('InferenceServer.container', SHAPE, props);
    this.props = checked.props;
    this.facts = factsOf(checked.props);
    this._findings = [...checked.findings, ...this.check()];
  }

  public requestPath(protocol: InferenceProtocol, modelName: string): string {
    const { predictPath } = this.props;
    return protocol.sameAs(InferenceProtocol.CUSTOM_REST) && predictPath !== undefined ? filled(predictPath, modelName) : super.requestPath(protocol, modelName);
  }

  public launch(request: LaunchRequest): ServerLaunch {
    const model = request.models[0]!;
    const { command, args, environment, grpcPort, readinessPath, livenessPath, metricsPath, metricsPort, user, root, writable, writesToImage } = this.props;
    const image = model.codeImage ?? this.props.image;
    const port = this.httpPort === undefined ? 'grpc' : 'http';
    const fill = (texts: readonly string[] | undefined): string[] | undefined => texts?.map((text) => filled(text, model.name, model.path, request.predictor));
    return {
      image: image ?? 'unknown',
      command: fill(command), args: fill(args),
      environment: variables({ MODEL_NAME: model.name, MODEL_PATH: model.path, PYTHONPATH: model.codePath, ...environment }),
      writable: [...new Set(['/tmp', ...(writable ?? [])])].map((path) => ({ path })),
      httpPort: this.httpPort, grpcPort, metricsPort, metricsPath,
      readiness: { port, path: readinessPath === undefined ? undefined : filled(readinessPath, model.name) },
      liveness: { port, path: livenessPath === undefined ? undefined : filled(livenessPath, model.name) },
      user, nonRoot: !root, readOnlyRoot: !writesToImage,
      findings: image !== undefined ? [] : [NO_IMAGE.found({ what: 'InferenceServer.container has no image to run', fix: "give 'image', or code as PythonCode.image" })],
    };
  }

  private get httpPort(): number | undefined {
    const { httpPort, grpcPort, protocols } = this.props;
    const asked = protocols?.some((protocol) => protocol.http) ?? grpcPort === undefined;
    return httpPort ?? (asked ? 8080 : undefined);
  }

  private check(): Finding[] {
    const { command, args, environment, grpcPort, metricsPort, metricsPath, readinessPath, livenessPath, protocols, user, root } = this.props;
    const findings = checkArguments('InferenceServer.container', [...(command ?? []), ...(args ?? [])], []);
    for (const name of Object.keys(environment ?? {}).filter((one) => SECRET_NAME.test(one))) {
      findings.push(SECRET_IN_PLAIN_TEXT.found({ what: `InferenceServer.container: the variable '${name}' hands over a secret in plain text`, fix: 'give it as a variable from a Secret' }));
    }
    const needs = (what: string, fix: string): number => findings.push(NO_PORT.found({ what: `InferenceServer.container: ${what}`, fix }));
    if (protocols?.some((protocol) => !protocol.http) && grpcPort === undefined) needs("a gRPC protocol without 'grpcPort'", "give 'grpcPort'");
    if ((readinessPath ?? livenessPath) !== undefined && this.httpPort === undefined) needs('a path of a probe without an HTTP port', "give 'httpPort', or leave the path out");
    if (metricsPath !== undefined && this.httpPort === undefined && metricsPort === undefined) needs("'metricsPath' without a port", "give 'metricsPort'");
    if (metricsPort !== undefined && metricsPath === undefined) needs("'metricsPort' without 'metricsPath'", "give 'metricsPath', such as '/metrics'");
    if (root && user !== undefined) findings.push(ROOT_USER.found({ what: "InferenceServer.container: 'root' and 'user' exclude each other", got: user, fix: 'leave one of them out' }));
    return findings;
  }
}

function filled(text: string, name: string, path = '', predictor?: ServedPredictor): string {
  return text.replaceAll('{name}', name).replaceAll('{path}', path).replaceAll('{predictor}', predictor?.host ?? '').replaceAll('{predictorProtocol}', KSERVE_PROTOCOLS[predictor?.protocol ?? ''] ?? 'v2');
}

function factsOf(props: Partial<ContainerProps>): ServerFacts {
  return {
    id: 'container', title: 'Container', version: '1',
    protocols: props.protocols ?? [InferenceProtocol.CUSTOM_REST],
    formats: [{ format: '*', layout: 'as the container reads it' }],
    accelerators: props.accelerators ?? [AcceleratorKind.NVIDIA], cpu: true, selectable: false,
    drains: props.drains ?? false, metrics: props.metrics ?? [],
    // what else there is to know, only the image's maker knows
    sources: {
      image: `${KUBERNETES}/containers/images/`, user: `${KUBERNETES}/security/pod-security-standards/`, probes: `${KUBERNETES}/configuration/liveness-readiness-startup-probes/`,
      drain: `${KUBERNETES}/workloads/pods/pod-lifecycle/#pod-termination`,
    },
  };
}

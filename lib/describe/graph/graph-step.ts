import { Duration } from 'cdk8s';
import { checkShape, is, Shape } from '../checks/shape';
import { Finding } from '../problem';
import { InferenceProtocol } from '../server/server-facts';
import { ServiceEndpoint } from '../service-endpoint';
import { GraphCondition } from './graph-condition';
import type { GraphNode } from './graph-node';

/** What a step of a graph asks: an InferenceService, also an imported one, or another graph. */
export interface IGraphMember {
  /** Name of its objects. */
  readonly name: string;
  /** Namespace, when it is known. */
  readonly namespace?: string;
  /**
   * Where and how clients ask for predictions.
   * @param protocol that they speak.
   * @returns undefined when it doesn't speak it.
   */
  endpoint(protocol: InferenceProtocol): ServiceEndpoint | undefined;
}

/** What a step of a sequence is sent. */
export enum GraphData {
  /** The request that came to the sequence. */
  REQUEST = 'request',
  /** The answer of the step before, as it is. */
  RESPONSE = 'response',
  /** The answer of the step before, its `predictions` as the `instances` of a V1 request. */
  PREDICTIONS = 'predictions',
}

/** What becomes of an answer that is a failure (a status other than 2xx). */
export enum StepDependency {
  /** It is the answer of the graph: nothing comes after it. */
  HARD = 'hard',
  /** It is handed on like any other. */
  SOFT = 'soft',
}

/** What may be said of a step. */
export interface GraphStepOptions {
  /**
   * Name: in the answer of an ensemble and in logs. Each node has it once.
   * @default - the service's or node's, else `step` and its number
   */
  readonly name?: string;
  /**
   * What it is sent, in a sequence.
   * @default GraphData.REQUEST
   */
  readonly data?: GraphData;
  /**
   * In a switch: what the request must hold for this step to be taken. In a sequence: what the answer before must hold; else the sequence ends with that answer.
   * @default - none: in a sequence the step is always taken
   */
  readonly condition?: GraphCondition;
  /**
   * Percent of the requests that it gets, in a splitter.
   * @default - none; a splitter's steps need it
   */
  readonly weight?: number;
  /**
   * What becomes of a failure, in a sequence or an ensemble.
   * @default StepDependency.HARD
   */
  readonly dependency?: StepDependency;
  /**
   * How long its answer may take.
   * @default - the service's own `requestTimeout`; 30 seconds for what is not known
   */
  readonly timeout?: Duration;
}

const OPTIONS: Shape<GraphStepOptions> = {
  name: is.text("a name of letters, digits, '_', '.' and '-', at most 63", /^[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/),
  data: is.oneOf(Object.values(GraphData)), condition: is.instance(GraphCondition, "GraphCondition.hasText('lang', 'de')"), weight: is.integer(0, 100),
  dependency: is.oneOf(Object.values(StepDependency)), timeout: is.duration(0.001, 24 * 3600),
};
const URL_OF = is.text("an address with its whole path, such as 'http://host.namespace.svc/v2/models/name/infer'", /^https?:\/\/[^\s/?#@]+[^\s#]*$/);

/** One step of a node: what is asked, with what, when. */
export class GraphStep {
  /**
   * Asks a service.
   * @param service an InferenceService, an imported one, or another InferenceGraph.
   */
  public static service(service: IGraphMember, options: GraphStepOptions = {}): GraphStep {
    const { findings } = checkShape('GraphStep.service', { service: is.required(is.like('an InferenceService', 'name', 'endpoint')) }, { service });
    return new GraphStep({ service: findings.length > 0 ? undefined : service }, options, findings);
  }

  /**
   * Asks an address.
   * @param url with its whole path: requests are posted to just this.
   */
  public static url(url: string, options: GraphStepOptions = {}): GraphStep {
    const { props, findings } = checkShape('GraphStep.url', { url: is.required(URL_OF) }, { url });
    return new GraphStep({ url: props.url }, options, findings);
  }

  /**
   * Asks another node.
   * @param node that takes the step's data as its request.
   */
  public static node(node: GraphNode, options: GraphStepOptions = {}): GraphStep {
    const { findings } = checkShape('GraphStep.node', { node: is.required(is.like("a GraphNode, such as GraphNode.ensemble([...])", '_steps', 'kind')) }, { node });
    return new GraphStep({ node: findings.length > 0 ? undefined : node }, options, findings);
  }

  /** @internal */
  public readonly _findings: readonly Finding[];
  /** @internal What may be said of it. */
  public readonly _options: Partial<GraphStepOptions>;

  private constructor(
    /** @internal What is asked: one of these; none where it is no such. */
    public readonly _target: { readonly service?: IGraphMember; readonly url?: string; readonly node?: GraphNode },
    options: GraphStepOptions,
    findings: readonly Finding[],
  ) {
    const checked = checkShape('GraphStep', OPTIONS, options);
    this._options = checked.props;
    this._findings = [...findings, ...checked.findings];
  }
}

import { checkShape, is, Shape } from '../checks/shape';
import { Finding } from '../problem';
import { GraphStep } from './graph-step';

/** How a node asks its steps. */
export enum GraphNodeKind {
  /** One after another. */
  SEQUENCE = 'sequence',
  /** The first whose condition the request meets. */
  SWITCH = 'switch',
  /** All at once. */
  ENSEMBLE = 'ensemble',
  /** One, by weight. */
  SPLITTER = 'splitter',
}

/** What may be said of a node. */
export interface GraphNodeOptions {
  /**
   * Name in the engine's definition and in logs.
   * @default - from the steps that lead to it. The first is always `root`
   */
  readonly name?: string;
}

/** What may be said of a switch. */
export interface GraphSwitchOptions extends GraphNodeOptions {
  /**
   * The step for requests that meet no condition.
   * @default - such requests are answered with 404
   */
  readonly otherwise?: GraphStep;
}

const STEPS = is.list(is.instance(GraphStep, 'GraphStep.service(model)'));
const NAME = is.text("a name of lower-case letters, digits and '-', at most 63", /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/);
const NODE: Shape<GraphNodeOptions> = { name: NAME };
const SWITCH: Shape<GraphSwitchOptions> = { name: NAME, otherwise: is.instance(GraphStep, 'GraphStep.service(model)') };

/** A node of a graph: steps, and how they are asked. Nodes are steps of others, so graphs are as deep as need be. */
export class GraphNode {
  /**
   * One step after another. The last answer is the node's.
   * @param steps in their order; what each is sent is its `data`.
   */
  public static sequence(steps: GraphStep[], options: GraphNodeOptions = {}): GraphNode {
    return GraphNode.made(GraphNodeKind.SEQUENCE, steps, options);
  }

  /**
   * The first step whose condition the request meets.
   * @param steps in their order, each with a `condition`.
   */
  public static switch(steps: GraphStep[], options: GraphSwitchOptions = {}): GraphNode {
    const checked = checkShape('GraphNode.switch', { steps: is.required(STEPS), ...SWITCH }, { ...options, steps });
    return new GraphNode(GraphNodeKind.SWITCH, checked.props.steps, checked.props.otherwise, checked.props.name, checked.findings);
  }

  /**
   * All steps at once. The answer is an object: each step's answer by its name.
   * @param steps all are sent the same request.
   */
  public static ensemble(steps: GraphStep[], options: GraphNodeOptions = {}): GraphNode {
    return GraphNode.made(GraphNodeKind.ENSEMBLE, steps, options);
  }

  /**
   * One step by chance.
   * @param steps each with a `weight`; they add up to 100.
   */
  public static splitter(steps: GraphStep[], options: GraphNodeOptions = {}): GraphNode {
    return GraphNode.made(GraphNodeKind.SPLITTER, steps, options);
  }

  private static made(kind: GraphNodeKind, steps: GraphStep[], options: GraphNodeOptions): GraphNode {
    const checked = checkShape(`GraphNode.${kind}`, { steps: is.required(STEPS), ...NODE }, { ...options, steps });
    return new GraphNode(kind, checked.props.steps, undefined, checked.props.name, checked.findings);
  }

  /** @internal Its steps, that for all other requests of a switch as well; none where they are no such. */
  public readonly _steps?: readonly GraphStep[];

  private constructor(
    /** How it asks its steps. */
    public readonly kind: GraphNodeKind,
    steps: GraphStep[] | undefined,
    /** @internal The step of a switch for requests that meet no condition. */
    public readonly _otherwise: GraphStep | undefined,
    /** @internal */
    public readonly _name: string | undefined,
    /** @internal */
    public readonly _findings: readonly Finding[],
  ) {
    this._steps = steps && [...steps, ...(_otherwise === undefined ? [] : [_otherwise])];
  }
}

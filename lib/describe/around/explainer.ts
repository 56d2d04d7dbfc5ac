import { Size } from 'cdk8s';
import { checkShape, is, Shape } from '../checks/shape';
import { Model } from '../model';
import { ModelSource } from '../model-source';
import { Finding, ProblemKind } from '../problem';
import { ServerDefinition } from '../server/server-definition';
import { COMPANION_PODS, CompanionPodsProps } from './companion-props';

const NOTHING = ProblemKind.error('SERVING_EXPLAINER_EMPTY', 'An explainer without an artefact', 'Alibi needs an explainer that was fitted and saved, or the parameters to make one from.');

/**
 * Methods of Alibi that only ask the model. Its other methods need the model's own files in the explainer, and so `Explainer.container`.
 * Source: https://github.com/SeldonIO/MLServer/blob/1.7.1/runtimes/alibi-explain/mlserver_alibi_explain/alibi_dependency_reference.py
 */
export enum AlibiExplainer {
  /** Anchors of tables. */
  ANCHOR_TABULAR = 'anchor_tabular',
  /** Anchors of images. */
  ANCHOR_IMAGE = 'anchor_image',
  /** Anchors of texts. */
  ANCHOR_TEXT = 'anchor_text',
  /** Kernel SHAP. */
  KERNEL_SHAP = 'kernel_shap',
}

/** Properties of `Explainer.alibi`. */
export interface AlibiExplainerProps extends CompanionPodsProps {
  /** The method. */
  readonly method: AlibiExplainer;
  /**
   * The explainer, as Alibi saved it (`explainer.save(folder)`).
   * @default - made from `parameters`
   */
  readonly source?: ModelSource;
  /**
   * Arguments of the method's class, in place of a saved one.
   * @default - the saved one has them
   */
  readonly parameters?: { [name: string]: unknown };
  /**
   * The model's output that is explained.
   * @default - its first
   */
  readonly output?: string;
  /**
   * Whether the method takes all rows of a request at once.
   * @default false: it explains the first row
   */
  readonly batch?: boolean;
  /**
   * Bytes of all files.
   * @default - 512 MiB is allowed for
   */
  readonly size?: Size;
}

/** Properties of `Explainer.container`. */
export interface ContainerExplainerProps extends CompanionPodsProps {
  /** What runs it. It is told by variables where the model is asked: PREDICTOR_HOST, PREDICTOR_URL, PREDICTOR_PROTOCOL. */
  readonly server: ServerDefinition;
  /**
   * Its code and files.
   * @default - the server's image holds them
   */
  readonly model?: Model;
}

const ALIBI: Shape<AlibiExplainerProps> = {
  ...COMPANION_PODS, method: is.required(is.oneOf(Object.values(AlibiExplainer))), source: is.instance(ModelSource, "ModelSource.s3('s3://explainers/fraud/v1')"), parameters: is.json, output: is.text(), batch: is.flag, size: is.size,
};
const CONTAINER: Shape<ContainerExplainerProps> = {
  ...COMPANION_PODS, server: is.required(is.instance(ServerDefinition, "InferenceServer.container({ image: '...' })")), model: is.instance(Model, 'Model.custom({ ... })'),
};

/** Tells why a model answered as it did: pods of its own, with an address of their own. */
export class Explainer {
  /**
   * Alibi's methods in MLServer's runtime for them, for models that are asked by the Open Inference Protocol over HTTP. Alibi's licence allows no
   * production use without a contract with Seldon: https://github.com/SeldonIO/alibi/blob/v0.9.6/LICENSE
   */
  public static alibi(props: AlibiExplainerProps): Explainer {
    const checked = checkShape('Explainer.alibi', ALIBI, props);
    if (checked.props.source === undefined && checked.props.parameters === undefined) {
      checked.findings.push(NOTHING.found({ what: "Explainer.alibi: neither 'source' nor 'parameters'", fix: "give 'source' with what explainer.save() wrote, or 'parameters' of the method's class" }));
    }
    return new Explainer(checked.props, undefined, checked.findings);
  }

  /** An explainer of your own. */
  public static container(props: ContainerExplainerProps): Explainer {
    const checked = checkShape('Explainer.container', CONTAINER, props);
    return new Explainer(undefined, checked.props, checked.findings);
  }

  private constructor(
    /** @internal */
    public readonly _alibi: Partial<AlibiExplainerProps> | undefined,
    /** @internal */
    public readonly _container: Partial<ContainerExplainerProps> | undefined,
    /** @internal */
    public readonly _findings: readonly Finding[],
  ) {}
}

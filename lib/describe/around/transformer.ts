import { prop } from '../server/parts';
import { checkShape, is, Shape } from '../checks/shape';
import { Model } from '../model';
import { Finding } from '../problem';
import { ContainerServer } from '../server/container';
import { ServerDefinition } from '../server/server-definition';
import { InferenceProtocol } from '../server/server-facts';
import { COMPANION, COMPANION_PODS, CompanionPodsProps, CompanionProps } from './companion-props';

/** Properties of `Transformer.collocated`. */
export interface CollocatedTransformerProps extends CompanionProps {
  /** What runs it. It is told by variables where the predictor is: PREDICTOR_HOST, PREDICTOR_URL, PREDICTOR_PROTOCOL. */
  readonly server: ServerDefinition;
  /**
   * Its code and files, where the server takes such: `Model.custom({ implementation, code })`.
   * @default - the server's image holds them
   */
  readonly model?: Model;
}

/** Properties of `Transformer.of`. */
export interface TransformerProps extends CompanionPodsProps {
  /** What runs it. It is told by variables where the predictor is: PREDICTOR_HOST, PREDICTOR_URL, PREDICTOR_PROTOCOL. */
  readonly server: ServerDefinition;
  /**
   * Its code and files, where the server takes such: `Model.custom({ implementation, code })`.
   * @default - the server's image holds them
   */
  readonly model?: Model;
}

/** Properties of `Transformer.kserve`. */
export interface KServeTransformerProps extends CompanionPodsProps {
  /** Image of a `kserve.ModelServer`. */
  readonly image: string;
  /**
   * Entry point.
   * @default - the image's
   */
  readonly command?: string[];
  /**
   * Arguments, before those that tell of the predictor: `--model_name --predictor_host --predictor_protocol --http_port`.
   * @default - none
   */
  readonly args?: string[];
}

const PROGRAM = { server: is.required(is.instance(ServerDefinition, 'InferenceServer.mlserver()')), model: is.instance(Model, "Model.custom({ implementation: 'transform.Transformer', code })") };
const COLLOCATED: Shape<CollocatedTransformerProps> = { ...COMPANION, ...PROGRAM };
const APART: Shape<TransformerProps> = { ...COMPANION_PODS, ...PROGRAM };
const KSERVE: Shape<KServeTransformerProps> = { ...COMPANION_PODS, image: is.required(prop.image), command: is.list(is.text(), { min: 1 }), args: is.list(is.text()) };

/** Port of KServe's SDK: https://github.com/kserve/kserve/blob/v0.20.0/python/kserve/kserve/model_server.py */
const KSERVE_PORT = 8080;

/** Code before and after the model: clients ask it by the service's address, and it asks the predictor. */
export class Transformer {
  /** In pods of its own, with copies of its own. The predictor moves to the address `<name>-predictor`. */
  public static of(props: TransformerProps): Transformer {
    const checked = checkShape('Transformer.of', APART, props);
    return new Transformer(false, checked.props, checked.findings);
  }

  /** In the predictor's pods: one hop less, one version with the model, copies as the model has. */
  public static collocated(props: CollocatedTransformerProps): Transformer {
    const checked = checkShape('Transformer.collocated', COLLOCATED, props);
    return new Transformer(true, checked.props, checked.findings);
  }

  /** A transformer that is written with KServe's Python SDK, in pods of its own. It needs no KServe in the cluster. */
  public static kserve(props: KServeTransformerProps): Transformer {
    const { props: checked, findings } = checkShape('Transformer.kserve', KSERVE, props);
    const { image, command, args, ...rest } = checked;
    const server = new ContainerServer({
      image: image ?? 'unknown:unknown', command,
      args: [...(args ?? []), '--model_name={name}', '--predictor_host={predictor}', '--predictor_protocol={predictorProtocol}', `--http_port=${KSERVE_PORT}`],
      httpPort: KSERVE_PORT, protocols: [InferenceProtocol.V2_REST, InferenceProtocol.V1_REST], readinessPath: '/v2/health/ready', livenessPath: '/v2/health/live', metricsPath: '/metrics',
    });
    return new Transformer(false, { ...rest, server }, findings);
  }

  private constructor(
    /** Whether it is in the predictor's pods. */
    public readonly isCollocated: boolean,
    /** @internal */
    public readonly _props: Partial<TransformerProps>,
    /** @internal */
    public readonly _findings: readonly Finding[],
  ) {}
}

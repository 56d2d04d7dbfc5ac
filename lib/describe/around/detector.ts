import { Size } from 'cdk8s';
import { checkShape, is, Shape } from '../checks/shape';
import { ModelSource } from '../model-source';
import { Finding } from '../problem';
import { COMPANION_PODS, CompanionPodsProps } from './companion-props';

/** What a detector looks for. */
export enum DetectorKind {
  /** Inputs that are like none that the model was trained on: one by one. */
  OUTLIER = 'outlier',
  /** Inputs that as a whole differ from those that the model was trained on. */
  DRIFT = 'drift',
}

/** What is said of every detector. */
export interface DetectorProps extends CompanionPodsProps {
  /** The detector, as Alibi Detect saved it (`save_detector(detector, folder)`). */
  readonly source: ModelSource;
  /**
   * Its name, part of its address: `<service>-<name>`.
   * @default - `outlier`, `drift`
   */
  readonly name?: string;
  /**
   * Further arguments of its `predict`.
   * @default - none
   */
  readonly parameters?: { [name: string]: unknown };
  /**
   * Percent of the requests that it is sent.
   * @default 100
   */
  readonly samplePercent?: number;
  /**
   * Bytes of all files.
   * @default - 512 MiB is allowed for
   */
  readonly size?: Size;
}

/** Properties of `Detector.drift`. */
export interface DriftDetectorProps extends DetectorProps {
  /** Requests that are judged together: a test needs many rows. A detector that Alibi Detect calls online keeps its own window, and this is left unread. */
  readonly batchSize: number;
}

const DETECTOR: Shape<DetectorProps> = {
  ...COMPANION_PODS, source: is.required(is.instance(ModelSource, "ModelSource.s3('s3://detectors/fraud/v1')")), name: is.text("a name of at most 20 lower-case letters, digits and '-'", /^[a-z]([-a-z0-9]{0,18}[a-z0-9])?$/),
  parameters: is.json, samplePercent: is.number(0.001, 100), size: is.size,
};
const DRIFT: Shape<DriftDetectorProps> = { ...DETECTOR, batchSize: is.required(is.integer(2, 100_000)) };

/**
 * Looks at each request as it comes, beside the answer: a copy of it is sent to a detector of Alibi Detect in pods of its own, which never makes a client
 * wait. Alibi Detect's licence allows no production use without a contract with Seldon: https://github.com/SeldonIO/alibi-detect/blob/v0.13.0/LICENSE
 */
export class Detector {
  /** Outliers, row by row. */
  public static outlier(props: DetectorProps): Detector {
    const checked = checkShape('Detector.outlier', DETECTOR, props);
    return new Detector(DetectorKind.OUTLIER, checked.props, checked.findings);
  }

  /** Drift, over many requests together. */
  public static drift(props: DriftDetectorProps): Detector {
    const checked = checkShape('Detector.drift', DRIFT, props);
    return new Detector(DetectorKind.DRIFT, checked.props, checked.findings);
  }

  /** Its name. */
  public readonly name: string;

  private constructor(
    /** What it looks for. */
    public readonly kind: DetectorKind,
    /** @internal */
    public readonly _props: Partial<DriftDetectorProps>,
    /** @internal */
    public readonly _findings: readonly Finding[],
  ) {
    this.name = _props.name ?? kind;
  }
}

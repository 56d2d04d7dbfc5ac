import { checkShape, is, Shape } from '../checks/shape';
import { Finding, ProblemKind } from '../problem';

const METHOD = ProblemKind.error('SERVING_DRIFT_METHOD', 'A way to measure drift that does not fit the feature', 'The monitor would fail each time, or compare what can not be compared.');

/** How far two samples are from each other. Each is what Evidently calls by this name: https://docs.evidentlyai.com/metrics/customize_data_drift */
export enum DriftMethod {
  /** Wasserstein distance in standard deviations of the reference. Numbers. High is drift; says the same of ten thousand rows as of a hundred. */
  WASSERSTEIN = 'wasserstein',
  /** Jensen-Shannon distance, 0 to 1. Numbers and classes. High is drift. */
  JENSEN_SHANNON = 'jensenshannon',
  /** Population stability index. Numbers and classes. High is drift. */
  PSI = 'psi',
  /** Kullback-Leibler divergence. Numbers and classes. High is drift. */
  KULLBACK_LEIBLER = 'kl_div',
  /** Kolmogorov-Smirnov test. Numbers. A p-value: low is drift, and with many rows everything is. */
  KOLMOGOROV_SMIRNOV = 'ks',
  /** Chi-squared test. Classes. A p-value: low is drift, and with many rows everything is. */
  CHI_SQUARED = 'chisquare',
}

/** Methods that give a p-value. */
const P_VALUES: readonly DriftMethod[] = [DriftMethod.KOLMOGOROV_SMIRNOV, DriftMethod.CHI_SQUARED];

/** Properties of a feature. */
export interface ModelFeatureProps {
  /**
   * How its drift is measured. With Evidently alone.
   * @default - numbers: DriftMethod.WASSERSTEIN; classes: DriftMethod.JENSEN_SHANNON
   */
  readonly method?: DriftMethod;
  /**
   * Where the measure becomes drift: at or above it for a distance, below it for a p-value. With Evidently alone.
   * @default - 0.1 for a distance, 0.05 for a p-value
   */
  readonly threshold?: number;
}

const SHAPE: Shape<ModelFeatureProps & { name: string }> = {
  name: is.required(is.text('the name of an input, or of a column of the reference data', /^[^\0\n]+$/, { max: 128 })), method: is.oneOf(Object.values(DriftMethod)), threshold: is.number(0.000_001, 1_000_000),
};

/** One input of a model: what a monitor compares with the reference data. */
export class ModelFeature {
  /**
   * A feature whose values are numbers.
   * @param name of the input, and of the column in the reference data.
   */
  public static numerical(name: string, props: ModelFeatureProps = {}): ModelFeature {
    return new ModelFeature(false, name, props);
  }

  /**
   * A feature whose values are classes: texts, truth values, few whole numbers.
   * @param name of the input, and of the column in the reference data.
   */
  public static categorical(name: string, props: ModelFeatureProps = {}): ModelFeature {
    return new ModelFeature(true, name, props);
  }

  /** @internal */
  public readonly _findings: readonly Finding[];
  /** Its name. */
  public readonly name: string;
  /** How its drift is measured. */
  public readonly method: DriftMethod;
  /** Where the measure becomes drift. */
  public readonly threshold: number;
  /** @internal Whether method or threshold were said. */
  public readonly _tuned: boolean;

  private constructor(
    /** Whether its values are classes. */
    public readonly isCategorical: boolean,
    name: string, given: ModelFeatureProps,
  ) {
    const { props, findings } = checkShape(isCategorical ? 'ModelFeature.categorical' : 'ModelFeature.numerical', SHAPE, { ...given, name });
    const unfit = isCategorical ? [DriftMethod.WASSERSTEIN, DriftMethod.KOLMOGOROV_SMIRNOV] : [DriftMethod.CHI_SQUARED];
    if (props.method !== undefined && unfit.includes(props.method)) {
      findings.push(METHOD.found({ what: `the feature '${props.name}' has ${isCategorical ? 'classes' : 'numbers'} for values, which this method does not compare`, got: props.method, allowed: Object.values(DriftMethod).filter((one) => !unfit.includes(one)).join(', '), fix: 'name another method' }));
    }
    this.name = props.name ?? 'unknown';
    this.method = props.method ?? (isCategorical ? DriftMethod.JENSEN_SHANNON : DriftMethod.WASSERSTEIN);
    const pValue = P_VALUES.includes(this.method);
    if (pValue && (props.threshold ?? 0) >= 1) findings.push(METHOD.found({ what: `the feature '${props.name}' has drifted always, as a p-value is at most 1`, got: props.threshold, allowed: 'less than 1, such as 0.05', fix: 'give a smaller threshold' }));
    this.threshold = props.threshold ?? (pValue ? 0.05 : 0.1);
    this._tuned = props.method !== undefined || props.threshold !== undefined;
    this._findings = findings;
  }
}

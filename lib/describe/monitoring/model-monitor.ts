import { Duration, Size } from 'cdk8s';
import { longestGap, parseCron } from '../checks/cron';
import { checkShape, secondsOf } from '../checks/shape';
import { Finding, ProblemKind } from '../problem';
import { ModelFeature } from './model-feature';
import { AlibiDetectMonitorProps, ALIBI_DETECT, GroundTruth, GROUND_TRUTH, ModelMonitorProps, MONITOR, MOST_FEATURES, PREDICTION, PredictionProps, TestCorrection } from './model-monitor-props';
import { MonitorData } from './monitor-data';
import { MonitorImage } from './monitor-image';
import { MonitorResults, PayloadSource } from './payload-source';

const SCHEDULE = ProblemKind.error('SERVING_MONITOR_SCHEDULE', 'A schedule that no monitor could keep', 'Kubernetes would refuse the CronJob, or no two runs would be far enough apart.');
const FEATURES = ProblemKind.error('SERVING_MONITOR_FEATURES', 'Features that a monitor can not tell apart', 'Their series would be mixed up, or too many for a metrics\' store.');
const RESULTS = ProblemKind.error('SERVING_MONITOR_RESULTS', 'A monitor whose results go nowhere', "A monitor's pod is gone before anyone scrapes it.");
const TUNED = ProblemKind.error('SERVING_MONITOR_TEST', 'A method for one feature, where one test is made for all', 'It would be left out of account.');
const TRUTH = ProblemKind.error('SERVING_GROUND_TRUTH', 'Ground truth that fits no prediction', 'Nothing would ever be right.');
const GAP = ProblemKind.warning('SERVING_MONITOR_WINDOW', 'Windows with gaps between them', 'What is asked in the gaps is never looked at.');

/** What a monitor is made with. */
export enum DriftDetector {
  /** Evidently (Apache License 2.0). */
  EVIDENTLY = 'evidently',
  /** Alibi Detect (Business Source License 1.1 since 2024). */
  ALIBI_DETECT = 'alibi-detect',
}

/** Watches what a model is asked and answers, from time to time: drift against reference data, missing values, ground truth. */
export class ModelMonitor {
  /** Evidently's measures, each feature by a method and a threshold of its own: https://docs.evidentlyai.com */
  public static evidently(props: ModelMonitorProps): ModelMonitor {
    const { props: checked, findings } = checkShape('ModelMonitor.evidently', MONITOR, props);
    return new ModelMonitor(DriftDetector.EVIDENTLY, checked, findings);
  }

  /**
   * Alibi Detect's test for tables: Kolmogorov-Smirnov for numbers and chi-squared for classes, with one level for all features together.
   * Rows in which a feature has no value are left out of it. Its licence allows no production use without a contract with Seldon: https://github.com/SeldonIO/alibi-detect/blob/v0.13.0/LICENSE
   */
  public static alibiDetect(props: AlibiDetectMonitorProps): ModelMonitor {
    const { props: checked, findings } = checkShape('ModelMonitor.alibiDetect', ALIBI_DETECT, props);
    const tuned = (checked.features ?? []).filter((feature) => feature._tuned);
    if (tuned.length > 0) findings.push(TUNED.found({ what: `ModelMonitor.alibiDetect: a method or threshold of a feature, where one test is made for all`, got: tuned.map((one) => one.name).join(', '), fix: "leave them out and give 'pValue', or use ModelMonitor.evidently" }));
    return new ModelMonitor(DriftDetector.ALIBI_DETECT, checked, findings);
  }

  /** @internal */
  public readonly _findings: readonly Finding[];
  /** When it looks, as cron. */
  public readonly schedule: string;
  /** How far it looks back. */
  public readonly window: Duration;
  /** The inputs that it compares. */
  public readonly features: ModelFeature[];
  /** @internal */
  public readonly _payloads?: PayloadSource;
  /** @internal */
  public readonly _results?: MonitorResults;
  /** @internal */
  public readonly _reference?: MonitorData;
  /** @internal */
  public readonly _image?: MonitorImage;
  /** @internal The longest time between two runs, in seconds. */
  public readonly _periodSeconds: number;
  /** @internal */
  public readonly _bounds: { readonly minRows: number; readonly driftedRatio: number; readonly maxMissingRatio: number };
  /** @internal */
  public readonly _test: { readonly pValue: number; readonly correction: TestCorrection };
  /** @internal */
  public readonly _prediction: Partial<PredictionProps>;
  /** @internal */
  public readonly _groundTruth?: Partial<GroundTruth>;
  /** @internal */
  public readonly _memory?: Size;

  private constructor(
    /** What it is made with. */
    public readonly detector: DriftDetector,
    props: Partial<ModelMonitorProps & AlibiDetectMonitorProps>,
    findings: Finding[],
  ) {
    this.schedule = props.schedule ?? '0 * * * *';
    this.features = props.features ?? [];
    this._periodSeconds = this.period(findings);
    this.window = props.window ?? Duration.seconds(this._periodSeconds);
    if (secondsOf(this.window) < this._periodSeconds) findings.push(GAP.found({ what: 'a window is shorter than the time from one run to the next', got: `${secondsOf(this.window)} s`, allowed: `at least ${this._periodSeconds} s`, fix: "leave 'window' out, or look more often" }));
    this.checkFeatures(findings);
    this._payloads = props.payloads;
    this._results = props.results;
    if (props.payloads?.claimName !== undefined && props.results === undefined) findings.push(RESULTS.found({ what: "the monitor reads payloads from a volume, which takes no results", fix: "give 'results': MonitorResults.store(store) or MonitorResults.pushgateway(url)" }));
    this._reference = props.reference;
    this._image = props.image;
    this._memory = props.memory;
    this._bounds = { minRows: props.minRows ?? 500, driftedRatio: props.driftedRatio ?? 0.5, maxMissingRatio: props.maxMissingRatio ?? 0.1 };
    this._test = { pValue: props.pValue ?? 0.01, correction: props.correction ?? TestCorrection.BONFERRONI };
    const prediction = checkShape('ModelMonitor: prediction', PREDICTION, props.prediction);
    this._prediction = prediction.props;
    const truth = props.groundTruth === undefined ? undefined : checkShape('ModelMonitor: groundTruth', GROUND_TRUTH, props.groundTruth);
    this._groundTruth = truth?.props;
    findings.push(...prediction.findings, ...(truth?.findings ?? []));
    this.checkTruth(findings);
    this._findings = findings;
  }

  private period(findings: Finding[]): number {
    const cron = parseCron(this.schedule);
    const gap = cron && longestGap(cron);
    if (gap === undefined) findings.push(SCHEDULE.found({ what: "ModelMonitor: 'schedule' is no cron expression that is ever due", got: this.schedule, allowed: "five fields: minute, hour, day, month, weekday, such as '0 * * * *'", fix: 'correct it' }));
    return gap ?? 3600;
  }

  private checkFeatures(findings: Finding[]): void {
    const names = this.features.map((one) => one.name);
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) findings.push(FEATURES.found({ what: 'ModelMonitor: two features have one name', got: twice, fix: 'give each its own' }));
    if (names.length > MOST_FEATURES) findings.push(FEATURES.found({ what: 'ModelMonitor: too many features', got: names.length, allowed: `at most ${MOST_FEATURES}: each has several series for each version`, fix: 'name those that matter most' }));
  }

  private checkTruth(findings: Finding[]): void {
    const number = this._prediction.isNumber ?? false;
    if (number && this._prediction.classes !== undefined) findings.push(TRUTH.found({ what: 'ModelMonitor: a prediction that is a number has no classes', fix: "leave 'classes' out, or 'isNumber'" }));
    if (this._groundTruth === undefined) return;
    if (number && this._groundTruth.tolerance === undefined) findings.push(TRUTH.found({ what: 'ModelMonitor: predictions are numbers, which are never quite right', fix: "say by 'tolerance' how far off is still right" }));
    if (!number && this._groundTruth.tolerance !== undefined) findings.push(TRUTH.found({ what: 'ModelMonitor: predictions are classes, which are right or wrong', got: this._groundTruth.tolerance, fix: "leave 'tolerance' out, or say 'isNumber: true' in 'prediction'" }));
  }
}

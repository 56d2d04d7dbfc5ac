import { Duration } from 'cdk8s';
import { checkShape, is, Shape } from '../checks/shape';
import { Finding, ProblemKind } from '../problem';
import { AlertSeverity } from './alerting/alert-severity';

const NOTHING = ProblemKind.error('SERVING_ALERT_TUNED_TO_NOTHING', 'An alert is tuned, and nothing of it changes', 'It reads as if the alert were another, and it wakes somebody as before.');

/** Properties of `AlertTuning.of`: one of them, or both. */
export interface AlertTuningProps {
  /**
   * Another severity.
   * @default - the alert's own
   */
  readonly severity?: AlertSeverity;
  /**
   * How long it must hold before anybody is told.
   * @default - the alert's own
   */
  readonly holdsFor?: Duration;
}

const SHAPE: Shape<AlertTuningProps & { alert: string }> = { alert: is.required(is.text('the name of an alert, such as InferenceServiceAtMaxCopies', /^[A-Z][A-Za-z0-9]+$/)), severity: is.oneOf(Object.values(AlertSeverity)), holdsFor: is.duration(0, 30 * 86_400) };

/** Another severity or patience of an alert, or none of it at all. */
export class AlertTuning {
  /**
   * Changes an alert.
   * @param alert its name; docs/alerts.md lists them.
   */
  public static of(alert: string, props: AlertTuningProps): AlertTuning {
    return new AlertTuning(alert, false, props);
  }

  /**
   * Leaves an alert out.
   * @param alert its name; docs/alerts.md lists them.
   */
  public static off(alert: string): AlertTuning {
    return new AlertTuning(alert, true, {});
  }

  /** @internal */
  public readonly _findings: readonly Finding[];
  /** @internal */
  public readonly _props: AlertTuningProps;

  private constructor(
    /** Name of the alert. */
    public readonly alert: string,
    /** Whether it is left out. */
    public readonly silenced: boolean,
    props: AlertTuningProps,
  ) {
    const checked = checkShape('AlertTuning.of', SHAPE, { ...props, alert });
    const changes = silenced || checked.findings.length > 0 || checked.props.severity !== undefined || checked.props.holdsFor !== undefined;
    this._findings = changes ? checked.findings : [NOTHING.found({ what: `the tuning of '${alert}' changes neither its severity nor how long it must hold`, fix: `give 'severity' or 'holdsFor', or leave it out with AlertTuning.off('${alert}')` })];
    this._props = checked.props;
  }
}

import { isDay } from './checks/dates';
import { checkShape, is, Shape } from './checks/shape';
import { Finding, ProblemKind } from './problem';

const BAD_DATE = ProblemKind.error('SERVING_HOLD_DATE', 'A hold has no real end date',
  'A hold without an end is forgotten; the date is written on the objects, and an alert can tell when it is past.');

/** Properties of a hold. */
export interface HoldProps {
  /** Why: written on the objects, for who finds the service held. */
  readonly reason: string;
  /** Until when, as a date: `2026-12-31`. */
  readonly until: string;
}

const SHAPE: Shape<HoldProps> = { reason: is.required(is.text('a reason of at most 500 characters', undefined, { max: 500 })), until: is.required(is.text('a date, such as 2026-12-31')) };

/** What is held. */
export enum HoldKind {
  /** Neither new versions nor scaling: what runs, runs on as it is. */
  FROZEN = 'frozen',
  /** No copies run. */
  STOPPED = 'stopped',
}

/** Keeps a service as it is, or stops it, for a while and for a reason. */
export class Hold {
  /** No rollout and no scaling: changes wait, and the copies stay as many as they are. */
  public static frozen(props: HoldProps): Hold {
    return new Hold(HoldKind.FROZEN, props);
  }

  /** No copies: the service's objects stay, so that taking the hold away starts it again. */
  public static stopped(props: HoldProps): Hold {
    return new Hold(HoldKind.STOPPED, props);
  }

  /** @internal */
  public readonly _findings: readonly Finding[];
  /** What is held. */
  public readonly kind: HoldKind;
  /** Why. */
  public readonly reason: string;
  /** The last day, `yyyy-mm-dd`. */
  public readonly until: string;

  private constructor(kind: HoldKind, props: HoldProps) {
    const checked = checkShape(`Hold.${kind}`, SHAPE, props);
    this.kind = kind;
    this.reason = checked.props.reason ?? '';
    this.until = checked.props.until ?? '';
    this._findings = isDay(this.until) || checked.findings.length > 0 ? checked.findings
      : [BAD_DATE.found({ what: `Hold.${kind}: 'until' is no date`, got: this.until, allowed: 'a day as yyyy-mm-dd', fix: "give the last day, such as '2026-12-31'" })];
  }
}

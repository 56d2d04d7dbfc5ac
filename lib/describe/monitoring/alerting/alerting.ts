import { Duration } from 'cdk8s';
import { checkShape, is, secondsOf, Shape } from '../../checks/shape';
import { Finding, ProblemKind } from '../../problem';
import { Team } from '../../team';
import { QuietTime } from './quiet-time';
import { Receiver } from './receiver';

const TWICE = ProblemKind.error('SERVING_ALERTING_TWICE', 'A team or a quiet time is there twice', 'One of both would never be looked at, or Alertmanager would refuse its configuration as a whole.');
const PACE = ProblemKind.error('SERVING_ALERTING_PACE', 'Alerts are repeated faster than groups are looked at', 'Alertmanager repeats only when it looks at a group: what is asked for never happens.');

/** Who is told of alerts, by their severity. */
export interface SeverityReceivers {
  /** Who is told of what is critical: somebody is woken. */
  readonly critical: Receiver[];
  /**
   * Who is told of warnings; an empty list for nobody.
   * @default - of a team: those of the fallback; of the fallback: those of `critical`
   */
  readonly warning?: Receiver[];
  /**
   * Who is told of what is good to know; an empty list for nobody.
   * @default - of a team: those of the fallback; of the fallback: nobody
   */
  readonly info?: Receiver[];
}

/** Properties of `Alerting.of`. */
export interface AlertingProps {
  /** Who is told of alerts of services without an owner, and of teams that are not in `teams`. */
  readonly fallback: SeverityReceivers;
  /**
   * Who is told of the alerts of a team's services.
   * @default - the fallback
   */
  readonly teams?: TeamAlerts[];
  /**
   * When alerts are kept back.
   * @default - never
   */
  readonly quietTimes?: QuietTime[];
  /**
   * Alerts that have these labels in common are told in one message.
   * @default - namespace, inference_service and alertname
   */
  readonly groupBy?: string[];
  /**
   * How long the first alert of a group waits for others.
   * @default 30 seconds
   */
  readonly groupWait?: Duration;
  /**
   * How long it takes until more alerts of a group are told.
   * @default 5 minutes
   */
  readonly groupInterval?: Duration;
  /**
   * After what time an alert that still fires is told again.
   * @default - 4 hours for critical ones, a day for others
   */
  readonly repeatInterval?: Duration;
}

const RECEIVERS = (min: number) => is.list(is.instance(Receiver, 'Receiver.slack(...)'), { min });
const SEVERITIES: Shape<SeverityReceivers> = { critical: is.required(RECEIVERS(1)), warning: RECEIVERS(0), info: RECEIVERS(0) };
const TEAM: Shape<{ team: Team }> = { team: is.required(is.instance(Team, "Team.of('risk')")) };

/** Who is told of the alerts of a team's services. */
export class TeamAlerts {
  /**
   * The receivers of a team.
   * @param team the owner of services; their alerts have its name as the label `team`.
   */
  public static of(team: Team, receivers: SeverityReceivers): TeamAlerts {
    const owner = checkShape('TeamAlerts.of', TEAM, { team });
    const checked = checkShape('TeamAlerts.of', SEVERITIES, receivers);
    return new TeamAlerts(owner.props.team ?? Team.of('unknown'), { critical: [], ...checked.props }, [...owner.findings, ...checked.findings]);
  }

  private constructor(
    /** The team. */
    public readonly team: Team,
    /** Who is told. */
    public readonly receivers: SeverityReceivers,
    /** @internal */
    public readonly _findings: readonly Finding[],
  ) {}
}

/** Alertmanager keeps what it told for five days (`--data.retention`); a longer time would repeat earlier than it says. */
const LONGEST = 432_000;
const INTERVAL = is.duration(1, LONGEST);
const SHAPE: Shape<AlertingProps> = {
  fallback: is.required(is.like('who is told of what, such as { critical: [Receiver.slack(...)] }', 'critical')), teams: is.list(is.instance(TeamAlerts, "TeamAlerts.of(Team.of('risk'), { critical: [...] })")),
  quietTimes: is.list(is.instance(QuietTime, "QuietTime.weekly('nights', { from: '22:00', to: '06:00' })")), groupBy: is.list(is.text("the name of a label, such as 'alertname'", /^[a-zA-Z_][a-zA-Z0-9_]*$/), { min: 1 }),
  groupWait: is.duration(0, LONGEST), groupInterval: INTERVAL, repeatInterval: INTERVAL,
};

/** Who is told of which alerts, how and when. */
export class Alerting {
  /** Alerts follow the owner of their service, and how they are told goes by their severity. */
  public static of(props: AlertingProps): Alerting {
    return new Alerting(props);
  }

  /** @internal */
  public readonly _findings: readonly Finding[];
  /** Who is told where no team is. */
  public readonly fallback: SeverityReceivers;
  /** Who is told of a team's alerts. */
  public readonly teams: TeamAlerts[];
  /** When alerts are kept back. */
  public readonly quietTimes: QuietTime[];
  /** Labels that the alerts of one message have in common. */
  public readonly groupBy: string[];
  /** How long the first alert of a group waits. */
  public readonly groupWait: Duration;
  /** How long it takes until more alerts of a group are told. */
  public readonly groupInterval: Duration;
  /** After what time an alert is told again; undefined where it goes by severity. */
  public readonly repeatInterval?: Duration;

  private constructor(props: AlertingProps) {
    const checked = checkShape('Alerting.of', SHAPE, props);
    const fallback = checkShape("Alerting.of: 'fallback'", SEVERITIES, checked.props.fallback ?? { critical: [] });
    this.fallback = { critical: [], ...fallback.props };
    this.teams = checked.props.teams ?? [];
    this.quietTimes = checked.props.quietTimes ?? [];
    this.groupBy = checked.props.groupBy ?? ['namespace', 'inference_service', 'alertname'];
    this.groupWait = checked.props.groupWait ?? Duration.seconds(30);
    this.groupInterval = checked.props.groupInterval ?? Duration.minutes(5);
    this.repeatInterval = checked.props.repeatInterval;
    const found = [...checked.findings, ...(checked.props.fallback === undefined ? [] : fallback.findings)];
    const team = twice(this.teams.map((one) => one.team.name));
    const quiet = twice(this.quietTimes.map((one) => one.name));
    if (team !== undefined) found.push(TWICE.found({ what: "Alerting.of: two entries of 'teams' are of one team", got: team, fix: 'put their receivers into one' }));
    if (quiet !== undefined) found.push(TWICE.found({ what: "Alerting.of: two 'quietTimes' have one name", got: quiet, fix: 'rename one' }));
    if (this.repeatInterval !== undefined && secondsOf(this.repeatInterval) < secondsOf(this.groupInterval)) {
      found.push(PACE.found({ what: "Alerting.of: 'repeatInterval' is shorter than 'groupInterval'", got: `${secondsOf(this.repeatInterval)} s`, allowed: `at least ${secondsOf(this.groupInterval)} s`, fix: 'raise the one or lower the other' }));
    }
    this._findings = [...new Set(found)]; // a receiver may stand in several lists
  }
}

function twice(names: readonly string[]): string | undefined {
  return names.find((name, i) => names.indexOf(name) < i);
}

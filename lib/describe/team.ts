import { named } from './checks/names';
import { checkShape, is, Shape } from './checks/shape';
import { Finding } from './problem';

/** Properties of `Team.of`. */
export interface TeamProps {
  /**
   * Who pays: the value of the label `cost-center`.
   * @default - the team's name
   */
  readonly costCenter?: string;
}

const SHAPE: Shape<TeamProps & { name: string }> = { name: is.required(named.labelValue), costCenter: named.labelValue };

/** Who owns a service: labels, cost and (with monitoring) alerts go by it. */
export class Team {
  /**
   * A team by its name.
   * @param name a label value, such as `risk`.
   */
  public static of(name: string, props: TeamProps = {}): Team {
    return new Team(name, props);
  }

  /** @internal */
  public readonly _findings: readonly Finding[];
  /** The team's name: the value of the label `team`. */
  public readonly name: string;
  /** The value of the label `cost-center`. */
  public readonly costCenter: string;

  private constructor(name: string, props: TeamProps) {
    const checked = checkShape('Team.of', SHAPE, { ...props, name });
    this._findings = checked.findings;
    this.name = checked.props.name ?? 'unknown';
    this.costCenter = checked.props.costCenter ?? this.name;
  }
}

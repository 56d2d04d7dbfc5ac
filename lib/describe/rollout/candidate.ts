import { checkShape, is, Shape } from '../checks/shape';
import { Model } from '../model';
import { Finding } from '../problem';

/** Properties of `Candidate.of`. */
export interface CandidateProps {
  /** The version on trial. Its name must be the stable one's, so that clients ask both by one address. */
  readonly model: Model;
  /**
   * Percent of the requests that it gets (canary), or a copy of which it is sent (shadow). Blue-green: 0, or 100 to switch. A/B: not used.
   * @default - 0; with a shadow the rollout's `percent`
   */
  readonly percent?: number;
  /**
   * Its copies.
   * @default - as many as the stable version has at least
   */
  readonly replicas?: number;
}

const SHAPE: Shape<CandidateProps> = { model: is.required(is.instance(Model, 'Model.sklearn({ source })')), percent: is.integer(0, 100), replicas: is.integer(1, 10_000) };

/**
 * A version on trial beside the stable one, where no controller replaces versions: a Deployment of its own, which a release moves on by
 * changes of `percent` until it becomes the service's `model`.
 */
export class Candidate {
  /** A version on trial. */
  public static of(props: CandidateProps): Candidate {
    const checked = checkShape('Candidate.of', SHAPE, props);
    return new Candidate(checked.props, checked.findings);
  }

  /** @internal */
  public readonly _findings: readonly Finding[];
  /** The version on trial. */
  public readonly model: Model;
  /** Percent of the requests. */
  public readonly percent: number;
  /** @internal Whether that was said. */
  public readonly _percentSaid: boolean;
  /** Its copies, if they were said. */
  public readonly replicas?: number;

  private constructor(props: Partial<CandidateProps>, findings: Finding[]) {
    this.model = props.model ?? Model.custom();
    this.percent = props.percent ?? 0;
    this._percentSaid = props.percent !== undefined;
    this.replicas = props.replicas;
    this._findings = findings;
  }
}

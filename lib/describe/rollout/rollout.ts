import { Duration } from 'cdk8s';
import { checkShape, is, Shape } from '../checks/shape';
import { named } from '../checks/names';
import { Finding, ProblemKind } from '../problem';
import { Audience } from './audience';
import { Gate } from './gate';

const STEPS = ProblemKind.error('SERVING_CANARY_STEPS', 'Steps of a canary that do not rise', 'A release goes one way; the way back is to abort it.');
const NEVER_ASKED = ProblemKind.error('SERVING_PERSON_STEP', 'A person who is asked at a share that the release never has', 'Nobody would be asked: the release would go on without a yes.');
const SAME_GATE = ProblemKind.error('SERVING_GATE_TWICE', 'Two gates of one name', 'The controller refuses measures of one name, or one hides the other.');

/** Properties of `Rollout.rolling`. */
export interface RollingRolloutProps {
  /**
   * New copies beside the old ones during an update. With an accelerator each needs a spare device.
   * @default - 1 where there is room for it (CPU, or spare devices in the pool), else 0
   */
  readonly maxSurge?: number;
  /**
   * Copies that may be missing during an update.
   * @default - 0 where a new copy can come first, else 1
   */
  readonly maxUnavailable?: number;
}

/** What all releases that try a new version before it goes live have in common. */
export interface ReleaseProps {
  /**
   * What the new version must pass.
   * @default - what a release can show of the service's objectives; none without objectives, which is a warning
   */
  readonly gates?: Gate[];
  /**
   * How long a release may go without any progress of its pods before it is aborted.
   * @default - as long as a start takes at the most
   */
  readonly progressDeadline?: Duration;
  /**
   * Host names at which the version on trial is reached through the Gateway, before clients get it.
   * @default - inside of the cluster alone
   */
  readonly previewHosts?: string[];
  /**
   * How many revisions back go live again at once, without steps (Argo Rollouts).
   * @default 3
   */
  readonly rollbackWindow?: number;
  /**
   * Takes over the pods of a Deployment of the same name that runs (Argo Rollouts): its copies go only when the new ones are ready. For one release; leave it out afterwards.
   * @default false
   */
  readonly takeOverDeployment?: boolean;
}

/** Properties of `Rollout.canary`. */
export interface CanaryRolloutProps extends ReleaseProps {
  /** Percent of the requests that the new version gets, step by step, rising, from 1 to 99. 100 follows by itself. */
  readonly steps: number[];
  /**
   * How long each step lasts at the least, all gates passed.
   * @default Duration.minutes(5)
   */
  readonly stepDuration?: Duration;
}

/** Properties of `Rollout.blueGreen`. */
export interface BlueGreenRolloutProps extends ReleaseProps {
  /**
   * Copies of the new version before the switch.
   * @default - as many as of the old one
   */
  readonly previewReplicas?: number;
  /**
   * How long the new version is judged after the switch, and the old copies are kept to switch back to.
   * @default Duration.minutes(10)
   */
  readonly keepOld?: Duration;
}

/** Properties of `Rollout.shadow`. */
export interface ShadowRolloutProps extends ReleaseProps {
  /**
   * Percent of the requests of which the new version gets a copy. Its answers are thrown away.
   * @default 100
   */
  readonly percent?: number;
  /**
   * How long.
   * @default Duration.minutes(30)
   */
  readonly duration?: Duration;
  /**
   * Copies of the new version meanwhile.
   * @default - as many as carry `percent` of the load
   */
  readonly replicas?: number;
}

/** Properties of `Rollout.abTest`. */
export interface AbTestRolloutProps extends ReleaseProps {
  /** Who gets the new version. */
  readonly audience: Audience;
  /**
   * How long.
   * @default Duration.hours(1)
   */
  readonly duration?: Duration;
  /**
   * Copies of the new version meanwhile.
   * @default - half of the service's copies
   */
  readonly replicas?: number;
}

/** How a new version takes the old one's place. */
export enum RolloutKind {
  /** Chosen by accelerator, spare devices, copies and volumes. */
  AUTOMATIC = 'automatic',
  /** Copy by copy. */
  ROLLING = 'rolling',
  /** All old copies go first. */
  RECREATE = 'recreate',
  /** All at once, from one full set of copies to another. */
  BLUE_GREEN = 'blueGreen',
  /** Share by share of the requests. */
  CANARY = 'canary',
  /** Behind the stable version, on copies of its requests. */
  SHADOW = 'shadow',
  /** For an audience first. */
  AB_TEST = 'abTest',
}

const ROLLING: Shape<RollingRolloutProps> = { maxSurge: is.integer(0, 1000), maxUnavailable: is.integer(0, 1000) };
const RELEASE: Shape<ReleaseProps> = {
  gates: is.list(is.instance(Gate, 'Gate.errors({ maxPercent: 1 })')), progressDeadline: is.duration(1), previewHosts: is.list(named.host, { min: 1 }),
  rollbackWindow: is.integer(0, 100), takeOverDeployment: is.flag,
};
const CANARY: Shape<CanaryRolloutProps> = { ...RELEASE, steps: is.required(is.list(is.integer(1, 99), { min: 1 })), stepDuration: is.duration(1, 7 * 86_400) };
const BLUE_GREEN: Shape<BlueGreenRolloutProps> = { ...RELEASE, previewReplicas: is.integer(1, 10_000), keepOld: is.duration(30, 7 * 86_400) };
const SHADOW: Shape<ShadowRolloutProps> = { ...RELEASE, percent: is.integer(1, 100), duration: is.duration(1, 7 * 86_400), replicas: is.integer(1, 10_000) };
const AB_TEST: Shape<AbTestRolloutProps> = { ...RELEASE, audience: is.required(is.instance(Audience, "Audience.header('x-model', 'v2')")), duration: is.duration(1, 7 * 86_400), replicas: is.integer(1, 10_000) };

/** All that any kind of rollout was told. */
interface RolloutValues extends RollingRolloutProps, ReleaseProps {
  readonly steps?: number[];
  readonly stepDuration?: Duration;
  readonly previewReplicas?: number;
  readonly keepOld?: Duration;
  readonly percent?: number;
  readonly duration?: Duration;
  readonly replicas?: number;
  readonly audience?: Audience;
}

/** How a new version takes the old one's place. */
export class Rollout {
  /**
   * Chosen by what the service runs on: new copies first on CPU and where the GPU pool has spare devices, old ones first where it has
   * none, all at once where a volume can be attached to one node only.
   */
  public static automatic(): Rollout {
    return new Rollout(RolloutKind.AUTOMATIC, {}, []);
  }

  /** Copy by copy. */
  public static rolling(props: RollingRolloutProps = {}): Rollout {
    const checked = checkShape('Rollout.rolling', ROLLING, props);
    return new Rollout(RolloutKind.ROLLING, checked.props, checked.findings);
  }

  /** All old copies go before the first new one comes: an outage as long as a start, and no device or volume is needed twice. */
  public static recreate(): Rollout {
    return new Rollout(RolloutKind.RECREATE, {}, []);
  }

  /** The new version gets a share of the requests, which grows step by step as long as the gates are passed. */
  public static canary(props: CanaryRolloutProps): Rollout {
    const checked = checkShape('Rollout.canary', CANARY, props);
    const steps = checked.props.steps ?? [];
    if (steps.some((step, i) => i > 0 && step <= steps[i - 1]!)) {
      checked.findings.push(STEPS.found({ what: "Rollout.canary: 'steps' must rise", got: steps, allowed: 'such as [5, 25, 50]', fix: 'sort them, each once' }));
    }
    return new Rollout(RolloutKind.CANARY, checked.props, [...checked.findings, ...sameGates(checked.props.gates), ...(checked.props.steps === undefined ? [] : neverAsked('Rollout.canary', checked.props.gates, steps))]);
  }

  /** A full set of new copies comes up beside the old one; all requests switch at once, and switch back if the gates are not passed. */
  public static blueGreen(props: BlueGreenRolloutProps = {}): Rollout {
    const checked = checkShape('Rollout.blueGreen', BLUE_GREEN, props);
    return new Rollout(RolloutKind.BLUE_GREEN, checked.props, [...checked.findings, ...sameGates(checked.props.gates), ...neverAsked('Rollout.blueGreen', checked.props.gates, [])]);
  }

  /** The new version answers copies of the requests, and nobody sees its answers, before it goes live. */
  public static shadow(props: ShadowRolloutProps = {}): Rollout {
    const checked = checkShape('Rollout.shadow', SHADOW, props);
    return new Rollout(RolloutKind.SHADOW, checked.props, [...checked.findings, ...sameGates(checked.props.gates), ...neverAsked('Rollout.shadow', checked.props.gates, [])]);
  }

  /** An audience, told by a header or cookie, gets the new version before it goes live for all. */
  public static abTest(props: AbTestRolloutProps): Rollout {
    const checked = checkShape('Rollout.abTest', AB_TEST, props);
    return new Rollout(RolloutKind.AB_TEST, checked.props, [...checked.findings, ...sameGates(checked.props.gates), ...neverAsked('Rollout.abTest', checked.props.gates, [])]);
  }

  /** @internal */
  public readonly _findings: readonly Finding[];
  /** @internal */
  public readonly _values: RolloutValues;

  private constructor(
    /** Which strategy. */
    public readonly kind: RolloutKind,
    values: RolloutValues,
    findings: Finding[],
  ) {
    this._values = values;
    this._findings = findings;
  }

  /** Whether a version is tried before it goes live, and not only replaced copy by copy. */
  public get progressive(): boolean {
    return this.kind === RolloutKind.BLUE_GREEN || this.kind === RolloutKind.CANARY || this.kind === RolloutKind.SHADOW || this.kind === RolloutKind.AB_TEST;
  }
}

function sameGates(gates: readonly Gate[] = []): Finding[] {
  const names = gates.map((gate) => gate.name);
  return [...new Set(names.filter((name, i) => names.indexOf(name) !== i))]
    .map((name) => SAME_GATE.found({ what: `two gates are called '${name}'`, got: name, allowed: 'each kind of gate once, queries by names of their own', fix: name === 'golden' ? 'put all requests into one file' : name === 'person' ? "name several steps in one gate: Gate.person({ at: [10, 50] })" : 'take one out, or say it as Gate.query with another name' }));
}

function neverAsked(owner: string, gates: readonly Gate[] = [], steps: readonly number[]): Finding[] {
  const at = gates.flatMap((gate) => gate._values.at ?? []).filter((percent) => !steps.includes(percent));
  return at.length === 0 ? [] : [NEVER_ASKED.found({
    what: `${owner}: Gate.person is asked at ${at.join(' %, ')} %, which is no step of the release`, got: at, allowed: steps.length === 0 ? "no 'at': the person is asked before the new version gets everything" : steps.join(', '), fix: "take one of the steps, or leave 'at' out",
  })];
}

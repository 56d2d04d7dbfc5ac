/** Who makes a step of a release happen. */
export enum ReleaseActor {
  /** The rollout controller, by itself. */
  CONTROLLER = 'controller',
  /** A person, by a command. */
  PERSON = 'person',
  /** You, by a change of the program that is applied. */
  YOU = 'you',
}

/** A step of a release. */
export interface ReleaseStep {
  /** Who makes it happen. */
  readonly actor: ReleaseActor;
  /** What happens, in a few words. */
  readonly what: string;
  /** Percent of the requests that the new version answers during it. */
  readonly percent: number;
  /**
   * What the new version gets beside that share: copies of requests, or the requests of an audience.
   * @default - nothing
   */
  readonly besides?: string;
  /** Copies of the new version, when the service has its least number of copies. */
  readonly newCopies: number;
  /** Copies of the stable version, when the service has its least number of copies. */
  readonly stableCopies: number;
  /** Seconds that it lasts at the least, without the start of copies. */
  readonly leastSeconds: number;
  /**
   * Seconds after which it has ended in any case: it is passed, waits for a person, or is taken back.
   * @default - no end: it lasts until somebody acts
   */
  readonly mostSeconds?: number;
  /** Names of the gates that it must pass. */
  readonly gates: string[];
  /** What takes the new version back during it. */
  readonly takenBackBy: string[];
}

/** A gate of a release, as its controller is told of it. */
export interface ReleaseGate {
  /** Its name. */
  readonly name: string;
  /** What must hold, in a sentence. */
  readonly says: string;
  /**
   * What is asked of the metrics' store; `$NEW` and `$STABLE` stand for the pods of the versions.
   * @default - nothing: it asks a Job or a person
   */
  readonly query?: string;
  /** What follows when it is bad. */
  readonly bad: string;
  /** What follows when there are too few requests. */
  readonly few: string;
  /** What follows when there is no data. */
  readonly noData: string;
  /** What follows when the metrics' store does not answer. */
  readonly metricsDown: string;
}

/** A command for people. */
export interface ReleaseCommand {
  /** What it does. */
  readonly purpose: string;
  /** The command. */
  readonly command: string;
}

/** A change of how versions are replaced, made without fewer copies than run. */
export interface ReleaseMigration {
  /** From what to what. */
  readonly title: string;
  /** What to do, in this order. */
  readonly steps: string[];
  /** Why no copy is missing meanwhile. */
  readonly why: string;
}

/** All that is told of a release. */
export interface Explanation {
  readonly name: string;
  /** Strategy, controller and router, in a few words. */
  readonly title: string;
  readonly steps: readonly ReleaseStep[];
  readonly gates: readonly ReleaseGate[];
  readonly commands: readonly ReleaseCommand[];
  readonly notes: readonly string[];
  readonly migrations: readonly ReleaseMigration[];
}

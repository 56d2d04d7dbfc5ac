import { Finding, nearest, ProblemKind } from '../../describe/problem';
import { SET_2026_11 } from './2026-11';

const UNKNOWN_SET = ProblemKind.error('SERVING_DEFAULTS_SET', 'A set of defaults that was never published', 'Images and numbers would be guessed.');

/** A published set of images, versions and numbers. Once published it never changes; a golden test holds its output. */
export interface DefaultsSet {
  /** Its name: year and month. */
  readonly name: string;
  /** Version of each server, by id. */
  readonly serverVersions: { readonly [id: string]: string };
  /** Image that downloads models. */
  readonly downloadImage: string;
  /** Python image that code of a REST wrapper is built on. */
  readonly pythonImage: string;
  /** Image of an Arize Phoenix that is installed. */
  readonly phoenixImage: string;
  /** Seconds until everyone has heard that a pod takes no more requests. */
  readonly propagationSeconds: number;
  /** Seconds that the longest answer may take: predictions, and text generation. */
  readonly requestTimeoutSeconds: number;
  readonly generationTimeoutSeconds: number;
  /** Seconds a server may take to end once it was told to, when it ends nothing that it has begun. */
  readonly stopSeconds: number;
  /** Copies on CPU. */
  readonly replicas: number;
  /** Bytes of a model whose size is not said. */
  readonly modelBytes: number;
  /** Bytes a second that a download and a load are presumed to bring, and what a server needs besides. */
  readonly downloadBytesPerSecond: number;
  readonly loadBytesPerSecond: number;
  readonly loadBaseSeconds: number;
  /** Seconds a start may take at the least before it counts as failed, and how much longer than presumed. */
  readonly startupFloorSeconds: number;
  readonly startupFactor: number;
  /** Seconds to pull a server's image, without and with an accelerator. */
  readonly pullSeconds: number;
  readonly acceleratorPullSeconds: number;
  /** CPUs requested without an accelerator, and for each device. */
  readonly cpus: number;
  readonly cpusPerDevice: number;
}

/** A published set of images, versions and numbers. Upgrading the library never changes a running pod; naming another set may. */
export class Defaults {
  /** What is used where no set is named. Fixed until the next major version of the library. */
  public static readonly FALLBACK = '2026.11';

  /**
   * A published set.
   * @param name such as `2026.11`.
   */
  public static of(name: string): Defaults {
    return new Defaults(name);
  }

  /** Names of all published sets, the oldest first. */
  public static published(): string[] {
    return [...SETS.keys()];
  }

  /** @internal */
  public readonly _findings: readonly Finding[];
  /** @internal */
  public readonly _set: DefaultsSet;

  private constructor(
    /** The set's name. */
    public readonly name: string,
  ) {
    const set = SETS.get(name);
    const names = Defaults.published();
    this._set = set ?? SETS.get(Defaults.FALLBACK)!;
    this._findings = set !== undefined ? [] : [UNKNOWN_SET.found({ what: 'no set of defaults has this name', got: name, allowed: names.join(', '), fix: `name ${nearest(String(name), names) ?? names[names.length - 1]}` })];
  }
}

const SETS = new Map<string, DefaultsSet>([SET_2026_11].map((set) => [set.name, set]));

import { BuildContext } from '../build-context';
import { JsonObject, PlannedConfig } from '../service-plan';

/** The job that looks at a service's predictions from time to time. */
export interface PlannedMonitor {
  readonly name: string;
  /** When, as cron in UTC. */
  readonly schedule: string;
  /** The longest time between two runs. */
  readonly periodSeconds: number;
  readonly windowSeconds: number;
  /** How long one run may take. */
  readonly deadlineSeconds: number;
  readonly image: string;
  readonly imagePullSecrets: readonly string[];
  /** The image that is to be built, unless it is there. */
  readonly buildContext?: BuildContext;
  /** The program and its settings. */
  readonly config: PlannedConfig;
  readonly command: readonly string[];
  readonly volumes: readonly JsonObject[];
  readonly mounts: readonly JsonObject[];
  readonly memory: string;
  readonly labels: { readonly [key: string]: string };
  /** What alerts read: bounds that the owner is told beyond. */
  readonly bounds: { readonly minRows: number; readonly maxMissingRatio: number; readonly minAccuracy?: number };
  /** Share of the predictions that is logged, 0 to 1; undefined where that is not said here. */
  readonly sampleRatio?: number;
}

import { Audience } from '../../describe/rollout/audience';
import { RolloutControllerKind, TrafficRouterKind } from '../../describe/rollout/controller';
import { GoldenRequest } from '../../describe/rollout/golden-requests';
import { RolloutKind } from '../../describe/rollout/rollout';
import { PlannedConfig } from '../service-plan';
import { PlannedGate } from './gates';

/** Golden requests and the Job that sends them. */
export interface PlannedGolden {
  readonly requests: readonly GoldenRequest[];
  readonly config: PlannedConfig;
  readonly image: string;
  readonly imagePullSecrets: readonly string[];
  readonly path: string;
  readonly timeoutSeconds: number;
  /** Seconds until the Service of the version on trial leads to it everywhere, and to the stable version no more. */
  readonly delaySeconds: number;
}

/** The version on trial where no controller replaces versions. */
export interface PlannedCandidate {
  readonly percent: number;
  readonly replicas: number;
}

/** How a new version is tried before it goes live, for every controller alike. */
export interface ReleasePlan {
  readonly kind: RolloutKind;
  readonly controller: RolloutControllerKind;
  readonly router: TrafficRouterKind;
  /** Name of the Service that leads to the version on trial alone. */
  readonly trialService: string;
  readonly gates: readonly PlannedGate[];
  readonly golden?: PlannedGolden;
  /** Percents at which a person decides; 100 is before the new version gets all. */
  readonly persons: readonly number[];
  /** Canary: percents, rising. */
  readonly steps: readonly number[];
  /** Canary: a step at the least; shadow and A/B: the trial; blue-green: how long the old copies are kept. */
  readonly stepSeconds: number;
  /** Seconds between two measurements. */
  readonly intervalSeconds: number;
  /** Seconds before the first measurement. */
  readonly delaySeconds: number;
  /** Good measurements in a row that pass a gate. */
  readonly measurements: number;
  /** Copies of the new version before it goes live, if they were said. */
  readonly trialReplicas?: number;
  /** Shadow: percent of the requests that are copied. */
  readonly percent: number;
  readonly audience?: Audience;
  readonly previewHosts: readonly string[];
  /** Whether the stable version gives up copies as the new one gains them. */
  readonly dynamicStable: boolean;
  readonly rollbackWindow: number;
  readonly progressDeadline: number;
  readonly takeOverDeployment: boolean;
  readonly candidate?: PlannedCandidate;
  /** URL of Flagger's load tester. */
  readonly loadTesterUrl?: string;
}

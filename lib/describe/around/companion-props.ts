import { Size } from 'cdk8s';
import type { Cpu, EnvValue } from 'cdk8s-plus-28';
import { ENV_NAME } from '../checks/names';
import { is, Shape } from '../checks/shape';
import { Scaling } from '../scaling';

/** What is said of every program that stands beside a server. */
export interface CompanionProps {
  /**
   * CPU that each copy requests.
   * @default - half a CPU
   */
  readonly cpu?: Cpu;
  /**
   * Memory that each copy requests, and may use at the most.
   * @default - by its server and the size of its files
   */
  readonly memory?: Size;
  /**
   * Environment of its container.
   * @default - what it needs, and where the predictor is
   */
  readonly env?: { [name: string]: EnvValue };
}

/** What is said of every program that has pods of its own. */
export interface CompanionPodsProps extends CompanionProps {
  /**
   * How many copies run.
   * @default - two; one of a detector
   */
  readonly scaling?: Scaling;
}

export const COMPANION: Shape<CompanionProps> = { cpu: is.cpu, memory: is.size, env: is.map(is.envValue, { pattern: ENV_NAME, allowed: 'a name of letters, digits and _' }) };
export const COMPANION_PODS: Shape<CompanionPodsProps> = { ...COMPANION, scaling: is.instance(Scaling, 'Scaling.fixed(2)') };

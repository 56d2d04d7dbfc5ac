import { LoadMeasure } from '../../describe/load-measure';
import { HpaBehavior } from './behavior';
import { CopyTimes } from './fleet';
import { CopyWork } from './history';
import { CalculatorSettings } from './replica-calculator';

/** How a measure comes to the controller. */
export interface SimulatedMetric {
  /** Seconds between two looks at the copies. */
  readonly interval: number;
  /** Seconds that a value is the mean of; 0 for what is true at the moment. */
  readonly window: number;
  /** Seconds that a value is old already as it is looked at. */
  readonly delay: number;
}

/** One signal of a scaling. */
export interface SimulatedSignal {
  readonly measure: LoadMeasure;
  /** Percent, or value per copy. */
  readonly target: number;
  /** Whether it is one number for all copies. */
  readonly total: boolean;
  /** Copies beyond what the load asks for. */
  readonly standby: number;
  readonly metric: SimulatedMetric;
}

/** Everything that a simulation goes by: plain data, times in whole seconds. */
export interface SimulationInput {
  readonly seconds: number;
  /** Requests that come in the second from `second` on. */
  readonly arrivals: (second: number) => number;
  readonly min: number;
  readonly max: number;
  /** None: the copies stay as they are. */
  readonly signals: readonly SimulatedSignal[];
  readonly behavior: HpaBehavior;
  readonly initial: number;
  readonly cpuMillis: number;
  readonly copy: CopyTimes;
  readonly work: CopyWork;
  /** Seconds that a request waits at the most. */
  readonly patience: number;
  /** Requests that may wait at a copy. */
  readonly queuePerCopy: number;
  /** Seconds between two decisions of the controller. */
  readonly sync: number;
  readonly calculator: CalculatorSettings;
}

/** What is true in one second. */
export interface SimulatedSecond {
  readonly second: number;
  readonly arrived: number;
  readonly answered: number;
  readonly dropped: number;
  /** Requests that wait as it ends. */
  readonly waiting: number;
  /** Mean wait of what was answered, in seconds. */
  readonly waited: number;
  /** Copies that the workload is told to have. */
  readonly wanted: number;
  readonly ready: number;
  readonly stopping: number;
}

import { checkShape, is, secondsOf } from '../describe/checks/shape';
import { Finding, Severity } from '../describe/problem';
import { Scaling } from '../describe/scaling';
import { factsOfScaling, ScalingFacts, scalingFacts } from '../plan/simulation/scaling-facts';
import { simulationInput, SimulationSettings } from '../plan/simulation/settings';
import { simulate } from '../plan/simulation/simulate';
import { InferenceService } from './inference-service';
import { describeFailure, ServingError, stop } from './report';
import { ScalingOnlySimulationProps, ScalingSimulationProps, SCALING_ONLY, SIMULATION } from './scaling-simulation-props';
import { SimulationResult } from './simulation-result';

/** Points of a result at the most, unless it is said. */
const POINTS = 720;

/**
 * Tries a scaling on a load before it is paid for: the HPA as its source has it, copies that take their time to start, requests that wait and are lost.
 *
 * The same input gives the same result: nothing is random, and no clock is read.
 */
export class ScalingSimulation {
  /**
   * Replays a load against a service as it is planned.
   * @param service whose copies are looked at; it must be free of errors.
   * @throws a report of what is wrong with the props or the service.
   */
  public static run(service: InferenceService, props: ScalingSimulationProps): SimulationResult {
    const given = checkShape('ScalingSimulation.run', { service: is.required(is.instance(InferenceService, 'an InferenceService')) }, { service });
    if (given.findings.length > 0) return refuse('ScalingSimulation', given.findings);
    const plan = service._plan;
    const checked = checkShape('ScalingSimulation.run', SIMULATION, props);
    const errors = [...(plan === undefined ? service._findingsNow() : []), ...checked.findings];
    return ScalingSimulation._simulate({ path: service.node.path, name: service.name, facts: plan && scalingFacts(plan), copyPerHour: service.estimateCost()?.copyPerHour }, checked.props, errors);
  }

  /**
   * Replays a load against a scaling alone.
   * @param scaling as a service would have it.
   * @throws a report of what is wrong with the props or the scaling.
   */
  public static ofScaling(scaling: Scaling, props: ScalingOnlySimulationProps): SimulationResult {
    const { props: { stopTime, ...rest }, findings } = checkShape('ScalingSimulation.ofScaling', SCALING_ONLY, props);
    const given = checkShape('ScalingSimulation.ofScaling', { scaling: is.required(is.instance(Scaling, 'Scaling.onCpu({ min: 2, max: 9 })')) }, { scaling });
    const start = rest.startTime === undefined ? 0 : secondsOf(rest.startTime);
    const facts = given.props.scaling && factsOfScaling(given.props.scaling, { start, stop: stopTime === undefined ? 30 : secondsOf(stopTime), request: 30 });
    return ScalingSimulation._simulate({ path: 'ScalingSimulation', facts }, rest, [...given.findings, ...findings]);
  }

  /** @internal Replays a load against what a program told of a service. */
  public static _simulate(told: ToldScaling, props: Partial<ScalingSimulationProps>, found: readonly Finding[]): SimulationResult {
    const errors = found.filter((one) => one.severity === Severity.ERROR);
    if (errors.length > 0 || told.facts === undefined) return refuse(told.path, errors);
    const { input, findings } = simulationInput(told.facts, settingsOf(props));
    if (findings.length > 0) return refuse(told.path, findings);
    const resolution = props.resolution === undefined ? Math.ceil(input.seconds / POINTS) : Math.round(secondsOf(props.resolution));
    return SimulationResult._of(told.name === undefined ? 'Simulated scaling' : `Simulated scaling of ${told.name}`, simulate(input), resolution, input.work, told.copyPerHour);
  }

  private constructor() {}
}

/** What is known of a service's scaling. */
export interface ToldScaling {
  readonly path: string;
  readonly name?: string;
  readonly facts?: ScalingFacts;
  readonly copyPerHour?: number;
}

function refuse(path: string, findings: readonly Finding[]): never {
  const problems = findings.map((finding) => ({ ...finding, path }));
  stop(new ServingError(describeFailure(problems, [], 'nothing was simulated'), problems));
}

function settingsOf(props: Partial<ScalingSimulationProps>): SimulationSettings {
  const seconds = (time: { toMilliseconds(options: object): number } | undefined): number | undefined => (time === undefined ? undefined : secondsOf(time as never));
  const load = props.load!;
  const cpuAtCapacity = props.cpuAtCapacity ?? 100;
  return {
    seconds: load.seconds, arrivals: (second) => load.rateAt(second + 0.5), capacity: props.capacityPerReplica!, concurrency: props.concurrencyPerReplica ?? 1,
    cpuAtRest: Math.min(props.cpuAtRest ?? 0, cpuAtCapacity), cpuAtCapacity, cpuAtStart: props.cpuAtStart ?? 100, customMetric: props.customMetric, initial: props.initialReplicas,
    pull: seconds(props.pullTime) ?? 0, start: seconds(props.startTime), queuePerCopy: props.maxQueuePerReplica ?? Infinity, patience: seconds(props.requestTimeout),
    sync: seconds(props.syncPeriod) ?? 15, tolerance: props.tolerance ?? 0.1, cpuInitialization: seconds(props.cpuInitializationPeriod) ?? 300, initialReadiness: seconds(props.initialReadinessDelay) ?? 30,
    metricInterval: seconds(props.metricInterval), metricWindow: seconds(props.metricWindow), metricDelay: seconds(props.metricDelay),
  };
}

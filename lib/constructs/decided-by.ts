import { IConstruct } from 'constructs';
import { Finding, ProblemKind } from '../describe/problem';
import { IMonitoringStack, MonitoringStack } from './monitoring-stack';
import { IServingEngine, ServingEngine } from './serving-engine';

const LATE_ENGINE = ProblemKind.error('SERVING_ENGINE_AFTER_SERVICE', 'An engine that was made after a service, a PayloadStore or a Phoenix of its scope', 'They were planned without it: for another cluster, with other defaults.');
const LATE_STACK = ProblemKind.error('SERVING_STACK_AFTER_SERVICE', 'A monitoring stack that was made after a service, a PayloadStore or a Phoenix of its scope', 'Nobody would watch them.');

/** Who decides for a construct, and who watches it. */
export interface DecidedBy {
  readonly engine?: IServingEngine;
  readonly monitoring?: IMonitoringStack;
}

/** What is said for a construct goes before what is above it; the stack that its engine names, before the nearest. */
export function decidedBy(construct: IConstruct, given: DecidedBy): DecidedBy {
  const engine = given.engine ?? ServingEngine.of(construct);
  return { engine, monitoring: given.monitoring ?? engine?.monitoring ?? MonitoringStack.of(construct) };
}

/** An engine that was made after the construct that it is to decide for, which the user knows as `what`. */
export function lateEngine(construct: IConstruct, what: string, given: DecidedBy, found: DecidedBy): Finding[] {
  const { engine } = decidedBy(construct, given);
  return engine === found.engine ? [] : [LATE_ENGINE.found({ what: `the engine '${engine!.node.path}' was made after ${what}`, fix: "make the engine first, or hand it over as 'engine'" })];
}

/** A stack that was made after the construct that it is to watch. */
export function lateStack(construct: IConstruct, what: string, given: DecidedBy, found: DecidedBy): Finding[] {
  const { monitoring } = decidedBy(construct, { ...given, engine: found.engine });
  return monitoring === found.monitoring ? [] : [LATE_STACK.found({ what: `the monitoring stack '${monitoring!.node.path}' was made after ${what}`, fix: "make the stack first, or hand it over as 'monitoring' of the engine" })];
}

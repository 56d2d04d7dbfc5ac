import { appendFileSync } from 'fs';
import { FleetMember } from '../plan/rules/rule';
import { ScalingFacts, scalingFacts } from '../plan/simulation/scaling-facts';
import { estimateCost } from './cost-estimate';

/** Variable that names the file in which a program tells of its services: how the command line asks a program in whatever language. */
export const TELL_FILE = 'CDK8S_SERVING_TELL';
/** Changes with what is told. */
export const TOLD_FORMAT = 1;

/** What a program tells of a service. */
export interface ToldService {
  readonly format: number;
  readonly path: string;
  readonly name: string;
  readonly namespace?: string;
  readonly facts: ScalingFacts;
  readonly copyPerHour?: number;
}

/** Tells who asked of services that are synthesized: a line of JSON each. */
export function tell(members: readonly FleetMember[]): void {
  const file = process.env[TELL_FILE];
  if (file === undefined || file === '') return;
  const lines = members.map(({ path, request, plan }): ToldService => ({
    format: TOLD_FORMAT, path, name: plan.name, namespace: plan.namespace, facts: scalingFacts(plan), copyPerHour: estimateCost(plan, request.cluster.prices)?.copyPerHour,
  }));
  appendFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

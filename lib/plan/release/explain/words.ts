import { Audience } from '../../../describe/rollout/audience';
import { ReleasePlan } from '../release-plan';
import { ServicePlan } from '../../service-plan';

/** A time as people say it: '90 s', '6 min', '1 h 30 min'. */
export function time(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes >= 120) return parts(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  return parts(minutes, 'min', seconds % 60, 's');
}

function parts(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** A number of copies. */
export function copies(count: number, kind: string): string {
  return `${count} ${kind} ${count === 1 ? 'copy' : 'copies'}`;
}

/** The requests of an audience. */
export function audience(who: Audience): string {
  return `requests with the ${who.isCookie ? 'cookie' : 'header'} ${who.name}${who.isCookie ? '=' : ': '}${who.value}`;
}

/** Names of all gates that measure. */
export function measured(release: ReleasePlan): string[] {
  return release.gates.map((gate) => gate.name);
}

/** What takes a step back that these gates judge. */
export function takenBackBy(plan: ServicePlan, gates: readonly string[], starts: boolean): string[] {
  const release = plan.release!;
  return [
    ...(starts ? [`no progress of the new copies for ${time(release.progressDeadline)}`] : []),
    ...(gates.includes('golden') ? ['a wrong golden answer'] : []),
    ...(gates.some((gate) => gate !== 'golden') ? ['a bad gate', "the metrics' store is down"] : []),
  ];
}

/** Where kubectl looks. */
export function inNamespace({ namespace }: ServicePlan): string {
  return namespace === undefined ? '' : ` -n ${namespace}`;
}

/** Seconds until a new copy answers, as far as they can be told: download and load. */
export function startSeconds({ timing }: ServicePlan): number {
  return timing.download + timing.load;
}

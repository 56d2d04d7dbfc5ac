import { ProblemKind } from '../../describe/problem';
import { EngineId } from '../engine/engine';
import { seldonNodeService, seldonPredictor, seldonPredictorService } from '../engine/seldon-core-v1';
import { FleetFinding, FleetMember, FleetRule } from './rule';

const TAKEN = ProblemKind.error('SERVING_SELDON_NAME_TAKEN', "A service whose name Seldon's operator gives to another's Service", 'The operator deletes the Service that it finds under that name, and makes its own.');

/** No service has the name of a Service that the operator makes for another one. */
export const seldonNames: FleetRule = {
  check: (fleet) => {
    const made = new Map<string, FleetMember>();
    for (const member of fleet) for (const name of derived(member)) made.set(at(member, name), member);
    const findings: FleetFinding[] = [];
    for (const member of made.size === 0 ? [] : fleet) {
      for (const name of [member.plan.name, ...(member.plan.release === undefined ? [] : [member.plan.release.trialService])]) {
        const other = made.get(at(member, name));
        if (other !== undefined) findings.push({ path: member.path, finding: TAKEN.found({ what: `'${name}' is what Seldon's operator calls a Service of '${other.plan.name}' (${other.path})`, got: name, fix: "give one of them another 'name', or a namespace of its own" }) });
      }
    }
    return findings;
  },
};

/** Services that the operator makes for a service. */
function derived({ request, plan }: FleetMember): string[] {
  if (request.engine.id !== EngineId.SELDON_V1) return [];
  return plan.groups.map((group) => seldonPredictor(group.name, plan.name)).flatMap((predictor) => [seldonPredictorService(plan.name, predictor), seldonNodeService(plan.name, predictor, plan.container)]);
}

function at({ request, plan }: FleetMember, name: string): string {
  return `${request.clusterKey} ${plan.namespace ?? ''}/${name}`;
}

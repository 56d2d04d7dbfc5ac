import { ProblemKind } from '../../describe/problem';
import { Made } from '../engine/made';
import { FleetFinding, FleetMember, FleetRule } from './rule';

const TAKEN = ProblemKind.error('SERVING_MADE_NAME_TAKEN', "An object of the name of one that an engine's controller makes", 'The controller writes over what it finds under that name, deletes it, or gives up; or both put back for ever what the other wrote.');

/** What a controller makes, and of whom. */
interface Owned { readonly member: FleetMember; readonly made: Made }

/** Nothing has the name of what an engine's controller makes of a service. */
export const fleetMade: FleetRule = {
  check: (fleet, objects) => {
    const owners = new Map<string, Owned>();
    const findings = new Map<string, FleetFinding>();
    const tell = (path: string, { kind, name }: Made, { member: { request, plan, path: of } }: Owned): void => {
      const key = `${path} ${name}`;
      if (!findings.has(key)) findings.set(key, { path, finding: TAKEN.found({ what: `'${name}' is what ${request.engine.title} calls a ${kind} that it makes of '${plan.name}' (${of})`, got: name, fix: "give one of them another 'name', or a namespace of its own" }) });
    };
    for (const member of fleet) {
      const { request, plan } = member;
      for (const made of request.engine.makes?.(plan) ?? []) {
        const key = at(request.clusterKey, plan.namespace, made);
        const first = owners.get(key);
        if (first === undefined) owners.set(key, { member, made });
        // two services of one name are told as that
        else if (first.member.plan.name !== plan.name) tell(member.path, made, first);
      }
    }
    for (const object of owners.size === 0 ? [] : objects()) {
      for (const cluster of object.clusterKeys) {
        const owner = owners.get(at(cluster, object.namespace, object));
        if (owner !== undefined) tell(object.path, object, owner);
      }
    }
    return [...findings.values()];
  },
};

/** Versions of one kind are one object. */
function at(cluster: string, namespace: string | undefined, { apiVersion, kind, name }: Made): string {
  const [group] = apiVersion.includes('/') ? apiVersion.split('/') : [''];
  return `${cluster} ${namespace ?? ''} ${group}/${kind}/${name}`;
}

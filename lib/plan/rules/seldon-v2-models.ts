import { PoolLoading } from '../../describe/pool-loading';
import { ProblemKind } from '../../describe/problem';
import { SeldonCoreV2 } from '../engine/seldon-core-v2';
import { requirementOf, settingsWritten } from '../engine/seldon-core-v2-formats';
import { FleetFinding, FleetMember, FleetRule } from './rule';

const TWICE = ProblemKind.error('SERVING_SELDON_MODEL_TWICE', 'Two Models of one name in one namespace', 'Clients ask for a Model by its name: the second to be applied would overwrite the first.');
const STRAY = ProblemKind.warning('SERVING_SELDON_POOL_OPEN', "A Model that may be loaded onto a pool's servers", "Servers whose models come while they run must be capable of the models' formats, so that Seldon writes the models' settings; a Model that names no server is loaded onto any that is capable of its format, and takes memory there.");

/** Models of Seldon Core v2 that get in each other's way: by their names, or on a pool's servers. */
export const seldonV2Models: FleetRule = {
  check: (fleet) => {
    const members = fleet.filter(({ request }) => request.engine instanceof SeldonCoreV2);
    const named = new Map<string, FleetMember>();
    const findings: FleetFinding[] = [];
    for (const member of members) {
      for (const name of modelsOf(member)) {
        const place = `${placeOf(member)}/${name}`;
        const other = named.get(place);
        if (other === undefined) named.set(place, member);
        // two services of one name are told as such
        else if (other.plan.name !== member.plan.name) findings.push({ path: member.path, finding: TWICE.found({ what: `'${name}' is a Model of '${other.plan.name}' (${other.path}) already`, got: name, fix: "give one of them another 'name', or a namespace of its own" }) });
      }
    }
    const pools = members.filter(({ plan }) => plan.poolLoading === PoolLoading.WHILE_RUNNING);
    for (const member of pools.length === 0 ? [] : members) {
      const pool = pools.find((one) => placeOf(one) === placeOf(member) && mayTake(one, member));
      if (pool !== undefined) findings.push({ path: member.path, finding: STRAY.found({ what: `the Model of '${member.plan.name}' names no server, and those of the pool '${pool.plan.name}' (${pool.path}) can take it`, fix: "name the server of shared models: SeldonServers.shared({ server }); or give the pool a namespace of its own, or PoolLoading.WITH_PODS" }) });
    }
    return findings;
  },
};

function modelsOf({ plan }: FleetMember): string[] {
  return plan.pooled.length > 0 ? plan.pooled.map(({ name }) => name) : plan.groups.map(({ name }) => name);
}

function mayTake(pool: FleetMember, { request, plan }: FleetMember): boolean {
  const engine = request.engine as SeldonCoreV2;
  return !engine.dedicated(request) && engine.servers.server === undefined && plan.groups.some(({ format }) => settingsWritten(pool.plan).includes(requirementOf(format, plan.server.facts.id)));
}

function placeOf({ request, plan }: FleetMember): string {
  return `${request.clusterKey} ${plan.namespace ?? ''}`;
}

import { ProblemKind } from '../../describe/problem';
import { FleetFinding, FleetMember, FleetRule } from './rule';

const FULL = ProblemKind.error('SERVING_GPU_POOL_FULL', 'The services of a cluster want more devices than it has', 'The last copies to come would wait for ever, or until another service shrinks.');

interface Claim { member: FleetMember; each: number; units: number }

/**
 * Counts devices over all services of a cluster: copies at their most, plus what an update adds.
 *
 * A service may fit several pools; copies are spread over them so that as many as possible find room (a maximum flow), and what is left
 * is told.
 */
export const fleetCapacity: FleetRule = {
  check: (fleet) => {
    const clusters = new Map<string, FleetMember[]>();
    for (const member of fleet) {
      if (member.plan.pools.length === 0 || member.plan.copies.stopped) continue;
      const cluster = clusters.get(member.request.clusterKey) ?? [];
      cluster.push(member);
      clusters.set(member.request.clusterKey, cluster);
    }
    return [...clusters.values()].flatMap(checkCluster);
  },
};

function checkCluster(members: readonly FleetMember[]): FleetFinding[] {
  const claims = members.map((member) => {
    const { copies, extraCopies, accelerator } = member.plan;
    return { member, each: accelerator!.count, units: copies.max + extraCopies };
  });
  const room = place(claims);
  return room.flatMap(({ claim, missing }) => {
    if (missing === 0) return [];
    const { plan, path } = claim.member;
    const poolKeys = new Set(plan.pools.map((pool) => pool._key));
    const rivals = claims.filter((other) => other.member.plan.pools.some((pool) => poolKeys.has(pool._key)));
    const sum = rivals.map((other) => `${other.member.plan.name} (${other.member.plan.copies.max}${other.member.plan.extraCopies === 0 ? '' : ` + ${other.member.plan.extraCopies} of an update`}) x ${other.each}`).join(' + ');
    const wanted = rivals.reduce((total, other) => total + other.units * other.each, 0);
    const there = plan.pools.reduce((total, pool) => total + pool.count, 0);
    const finding = FULL.found({
      what: `${plan.pools.map((pool) => pool.product).join(' and ')}: ${sum} = ${wanted} devices (copies at their most, and what an update adds), of ${there}; ${missing} ${missing === 1 ? 'copy' : 'copies'} of '${plan.name}' ${missing === 1 ? 'finds' : 'find'} no room`,
      got: wanted, allowed: `at most ${there}`, fix: "lower 'max' or the copies, update without a surge (Rollout.rolling({ maxUnavailable: 1 })), ask for another product, or raise the pool's 'count'",
    });
    return [{ path, finding }];
  });
}

/** Puts copies into pools one by one; where there is no room, others move to their other pools to make some. */
function place(claims: readonly Claim[]): { claim: Claim; missing: number }[] {
  const free = new Map<string, number>();
  for (const { member } of claims) for (const pool of member.plan.pools) free.set(pool._key, pool.count);
  const placed = claims.map(() => new Map<string, number>());
  const settle = (index: number, banned: Set<string>): boolean => {
    const claim = claims[index]!;
    const keys = claim.member.plan.pools.map((pool) => pool._key).filter((one) => !banned.has(one));
    for (const one of keys) {
      if (free.get(one)! >= claim.each) return put(index, one);
    }
    for (const one of keys) {
      banned.add(one);
      while (free.get(one)! < claim.each && claims.some((_, other) => moves(other, one, banned)));
      if (free.get(one)! >= claim.each) return put(index, one);
    }
    return false;
  };
  /** Whether a copy of another claim could be moved out of a pool. */
  const moves = (other: number, one: string, banned: Set<string>): boolean => {
    if (!placed[other]!.get(one)) return false;
    take(other, one);
    if (settle(other, banned)) return true;
    put(other, one);
    return false;
  };
  const put = (index: number, one: string): boolean => {
    placed[index]!.set(one, (placed[index]!.get(one) ?? 0) + 1);
    free.set(one, free.get(one)! - claims[index]!.each);
    return true;
  };
  const take = (index: number, one: string): void => {
    placed[index]!.set(one, placed[index]!.get(one)! - 1);
    free.set(one, free.get(one)! + claims[index]!.each);
  };
  return claims.map((claim, index) => {
    let units = 0;
    while (units < claim.units && settle(index, new Set())) units += 1;
    return { claim, missing: claim.units - units };
  });
}

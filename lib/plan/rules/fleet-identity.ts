import { ProblemKind } from '../../describe/problem';
import { FleetFinding, FleetMember, FleetRule } from './rule';

const NAME_TWICE = ProblemKind.error('SERVING_NAME_TWICE', 'Two services of one name in one namespace', 'The second to be applied would overwrite the first.');
const HOST_FOR_BOTH = ProblemKind.error('SERVING_HOST_FOR_BOTH', 'One host name for HTTP and gRPC', 'A Gateway takes either the HTTPRoute or the GRPCRoute of a host name, and refuses the other.');
const FOLDER_TWICE = ProblemKind.error('SERVING_BUILD_CONTEXT_TWICE', 'Two images with one build context', 'The second would overwrite the first.');
const HOST_TWICE = ProblemKind.error('SERVING_HOST_TWICE', 'Two services answer under one host name and path', 'Which one answers would be chance.');

/** No two services of a cluster under one name or one address. */
export const fleetIdentity: FleetRule = {
  check: (fleet) => {
    const owners = new Map<string, FleetMember>();
    const kinds = new Map<string, { kind: string; member: FleetMember }>();
    const folders = new Map<string, { member: FleetMember; tag: string }>();
    const findings: FleetFinding[] = [];
    for (const member of fleet) {
      const id = `${member.request.clusterKey} ${member.plan.namespace ?? ''}/${member.plan.name}`;
      const first = owners.get(id);
      if (first === undefined) owners.set(id, member);
      else findings.push({ path: member.path, finding: NAME_TWICE.found({ what: `'${member.plan.name}' is the name of ${first.path} already`, got: member.plan.name, fix: "give one of them another 'name', or a namespace of its own" }) });
      const { exposure } = member.plan;
      const addresses = [...exposure.hosts.map((host) => `${host}${exposure.pathPrefix}`), ...(member.plan.release?.previewHosts ?? []).map((host) => `${host}/`), ...exposure.grpcHosts.map((host) => `${host} (gRPC)`)];
      for (const [host, kind] of [...exposure.hosts.map((host) => [host, 'HTTP']), ...exposure.grpcHosts.map((host) => [host, 'gRPC'])]) {
        const id = `${member.request.clusterKey} ${host}`;
        const other = kinds.get(id) ?? { kind, member };
        kinds.set(id, other);
        if (other.kind !== kind) findings.push({ path: member.path, finding: HOST_FOR_BOTH.found({ what: `'${host}' is a host name for ${other.kind} (${other.member.path}) and for ${kind}`, got: host, fix: 'give gRPC a host name of its own' }) });
      }
      for (const folder of [member.plan.buildContext, member.plan.contextBeside].filter((one) => one !== undefined)) {
        const other = folders.get(folder.name);
        if (other === undefined) folders.set(folder.name, { member, tag: folder.tag });
        else if (other.tag !== folder.tag) findings.push({ path: member.path, finding: FOLDER_TWICE.found({ what: `the build context images/${folder.name} is that of ${other.member.path} already`, got: folder.name, fix: "give one of them another 'name'" }) });
      }
      for (const address of new Set(addresses)) {
        const id = `${member.request.clusterKey} ${address}`;
        const owner = owners.get(id);
        if (owner === undefined) owners.set(id, member);
        else findings.push({ path: member.path, finding: HOST_TWICE.found({ what: `'${address}' is the address of '${owner.plan.name}' (${owner.path}) already`, got: address, fix: "choose another host name, or tell them apart by 'pathPrefix'" }) });
      }
    }
    return findings;
  },
};

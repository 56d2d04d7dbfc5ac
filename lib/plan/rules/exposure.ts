import { ExposureKind } from '../../describe/exposure';
import { Finding, ProblemKind } from '../../describe/problem';
import { timeoutAnnotations } from '../ingress';
import { Rule } from './rule';

const NO_GATEWAY = ProblemKind.error('SERVING_GATEWAY_UNKNOWN', 'The cluster names no Gateway', 'A route without a Gateway leads nowhere.');
const NO_PORT = ProblemKind.error('SERVING_PROTOCOL_NOT_EXPOSED', 'A protocol is exposed that the server does not speak', 'The route would end at a port that nothing listens on.');
const LONG = ProblemKind.warning('SERVING_INGRESS_TIMEOUT', 'Answers may take longer than the Ingress waits', 'Controllers cut connections after a minute or so unless they are told; which annotation says it depends on the controller.');

/** Seconds after which controllers cut at the earliest by default. */
const USUAL_LIMIT = 60;

export const exposure: Rule = {
  check: ({ request, plan }) => {
    const findings: Finding[] = [];
    const given = request.exposure;
    const has = (port: string): boolean => plan.ports.some((one) => one.name === port);
    if (given.kind === ExposureKind.GATEWAY && request.cluster.gateway === undefined) {
      findings.push(NO_GATEWAY.found({ what: 'Exposure.gateway: the cluster has no Gateway to attach to', fix: "give 'gateway' of the Cluster: { name, namespace }" }));
    }
    if (given.kind !== ExposureKind.CLUSTER_INTERNAL && given.hosts.length > 0 && !has('http')) findings.push(NO_PORT.found({ what: `${plan.server.facts.title} has no HTTP port to expose`, got: 'hosts', fix: "leave 'hosts' out, or name another server" }));
    if (given.grpcHosts.length > 0 && !has('grpc')) findings.push(NO_PORT.found({ what: `${plan.server.facts.title} has no gRPC port to expose`, got: given.grpcHosts, allowed: plan.protocols.map(String).join(', '), fix: "leave 'grpcHosts' out, or name another server" }));
    if (given.kind === ExposureKind.INGRESS && plan.timing.request > USUAL_LIMIT && timeoutAnnotations(request.cluster.ingressClass, plan.timing.request) === undefined && Object.keys(given.annotations).length === 0) {
      findings.push(LONG.found({ what: `answers may take ${plan.timing.request} s, and the time-out of the ingress class '${request.cluster.ingressClass ?? 'default'}' can not be set by the library`, got: `${plan.timing.request} s`, allowed: `${USUAL_LIMIT} s`, fix: "give the controller's time-out in 'annotations', or use Exposure.gateway" }));
    }
    return findings;
  },
};

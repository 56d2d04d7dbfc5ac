import { Finding, ProblemKind } from '../../describe/problem';
import { Rule } from './rule';

const NOT_HTTP = ProblemKind.error('SERVING_PAYLOAD_NOT_HTTP', 'Payloads of a protocol that is not logged', 'The logger passes HTTP on and reads it; gRPC reaches the server without it, and nothing would be logged.');
const BESIDE = ProblemKind.warning('SERVING_PAYLOAD_GRPC_BESIDE', 'gRPC that goes by the payload logger', 'What clients ask by gRPC is not logged, and monitors do not see it.');

export const payloadLogging: Rule = {
  check: ({ request, plan, launch }) => {
    const findings: Finding[] = [];
    if (request.payloadLogging === undefined) return findings;
    const rest = plan.protocols.filter((protocol) => protocol.http).map(String).join(', ');
    if (!plan.protocol.http || launch.httpPort === undefined) {
      findings.push(NOT_HTTP.found({ what: `'payloadLogging' reads HTTP, and clients are to speak ${plan.protocol}`, got: String(plan.protocol), allowed: rest === '' ? 'another server' : rest, fix: rest === '' ? "leave 'payloadLogging' out, and have the server log by itself" : "name one of these as 'protocol', or leave 'payloadLogging' out" }));
    } else if (request.exposure.grpcHosts.length > 0) {
      findings.push(BESIDE.found({ what: "requests by gRPC are exposed, and 'payloadLogging' reads HTTP alone", got: request.exposure.grpcHosts, fix: "leave 'grpcHosts' out, or acknowledge that these requests are not logged" }));
    }
    return findings;
  },
};

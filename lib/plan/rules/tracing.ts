import { Finding, ProblemKind } from '../../describe/problem';
import { Rule } from './rule';

const NONE = ProblemKind.error('SERVING_TRACING_NOT_ABLE', 'Traces of a server that makes none', 'Nothing would ever come to the collector.');
const WAY = ProblemKind.error('SERVING_TRACING_TRANSPORT', 'Traces in a way that the server does not send them', 'The server would try for ever, and nothing would come.');

export const tracing: Rule = {
  check: ({ request, plan }) => {
    const findings: Finding[] = [];
    const wanted = request.tracing;
    if (wanted === undefined) return findings;
    const { title, tracing: able } = plan.server.facts;
    if (able === undefined) {
      const can = request.servers.filter((one) => one.facts.tracing !== undefined).map((one) => one.facts.title);
      findings.push(NONE.found({ what: `${title} makes no traces of its own`, got: title, allowed: can.join(', '), fix: "name one of these as 'server', let the gateway or mesh before it make spans, or leave 'tracing' out" }));
      return findings;
    }
    const address = able.http ? wanted.http : wanted.grpc;
    const way = able.http ? 'http' : 'grpc';
    if (address === undefined) findings.push(WAY.found({ what: `${title} sends traces by OTLP over ${able.http ? 'HTTP' : 'gRPC'} alone, and 'tracing' has no such address`, allowed: `'${way}'`, fix: `give '${way}' of Tracing.otlp: an OpenTelemetry Collector takes both` }));
    else if ((!able.tls && address.startsWith('https:')) || (!able.headers && wanted._headersSecretName !== undefined)) findings.push(WAY.found({
      what: `${title} sends traces ${able.headers ? 'without TLS' : "without TLS and without headers of one's own"}`, got: address, allowed: 'an http address in the cluster', fix: 'lead them to an OpenTelemetry Collector in the cluster, which has the key and sends them on',
    }));
    return findings;
  },
};

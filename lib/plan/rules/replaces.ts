import { ExistingServiceKind } from '../../describe/engine/existing-service';
import { ExposureKind } from '../../describe/exposure';
import { Finding, ProblemKind } from '../../describe/problem';
import { Rule } from './rule';

const NO_ROUTE = ProblemKind.error('SERVING_REPLACES_WITHOUT_ROUTE', 'A service that replaces another, and no route that leads to both', 'Nothing would shift requests from one to the other.');
const ONE_NAME = ProblemKind.error('SERVING_REPLACES_ITSELF', 'A service that replaces another and has its name', "The objects of one would become the other's: nothing would stand beside anything, and there would be no way back.");
const GRPC = ProblemKind.error('SERVING_REPLACES_GRPC_PORT', 'gRPC of a service that is replaced, and no port that it takes it at', 'All requests by gRPC would go to the new service at once, whatever share it is to get.');
const TWO_SHIFTS = ProblemKind.error('SERVING_REPLACES_DURING_RELEASE', 'Requests that are shifted for two reasons at a time', "A release splits them between versions and the move between engines; a rollout controller writes the route's weights itself.");

/** A service that is to take another's place can do it by one route, in steps that can be taken back. */
export const replaces: Rule = {
  check: ({ request, plan }) => {
    const existing = request.replaces;
    if (existing === undefined) return [];
    const findings: Finding[] = [];
    if (request.exposure.kind !== ExposureKind.GATEWAY) {
      findings.push(NO_ROUTE.found({ what: "'replaces' shifts requests by the weights of an HTTPRoute, and the service isn't exposed by a Gateway", got: request.exposure.kind, fix: "give 'exposure: Exposure.gateway({ hosts })' with the host that clients know" }));
    }
    if (request.exposure.grpcHosts.length > 0 && existing._backend.grpcPort === undefined) {
      findings.push(GRPC.found({ what: `'grpcHosts' are exposed, and it is not said where '${existing.name}' takes gRPC`, got: request.exposure.grpcHosts, fix: "give the 'grpcPort' of the existing service, or leave 'grpcHosts' out until the move is through" }));
    }
    const taken = existing._backend.service === plan.address.service || (existing.name === request.name && existing.kind !== ExistingServiceKind.SERVICE);
    if (taken) findings.push(ONE_NAME.found({ what: 'the service has the name of the one that it replaces', got: request.name, fix: "give it another 'name': clients know the host, not the name; and 'name' of the Model, if requests name that" }));
    if (plan.release !== undefined) {
      findings.push(TWO_SHIFTS.found({ what: `'replaces' and Rollout.${plan.release.kind} both split requests`, fix: 'finish the move first, with Rollout.automatic()' }));
    }
    return findings;
  },
};

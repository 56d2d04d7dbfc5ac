import { ExistingService, ExistingServiceKind } from '../../describe/engine/existing-service';
import { ExposureKind } from '../../describe/exposure';
import { Finding, ProblemKind } from '../../describe/problem';
import { ServerDefinition } from '../../describe/server/server-definition';
import { InferenceProtocol } from '../../describe/server/server-facts';
import { Rule, RuleContext } from './rule';

const NO_ROUTE = ProblemKind.error('SERVING_REPLACES_WITHOUT_ROUTE', 'A service that replaces another, and no route that leads to both', 'Nothing would shift requests from one to the other.');
const ONE_NAME = ProblemKind.error('SERVING_REPLACES_ITSELF', 'A service that replaces another and has its name', "The objects of one would become the other's: nothing would stand beside anything, and there would be no way back.");
const GRPC = ProblemKind.error('SERVING_REPLACES_GRPC_PORT', 'gRPC of a service that is replaced, and no port that it takes it at', 'All requests by gRPC would go to the new service at once, whatever share it is to get.');
const MADE = ProblemKind.error('SERVING_REPLACES_MADE', 'A service that replaces one whose Service the new engine makes', "The engine's controller would write over the Service of the old one: its share of the requests would reach the new one, or nobody.");
const MODEL = ProblemKind.error('SERVING_REPLACES_MODEL_NAME', 'A model that does not have the name of the one that it replaces', 'Requests name the model in their path or body: those that reach the new service would be answered 404.');
const UNKNOWN = ProblemKind.warning('SERVING_REPLACES_MODEL_UNKNOWN', 'A service that replaces another, and nobody said by which name requests ask for its model', 'Requests name the model in their path or body: under another name those that reach the new service would be answered 404.');
const TWO_SHIFTS = ProblemKind.error('SERVING_REPLACES_DURING_RELEASE', 'Requests that are shifted for two reasons at a time', "A release splits them between versions and the move between engines; a rollout controller writes the route's weights itself.");

/** A service that is to take another's place can do it by one route, in steps that can be taken back. */
export const replaces: Rule = {
  check: (context) => {
    const { request, plan } = context;
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
    const made = taken ? undefined : request.engine.makes?.(plan).find(({ kind, apiVersion, name }) => kind === 'Service' && apiVersion === 'v1' && name === existing._backend.service);
    if (made !== undefined) findings.push(MADE.found({ what: `'${made.name}' is what ${request.engine.title} calls a Service of the new service`, got: made.name, fix: "give the new service another 'name', and its Model the 'name' that requests ask for" }));
    findings.push(...modelName(context, existing));
    if (plan.release !== undefined) {
      findings.push(TWO_SHIFTS.found({ what: `'replaces' and Rollout.${plan.release.kind} both split requests`, fix: 'finish the move first, with Rollout.automatic()' }));
    }
    return findings;
  },
};

/** Whether what was asked of the old service is found at the new one. Behind a transformer of its own the model is asked by that alone. */
function modelName({ request, plan }: RuleContext, existing: ExistingService): Finding[] {
  const { protocol, front, modelName: own } = plan;
  if (plan.replaces === undefined || own === undefined || !namesModel(front, protocol)) return [];
  const fix = `say it as 'name' of the Model, or as 'modelName' of the ExistingService what it is called there`;
  if (existing.modelName !== undefined) {
    return existing.modelName === own ? [] : [MODEL.found({ what: `requests ask '${existing.name}' for the model '${existing.modelName}', and the new one's is called '${own}'`, got: own, allowed: existing.modelName, fix })];
  }
  const { partOf, model } = request;
  return model.name !== undefined || own !== (partOf?.service ?? request.name) ? [] : [UNKNOWN.found({ what: `the new model is called '${own}' after its service, and how requests ask '${existing.name}' for its own is not known`, got: own, fix })];
}

/** Whether requests of a protocol say which model is meant. */
function namesModel(front: ServerDefinition, protocol: InferenceProtocol): boolean {
  return !protocol.http || protocol.sameAs(InferenceProtocol.OPENAI) || front.requestPath(protocol, 'a') !== front.requestPath(protocol, 'b');
}

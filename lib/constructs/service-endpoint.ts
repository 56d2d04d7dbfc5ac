import { RolloutControllerKind } from '../describe/rollout/controller';
import { InferenceProtocol } from '../describe/server/server-facts';
import { ServiceEndpoint } from '../describe/service-endpoint';
import { PlannedAddress } from '../plan/engine/address';
import { ServicePlan } from '../plan/service-plan';

/** The endpoint of a planned service's model; undefined when its server doesn't speak the protocol, or a pool is asked without a model. */
export function endpointOf(plan: ServicePlan, protocol: InferenceProtocol, domain: string, { service = plan.address.service, modelName = plan.modelName, headers = headersOf(plan, protocol, modelName) }: { service?: string; modelName?: string; headers?: PlannedAddress['headers'] } = {}): ServiceEndpoint | undefined {
  if (!(protocol instanceof InferenceProtocol) || modelName === undefined) return undefined;
  // Flagger's Services have the HTTP port alone
  if (plan.release?.controller === RolloutControllerKind.FLAGGER && !protocol.http) return undefined;
  const port = plan.ports.find((one) => one.name === (protocol.http ? 'http' : 'grpc'))?.port;
  if (port === undefined || !plan.protocols.some((one) => one.sameAs(protocol))) return undefined;
  // without a namespace the name is found from the pods of the same one
  const host = plan.namespace === undefined ? service : `${service}.${plan.namespace}.svc.${domain}`;
  const path = plan.front.requestPath(protocol, modelName);
  const url = protocol.http ? `http://${host}${port === 80 ? '' : `:${port}`}${path}` : `${host}:${port}`;
  return { protocol: protocol.name, url, host, port, path, modelName, ...(Object.keys(headers).length === 0 ? {} : { headers: { ...headers } }) };
}

/** The headers that a caller has to give. */
function headersOf({ address }: ServicePlan, protocol: InferenceProtocol, modelName: string | undefined): PlannedAddress['headers'] {
  if (address.pathTells && protocol.http) return {};
  return address.modelHeader === undefined || modelName === undefined ? address.headers : { ...address.headers, [address.modelHeader]: modelName };
}

/** The endpoint of the version on trial; undefined where none is tried, or no Service of its own leads to it by the protocol. */
export function previewEndpointOf(plan: ServicePlan, protocol: InferenceProtocol, domain: string): ServiceEndpoint | undefined {
  const { release } = plan;
  if (release === undefined || (release.controller === RolloutControllerKind.NONE && release.candidate === undefined)) return undefined;
  return endpointOf(plan, protocol, domain, { service: release.trialService, headers: plan.address.trialHeaders });
}

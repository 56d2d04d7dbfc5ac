import { bytesOf, secondsOf } from '../describe/checks/shape';
import { CredentialKind, Credentials } from '../describe/credentials';
import { ServiceRequest } from './service-plan';

/** The requests of each model by itself: one, but of a pool. */
export function eachModel(request: ServiceRequest): ServiceRequest[] {
  return request.pooled === undefined ? [request] : request.pooled.map((model) => ({ ...request, model }));
}

/** The requests of each version by itself: the stable one, and the one on trial beside it. */
export function eachVersion(request: ServiceRequest): ServiceRequest[] {
  return request.candidate === undefined ? [request] : [request, { ...request, model: request.candidate.model }];
}

/** Bytes of the model's files; what is allowed for where they are not said. */
export function bytesOfModel({ model, defaults }: ServiceRequest): number {
  return model.size === undefined ? defaults.modelBytes : bytesOf(model.size);
}

/** Seconds until the model answers, from the start of its server. */
export function loadSeconds(request: ServiceRequest): number {
  const { loadBaseSeconds, loadBytesPerSecond } = request.defaults;
  const { loadTime } = request.model;
  return Math.ceil(loadTime === undefined ? loadBaseSeconds + bytesOfModel(request) / loadBytesPerSecond : secondsOf(loadTime));
}

/** Name by which clients ask for the model. */
export function nameOfModel({ model, partOf, name }: ServiceRequest): string {
  return partOf?.modelName ?? model.name ?? name;
}

/** As whom the pods read their models, where that is an identity of theirs: what each model's store asks for. */
export function identitiesOf(request: ServiceRequest): Credentials[] {
  return eachModel(request).flatMap(({ model: { source } }) => (source?.credentials?.kind === CredentialKind.SERVICE_ACCOUNT ? [source.credentials] : []));
}

/** The identity of the pods, if they have one: it is one for all models of a pool. */
export function identityOf(request: ServiceRequest): Credentials | undefined {
  return identitiesOf(request)[0];
}

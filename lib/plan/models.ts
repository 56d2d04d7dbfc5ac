import { bytesOf, secondsOf } from '../describe/checks/shape';
import { Model } from '../describe/model';
import { ServiceRequest } from './service-plan';

/** The requests of each model by itself: one, but of a pool. */
export function eachModel(request: ServiceRequest): ServiceRequest[] {
  return request.pooled === undefined ? [request] : request.pooled.map((model) => ({ ...request, model }));
}

/** Bytes of a model's files; what is allowed for where they are not said. */
export function bytesOfModel(request: ServiceRequest, model: Model = request.model): number {
  return model.size === undefined ? request.defaults.modelBytes : bytesOf(model.size);
}

/** Seconds until a model answers, from the start of its server. */
export function loadSeconds(request: ServiceRequest, model: Model = request.model): number {
  const { loadBaseSeconds, loadBytesPerSecond } = request.defaults;
  return model.loadTime === undefined ? Math.ceil(loadBaseSeconds + bytesOfModel(request, model) / loadBytesPerSecond) : Math.ceil(secondsOf(model.loadTime));
}

/** Name by which clients ask for a model. */
export function nameOfModel(request: ServiceRequest, model: Model = request.model): string {
  return request.partOf?.modelName ?? model.name ?? request.name;
}

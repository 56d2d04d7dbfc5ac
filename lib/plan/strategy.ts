import { RolloutKind } from '../describe/rollout/rollout';
import { GpuPool } from '../describe/gpu-pool';
import { eachModel } from './models';
import { Copies, ServiceRequest, Strategy } from './service-plan';

/** Devices that the pools keep free for one more copy: the most of any pool, as a copy lies in one pool. */
export function spareCopies(request: ServiceRequest, pools: readonly GpuPool[]): number {
  const count = request.accelerator?.count ?? 1;
  return Math.max(0, ...pools.map((pool) => Math.floor(pool.spare / count)));
}

/** Percent of the copies that an update on CPU adds: Kubernetes' own number; of two copies it is one. */
const CPU_SURGE = 25;

/** Plans how copies are replaced: as it is wished, or the one way of an engine that knows no other. */
export function planStrategy(request: ServiceRequest, copies: Copies, pools: readonly GpuPool[]): Strategy {
  const { updates } = request.engine;
  return updates === undefined ? wishedStrategy(request, copies, pools) : surging(copies, updates.surgePercent, `${request.engine.title} knows no other way`);
}

/** How copies are to be replaced: new ones first where there is room for them, old ones first where there is none. */
export function wishedStrategy(request: ServiceRequest, copies: Copies, pools: readonly GpuPool[]): Strategy {
  const { rollout } = request;
  if (rollout.kind === RolloutKind.RECREATE) return { recreate: true, maxSurge: 0, maxUnavailable: 0, reason: 'asked for' };
  const usual = automatic(request, copies, pools);
  const said = rollout._values;
  if (rollout.kind === RolloutKind.AUTOMATIC || (said.maxSurge === undefined && said.maxUnavailable === undefined)) {
    // another was asked for, so a strategy that recreates becomes the rolling one that needs no more room
    return usual.recreate && rollout.kind !== RolloutKind.AUTOMATIC ? { ...usual, recreate: false, maxUnavailable: 1 } : usual;
  }
  const maxSurge = said.maxSurge ?? ((said.maxUnavailable ?? 0) > 0 ? 0 : usual.maxSurge);
  const maxUnavailable = said.maxUnavailable ?? (maxSurge > 0 ? 0 : 1);
  return { recreate: false, maxSurge, maxUnavailable, reason: 'asked for' };
}

function automatic(request: ServiceRequest, copies: Copies, pools: readonly GpuPool[]): Strategy {
  if (eachModel(request).some(({ model }) => model.source?.singleNode)) return { recreate: true, maxSurge: 0, maxUnavailable: 0, reason: 'the volume can be mounted on one node only' };
  if (request.accelerator === undefined) {
    return surging(copies, CPU_SURGE, 'on CPU a new copy starts before an old one goes');
  }
  if (spareCopies(request, pools) > 0) return { recreate: false, maxSurge: 1, maxUnavailable: 0, reason: 'the pool keeps devices free for a new copy' };
  if (copies.min >= 2) return { recreate: false, maxSurge: 0, maxUnavailable: 1, reason: 'no device is spare: an old copy goes before a new one starts' };
  return { recreate: true, maxSurge: 0, maxUnavailable: 0, reason: 'no device is spare and there is one copy: an update is an outage as long as a start' };
}

function surging(copies: Copies, surgePercent: number, reason: string): Strategy {
  return { recreate: false, maxSurge: Math.ceil(copies.max * surgePercent / 100), surgePercent, maxUnavailable: 0, reason };
}

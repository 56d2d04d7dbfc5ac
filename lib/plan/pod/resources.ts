import { ServerLaunch } from '../../describe/server/server-definition';
import { ServerFacts } from '../../describe/server/server-facts';
import { cpuMillis, mebibytes } from '../json';
import { JsonObject, ServiceRequest } from '../service-plan';

/** Requests and limits of the server's container. */
export interface PlannedResources {
  readonly cpuMillis: number;
  readonly memoryBytes: number;
  readonly memoryLimitBytes: number;
  readonly resources: JsonObject;
}

/** CPUs that a copy asks for. */
export function planCpuMillis(request: ServiceRequest): number {
  const usual = request.accelerator === undefined ? request.defaults.cpus : request.defaults.cpusPerDevice * request.accelerator.count;
  return request.cpu === undefined ? usual * 1000 : cpuMillis(request.cpu);
}

/**
 * Plans requests and limits: memory by the model's size, a limit on memory equal to its request (no pod takes what another was
 * promised), and none on CPU (a limit throttles, and protects nobody whom requests don't protect).
 */
export function planResources(request: ServiceRequest, facts: ServerFacts, launch: ServerLaunch, modelBytes: number, diskBytes: number, devices: { readonly [resource: string]: string }): PlannedResources {
  const folders = launch.writable ?? [];
  const sum = (memory: boolean): number => folders.filter((folder) => (folder.memory ?? false) === memory).reduce((total, folder) => total + (folder.limitMib ?? 1024) * 2 ** 20, 0);
  // with an accelerator the weights end in its memory; while they load, part of them passes through the host's
  const factor = request.accelerator === undefined ? facts.memoryFactor ?? 1.5 : 0.5;
  const usual = Math.ceil(((facts.baseMemoryMib ?? 512) * 2 ** 20 + factor * modelBytes + sum(true)) / 2 ** 28) * 2 ** 28;
  const memoryBytes = request.memoryBytes ?? Math.min(usual, request.memoryLimitBytes ?? Infinity);
  const memoryLimitBytes = request.memoryLimitBytes ?? memoryBytes;
  const disk = request.ephemeralStorageBytes ?? diskBytes + sum(false);
  return {
    cpuMillis: planCpuMillis(request), memoryBytes, memoryLimitBytes,
    resources: {
      requests: { 'cpu': request.cpu ?? quantity(planCpuMillis(request)), 'memory': mebibytes(memoryBytes), 'ephemeral-storage': mebibytes(disk), ...devices },
      limits: { cpu: request.cpuLimit, memory: mebibytes(memoryLimitBytes), ...devices },
      claims: request.accelerator?.deviceClass === undefined ? undefined : [{ name: 'accelerator' }],
    },
  };
}

function quantity(millis: number): string {
  return millis % 1000 === 0 ? String(millis / 1000) : `${millis}m`;
}

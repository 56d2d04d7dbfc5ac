import { bytesOf } from '../../describe/checks/shape';
import { Finding, ProblemKind } from '../../describe/problem';
import { memoryOf } from '../../describe/gpu-products';
import { Accelerator } from '../../describe/accelerator';
import { cpuMillis, mebibytes } from '../json';
import { ServicePlan } from '../service-plan';
import { Rule } from './rule';

const HOST = ProblemKind.error('SERVING_MODEL_EXCEEDS_MEMORY', 'The model is larger than the memory it may use', 'The server would be killed while it loads, again and again.');
const DISK = ProblemKind.error('SERVING_MODEL_EXCEEDS_STORAGE', 'The model is larger than the disk it may use', 'The pod would be evicted while it downloads, again and again.');
const DEVICE = ProblemKind.error('SERVING_MODEL_EXCEEDS_DEVICE_MEMORY', 'The model is larger than the memory of its devices', 'The server would fail as it loads.');
const LIMITS = ProblemKind.error('SERVING_LIMIT_BELOW_REQUEST', 'A limit is below what is requested', 'The API server refuses the pod.');
const SIZE = ProblemKind.warning('SERVING_MODEL_SIZE_UNKNOWN', 'The size of a model for an accelerator is not said', 'Memory, disk, probes and the download are fitted to a small model.');

/** Part of a device's memory that weights can take; the rest is for activations, caches and the runtime. */
const USABLE = 0.9;

export const memory: Rule = {
  check: ({ request, plan }) => {
    const findings: Finding[] = [];
    const { model, memoryBytes, memoryLimitBytes, cpuLimit } = request;
    if (memoryBytes !== undefined && memoryLimitBytes !== undefined && memoryLimitBytes < memoryBytes) {
      findings.push(LIMITS.found({ what: "'memoryLimit' is below 'memory'", got: mebibytes(memoryLimitBytes), allowed: `at least ${mebibytes(memoryBytes)}`, fix: 'raise the limit, or leave it out' }));
    }
    if (cpuLimit !== undefined && cpuMillis(cpuLimit) < plan.requests.cpuMillis) {
      findings.push(LIMITS.found({ what: "'cpuLimit' is below 'cpu'", got: cpuLimit, allowed: `at least ${plan.requests.cpuMillis}m`, fix: 'raise the limit, or leave it out' }));
    }
    if (model.size === undefined) {
      if (request.accelerator !== undefined && model.source !== undefined) findings.push(SIZE.found({ what: `the model's size is not said; ${mebibytes(request.defaults.modelBytes)} is allowed for`, fix: "give 'size' of the Model: the sum of its files" }));
      return findings;
    }
    const bytes = bytesOf(model.size);
    const limit = memoryLimitBytes ?? memoryBytes;
    if (request.accelerator === undefined && limit !== undefined && limit < bytes) {
      findings.push(HOST.found({ what: `the model's files are ${mebibytes(bytes)}, the server may use ${mebibytes(limit)} of memory`, got: mebibytes(limit), allowed: `more than ${mebibytes(bytes)}`, fix: "leave 'memory' and 'memoryLimit' out: they follow the size" }));
    }
    if (request.ephemeralStorageBytes !== undefined && model.source?.downloaded && request.ephemeralStorageBytes < bytes) {
      findings.push(DISK.found({ what: `the model's files are ${mebibytes(bytes)}, the pod may use ${mebibytes(request.ephemeralStorageBytes)} of disk`, got: mebibytes(request.ephemeralStorageBytes), allowed: `at least ${mebibytes(bytes)}`, fix: "leave 'ephemeralStorage' out: it follows the size" }));
    }
    return [...findings, ...deviceFindings(request.accelerator, plan, bytes)];
  },
};

function deviceFindings(accelerator: Accelerator | undefined, plan: ServicePlan, bytes: number): Finding[] {
  if (accelerator === undefined || accelerator.sharing !== undefined) return [];
  const mig = /\.(\d+)gb/.exec(accelerator.migProfile ?? '')?.[1];
  const known = mig === undefined ? [...plan.pools.map((pool) => pool.memoryGib), ...accelerator.alternatives.map((option) => (option.product === undefined ? undefined : memoryOf(option.product)))].filter((gib) => gib !== undefined) : [Number(mig)];
  if (known.length === 0) return [];
  const least = Math.min(...known);
  const room = accelerator.count * least * 2 ** 30;
  return bytes <= room * USABLE ? [] : [DEVICE.found({
    what: `the model's files are ${mebibytes(bytes)}; ${accelerator.count} x ${least} GiB = ${accelerator.count * least} GiB of device memory hold ${Math.floor(accelerator.count * least * USABLE)} GiB of weights`,
    got: String(accelerator), allowed: `${Math.ceil(bytes / USABLE / least / 2 ** 30)} or more devices of ${least} GiB`, fix: 'ask for more or larger devices, or a quantised model',
  })];
}

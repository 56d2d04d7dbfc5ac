import { AcceleratorKind } from '../../describe/accelerator';
import { Finding, ProblemKind } from '../../describe/problem';
import { ScalingSignalKind } from '../../describe/scaling';
import { isMeasured, toldSignals } from '../scaling/signals';
import { Rule } from './rule';

const NOT_TOLD = ProblemKind.error('SERVING_SIGNAL_NOT_TOLD', 'A signal that the server has no metric for', 'The query would give nothing for ever, and the copies stay as they are.');
const NO_NAMESPACE = ProblemKind.error('SERVING_SCALING_NAMESPACE', 'A service that scales by its metrics and has no namespace', "Its series can't be told from those of a service of the same name elsewhere.");
const ONLY_WITH = ProblemKind.warning('SERVING_SIGNAL_ONLY_WITH', 'A signal whose metric is there only with a setting', 'Without the setting there is no series, and the copies stay as they are.');
const SAW_TOOTH = ProblemKind.warning('SERVING_QUEUE_SAW_TOOTH', 'Copies follow the queue alone', 'A new copy empties the queue, an empty queue asks for no copies, and so the copy goes again.');
const CPU_ON_DEVICE = ProblemKind.warning('SERVING_CPU_SCALING_ON_ACCELERATOR', 'A service with an accelerator scales on CPU', 'The device is busy while the CPU is not: copies come too late or never.');
const GPU_USE = ProblemKind.warning('SERVING_GPU_SCALING', 'Copies follow the use of the GPU', 'It is the share of time in which anything runs: one request fills it, it is zero between two batches, and it lags. It tells what idles, not what is missing.');
const NO_GPU = ProblemKind.error('SERVING_GPU_SCALING_WITHOUT_GPU', 'A service without a GPU of NVIDIA scales by its use', 'DCGM tells nothing of it, and the copies stay as they are.');

/** Words of the API for signals, in messages. */
const FACTORIES: { readonly [kind: string]: string } = { concurrency: 'onConcurrency', queueDepth: 'onQueueDepth', tokens: 'onTokens', kvCache: 'onKvCache', requestRate: 'onRequestRate' };

/** Whether what copies follow can be told, and tells what is meant. */
export const scalingSignals: Rule = {
  check: ({ request, plan: { server: { facts }, protocol, copies: { signals } } }) => {
    // an engine that scales by itself asks no metrics of the server
    if ((request.scaling?._findings.length ?? 0) > 0 || request.engine.follows !== undefined) return [];
    const findings: Finding[] = [];
    const told = toldSignals(facts, protocol).map((kind) => `Scaling.${FACTORIES[kind]}`);
    for (const { kind, promql, onlyWith } of signals.filter((one) => isMeasured(one.kind))) {
      if (promql === undefined) {
        findings.push(NOT_TOLD.found({ what: `${facts.title} has no metric for Scaling.${FACTORIES[kind]}`, got: `Scaling.${FACTORIES[kind]}`, allowed: told.length > 0 ? told.join(', ') : 'none of its metrics', fix: told.length > 0 ? 'use one of them, or Scaling.onCpu' : 'use Scaling.onCpu, or Scaling.onQuery with a metric that you know of' }));
      } else if (onlyWith !== undefined) {
        findings.push(ONLY_WITH.found({ what: `the metric of ${facts.title} for Scaling.${FACTORIES[kind]} is there only with '${onlyWith}'`, got: onlyWith, fix: 'switch it on, and acknowledge this' }));
      }
    }
    if (request.namespace === undefined && signals.some(({ kind }) => isMeasured(kind))) findings.push(NO_NAMESPACE.found({ what: 'the service scales by its metrics, and its chart has no namespace', fix: "give 'namespace' to the Chart" }));
    if (signals.length > 0 && signals.every(({ kind }) => kind === ScalingSignalKind.QUEUE_DEPTH)) {
      findings.push(SAW_TOOTH.found({ what: 'copies follow the requests that wait, and nothing else', got: 'Scaling.onQueueDepth', allowed: told.includes('Scaling.onConcurrency') ? 'Scaling.onConcurrency' : undefined, fix: 'use Scaling.onConcurrency, or Scaling.highestOf with it' }));
    }
    if (request.accelerator !== undefined && signals.length > 0 && signals.every(({ kind }) => kind === ScalingSignalKind.CPU)) {
      findings.push(CPU_ON_DEVICE.found({ what: `copies with ${request.accelerator} follow the use of the CPU`, got: 'cpu', allowed: told.length > 0 ? told.join(', ') : 'a queue or concurrency metric of the server', fix: told.length > 0 ? `use ${told[0]}` : 'use Scaling.onCustomMetric' }));
    }
    if (signals.some(({ kind }) => kind === ScalingSignalKind.GPU)) {
      if (request.accelerator?.vendor !== AcceleratorKind.NVIDIA) findings.push(NO_GPU.found({ what: 'Scaling.onGpu follows GPUs of NVIDIA, and the service has none', got: request.accelerator === undefined ? 'no accelerator' : String(request.accelerator), fix: told.length > 0 ? `use ${told[0]}` : 'use Scaling.onCpu' }));
      else findings.push(GPU_USE.found({ what: 'copies follow the share of time in which the GPU does anything', got: 'Scaling.onGpu', allowed: told.length > 0 ? told.join(', ') : undefined, fix: `${told.length > 0 ? `use ${told[0]}` : 'follow the requests'}, or acknowledge it` }));
    }
    return findings;
  },
};

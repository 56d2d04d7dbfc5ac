import { AcceleratorKind } from '../../describe/accelerator';
import { MetricsSource } from '../../describe/monitoring/metrics-source';
import { Finding, ProblemKind } from '../../describe/problem';
import { WatchedService } from '../watched-service';

const GATEWAY = ProblemKind.warning('SERVING_GATEWAY_NOT_SCRAPED', 'Objectives are measured at a gateway that an installed stack is not told of', 'What never had a series breaks no objective: the alerts never fire.');
const NO_DCGM = ProblemKind.warning('SERVING_NO_DCGM_EXPORTER', 'A monitoring stack of services on GPUs without the DCGM exporter', 'Nothing tells it of GPUs that fail, idle or are full: those alerts never fire.');

/** A stack that is installed scrapes just what it is told of: what objectives and alerts of its services read must be among it. */
export function checkSources(sources: readonly MetricsSource[], services: readonly WatchedService[]): Finding[] {
  return [...gateway(sources, services), ...gpus(sources, services)];
}

function gateway(sources: readonly MetricsSource[], services: readonly WatchedService[]): Finding[] {
  const measured = services.find((one) => one.sli._gateway !== undefined && one.objectives.length > 0);
  if (measured === undefined) return [];
  // which of its own is the gateway can't be known
  const own = sources.filter((one) => one._own);
  const moved = services.some((one) => one.objectives.length > 0 && /\bexported_/.test(one.sli._gateway?._props.matchers ?? ''));
  if (own.length > 0 && !(moved && own.every((one) => one._props.honorLabels !== false))) return [];
  return [GATEWAY.found({
    what: `objectives of '${measured.name}' are measured at a gateway, and the stack is installed and ${own.length === 0 ? 'not told where that is' : "scrapes it so that no series has the labels 'exported_…' that are asked for"}`,
    fix: `give 'sources: [MetricsSource.of('gateway', { namespace, labels, port${moved ? ', honorLabels: false' : ''} })]'; acknowledge it where an object of yours scrapes the gateway`,
  })];
}

function gpus(sources: readonly MetricsSource[], services: readonly WatchedService[]): Finding[] {
  const one = services.find(({ plan }) => plan.accelerator?.vendor === AcceleratorKind.NVIDIA);
  if (one === undefined || sources.some(({ name }) => name === 'dcgm-exporter')) return [];
  return [NO_DCGM.found({ what: `'${one.name}' runs on GPUs, and the stack is installed and not told where the DCGM exporter is`, fix: "give 'sources: [MetricsSource.dcgmExporter({ namespace: 'gpu-operator' })]'" })];
}

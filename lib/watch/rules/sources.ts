import { AcceleratorKind } from '../../describe/accelerator';
import { MetricsBackend } from '../../describe/monitoring/metrics-backend';
import { MetricsSource } from '../../describe/monitoring/metrics-source';
import { Finding, ProblemKind } from '../../describe/problem';
import { WatchedService } from '../watched-service';

const GATEWAY = ProblemKind.warning('SERVING_GATEWAY_NOT_SCRAPED', 'Objectives are measured at a gateway that an installed stack is not told of', 'What never had a series breaks no objective: the alerts never fire.');
const NO_DCGM = ProblemKind.warning('SERVING_NO_DCGM_EXPORTER', 'A monitoring stack of services on GPUs without the DCGM exporter', 'Nothing tells it of GPUs that fail, idle or are full: those alerts never fire.');

const NO_KUBE_STATE_METRICS = ProblemKind.warning('SERVING_NO_KUBE_STATE_METRICS', 'A monitoring stack without kube-state-metrics', 'Nothing tells it of copies that crash, wait for a node or do not load: those alerts never fire.');
const OF_JOINED = ProblemKind.warning('SERVING_SOURCE_OF_JOINED_STORE', 'A source that a joined store most likely scrapes already', 'Scraped twice, each of its series is there twice, and sums over them are doubled.');

/** What a stack is told to scrape: one that is installed scrapes nothing else, one that is joined scrapes the common sources already. */
export function checkSources(metrics: MetricsBackend, sources: readonly MetricsSource[], services: readonly WatchedService[]): Finding[] {
  return metrics._install === undefined ? scrapedAlready(sources) : [...gateway(sources, services), ...gpus(sources, services), ...pods(sources)];
}

function scrapedAlready(sources: readonly MetricsSource[]): Finding[] {
  return sources.filter(({ name }) => name === 'kube-state-metrics' || name === 'kubelet').map(({ name }) => OF_JOINED.found({
    what: `the stack joins a store, and is told to scrape '${name}'`, got: name, fix: "leave it out of 'sources'; if the store really doesn't scrape it, acknowledge this",
  }));
}

function pods(sources: readonly MetricsSource[]): Finding[] {
  if (sources.some(({ name }) => name === 'kube-state-metrics')) return [];
  return [NO_KUBE_STATE_METRICS.found({ what: 'the stack is installed, and is not told where kube-state-metrics is', fix: "give 'sources: [MetricsSource.kubeStateMetrics({ namespace: 'kube-system' })]'" })];
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

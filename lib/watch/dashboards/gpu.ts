import { selector } from '../../plan/promql';
import * as series from '../series';
import { Board, BoardPanel, BoardVariable, Dashboard, TablePanel, Unit } from './board';
import { draw } from './draw';
import { bounds, CHOICES, chosen, graph, LINE_TO_SERVICE, links, query, named, stat, withKnown } from './parts';
import { BoardSettings, StackBoard } from './settings';

const MODEL: BoardVariable = { name: 'gpu_model', title: 'GPU', label: 'modelName', series: 'DCGM_FI_DEV_FB_USED' };
/** What tells a GPU or a MIG slice, and the pod that has it. */
const DEVICE = 'UUID, GPU_I_ID, GPU_I_PROFILE, modelName, namespace, pod';

/**
 * GPUs that chosen pods have. Where the exporter's own labels were overruled by those of its scrape (`honorLabels: false`, the GPU operator's default),
 * the pod is in `exported_pod`. Names and units: https://github.com/NVIDIA/dcgm-exporter/blob/4.5.0-4.6.0/etc/dcp-metrics-included.csv
 */
const dcgm = (name: string): string => {
  const moved = selector(`DCGM_FI_${name}`, 'exported_namespace=~"$namespace"', 'modelName=~"$gpu_model"');
  return `(${selector(`DCGM_FI_${name}`, 'exported_pod=""', 'namespace=~"$namespace"', 'modelName=~"$gpu_model"')} or label_replace(label_replace(${moved}, "namespace", "$1", "exported_namespace", "(.+)"), "pod", "$1", "exported_pod", "(.+)"))`;
};
const each = (name: string): string => `max by (${DEVICE}) (${dcgm(name)})`;
/** A MIG slice has no DEV_GPU_UTIL, and some GPUs and drivers no profiling: whichever there is. */
const USE = `(${each('PROF_GR_ENGINE_ACTIVE')} or ${each('DEV_GPU_UTIL')} / 100)`;
const MEMORY = `(${each('DEV_FB_USED')} / (${each('DEV_FB_USED')} + ${each('DEV_FB_FREE')} > 0))`;
const NAME = '{{pod}} {{GPU_I_PROFILE}}';

/** GPUs and MIG slices: who has them, whether they work, whether they are well. */
export function gpuDashboard(settings: BoardSettings, beside: readonly StackBoard[]): Dashboard {
  const board: Board = {
    ...named(settings, StackBoard.GPU),
    description: 'GPUs and MIG slices that pods have: whether they work, how full they are, whether they are well. A slice tells its use by profiling metrics only; power, temperature and errors are those of the whole GPU.',
    tags: ['inference'], span: '6h', variables: [...CHOICES, MODEL], links: links(settings, beside, StackBoard.GPU),
    sections: [
      { title: 'Now', panels: now() },
      { title: 'By service', panels: byService() },
      { title: 'By GPU', panels: [TABLE, ...byDevice()] },
      { title: 'Health', panels: health() },
    ],
  };
  return draw(board, settings);
}

function now(): BoardPanel[] {
  return [
    stat('GPUs in use', 'GPUs and MIG slices that a pod has.', { unit: Unit.COUNT, width: 6, expr: `count(${each('DEV_FB_USED')})` }),
    stat('Use', 'Share of the time that they work, on average.', { unit: Unit.RATIO, width: 6, expr: `avg(${USE})` }),
    stat('Idle', 'Those that worked less than 5 % of the time: paid for nothing.', { unit: Unit.COUNT, width: 6, bounds: bounds(1), expr: `count(${USE} < 0.05) or 0 * count(${each('DEV_FB_USED')})` }),
    stat('With errors', 'GPUs whose last error (XID) is not 0. What each number means: https://docs.nvidia.com/deploy/xid-errors/. Drain the node where it is a fault of the hardware.', { unit: Unit.COUNT, width: 6, bounds: bounds(undefined, 1), expr: `count(${each('DEV_XID_ERRORS')} > 0) or 0 * count(${each('DEV_FB_USED')})` }),
  ];
}

function byService(): BoardPanel[] {
  const line = (one: series.Series) => [query(withKnown(chosen(one), 'dashboard'), '{{inference_service}}')];
  return [
    graph('Use by service', 'Share of the time that a service\'s GPUs work.', { unit: Unit.RATIO, max: 1, link: LINE_TO_SERVICE, queries: line(series.GPU_UTILIZATION) }),
    graph('Memory by service', 'Share of the memory in use, of the fullest GPU of a service.', { unit: Unit.RATIO, max: 1, bounds: bounds(0.95), link: LINE_TO_SERVICE, queries: line(series.GPU_MEMORY) }),
    graph('GPUs by service', 'GPUs and slices that a service has.', { unit: Unit.COUNT, stacked: true, link: LINE_TO_SERVICE, queries: line(series.GPUS) }),
  ];
}

const TABLE: TablePanel = {
  kind: 'table', title: 'GPUs and slices', width: 24, height: 10, unit: Unit.COUNT,
  description: 'A row for each GPU or MIG slice that a pod has, the idlest first.',
  labels: { pod: 'Pod', namespace: 'Namespace', modelName: 'GPU', GPU_I_PROFILE: 'MIG profile', GPU_I_ID: 'MIG slice', UUID: 'UUID' }, sortBy: { column: 'Use', ascending: true },
  columns: [
    { title: 'Use', unit: Unit.RATIO, expr: USE },
    { title: 'Memory', unit: Unit.RATIO, expr: MEMORY, bounds: bounds(0.95) },
    { title: 'Memory used', unit: Unit.MEBIBYTES, expr: each('DEV_FB_USED') },
  ],
};

function byDevice(): BoardPanel[] {
  return [
    graph('Use', 'Share of the time that each GPU or slice works.', { unit: Unit.RATIO, width: 12, max: 1, queries: [query(USE, NAME)] }),
    graph('Memory', 'Share of the memory of each GPU or slice in use.', { unit: Unit.RATIO, width: 12, max: 1, bounds: bounds(0.95), queries: [query(MEMORY, NAME)] }),
  ];
}

function health(): BoardPanel[] {
  return [
    graph('Temperature', 'Most data-centre GPUs slow down at 85 to 90 °C: latency grows without more load.', { unit: Unit.CELSIUS, bounds: bounds(85), queries: [query(`max by (UUID, modelName) (${dcgm('DEV_GPU_TEMP')})`, '{{modelName}} {{UUID}}')] }),
    graph('Power', 'What each GPU draws. At its limit it slows down; near its idle power it waits.', { unit: Unit.WATT, queries: [query(`max by (UUID, modelName) (${dcgm('DEV_POWER_USAGE')})`, '{{modelName}} {{UUID}}')] }),
    graph('Last error (XID)', 'Number of the last error, 0 for none. 48, 63, 64, 79, 94, 95 and 119 speak of the hardware: drain the node.', { unit: Unit.COUNT, queries: [query(`max by (UUID, modelName) (${dcgm('DEV_XID_ERRORS')})`, '{{modelName}} {{UUID}}')] }),
  ];
}

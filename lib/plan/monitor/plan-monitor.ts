import { bytesOf, secondsOf } from '../../describe/checks/shape';
import { DriftDetector, ModelMonitor } from '../../describe/monitoring/model-monitor';
import { MonitorData, MonitorDataKind } from '../../describe/monitoring/monitor-data';
import { mebibytes } from '../json';
import { monitorSelector } from '../labels';
import { configNamedByContent } from '../pod/files';
import { programFiles } from '../program-files';
import { JsonObject, ServiceRequest } from '../service-plan';
import { planMonitorImage } from './monitor-image';
import { PlannedMonitor } from './planned-monitor';

const FOLDER = '/monitor';
const MEMORY = 2 * 2 ** 30;
/** A run that takes longer than this hangs; one that is started each few minutes has to be over sooner. */
const DEADLINE = { least: 300, most: 3600 };
/** Files of the program that belong to one detector alone. */
const ONLY: { readonly [detector: string]: string } = { [DriftDetector.EVIDENTLY]: 'drift_evidently.py', [DriftDetector.ALIBI_DETECT]: 'drift_alibi.py' };

/** Plans a service's monitor: what it reads, compares and tells, and what its pods need for that. */
export function planMonitor(request: ServiceRequest): PlannedMonitor | undefined {
  const { monitor } = request;
  if (monitor?._payloads === undefined || monitor._reference === undefined || monitor._image === undefined) return undefined;
  const places = new Places();
  const settings = settingsOf(request, monitor, places);
  const detectors = Object.values(ONLY);
  const program = Object.fromEntries(Object.entries(programFiles('model-monitor')).filter(([file]) => file.endsWith('.py') && (!detectors.includes(file) || file === ONLY[monitor.detector])));
  const config = configNamedByContent(request, 'MonitorFiles', { ...program, 'settings.json': `${JSON.stringify(settings, null, 1)}\n` });
  const { image, buildContext } = planMonitorImage(request, monitor.detector, monitor._image);
  const windowSeconds = secondsOf(monitor.window);
  return {
    name: `${request.name}-monitor`, schedule: monitor.schedule, periodSeconds: monitor._periodSeconds, windowSeconds,
    deadlineSeconds: Math.round(Math.min(DEADLINE.most, Math.max(DEADLINE.least, monitor._periodSeconds))),
    image, imagePullSecrets: request.cluster.imagePullSecrets, buildContext, config,
    command: ['python3', `${FOLDER}/monitor.py`, `${FOLDER}/settings.json`],
    volumes: [...places.volumes, { name: 'monitor', configMap: { name: config.name } }, { name: 'tmp', emptyDir: { sizeLimit: '1Gi' } }],
    mounts: [...places.mounts, { name: 'monitor', mountPath: FOLDER, readOnly: true }, { name: 'tmp', mountPath: '/tmp' }],
    memory: mebibytes(monitor._memory === undefined ? MEMORY : bytesOf(monitor._memory)),
    labels: monitorSelector(request.name),
    bounds: { minRows: monitor._bounds.minRows, maxMissingRatio: monitor._bounds.maxMissingRatio, minAccuracy: monitor._groundTruth?.minAccuracy },
    sampleRatio: request.payloadLogging && request.payloadLogging.samplePercent / 100,
  };
}

/** What the program reads. */
function settingsOf(request: ServiceRequest, monitor: ModelMonitor, places: Places): JsonObject {
  const payloads = monitor._payloads!;
  const named = (categorical: boolean): string[] => monitor.features.filter((one) => one.isCategorical === categorical).map((one) => one.name);
  const truth = monitor._groundTruth;
  const evidently = monitor.detector === DriftDetector.EVIDENTLY;
  return {
    service: request.name, windowSeconds: secondsOf(monitor.window), minRows: monitor._bounds.minRows, driftedRatio: monitor._bounds.driftedRatio,
    features: { numerical: named(false), categorical: named(true), order: monitor.features.map((one) => one.name) },
    prediction: { kind: monitor._prediction.isNumber ? 'number' : 'class', output: monitor._prediction.output ?? null, classes: monitor._prediction.classes ?? [] },
    detector: evidently ? 'evidently' : 'alibi',
    drift: evidently ? Object.fromEntries(monitor.features.map((one) => [one.name, { method: one.method, threshold: one.threshold }])) : { threshold: monitor._test.pValue, correction: monitor._test.correction },
    source: payloads.url === undefined ? { kind: 'folder', path: places.claim('payloads', payloads.claimName!, payloads.path) } : { kind: 'store', url: payloads.url },
    target: { kind: monitor._results?.isPushgateway ? 'pushgateway' : 'store', url: monitor._results?.url ?? payloads.url ?? null },
    reference: places.data('reference', monitor._reference!),
    groundTruth: truth === undefined ? null : {
      ...(truth.data === undefined ? {} : { path: places.data('truth', truth.data), idColumn: truth.idColumn ?? 'id', labelColumn: truth.labelColumn ?? 'label' }),
      minRows: truth.minRows ?? 100, tolerance: truth.tolerance ?? null, window: durationText(secondsOf(monitor.window)),
    },
  };
}

/** Where data lies in the monitor's container, and the volumes that bring it there. */
class Places {
  public readonly volumes: JsonObject[] = [];
  public readonly mounts: JsonObject[] = [];

  public claim(name: string, claimName: string, path?: string): string {
    this.volumes.push({ name, persistentVolumeClaim: { claimName, readOnly: true } });
    this.mounts.push({ name, mountPath: `/${name}`, readOnly: true });
    return path === undefined ? `/${name}` : `/${name}/${path}`;
  }

  public data(name: string, data: MonitorData): string {
    switch (data.kind) {
      case MonitorDataKind.IMAGE: return data.path;
      case MonitorDataKind.CLAIM: return this.claim(name, data.source ?? 'unknown', data.path);
      case MonitorDataKind.CONFIG_MAP:
        this.volumes.push({ name, configMap: { name: data.source ?? 'unknown' } });
        this.mounts.push({ name, mountPath: `/${name}`, readOnly: true });
        return `/${name}/${data.path}`;
    }
  }
}

/** Seconds as people say them: `24h`, `7d`. */
function durationText(seconds: number): string {
  for (const [unit, size] of [['d', 86_400], ['h', 3600], ['m', 60]] as const) {
    if (seconds % size === 0 && seconds >= size && !(unit === 'd' && seconds === 86_400)) return `${seconds / size}${unit}`;
  }
  return `${seconds}s`;
}

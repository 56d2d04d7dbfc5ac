import { compact } from '../../plan/json';
import { PlannedMonitor } from '../../plan/monitor/planned-monitor';
import { restricted } from '../../plan/pod/security';
import { ServicePlan } from '../../plan/service-plan';
import { RenderedObject } from '../../render/ports';

/** The objects of a service's monitor: its program, and the CronJob that runs it. The same on every backend. */
export function monitorObjects(plan: ServicePlan): RenderedObject[] {
  const { monitor } = plan;
  if (monitor === undefined) return [];
  const labels = { ...plan.labels, ...monitor.labels };
  return [
    { id: monitor.config.id, apiVersion: 'v1', kind: 'ConfigMap', name: monitor.config.name, labels, content: { data: { ...monitor.config.data }, immutable: true } },
    { id: 'Monitor', apiVersion: 'batch/v1', kind: 'CronJob', name: monitor.name, labels, content: { spec: cronJob(monitor, labels) } },
  ];
}

function cronJob(monitor: PlannedMonitor, labels: { [key: string]: string }): ReturnType<typeof compact> {
  return compact({
    schedule: monitor.schedule,
    timeZone: 'Etc/UTC',
    // a run that is still at it looks at the same data as the next would
    concurrencyPolicy: 'Forbid',
    startingDeadlineSeconds: monitor.deadlineSeconds,
    successfulJobsHistoryLimit: 1,
    failedJobsHistoryLimit: 2,
    jobTemplate: {
      metadata: { labels },
      spec: {
        // it keeps nothing between tries
        backoffLimit: 2,
        activeDeadlineSeconds: monitor.deadlineSeconds,
        ttlSecondsAfterFinished: 86_400,
        template: {
          metadata: { labels },
          spec: {
            restartPolicy: 'Never', automountServiceAccountToken: false, enableServiceLinks: false,
            imagePullSecrets: monitor.imagePullSecrets.length === 0 ? undefined : monitor.imagePullSecrets.map((name) => ({ name })),
            securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
            containers: [{
              name: 'monitor', image: monitor.image, command: [...monitor.command],
              env: [
                ...['PYTHONUNBUFFERED', 'PYTHONDONTWRITEBYTECODE', 'DO_NOT_TRACK'].map((name) => ({ name, value: '1' })), ...['HOME', 'MPLCONFIGDIR', 'NUMBA_CACHE_DIR'].map((name) => ({ name, value: '/tmp' })),
                { name: 'POD_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
              ],
              resources: { requests: { cpu: '500m', memory: monitor.memory }, limits: { memory: monitor.memory } },
              volumeMounts: [...monitor.mounts],
              terminationMessagePolicy: 'FallbackToLogsOnError',
              securityContext: restricted({ user: 1000 }),
            }],
            volumes: [...monitor.volumes],
          },
        },
      },
    },
  });
}

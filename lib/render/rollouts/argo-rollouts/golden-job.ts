import { goldenSelector } from '../../../plan/labels';
import { goldenDeadline } from '../../../plan/release/pace';
import { PlannedGolden } from '../../../plan/release/release-plan';
import { JsonObject, ServicePlan } from '../../../plan/service-plan';

const FOLDER = '/golden';
/** Bytes that Python and the requests need. */
const MEMORY = '128Mi';

/** The measure of golden requests: a Job that sends them to the version on trial and fails when an answer is wrong. */
export function goldenJob(plan: ServicePlan, golden: PlannedGolden): JsonObject {
  const http = plan.ports.find((port) => port.name === 'http');
  const url = `http://${plan.release!.trialService}:${http?.port}${golden.path}`;
  return {
    name: 'golden', count: 1, failureLimit: 0,
    // asked at once, a Service that has just been switched still leads to the stable version, whose answers are right
    initialDelay: `${golden.delaySeconds}s`,
    provider: {
      job: {
        metadata: { labels: { ...goldenSelector(plan.name), 'app.kubernetes.io/managed-by': 'cdk8s-serving' } },
        spec: {
          backoffLimit: 0,
          activeDeadlineSeconds: goldenDeadline(golden),
          ttlSecondsAfterFinished: 86_400,
          template: {
            metadata: { labels: goldenSelector(plan.name) },
            spec: {
              restartPolicy: 'Never', automountServiceAccountToken: false, enableServiceLinks: false,
              imagePullSecrets: golden.imagePullSecrets.length === 0 ? undefined : golden.imagePullSecrets.map((name) => ({ name })),
              securityContext: { runAsNonRoot: true, runAsUser: 65_534, runAsGroup: 65_534, seccompProfile: { type: 'RuntimeDefault' } },
              containers: [{
                name: 'golden-requests', image: golden.image, command: ['python3', `${FOLDER}/send.py`, `${FOLDER}/requests.json`, url, String(golden.timeoutSeconds)],
                env: [{ name: 'PYTHONDONTWRITEBYTECODE', value: '1' }],
                resources: { requests: { cpu: '50m', memory: MEMORY }, limits: { memory: MEMORY } },
                securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
                volumeMounts: [{ name: 'golden', mountPath: FOLDER, readOnly: true }],
              }],
              volumes: [{ name: 'golden', configMap: { name: golden.config.name } }],
            },
          },
        },
      },
    },
  };
}

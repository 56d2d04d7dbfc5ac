import { readFileSync } from 'fs';
import { join } from 'path';
import { Gate } from '../../describe/rollout/gate';
import { secondsOf } from '../../describe/checks/shape';
import { configNamedByContent } from '../pod/files';
import { ServiceRequest, Timing } from '../service-plan';
import { PlannedGolden } from './release-plan';

/** The program that the Job runs: a file of the package. */
const PROGRAM = join(__dirname, '..', '..', '..', 'assets', 'golden-requests', 'send.py');
let program: string | undefined;

/** Plans the Job that sends golden requests. */
export function planGolden(request: ServiceRequest, gate: Gate, path: string, timing: Timing): PlannedGolden {
  const { golden, image, timeout } = gate._values;
  program ??= readFileSync(PROGRAM, 'utf8');
  const requests = golden?.requests ?? [];
  const data = { 'requests.json': `${JSON.stringify(requests, null, 1)}\n`, 'send.py': program };
  return {
    requests, image: request.cluster.image(image ?? request.defaults.pythonImage), imagePullSecrets: request.cluster.imagePullSecrets, path, timeoutSeconds: timeout === undefined ? timing.request : secondsOf(timeout),
    delaySeconds: request.defaults.propagationSeconds,
    config: configNamedByContent(request, 'Golden', data),
  };
}

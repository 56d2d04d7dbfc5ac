import { DriftDetector } from '../../describe/monitoring/model-monitor';
import { MonitorImage } from '../../describe/monitoring/monitor-image';
import { BuildContext } from '../build-context';
import { contentHash } from '../hash';
import { programFiles } from '../program-files';
import { ServiceRequest } from '../service-plan';

const HOME = '/srv/monitor';

/** The image of a monitor, and the build context that it is made from: libraries alone, as the program comes from a ConfigMap. */
export function planMonitorImage(request: ServiceRequest, detector: DriftDetector, given: MonitorImage): { image: string; buildContext?: BuildContext } {
  if (given.image !== undefined) return { image: request.cluster.image(given.image) };
  const lines = [
    `FROM ${request.cluster.image(request.defaults.pythonImage)}`,
    'USER 0',
    `COPY requirements.txt ${HOME}/requirements.txt`,
    `RUN pip install --no-cache-dir --requirement ${HOME}/requirements.txt`,
    // the root is read-only when it runs; libraries keep caches, and tell their makers who uses them
    'ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOME=/tmp MPLCONFIGDIR=/tmp NUMBA_CACHE_DIR=/tmp DO_NOT_TRACK=1',
    'USER 1000',
    '',
  ];
  const files = [{ path: '.dockerignore', content: 'Dockerfile\n.dockerignore\n' }, { path: 'Dockerfile', content: lines.join('\n') }, { path: 'requirements.txt', content: programFiles('model-monitor')[`${detector}.txt`]! }];
  const tag = `code-${contentHash(files.map((file) => [file.path, file.content] as const), 12)}`;
  const image = request.cluster.image(`${given.repository}${given.digest === undefined ? `:${tag}` : `@${given.digest}`}`);
  return { image, buildContext: { name: `model-monitor-${detector}`, tag, image, files } };
}

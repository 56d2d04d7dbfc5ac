import { CodeDelivery, CodeFile, PythonCode } from '../describe/python-code';
import { contentHash } from './hash';

/** A folder that `docker build` makes an image of. */
export interface BuildContext {
  /** Name of the folder: the service's. */
  readonly name: string;
  /** The tag that says what it is made of: code and Dockerfile. */
  readonly tag: string;
  /** The image's name: by digest, or else by tag. */
  readonly image: string;
  readonly files: readonly CodeFile[];
}

/** Where code lies in an image of ours. */
const HOME = '/srv/app';

/**
 * Plans the build context of code: the code, and a small Dockerfile whose image runs as a numeric non-root user from a read-only file system.
 *
 * @param base the image to build on.
 * @param wrapper whether the code is a server of its own, so that the base is a bare Python; else it is a runtime class for the server in the base.
 */
export function planBuildContext(name: string, code: PythonCode, base: string, wrapper: boolean): BuildContext | undefined {
  if (code.delivery !== CodeDelivery.IMAGE) return undefined;
  const requirements = code.requirements.trim() !== '';
  const lines = [
    `FROM ${code.baseImage ?? base}`,
    'USER 0',
    // requirements first: they change less often than the code, and their layer is kept
    ...(requirements ? [`COPY requirements.txt ${HOME}/requirements.txt`, `RUN pip install --no-cache-dir --requirement ${HOME}/requirements.txt`] : []),
    `COPY . ${HOME}`,
    `ENV PYTHONPATH=${HOME} PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOME=/tmp`,
    ...(wrapper ? [`WORKDIR ${HOME}`] : []),
    'USER 1000',
    '',
  ];
  const ignored = ['Dockerfile', '.dockerignore', ''].join('\n');
  const files = [...code.files.filter((file) => file.path !== 'Dockerfile' && file.path !== '.dockerignore'), { path: 'Dockerfile', content: lines.join('\n') }, { path: '.dockerignore', content: ignored }];
  files.sort((a, b) => (a.path < b.path ? -1 : 1)); // by code unit: the same in every locale
  const tag = `code-${contentHash(files.map((file) => [file.path, file.content] as const), 12)}`;
  return { name, tag, image: `${code.repository ?? 'unknown'}${code.digest === undefined ? `:${tag}` : `@${code.digest}`}`, files };
}

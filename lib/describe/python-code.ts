import { existsSync, readdirSync, readFileSync, statSync } from 'fs';
import { join, relative, resolve, sep } from 'path';
import { checkShape, is, Shape } from './checks/shape';
import { Finding, ProblemKind } from './problem';

const NO_CODE = ProblemKind.error('SERVING_CODE_FOLDER', 'A folder of code that can not be used', 'The pods would start without the code.');
const TOO_LARGE = ProblemKind.error('SERVING_CODE_TOO_LARGE', 'Too much code to mount', 'A ConfigMap holds at most 1 MiB.');
const UNPINNED = ProblemKind.warning('SERVING_REQUIREMENT_UNPINNED', 'A Python requirement without an exact version', 'The same code built again would be another program.');

/** Properties of `PythonCode.image`. */
export interface CodeImageProps {
  /** Where the image is pushed to, without a tag: `registry.example.com/ml/churn`. */
  readonly repository: string;
  /**
   * The digest that the registry gave after the push: `sha256:...`.
   * @default - the image is named by a tag made of the hash of code and Dockerfile, which is a warning
   */
  readonly digest?: string;
  /**
   * The tag (`code-...`) that `digest` was pushed under. With it, a digest of older code, or of another base image, is a problem.
   * @default - not checked
   */
  readonly digestOf?: string;
  /**
   * The image to build on, by tag or digest.
   * @default - the server's own image for MLServer; a slim Python for a wrapper
   */
  readonly baseImage?: string;
}

const IMAGE: Shape<CodeImageProps> = {
  repository: is.required(is.text('a repository without tag or digest', /^[a-z0-9]([\w.-]*[a-z0-9])?(:\d+)?(\/[a-z0-9]([\w.-]*[a-z0-9])?)*$/)),
  digest: is.text("a digest, 'sha256:' and 64 hexadecimal digits", /^sha256:[0-9a-f]{64}$/),
  digestOf: is.text("a tag, such as 'code-0123456789ab'", /^code-[0-9a-f]{12}$/),
  baseImage: is.text('an image with a tag or digest', /^[\w.\/:-]+(:[\w.-]+|@sha256:[0-9a-f]{64})$/),
};

/** One file of code. */
export interface CodeFile {
  /** Path below the folder, with '/'. */
  readonly path: string;
  /** Content: text, or base64 where it is none. */
  readonly content: string;
  /**
   * Whether the content is no text, and so in base64.
   * @default false
   */
  readonly binary?: boolean;
}

/** How code comes into the pods. */
export enum CodeDelivery {
  /** As an image, from a build context that is written beside the manifests. */
  IMAGE = 'image',
  /** As files of a ConfigMap. */
  MOUNT = 'mount',
}

const MOST_MOUNTED = 900 * 1024; // a ConfigMap's 1 MiB, less its keys and other fields
const SKIPPED = new Set(['__pycache__', '.git', '.venv', 'venv', 'node_modules', '.pytest_cache', '.DS_Store']);

/** A folder of Python code: a custom runtime class of MLServer, or a REST wrapper. */
export class PythonCode {
  /**
   * Code as an image. A build context (code, pinned requirements, a small non-root Dockerfile) is written to `images/<service>` beside the
   * manifests; build and push it, and hand its digest back.
   * @param folder with the code and a `requirements.txt`.
   */
  public static image(folder: string, props: CodeImageProps): PythonCode {
    const checked = checkShape('PythonCode.image', IMAGE, props);
    return new PythonCode(CodeDelivery.IMAGE, folder, checked.props, checked.findings);
  }

  /**
   * Small code, mounted from a ConfigMap into the server's image. It can use what that image holds, and nothing else.
   * @param folder with the code, at most 900 KiB.
   */
  public static mount(folder: string): PythonCode {
    return new PythonCode(CodeDelivery.MOUNT, folder, {}, []);
  }

  /** @internal */
  public readonly _findings: readonly Finding[];
  /** How it comes into the pods. */
  public readonly delivery: CodeDelivery;
  /** The files, sorted by path. */
  public readonly files: CodeFile[];
  /** The image to build on, if it was said. */
  public readonly baseImage?: string;
  /** Where the image is pushed to. */
  public readonly repository?: string;
  /** The digest that the registry gave. */
  public readonly digest?: string;
  /** The tag that the digest was pushed under. */
  public readonly digestOf?: string;

  private constructor(delivery: CodeDelivery, folder: string, props: Partial<CodeImageProps>, findings: Finding[]) {
    this.delivery = delivery;
    this.baseImage = props.baseImage;
    this.repository = props.repository;
    this.digest = props.digest;
    this.digestOf = props.digestOf;
    this.files = read(folder, findings);
    if (delivery === CodeDelivery.MOUNT) this.checkMounted(findings);
    else this.checkRequirements(findings);
    this._findings = findings;
  }

  /** The content of `requirements.txt`, empty when there is none. */
  public get requirements(): string {
    return this.files.find((file) => file.path === 'requirements.txt')?.content ?? '';
  }

  private checkMounted(findings: Finding[]): void {
    const bytes = this.files.reduce((sum, file) => sum + Buffer.byteLength(file.content), 0);
    if (bytes > MOST_MOUNTED) findings.push(TOO_LARGE.found({ what: 'a folder of code is too large to be mounted', got: `${bytes} bytes`, allowed: `${MOST_MOUNTED} bytes`, fix: 'use PythonCode.image' }));
  }

  private checkRequirements(findings: Finding[]): void {
    const open = this.requirements.split('\n').map((line) => line.replace(/#.*/, '').trim()).filter((line) => line !== '' && !line.startsWith('-') && !/===?\s*[\w.!+-]+/.test(line));
    if (open.length > 0) findings.push(UNPINNED.found({ what: `requirements.txt leaves versions open: ${open.join(', ')}`, allowed: "'name==1.2.3'", fix: 'pin each, as `pip freeze` prints them' }));
  }
}

/** All text files below a folder, sorted; what is wrong is told. */
function read(folder: string, findings: Finding[]): CodeFile[] {
  const root = typeof folder === 'string' ? resolve(folder) : '';
  // an empty name would be the working folder, with all that lies there
  if (typeof folder !== 'string' || folder.trim() === '' || !existsSync(root) || !statSync(root).isDirectory()) {
    findings.push(NO_CODE.found({ what: 'a folder of code does not exist', got: folder, fix: 'give its path, from where the program runs or absolute (`${__dirname}/server`)' }));
    return [];
  }
  const files: CodeFile[] = [];
  const walk = (at: string): void => {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      if (SKIPPED.has(entry.name) || entry.name.endsWith('.pyc')) continue;
      const path = join(at, entry.name);
      if (entry.isDirectory()) walk(path);
      else if (entry.isFile()) files.push(fileOf(relative(root, path).split(sep).join('/'), readFileSync(path)));
    }
  };
  walk(root);
  files.sort((a, b) => (a.path < b.path ? -1 : 1)); // by code unit: the same in every locale
  if (!files.some((file) => file.path.endsWith('.py'))) {
    findings.push(NO_CODE.found({ what: 'a folder of code has no Python file', got: folder, fix: 'give the folder that holds the .py files' }));
  }
  return files;
}

function fileOf(path: string, bytes: Buffer): CodeFile {
  const content = bytes.toString('utf8');
  return Buffer.from(content, 'utf8').equals(bytes) && !content.includes('\0') ? { path, content } : { path, content: bytes.toString('base64'), binary: true };
}

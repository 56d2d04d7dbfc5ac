import type { IConfigMap, ISecret } from 'cdk8s-plus-28';
import { named } from './checks/names';
import { checkShape, is, Shape } from './checks/shape';
import { Finding } from './problem';

/** Where the content of a file comes from. */
export enum FileOrigin {
  /** Written in the program. */
  INLINE = 'inline',
  /** A key of a ConfigMap. */
  CONFIG_MAP = 'configMap',
  /** A key of a Secret. */
  SECRET = 'secret',
}

interface FileData { path: string; key: string; source: string; content: string }

const SHAPE: Shape<FileData> = {
  path: is.required(named.absolutePath), key: is.text('a key', /^[-._a-zA-Z0-9]+$/), source: named.subdomain, content: is.text('a text of at most 900 KiB', undefined, { max: 900 * 1024 }),
};

/** A file in the server's container: configuration, or a secret. */
export class MountedFile {
  /**
   * A file whose content is written in the program. Pods are replaced when it changes.
   * @param path where it lies in the container, absolute.
   */
  public static inline(path: string, content: string): MountedFile {
    return new MountedFile(FileOrigin.INLINE, { path, content });
  }

  /** A key of a ConfigMap in the service's namespace. Running pods keep the content they started with. */
  public static fromConfigMap(path: string, configMap: IConfigMap, key: string): MountedFile {
    return new MountedFile(FileOrigin.CONFIG_MAP, { path, key, source: configMap?.name });
  }

  /** A key of a Secret in the service's namespace. Running pods keep the content they started with. */
  public static fromSecret(path: string, secret: ISecret, key: string): MountedFile {
    return new MountedFile(FileOrigin.SECRET, { path, key, source: secret?.name });
  }

  /** @internal */
  public readonly _findings: readonly Finding[];
  /** Where the content comes from. */
  public readonly origin: FileOrigin;
  /** Where the file lies in the container. */
  public readonly path: string;
  /** Name of the ConfigMap or Secret. */
  public readonly source?: string;
  /** Key in the ConfigMap or Secret. */
  public readonly key?: string;
  /** Content of an inline file. */
  public readonly content?: string;

  private constructor(origin: FileOrigin, data: Partial<FileData>) {
    const needed = origin === FileOrigin.INLINE ? { ...SHAPE, content: is.required(SHAPE.content) } : { ...SHAPE, key: is.required(SHAPE.key), source: is.required(SHAPE.source) };
    const checked = checkShape(`MountedFile (${origin})`, needed as Shape<FileData>, data as FileData);
    this._findings = checked.findings;
    this.origin = origin;
    this.path = checked.props.path ?? '/unknown';
    this.source = checked.props.source;
    this.key = checked.props.key;
    this.content = checked.props.content;
  }
}

import { named } from '../checks/names';
import { checkShape, is, Shape } from '../checks/shape';
import { Finding } from '../problem';

/** Where a file lies. */
export enum MonitorDataKind {
  /** On a volume. */
  CLAIM = 'claim',
  /** In a ConfigMap. */
  CONFIG_MAP = 'configMap',
  /** In the monitor's image. */
  IMAGE = 'image',
}

interface DataPlace { readonly name?: string; readonly path: string }

const FILE = is.text("the path of a file of CSV or Parquet, such as 'reference.parquet'", /^(?!.*(^|\/)\.\.(\/|$))[^:\0\s]+\.(csv|parquet)$/);
const KEY = is.text("a key that ends in '.csv'", /^[-._a-zA-Z0-9]+\.csv$/);

/** A table for a monitor, as CSV or Parquet with the columns' names: reference data, or ground truth. */
export class MonitorData {
  /**
   * A file on a PersistentVolumeClaim in the service's namespace, which is only read.
   * @param claimName name of the claim.
   * @param path within the volume.
   */
  public static claim(claimName: string, path: string): MonitorData {
    return new MonitorData(MonitorDataKind.CLAIM, 'MonitorData.claim', { name: is.required(named.subdomain), path: is.required(FILE) }, { name: claimName, path });
  }

  /**
   * A key of a ConfigMap in the service's namespace: small CSV, of at most 1 MiB.
   * @param configMapName name of the ConfigMap.
   */
  public static configMap(configMapName: string, key: string): MonitorData {
    return new MonitorData(MonitorDataKind.CONFIG_MAP, 'MonitorData.configMap', { name: is.required(named.subdomain), path: is.required(KEY) }, { name: configMapName, path: key });
  }

  /**
   * A file in the monitor's own image.
   * @param path absolute.
   */
  public static inImage(path: string): MonitorData {
    return new MonitorData(MonitorDataKind.IMAGE, 'MonitorData.inImage', { name: named.subdomain, path: is.required(is.text("the absolute path of a file of CSV or Parquet", /^\/(?!.*(^|\/)\.\.(\/|$))[^:\0\s]+\.(csv|parquet)$/)) }, { path });
  }

  /** @internal */
  public readonly _findings: readonly Finding[];
  /** Name of the claim or ConfigMap; none for the image. */
  public readonly source?: string;
  /** Path of the file, or key. */
  public readonly path: string;

  private constructor(
    /** Where it lies. */
    public readonly kind: MonitorDataKind,
    owner: string, shape: Shape<DataPlace>, place: DataPlace,
  ) {
    const { props, findings } = checkShape(owner, shape, place);
    this._findings = findings;
    this.source = props.name;
    this.path = props.path ?? 'unknown.csv';
  }
}

import { named } from '../checks/names';
import { checkShape, is } from '../checks/shape';
import { Finding } from '../problem';
import { IPayloadStore, PAYLOAD_STORE } from './payload-store';

/** Where a monitor reads payloads. */
export class PayloadSource {
  /** A payload store, which keeps what `PayloadLogging.store` sends. */
  public static store(store: IPayloadStore): PayloadSource {
    const { props, findings } = checkShape('PayloadSource.store', { store: is.required(PAYLOAD_STORE) }, { store });
    return new PayloadSource(props.store?.url, undefined, undefined, findings);
  }

  /**
   * Files of CloudEvents in JSON, a line each (`*.jsonl`), on a PersistentVolumeClaim in the service's namespace, which is only read. For what another sink writes; buckets come in by their CSI driver.
   * @param claimName name of the claim.
   * @param path of the folder within the volume.
   */
  public static claim(claimName: string, path?: string): PayloadSource {
    const { props, findings } = checkShape('PayloadSource.claim', { claimName: is.required(named.subdomain), path: is.text("a folder within the volume, without '..'", /^(?!\/)(?!.*(^|\/)\.\.(\/|$))[^:\0\s]+$/) }, { claimName, path });
    return new PayloadSource(undefined, props.claimName ?? 'unknown', props.path, findings);
  }

  private constructor(
    /** Address of the store. */
    public readonly url: string | undefined,
    /** Name of the claim. */
    public readonly claimName: string | undefined,
    /** Folder within the volume. */
    public readonly path: string | undefined,
    /** @internal */
    public readonly _findings: readonly Finding[],
  ) {}
}

const URL_TEXT = is.text('an http or https address without user and password', /^https?:\/\/[^\s@/]+(\/[^\s@]*)?$/);

/** Where a monitor's results go. A monitor's pod is gone before anyone scrapes it. */
export class MonitorResults {
  /** A payload store: it gives them again on its own metrics port. */
  public static store(store: IPayloadStore): MonitorResults {
    const { props, findings } = checkShape('MonitorResults.store', { store: is.required(PAYLOAD_STORE) }, { store });
    return new MonitorResults(props.store?.url ?? 'http://unknown', false, findings);
  }

  /**
   * A Prometheus Pushgateway, which must be scraped with `honorLabels`.
   * @param url such as `http://pushgateway.monitoring:9091`.
   */
  public static pushgateway(url: string): MonitorResults {
    const { props, findings } = checkShape('MonitorResults.pushgateway', { url: is.required(URL_TEXT) }, { url });
    return new MonitorResults((props.url ?? 'http://unknown').replace(/\/+$/, ''), true, findings);
  }

  private constructor(
    /** Where to. */
    public readonly url: string,
    /** Whether it is a Pushgateway. */
    public readonly isPushgateway: boolean,
    /** @internal */
    public readonly _findings: readonly Finding[],
  ) {}
}

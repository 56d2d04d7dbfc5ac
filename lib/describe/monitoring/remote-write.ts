import { named } from '../checks/names';
import { Check, checkShape, is, Shape } from '../checks/shape';
import { Finding } from '../problem';

/** Properties of `RemoteWrite.to`. */
export interface RemoteWriteProps {
  /**
   * Name of the Secret, in the stack's namespace, with the token that is sent as `Authorization: Bearer`.
   * @default - none
   */
  readonly tokenSecretName?: string;
  /**
   * Key of the token in that Secret.
   * @default token
   */
  readonly tokenKey?: string;
  /**
   * Name of the Secret, in the stack's namespace, with the keys `username` and `password`.
   * @default - none
   */
  readonly basicAuthSecretName?: string;
  /**
   * Only series whose names match these patterns (RE2) are sent: `['inference_service.*']`.
   * @default - all
   */
  readonly only?: string[];
}

/** What only some stores ask for. */
export interface RemoteWriteExtras {
  /** Headers of each request. Nothing secret. */
  readonly headers?: { readonly [name: string]: string };
  /** Changes of labels on the way, as both operators take them. */
  readonly relabelings?: readonly { readonly sourceLabels?: string[]; readonly regex?: string; readonly targetLabel: string; readonly replacement: string }[];
}

const TEXT = is.text('a pattern (RE2)');
/** One that can't be read would stop the operator from writing the store's configuration, and all that changes after it would not get there. */
const PATTERN: Check = { complain: (value) => TEXT.complain(value) ?? (readable(value as string) ? undefined : TEXT.complain('')) };

/** Flags at its beginning are RE2's alone. */
function readable(pattern: string): boolean {
  try {
    return RegExp(pattern.replace(/^\(\?[imsU]+\)/, '')) instanceof RegExp;
  } catch {
    return false;
  }
}

const SHAPE: Shape<RemoteWriteProps & { url: string }> = {
  url: is.required(is.text("a URL without user or password, such as 'https://metrics.example.com/api/v1/write'", /^https?:\/\/[A-Za-z0-9.-]+(:\d{1,5})?(\/[\w.\/:-]*)?$/)),
  tokenSecretName: named.subdomain, tokenKey: is.text('the key of a Secret', /^[-._a-zA-Z0-9]+$/), basicAuthSecretName: named.subdomain, only: is.list(PATTERN, { min: 1 }),
};

/** A store elsewhere that gets a copy of all metrics, by Prometheus' remote write. */
export class RemoteWrite {
  /**
   * A store by its URL.
   * @param url of its remote-write endpoint.
   */
  public static to(url: string, props: RemoteWriteProps = {}): RemoteWrite {
    const checked = checkShape('RemoteWrite.to', SHAPE, { ...props, url });
    return new RemoteWrite(checked.props.url ?? '', checked.props, {}, checked.findings);
  }

  /** @internal One that asks for more than others do; its parts are checked already. */
  public static _special(url: string, props: RemoteWriteProps, extras: RemoteWriteExtras): RemoteWrite {
    return new RemoteWrite(url, props, extras, []);
  }

  private constructor(
    /** The URL. */
    public readonly url: string,
    /** @internal */
    public readonly _props: RemoteWriteProps,
    /** @internal */
    public readonly _extras: RemoteWriteExtras,
    /** @internal */
    public readonly _findings: readonly Finding[],
  ) {}
}

import { checkShape, is, Shape } from '../checks/shape';
import { Finding } from '../problem';

const NAME = is.text("a name of letters, digits, '-' and '_', such as 'x-model'", /^[A-Za-z0-9_-]{1,64}$/);
const VALUE = is.text("a value of letters, digits, '-', '_' and '.'", /^[A-Za-z0-9._-]{1,128}$/);
const MATCH: Shape<{ name: string; value: string }> = { name: is.required(NAME), value: is.required(VALUE) };

/** Who gets the new version in an A/B test: requests with a header or a cookie. */
export class Audience {
  /**
   * Requests with a header of just this value.
   * @param name of the header.
   * @param value that it must have.
   */
  public static header(name: string, value: string): Audience {
    const { props, findings } = checkShape('Audience.header', MATCH, { name, value });
    return new Audience((props.name ?? 'x-unknown').toLowerCase(), props.value ?? '', false, findings);
  }

  /**
   * Requests with a cookie of just this value.
   * @param name of the cookie.
   * @param value that it must have.
   */
  public static cookie(name: string, value: string): Audience {
    const { props, findings } = checkShape('Audience.cookie', MATCH, { name, value });
    return new Audience(props.name ?? 'unknown', props.value ?? '', true, findings);
  }

  /** @internal */
  public readonly _findings: readonly Finding[];

  private constructor(
    /** Name of the header or cookie. */
    public readonly name: string,
    /** Value that it must have. */
    public readonly value: string,
    /** Whether it is a cookie. */
    public readonly isCookie: boolean,
    findings: Finding[],
  ) {
    this._findings = findings;
  }

  /** The header that is matched. */
  public get headerName(): string {
    return this.isCookie ? 'cookie' : this.name;
  }

  /** A regular expression for the header's value; undefined where the value itself is compared. */
  public get headerRegex(): string | undefined {
    // a Cookie header holds all cookies, separated by '; '
    return this.isCookie ? `^(.*;\\s*)?${this.name}=${this.value.replace(/\./g, '\\.')}(;.*)?$` : undefined;
  }
}

import type { ISecret } from 'cdk8s-plus-28';
import { named } from '../checks/names';
import { holdsSecret, SECRET_IN_PLAIN_TEXT } from '../checks/secrets';
import { Check, checkShape, is, Shape } from '../checks/shape';
import { Finding } from '../problem';

const SHAPE: Shape<{ secretName: string; key: string }> = { secretName: is.required(named.subdomain), key: is.required(is.text('a key of the Secret', /^[-._a-zA-Z0-9]{1,253}$/)) };

/** Addresses, and the forms of PagerDuty's (32 letters) and Opsgenie's (a UUID) keys, which names of Secrets don't have. */
const VALUE = /:\/\/|^[0-9a-zA-Z]{32}$|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether somebody wrote a secret itself where a reference belongs. */
export function isSecretItself(value: unknown): boolean {
  return typeof value === 'string' && (VALUE.test(value) || holdsSecret(value));
}

/** One key of a Secret: where a token, a password or an address that holds one lies. Only ever a reference. */
export class SecretKey {
  /**
   * A key of a Secret.
   * @param key such as `token`.
   */
  public static fromSecret(secret: ISecret, key: string): SecretKey {
    return SecretKey.fromSecretName(secret?.name, key);
  }

  /**
   * A key of a Secret that exists, by its name.
   * @param key such as `token`.
   */
  public static fromSecretName(secretName: string, key: string): SecretKey {
    if (isSecretItself(secretName) || isSecretItself(key)) {
      return new SecretKey('unknown', 'unknown', [SECRET_IN_PLAIN_TEXT.found({ what: 'SecretKey.fromSecretName: this is no name but looks like the secret itself', allowed: "the name of a Secret and one of its keys, such as ('risk-pager', 'routing-key')", fix: 'put it into a Secret, and name that; what was written here is to be replaced, as it was in a program' })]);
    }
    const { props, findings } = checkShape('SecretKey.fromSecretName', SHAPE, { secretName, key });
    return new SecretKey(props.secretName ?? 'unknown', props.key ?? 'unknown', findings);
  }

  private constructor(
    /** Name of the Secret. */
    public readonly secretName: string,
    /** Its key. */
    public readonly key: string,
    /** @internal */
    public readonly _findings: readonly Finding[],
  ) {}
}

/** A key of a Secret as a prop: a text in its place is a secret written out. */
export const SECRET_KEY: Check = (() => {
  const check = is.instance(SecretKey, "SecretKey.fromSecretName('risk-pager', 'routing-key')");
  return {
    ...check,
    complain: (value: unknown) => (typeof value === 'string'
      ? { kind: SECRET_IN_PLAIN_TEXT, allowed: "a SecretKey, such as SecretKey.fromSecretName('risk-pager', 'routing-key')", fix: 'put it into a Secret, and refer to that', secret: true } : check.complain(value)),
  };
})();

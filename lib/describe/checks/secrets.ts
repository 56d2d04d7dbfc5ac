import { ProblemKind } from '../problem';

export const SECRET_IN_PLAIN_TEXT = ProblemKind.error('SERVING_SECRET_IN_PLAIN_TEXT', 'A secret is written in plain text',
  'What is synthesized is committed, printed and shown by the API to everyone who may read pods. Secrets come by reference only.');

/** Names that say that the value is secret. */
const NAMES = /(^|_)(TOKEN|PASSWORD|PASSWD|SECRET|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIALS?)$/i;
/** Names of the same ending whose values are not secret: files, names and switches. */
const PATHS = /^(\/|\$\(|true$|false$|\d{0,4}$)/i;
/** Values that are secret whatever their name: tokens of Hugging Face, AWS, GitHub, OpenAI, Slack, Google; private keys; URLs with a password. */
const VALUES = /\bhf_[A-Za-z0-9]{20,}|\b(AKIA|ASIA)[A-Z0-9]{16}\b|\bgh[pousr]_[A-Za-z0-9]{30,}|\bsk-[A-Za-z0-9_-]{20,}|\bxox[abpr]-[A-Za-z0-9-]{10,}|\bAIza[0-9A-Za-z_-]{35}|-----BEGIN [A-Z ]*PRIVATE KEY-----|(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{0,20}:\/\/[^\/\s@:]{0,256}:[^\/\s@]{1,256}@/i;

/** Whether a plain value is, by its name or its form, a secret. */
export function looksLikeSecret(name: string, value: string): boolean {
  return VALUES.test(value) || (NAMES.test(name) && value.length > 0 && !PATHS.test(value));
}

/** Whether a text that is about to be shown holds a secret. */
export function holdsSecret(text: string): boolean {
  return VALUES.test(text);
}

/** Command-line flags, that hand over a secret. */
export const SECRET_FLAG = /^-+(?:[\w-]*[-_])?(?:api[-_]?key|(?:auth|access|hf|bearer)[-_]?token|password|secret)$|^-+token$/i;

import { createHash } from 'crypto';

/** So many digits of the hash of named contents, in their order: what names follow a content by. */
export function contentHash(entries: readonly (readonly [name: string, content: string])[], digits: number): string {
  const hash = createHash('sha256');
  for (const [name, content] of entries) hash.update(`${name}\0${content}\0`);
  return hash.digest('hex').slice(0, digits);
}

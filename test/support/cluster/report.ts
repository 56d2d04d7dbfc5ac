import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/** Prints a number that a test measured, and keeps it as a line of JSON where run.sh says: a passing test shows nothing else. */
export function measured(what: string, value: unknown): void {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  process.stdout.write(`measured: ${what}: ${text}\n`);
  const file = process.env.SERVING_TEST_MEASURED;
  if (!file) return;
  mkdirSync(dirname(file), { recursive: true });
  appendFileSync(file, `${JSON.stringify({ what, value })}\n`);
}

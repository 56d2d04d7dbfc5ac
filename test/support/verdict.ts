import { parseAllDocuments, visit } from 'yaml';
import { ProblemKind } from '../../lib/describe/problem';
import { type Code, PLANTED } from './arbitraries';
import { type Outcome, runProgram } from './program';
import { type KubernetesVersion, validateManifests } from './schema';

/** What a program did: it was refused with these codes, or gave these manifests. */
export interface Verdict {
  readonly codes?: readonly string[];
  readonly manifests?: readonly any[];
  readonly files: Outcome['files'];
}

/** What is against the outcome of a program, whichever it is; nothing when the library kept its word. */
export function faultsOf(program: Code, outcome: Outcome): string[] {
  const faults = outcome.error === undefined ? faultsOfOutput(program, outcome) : faultsOfRefusal(outcome);
  const everything = [...Object.values(outcome.files), outcome.printed, ...errorTexts(outcome.error)].join('\n');
  return everything.includes(PLANTED) ? [...faults, `a planted secret came out: ${around(everything, PLANTED)}`] : faults;
}

/** Runs a program twice: throws when the library broke its word, with everything that is against it. */
export function judge(program: Code): Verdict {
  const outcome = runProgram(program);
  const faults = faultsOf(program, outcome);
  const again = runProgram(program);
  if (JSON.stringify(again.files) !== JSON.stringify(outcome.files) || String(again.error) !== String(outcome.error)) faults.push('a second run gave something else');
  if (faults.length > 0) throw new Error(`${faults.join('\n')}\n\n${program}`);
  if (outcome.error !== undefined) return { files: outcome.files, codes: [...new Set((outcome.error as { problems: { code: string; severity: string }[] }).problems.filter((one) => one.severity === 'error').map((one) => one.code))] };
  return { files: outcome.files, manifests: documents(outcome).map((document) => document.toJS()) };
}

function errorTexts(error: unknown): string[] {
  if (!(error instanceof Error)) return error === undefined ? [] : [String(error)];
  return [error.message, error.stack ?? '', JSON.stringify((error as { problems?: unknown }).problems ?? null)];
}

function faultsOfRefusal({ error, files }: Outcome): string[] {
  if (!(error instanceof Error) || error.name !== 'ServingError') return [`an error of its own: ${error instanceof Error ? error.stack : String(error)}`];
  const faults: string[] = [];
  const { problems } = error as Error & { problems: { code: string; severity: string }[] };
  for (const { code } of problems) if (!ProblemKind.all.has(code)) faults.push(`an unknown code: ${code}`);
  if (!problems.some((one) => one.severity === 'error')) faults.push('refused without a problem');
  if (/^\s*at .*:\d+:\d+\)?$/m.test(`${error.message}\n${error.stack}`)) faults.push(`a stack in the report: ${error.stack}`);
  if (/[\0-\x08\x0b-\x1f]/.test(error.message)) faults.push('control characters in the report');
  // what was got may well be undefined
  const clumsy = /\[object |\bundefined\b/.exec(error.message.replace(/^ {2}got .*$/gm, ''));
  if (clumsy !== null) faults.push(`the report says: ${around(error.message, clumsy[0])}`);
  if (Object.keys(files).length > 0) faults.push(`refused, and written all the same: ${Object.keys(files).join(', ')}`);
  return faults;
}

const documents = ({ files }: Outcome) => Object.entries(files).filter(([path]) => path.endsWith('.yaml')).flatMap(([, content]) => parseAllDocuments(content) as any[]);

function faultsOfOutput(program: Code, outcome: Outcome): string[] {
  const faults: string[] = [];
  if (!Object.keys(outcome.files).some((path) => path.endsWith('.yaml'))) return ['neither an error nor a manifest'];
  const manifests: any[] = [];
  for (const document of documents(outcome)) {
    faults.push(...document.errors.map((error: Error) => `no YAML: ${error.message}`));
    visit(document, { Scalar: (_, node) => { if (node.value === null) faults.push('a null in the output'); if (typeof node.value === 'number' && !Number.isFinite(node.value)) faults.push(`${node.value} in the output`); } });
    manifests.push(document.toJS());
  }
  // `unknown` is what the library puts in the place of what is wrong, `hidden` in that of a secret; Grafana has a property of that name
  for (const content of Object.values(outcome.files)) for (const word of content.match(/\b(undefined|NaN|Infinity|unknown|(?<!custom\.)hidden)\b|\[object /g) ?? []) faults.push(`'${word}' in the output: ${around(content, word)}`);
  try {
    return [...faults, ...schemaFaults(manifests, clusterVersion(program))];
  } catch (error) {
    return [...faults, `no manifest that the schema could be held against: ${(error as Error).message}`];
  }
}

/** The version of the only cluster that a program can have; 1.30 where it says none, as the library has it. */
function clusterVersion(program: Code): string {
  return program.includes('folders.clusterFile') ? '1.33' : /Cluster\.of\(.*version: '(1\.\d+)'/.exec(program)?.[1] ?? '1.30';
}

/**
 * Published schemas are at hand for 1.30 and 1.34. Those between are held to 1.30's, as all that is emitted for them was there by then,
 * but for what came with them: pods with devices by claim or with image volumes, and claims themselves, are held to 1.34's
 * (v1beta2 has v1's fields; v1beta1 has another shape, and is passed over). No other version comes out of the library: it refuses them.
 */
function schemaFaults(manifests: readonly any[], version: string): string[] {
  return manifests.flatMap((manifest) => {
    const { apiVersion, spec } = manifest;
    if (apiVersion === 'resource.k8s.io/v1beta1') return [];
    const pod = spec?.template?.spec;
    const recent = apiVersion === 'resource.k8s.io/v1beta2' || pod?.resourceClaims !== undefined || pod?.volumes?.some((volume: any) => volume?.image !== undefined);
    const against: KubernetesVersion = version === '1.34' || (version !== '1.30' && recent) ? '1.34' : '1.30';
    return validateManifests([apiVersion === 'resource.k8s.io/v1beta2' ? { ...manifest, apiVersion: 'resource.k8s.io/v1' } : manifest], against);
  });
}

function around(text: string, word: string): string {
  const at = text.indexOf(word);
  return JSON.stringify(text.slice(Math.max(0, at - 80), at + word.length + 40));
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { crossFieldErrors, FORMATS, KEYWORDS, tighten, type Definitions, type Manifest } from './api-server-rules';

/** The ends of the range that the library emits for. */
export type KubernetesVersion = '1.30' | '1.34';

interface Schema {
  readonly groups: string[];
  readonly kinds: Record<string, string>;
  readonly $defs: Definitions;
}

interface Validators {
  readonly groups: ReadonlySet<string>;
  of(kind: string): ValidateFunction | undefined;
}

/**
 * What the API server of that version would say against a manifest: against Kubernetes' published schema, where unknown fields
 * are errors, and against those of the server's own rules that no schema tells (names, labels, quantities, fields that must agree).
 *
 * @returns undefined for a custom resource: its schema is its definition's, which only a cluster has
 */
export function validateManifest(manifest: unknown, version: KubernetesVersion): string[] | undefined {
  const { apiVersion, kind } = manifest as Manifest;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') {
    return ['apiVersion and kind must be strings'];
  }
  const { groups, of } = validators(version);
  if (!groups.has(apiVersion.includes('/') ? apiVersion.split('/')[0] : '')) {
    return undefined;
  }
  const validate = of(`${apiVersion}/${kind}`);
  if (!validate) {
    return [`no schema of ${apiVersion} ${kind} for Kubernetes ${version}: add it to scripts/update-kubernetes-schema.py, if there is one`];
  }
  return validate(manifest) ? crossFieldErrors(manifest as Manifest) : (validate.errors ?? []).map(describeError);
}

/** The errors of all manifests, each with its object's name before it; custom resources are passed over. */
export function validateManifests(manifests: readonly unknown[], version: KubernetesVersion): string[] {
  return manifests.flatMap(manifest => {
    const { kind, metadata } = manifest as Manifest;
    return (validateManifest(manifest, version) ?? []).map(error => `${kind} ${metadata?.name}: ${error}`);
  });
}

const cache = new Map<KubernetesVersion, Validators>();

function validators(version: KubernetesVersion): Validators {
  let made = cache.get(version);
  if (!made) {
    made = compile(version);
    cache.set(version, made);
  }
  return made;
}

function compile(version: KubernetesVersion): Validators {
  const schema = JSON.parse(readFileSync(join(__dirname, '..', 'schema', `kubernetes-${version}.json`), 'utf8')) as Schema;
  tighten(schema.$defs);
  const ajv = new Ajv({ allErrors: true, allowUnionTypes: true, verbose: true, formats: FORMATS, keywords: KEYWORDS });
  ajv.addSchema({ $id: version, $defs: schema.$defs });
  return {
    groups: new Set(schema.groups),
    // compiled at the first manifest of a kind, then kept by ajv
    of: kind => (schema.kinds[kind] ? ajv.getSchema(`${version}#/$defs/${schema.kinds[kind]}`) : undefined),
  };
}

function describeError({ instancePath, message, params, data, keyword }: ErrorObject): string {
  const where = instancePath.slice(1).replaceAll('/', '.').replaceAll('~1', '/') || 'manifest';
  switch (keyword) {
    case 'additionalProperties':
      return `${where}: unknown field "${params.additionalProperty}"`;
    case 'required':
      return `${where}: ${params.missingProperty} is required`;
    case 'enum':
      return `${where}: must be one of ${JSON.stringify(params.allowedValues)}, got ${JSON.stringify(data)}`;
    default:
      return `${where}: ${message}, got ${JSON.stringify(data)}`;
  }
}

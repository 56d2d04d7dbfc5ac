import { ApiObject, JsonPatch, Lazy } from 'cdk8s';
import { Construct } from 'constructs';

/** Plain JSON. */
type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A Kubernetes object as it will be written; everything but the metadata is in `content`. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** Where it is not the chart's; null for what lies in no namespace. */
  readonly namespace?: string | null;
  readonly labels?: { readonly [key: string]: string };
  readonly annotations?: { readonly [key: string]: string };
  readonly content: { readonly [key: string]: Json };
}

/**
 * Puts an object into the tree, as a bare `ApiObject`: unknown keys and JSON patches come through as they are.
 *
 * Which object it is stands at once, so that it can be found and patched; its content is asked for when it is written.
 */
export function addManifest(scope: Construct, id: string, manifest: Manifest, current: () => Manifest | undefined): ApiObject {
  const keys = Object.keys(manifest.content);
  const content = Object.fromEntries(keys.map((key) => [key, Lazy.any({ produce: () => (current() ?? manifest).content[key] })]));
  const object = new ApiObject(scope, id, {
    apiVersion: manifest.apiVersion,
    kind: manifest.kind,
    metadata: {
      name: manifest.name,
      ...(manifest.namespace === undefined ? {} : { namespace: manifest.namespace ?? undefined }),
      labels: { ...manifest.labels },
      ...(manifest.annotations === undefined || Object.keys(manifest.annotations).length === 0 ? {} : { annotations: { ...manifest.annotations } }),
    },
    ...content,
  });
  // cdk8s gives the chart's to whatever has none
  if (manifest.namespace === null && object.metadata.namespace !== undefined) object.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
  return object;
}

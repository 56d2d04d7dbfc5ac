import { Finding, ProblemKind } from '../../describe/problem';
import { Rule } from './rule';

const CONFIG = ProblemKind.error('SERVING_CONFIG_TOO_LARGE', 'Files that are too large for a ConfigMap', 'The API server takes 1 MiB an object.');
const ANNOTATIONS = ProblemKind.error('SERVING_ANNOTATIONS_TOO_LARGE', 'Annotations that are too large', 'The API server takes 256 KiB of annotations an object.');

/** Bytes of a ConfigMap's content: 1 MiB, less what its names and labels take. */
const MOST_CONFIG = 1_000_000;
const MOST_ANNOTATIONS = 256 * 1024;

/** What the API server takes of one object. */
export const limits: Rule = {
  check: ({ request, plan }) => {
    const findings: Finding[] = [];
    for (const config of plan.configs) {
      const bytes = sum({ ...config.data, ...config.binaryData });
      // code that is too large by itself has been told
      if (bytes > MOST_CONFIG && !request.model.code?._findings.some((finding) => finding.code === 'SERVING_CODE_TOO_LARGE')) findings.push(CONFIG.found({ what: `the files of ConfigMap '${config.name}' are too large together`, got: `${bytes} bytes`, allowed: `${MOST_CONFIG} bytes`, fix: 'put large files into a volume or into the image' }));
    }
    for (const [what, annotations] of Object.entries({ annotations: plan.annotations, podAnnotations: request.podAnnotations, 'annotations of the exposure': request.exposure.annotations })) {
      const bytes = sum(annotations);
      if (bytes > MOST_ANNOTATIONS) findings.push(ANNOTATIONS.found({ what: `'${what}' are too large together`, got: `${bytes} bytes`, allowed: `${MOST_ANNOTATIONS} bytes`, fix: 'keep large values in a ConfigMap' }));
    }
    return findings;
  },
};

function sum(entries: { readonly [key: string]: string }): number {
  return Object.entries(entries).reduce((total, [key, value]) => total + Buffer.byteLength(key) + Buffer.byteLength(value), 0);
}

import { ProblemKind } from '../../describe/problem';
import { Rule } from './rule';

const NOT_BUILT = ProblemKind.warning('SERVING_CODE_IMAGE_WITHOUT_DIGEST', 'An image of code is named by a tag',
  'The build context lies beside the manifests; until its image is pushed under that tag, pods wait for it.');
const STALE = ProblemKind.error('SERVING_CODE_IMAGE_STALE', 'The digest of an image was built from other code', 'The pods would run the old code, and nothing would say so.');

/** Whether the image of the model's code is the one that its code makes. */
export const codeImage: Rule = {
  check: ({ request, plan }) => {
    const { code } = request.model;
    const context = plan.buildContext;
    if (code === undefined || context === undefined) return [];
    const build = `docker build -t ${code.repository}:${context.tag} images/${context.name} && docker push ${code.repository}:${context.tag}`;
    if (code.digest === undefined) return [NOT_BUILT.found({ what: `the image of the code is named ${context.image}`, fix: `in the output folder: ${build}; then give its 'digest'` })];
    if (code.digestOf === undefined || code.digestOf === context.tag) return [];
    return [STALE.found({ what: 'the code, its requirements or its base image have changed since the image was built', got: code.digestOf, allowed: context.tag, fix: `in the output folder: ${build}; then give the new 'digest' and 'digestOf'` })];
  },
};

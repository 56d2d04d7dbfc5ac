import { RolloutControllerKind } from '../../describe/rollout/controller';
import { ProblemKind } from '../../describe/problem';
import { spareCopies, wishedStrategy } from '../strategy';
import { Rule } from './rule';

const NO_SPARE = ProblemKind.error('SERVING_SURGE_WITHOUT_SPARE_GPU', 'An update wants more devices than are spare', 'The new copy stays Pending, the old one waits for it: the update hangs for ever.');
const NO_STEP = ProblemKind.error('SERVING_ROLLOUT_WITHOUT_STEP', 'An update that may neither add nor remove a copy', 'It could never begin; the API server refuses it.');
const SINGLE_NODE = ProblemKind.error('SERVING_VOLUME_ON_ONE_NODE', 'A volume for one node and copies on several', 'All but the copies on its node wait for ever.');

export const surge: Rule = {
  check: ({ request, plan }) => {
    const { strategy } = plan;
    const findings = [];
    const spare = spareCopies(request, plan.pools);
    // an engine that surges whatever is wished: the table of capabilities tells
    const extra = request.engine.updates !== undefined && wishedStrategy(request, plan.copies, plan.pools).maxSurge === 0 ? 0 : plan.extraCopies;
    if (request.accelerator !== undefined && plan.pools.length > 0 && extra > spare) {
      const per = request.accelerator.count;
      findings.push(NO_SPARE.found({
        what: `an update starts ${extra} new ${extra === 1 ? 'copy' : 'copies'} beside the old ones, which takes ${extra} x ${per} = ${extra * per} spare devices; ${plan.pools.map((pool) => `the pool of ${pool.product} keeps ${pool.spare}`).join(', ')}`,
        ...(plan.release === undefined
          ? { got: `maxSurge ${extra}`, allowed: `maxSurge at most ${spare}`, fix: `${request.engine.updates === undefined ? "leave 'maxSurge' out, or " : ''}keep devices free with 'spare' of the GpuPool` }
          : { got: `${extra} copies more`, allowed: `at most ${spare}`, fix: `keep ${extra * per} devices free ('spare', within 'count', of the GpuPool), ${plan.release.controller === RolloutControllerKind.ARGO ? 'split a canary by copies (without a router), ' : ''}or leave 'rollout' out` }),
      }));
    }
    if (plan.release === undefined && !strategy.recreate && strategy.maxSurge === 0 && strategy.maxUnavailable === 0) {
      findings.push(NO_STEP.found({ what: 'maxSurge and maxUnavailable are both 0', fix: 'raise one of them, or leave both out' }));
    }
    if (request.model.source?.singleNode && (plan.copies.max > 1 || extra > 0)) {
      findings.push(SINGLE_NODE.found({ what: `the model's volume can be mounted on one node only, and ${plan.copies.max > 1 ? `${plan.copies.max} copies` : 'an update with a surge'} may need several`, got: request.model.source.uri, allowed: 'one copy, recreated', fix: "use a volume with ReadOnlyMany, a download from a store, or 'Scaling.fixed(1)' without a surge" }));
    }
    return findings;
  },
};

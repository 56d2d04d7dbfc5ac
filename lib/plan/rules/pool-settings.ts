import { PoolLoading } from '../../describe/pool-loading';
import { ProblemKind } from '../../describe/problem';
import { nameOfModel } from '../models';
import { Rule } from './rule';

const SETTINGS = ProblemKind.warning('SERVING_POOL_MODEL_SETTINGS', 'Models that MLServer loads only with a file of settings beside theirs', 'Without it the server does not know what runs the model: its load fails, and requests for it are answered 404.');

/** KServe's agent fetches a model's files as they are and has the server load the folder; MLServer reads in it what runs the model. */
export const poolSettings: Rule = {
  check: ({ request, plan }) => {
    if (request.poolLoading !== PoolLoading.WHILE_RUNNING || plan.server.facts.id !== 'mlserver') return [];
    const name = nameOfModel(request);
    return [SETTINGS.found({
      what: `MLServer looks for a 'model-settings.json' in the folder of '${name}' (https://github.com/SeldonIO/MLServer/blob/1.7.1/mlserver/repository/repository.py)`, got: request.model.source?.uri,
      fix: `put one there with the name '${name}' and its 'implementation' and acknowledge this, or take PoolLoading.WITH_PODS`,
    })];
  },
};

import { PoolLoading } from '../../describe/pool-loading';
import { ProblemKind } from '../../describe/problem';
import { nameOfModel } from '../models';
import { ServiceRequest } from '../service-plan';
import { Rule } from './rule';

const SETTINGS = ProblemKind.warning('SERVING_POOL_MODEL_SETTINGS', 'Models that MLServer loads only with a file of settings beside theirs', 'Without it the server does not know what runs the model: its load fails, and requests for it are answered 404.');

const UNWRITTEN = ProblemKind.error('SERVING_POOL_SETTINGS', 'Settings of models that come while their servers run', "They lie beside each model's files, which no manifest holds: what is said here would not be there.");

/** Props of servers that are written beside each model's files. */
const OF_MODELS: ReadonlySet<string> = new Set(['configuration', 'task']);

/** What is said of how the models of a pool are served, and would reach none that comes while it runs: the engine's agent fetches files as they are. */
export const poolUnwritten: Rule = {
  // said once of the pool, and not of each of its models
  check: ({ request }) => (request.poolLoading !== PoolLoading.WHILE_RUNNING || request.pooled?.[0] !== request.model ? [] : unwritten(request).map((said) => UNWRITTEN.found({
    what: `'${said}' is said of how a model is served, and the engine's agent finds what it fetches with settings of its own or those in its folder`, got: said, allowed: 'PoolLoading.WITH_PODS', fix: "say it in the files of each model's folder and leave it out here, or take PoolLoading.WITH_PODS",
  }))),
};

function unwritten({ server, batching }: ServiceRequest): string[] {
  return [...(server?._given ?? []).filter((prop) => OF_MODELS.has(prop)).map((prop) => `server: ${prop}`), ...(batching === undefined ? [] : ['batching'])];
}

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

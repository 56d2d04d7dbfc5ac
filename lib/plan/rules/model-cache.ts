import { Finding, ProblemKind } from '../../describe/problem';
import { nameOfModel } from '../models';
import { MODELS_ROOT } from '../pod/model-files';
import { newer } from './engine-capability';
import { Rule } from './rule';

const ELSEWHERE = ProblemKind.error('SERVING_MODEL_NOT_IN_CACHE', 'A model that is not in the cache that its service names', 'The engine finds a cache by the address of the model: it would download the model, into a container that nothing was planned for.');
const FOLDER = ProblemKind.error('SERVING_MODEL_CACHE_FOLDER', 'A server that wants its model in a folder of its name, and a cache that is mounted as it is', 'The server would find no model where it looks.');

export const modelCache: Rule = {
  check: ({ request, plan }) => {
    const { modelCache: cache, model, candidate, namespace } = request;
    if (cache === undefined) return [];
    const findings: Finding[] = [model, ...(candidate === undefined ? [] : [candidate.model])].filter(({ source }) => !within(cache.uri, source?.uri)).map(({ source }) => ELSEWHERE.found({
      what: `the cache '${cache.name}' does not hold the model`, got: source?.uri, allowed: `${cache.uri} or what lies below it`, fix: "make a cache of this model, or leave 'modelCache' out",
    }));
    if (cache.namespace !== undefined && cache.namespace !== namespace) {
      findings.push(ELSEWHERE.found({ what: `the cache '${cache.name}' is for services of the namespace '${cache.namespace}'`, got: namespace, allowed: cache.namespace, fix: 'make a cache for all namespaces, or one in this' }));
    }
    if (cache.namespace !== undefined) {
      findings.push(...newer('0.18', request.engine, 'modelCache', 'caches of one namespace (https://github.com/kserve/kserve/blob/v0.18.0/pkg/apis/serving/v1alpha1/local_model_namespace_cache_types.go)'));
    }
    const folder = plan.server.modelPath(MODELS_ROOT, nameOfModel(request));
    if (folder !== MODELS_ROOT) {
      findings.push(FOLDER.found({ what: `${plan.server.facts.title} looks for the model in '${folder}', and the cache is mounted at '${MODELS_ROOT}'`, got: plan.server.facts.id, allowed: `a server that looks in ${MODELS_ROOT}`, fix: "leave 'modelCache' out, or put the model on a claim in a folder of its name: ModelSource.pvc" }));
    }
    return findings;
  },
};

/** The engine's own comparison. Source: https://github.com/kserve/kserve/blob/v0.20.0/pkg/apis/serving/v1alpha1/storage_uri_utils.go */
function within(cached: string, uri: string | undefined): boolean {
  const whole = cached.replace(/\/$/, '');
  const part = uri?.replace(/\/$/, '');
  return part === whole || part?.startsWith(`${whole}/`) === true;
}

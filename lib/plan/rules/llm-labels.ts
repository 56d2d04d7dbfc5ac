import { ProblemKind } from '../../describe/problem';
import { Rule } from './rule';

const DROPPED = ProblemKind.warning('SERVING_LLM_POD_LABELS', 'Labels that pods of an LLMInferenceService do not have', "KServe makes labels of pods part of the Deployment's selector, which can't be changed: with them a change of the owner would end every update.");
const SOURCE = 'https://github.com/kserve/kserve/blob/v0.20.0/pkg/controller/v1alpha2/llmisvc/workload_single_node.go';

/** What was asked for of the pods' labels is kept from an LLMInferenceService's, and somebody may count by it. */
export const llmLabels: Rule = {
  check: ({ request: { labels, owner } }) => {
    const dropped = [...Object.keys(labels), ...(owner === undefined ? [] : ['team', 'cost-center'])];
    if (dropped.length === 0) return [];
    return [DROPPED.found({
      what: `the pods don't have the labels ${dropped.map((one) => `'${one}'`).join(', ')}, which the LLMInferenceService itself has (${SOURCE})`, got: dropped,
      fix: 'acknowledge it where nothing counts or selects pods by them, or use KServeLanguageModels.INFERENCE_SERVICE',
    })];
  },
};

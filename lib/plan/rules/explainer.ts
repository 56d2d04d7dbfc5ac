import { ProblemKind } from '../../describe/problem';
import { InferenceProtocol } from '../../describe/server/server-facts';
import { Rule } from './rule';

const BLIND = ProblemKind.error('SERVING_EXPLAINER_PROTOCOL', 'An explainer that can not ask the model', "MLServer's runtime for Alibi asks by the Open Inference Protocol over HTTP alone.");

/** An explainer of Alibi can ask what it explains. */
export const explainer: Rule = {
  check: ({ request, plan }) => {
    if (request.explainer?.what._alibi === undefined) return [];
    const { transformer } = request;
    const { facts } = (transformer?.what.isCollocated ? undefined : transformer?.what._props.server) ?? plan.front;
    if (facts.protocols.some((one) => one.sameAs(InferenceProtocol.V2_REST))) return [];
    return [BLIND.found({ what: `Explainer.alibi asks by ${InferenceProtocol.V2_REST}, and ${facts.title} does not speak it`, got: facts.protocols.map(String).join(', '), allowed: String(InferenceProtocol.V2_REST), fix: 'name another server, or use Explainer.container' })];
  },
};

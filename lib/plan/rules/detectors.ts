import { Finding, ProblemKind } from '../../describe/problem';
import { InferenceProtocol } from '../../describe/server/server-facts';
import { Rule } from './rule';

const PROTOCOL = ProblemKind.error('SERVING_DETECTOR_PROTOCOL', 'A detector that sees no request', 'A detector takes requests of the Open Inference Protocol, as they are copied from HTTP.');
const NAME = ProblemKind.error('SERVING_DETECTOR_NAME', 'Detectors that can not be told apart', 'Their objects would overwrite each other.');

/** Names of what else stands beside a service. */
const TAKEN = ['predictor', 'transformer', 'explainer', 'candidate', 'canary', 'preview', 'primary', 'monitor'];

/** Detectors get what they understand, each under a name of its own. */
export const detectors: Rule = {
  check: ({ request, plan, launch }) => {
    const names = request.detectors.map(({ what }) => what.name);
    const findings: Finding[] = names.filter((name, i) => names.indexOf(name) !== i || TAKEN.includes(name)).map((name) => NAME.found({ what: `the name of a detector is taken`, got: name, allowed: `another than ${[...new Set([...TAKEN, ...names])].join(', ')}`, fix: "give it a 'name' of its own" }));
    if (names.length > 0 && (!plan.protocol.sameAs(InferenceProtocol.V2_REST) || launch.httpPort === undefined)) {
      findings.push(PROTOCOL.found({ what: `'detectors' are sent requests by ${InferenceProtocol.V2_REST}, and the model is asked by ${plan.protocol}`, got: String(plan.protocol), allowed: String(InferenceProtocol.V2_REST), fix: "name it as 'protocol', or use 'monitor', which reads V1 as well" }));
    }
    return findings;
  },
};

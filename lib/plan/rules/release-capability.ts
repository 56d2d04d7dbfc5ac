import { RolloutControllerKind } from '../../describe/rollout/controller';
import { GateKind } from '../../describe/rollout/gate';
import { RolloutKind } from '../../describe/rollout/rollout';
import { ProblemKind } from '../../describe/problem';
import { gateCapability, strategyCapability } from '../release/capabilities';
import { gatesOfRequest } from '../release/plan-release';
import { Rule } from './rule';

const NOT_ABLE = ProblemKind.error('SERVING_ROLLOUT_NOT_ABLE', 'A strategy that the rollout controller or the router can not do', 'It would be ignored in silence: a shadow that never shadows, a share that nobody gets.');
const GATE_NOT_ABLE = ProblemKind.error('SERVING_GATE_NOT_ABLE', 'A gate that the rollout controller does not have', 'Nobody would judge by it.');

/** The controller and the router can do the strategy, and the controller has its gates: the cells of the table of capabilities. */
export const releaseCapability: Rule = {
  check: ({ request, plan: { release } }) => {
    if (release === undefined) return [];
    const { kind, controller, router } = release;
    const findings = [];
    const able = strategyCapability(kind, controller, router);
    const who = `${controller === RolloutControllerKind.NONE ? 'Deployments without a rollout controller' : controller} with the router '${router}'`;
    // an engine that splits requests needs no router
    if (!able.can && !(controller === RolloutControllerKind.NONE && request.engine.splits?.includes(kind))) {
      findings.push(NOT_ABLE.found({ what: `Rollout.${kind} can't be done by ${who}: ${able.text} (${able.source})`, got: kind, allowed: able.instead!, fix: "change the cluster's 'rollouts', the exposure, or the strategy" }));
    }
    for (const gate of gatesOfRequest(request)) {
      const has = gateCapability(gate.kind, controller);
      if (!has.can) findings.push(GATE_NOT_ABLE.found({ what: `the gate '${gate.name}' can't be used ${controller === RolloutControllerKind.NONE ? 'without a rollout controller' : `with '${controller}'`}: ${has.text}`, got: gate.kind, allowed: has.instead!, fix: 'change the controller, or leave the gate out' }));
    }
    if (kind === RolloutKind.BLUE_GREEN && release.gates.some((gate) => gate.kind === GateKind.COMPARISON)) {
      findings.push(GATE_NOT_ABLE.found({ what: 'Gate.comparison needs requests to both versions at a time, and blue-green sends all of them to one', got: GateKind.COMPARISON, allowed: 'errors, latency and queries of the new version alone', fix: 'take Rollout.canary, or Gate.errors and Gate.latency' }));
    }
    if (controller === RolloutControllerKind.FLAGGER && release.persons.length > 0 && release.loadTesterUrl === undefined) {
      findings.push(GATE_NOT_ABLE.found({ what: 'Gate.person with Flagger needs the gate of its load tester', fix: "give 'loadTesterUrl' to RolloutController.flagger" }));
    }
    return findings;
  },
};

import { GateKind } from '../../describe/rollout/gate';
import { ObjectiveKind } from '../../describe/objective';
import { secondsOf } from '../../describe/checks/shape';
import { offBuckets } from '../release/gates';
import { bucketAt, requestMeasures } from '../request-measures';
import { gatesOfRequest } from '../release/plan-release';
import { Rule } from './rule';

/** A latency objective must lie on a bucket of the server's histogram, where it has one. */
export const objectives: Rule = {
  check: ({ request, plan }) => {
    const latency = requestMeasures(plan.server.facts, plan.protocol, plan.modelName)?.latency;
    // gates that come from the objectives have told it
    if (latency?.buckets === undefined || gatesOfRequest(request).some((gate) => gate.kind === GateKind.LATENCY && request.rollout._values.gates === undefined)) return [];
    return request.objectives
      .filter((one) => one.kind === ObjectiveKind.LATENCY && one.below !== undefined && bucketAt(latency, secondsOf(one.below)) === undefined)
      .map((one) => offBuckets('an objective of the service', latency, secondsOf(one.below!)));
  },
};

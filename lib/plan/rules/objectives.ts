import { ObjectiveKind } from '../../describe/objective';
import { secondsOf } from '../../describe/checks/shape';
import { offBuckets } from '../release/gates';
import { bucketAt, requestMeasures } from '../release/measures';
import { Rule } from './rule';

/** A latency objective must lie on a bucket of the server's histogram, where it has one. */
export const objectives: Rule = {
  check: ({ request, plan }) => {
    const latency = requestMeasures(plan.server.facts, plan.protocol, plan.modelName)?.latency;
    if (latency?.buckets === undefined) return [];
    return request.objectives
      .filter((one) => one.kind === ObjectiveKind.LATENCY && one.below !== undefined && bucketAt(latency, secondsOf(one.below)) === undefined)
      .map((one) => offBuckets('an objective of the service', latency, secondsOf(one.below!)));
  },
};

import { secondsOf } from '../../describe/checks/shape';
import { ObjectiveKind } from '../../describe/objective';
import { GateKind } from '../../describe/rollout/gate';
import { ServerMetric } from '../../describe/server/server-facts';
import { offBuckets } from '../release/gates';
import { gatesOfRequest } from '../release/plan-release';
import { bucketAt, requestMeasures } from '../request-measures';
import { ServicePlan, ServiceRequest } from '../service-plan';
import { Rule } from './rule';

/** A latency objective must lie on a bucket of the histogram that measures it, where its bounds are known. */
export const objectives: Rule = {
  check: ({ request, plan }) => {
    const latency = histogram(request, plan);
    // gates that come from the objectives have told it of the server's histogram
    const told = request.sli._gateway === undefined && request.rollout._values.gates === undefined && gatesOfRequest(request).some((gate) => gate.kind === GateKind.LATENCY);
    if (latency?.buckets === undefined || told) return [];
    return request.objectives
      .filter((one) => one.kind === ObjectiveKind.LATENCY && one.below !== undefined && bucketAt(latency, secondsOf(one.below)) === undefined)
      .map((one) => offBuckets('an objective of the service', latency, secondsOf(one.below!)));
  },
};

function histogram(request: ServiceRequest, plan: ServicePlan): Pick<ServerMetric, 'name' | 'unit' | 'buckets' | 'bucketsSettable'> | undefined {
  const gateway = request.sli._gateway?._props;
  if (gateway === undefined) return requestMeasures(plan.server.facts, plan.protocol, plan.modelName)?.latency;
  return gateway.latency === undefined ? undefined : { name: gateway.latency, unit: gateway.latencyUnit, buckets: gateway.latencyBuckets };
}

import { Audience } from '../../describe/rollout/audience';
import { compact } from '../../plan/json';
import { JsonObject, ServicePlan } from '../../plan/service-plan';
import { Split } from '../kubernetes/network';
import { RenderedObject } from '../ports';

/** Name of the route that controllers write weights into. */
export const PRIMARY_ROUTE = 'primary';

/** An Istio VirtualService: splits the requests of the mesh's own callers, by REST and gRPC alike. */
export function virtualService(plan: ServicePlan, split: Split): RenderedObject {
  const destination = (host: string): JsonObject => ({ host });
  const { audience, mirror } = split;
  return {
    id: 'VirtualService', apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', name: plan.name, labels: plan.labels,
    content: {
      spec: compact({
        hosts: [plan.name],
        http: [
          ...(audience === undefined ? [] : [{ name: 'audience', match: [{ headers: { [audience.who.headerName]: valueMatch(audience.who) } }], route: [{ destination: destination(audience.service) }] }]),
          {
            name: PRIMARY_ROUTE,
            route: split.backends.map((one) => ({ destination: destination(one.service), weight: split.backends.length === 1 ? 100 : one.weight })),
            ...(mirror === undefined ? {} : { mirror: destination(mirror.service), mirrorPercentage: { value: mirror.percent } }),
          },
        ],
      }),
    },
  };
}

function valueMatch(who: Audience): JsonObject {
  const regex = who.headerRegex;
  return regex === undefined ? { exact: who.value } : { regex };
}

import { RolloutControllerKind, TrafficRouterKind } from '../../describe/rollout/controller';
import { RolloutKind } from '../../describe/rollout/rollout';
import { ExposureKind } from '../../describe/exposure';
import { Finding, ProblemKind } from '../../describe/problem';
import { Rule } from './rule';

const ROUTER_EXPOSURE = ProblemKind.error('SERVING_ROUTER_EXPOSURE', 'A router that the requests do not pass', 'The new version would get none of them, or all.');
const INTERNAL = ProblemKind.warning('SERVING_CANARY_PAST_THE_GATEWAY', 'Callers inside of the cluster get the stable version only', 'The Gateway splits requests; who calls the Service does not pass it.');

/** The requests pass the router that is to split them. */
export const releaseRouting: Rule = {
  check: ({ request, plan: { release: planned, protocol } }) => {
    if (planned === undefined) return [];
    const { exposure } = request;
    const { router, kind } = planned;
    const split = kind !== RolloutKind.BLUE_GREEN || planned.controller === RolloutControllerKind.FLAGGER;
    const findings: Finding[] = [];
    const wrong = (what: string, fix: string): void => { findings.push(ROUTER_EXPOSURE.found({ what, got: `${router}, ${exposure.kind}`, fix })); };
    if (split && router === TrafficRouterKind.GATEWAY_API && exposure.kind !== ExposureKind.GATEWAY) wrong("requests don't pass the Gateway: the service isn't exposed by it", "give 'exposure: Exposure.gateway({ hosts })'");
    if (split && router === TrafficRouterKind.ISTIO && exposure.kind !== ExposureKind.CLUSTER_INTERNAL) wrong("a VirtualService splits the mesh's own requests, not those of a Gateway or Ingress", "leave 'exposure' out, or use the router 'gateway-api'");
    if (split && (router === TrafficRouterKind.NGINX || router === TrafficRouterKind.ALB) && exposure.kind !== ExposureKind.INGRESS) wrong("requests don't pass an Ingress: the service has none", "give 'exposure: Exposure.ingress({ host })'");
    if (planned.previewHosts.length > 0 && exposure.kind !== ExposureKind.GATEWAY) wrong("'previewHosts' are reached through the Gateway, which the service isn't exposed by", "give 'exposure: Exposure.gateway({ hosts })', or leave 'previewHosts' out");
    if (planned.controller === RolloutControllerKind.FLAGGER && exposure.kind === ExposureKind.GATEWAY && (exposure.grpcHosts.length > 0 || exposure.pathPrefix !== '/' || planned.previewHosts.length > 0)) {
      wrong('Flagger makes the route itself, an HTTPRoute without gRPC hosts, path prefixes and previews', "leave 'grpcHosts', 'pathPrefix' and 'previewHosts' out, or take Argo Rollouts");
    }
    if (planned.controller === RolloutControllerKind.FLAGGER && exposure.kind === ExposureKind.GATEWAY && router !== TrafficRouterKind.GATEWAY_API) wrong('Flagger makes the route of a Gateway only as its router', "take the router 'gateway-api', or leave 'exposure' out");
    if (planned.controller === RolloutControllerKind.FLAGGER && !protocol.http) wrong("Flagger's Services have the HTTP port alone, and clients speak gRPC", 'take Argo Rollouts, or a protocol over HTTP');
    if (planned.controller === RolloutControllerKind.FLAGGER && exposure.kind === ExposureKind.INGRESS) wrong("Flagger's Services don't carry an Ingress of ours", "give 'exposure: Exposure.gateway({ hosts })', or take Argo Rollouts");
    if (planned.audience?.isCookie && router === TrafficRouterKind.ALB) wrong('ALB compares whole header values, and a cookie is a part of one', 'take Audience.header');
    // on plain Deployments a person moves the release on, who is told that nothing judges it
    if (findings.length === 0 && split && router === TrafficRouterKind.GATEWAY_API && planned.controller !== RolloutControllerKind.NONE) {
      findings.push(INTERNAL.found({ what: "callers inside of the cluster that use the Service's address get the stable version until the release is through", fix: 'acknowledge it, or let them call through the Gateway as well' }));
    }
    return findings;
  },
};

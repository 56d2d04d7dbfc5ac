import { TrafficRouterKind } from '../../../describe/rollout/controller';
import { RolloutKind } from '../../../describe/rollout/rollout';
import { Autoscaler } from '../../../describe/scaling';
import { Cluster } from '../../../describe/cluster';
import { compact } from '../../../plan/json';
import { flaggerPace } from '../../../plan/release/pace';
import { JsonObject, ServicePlan } from '../../../plan/service-plan';
import { requestTimeout } from '../../kubernetes/network';
import { DEPLOYMENT, deployment } from '../../kubernetes/workload';
import { queriesFor } from '../../autoscalers/keda';
import { RenderedObject, RenderedRollout, RolloutRenderer } from '../../ports';
import { metricTemplates, thresholds } from './metrics';

const CANARY = { apiVersion: 'flagger.app/v1beta1', kind: 'Canary' };
const PROVIDERS: { readonly [router: string]: string } = { [TrafficRouterKind.GATEWAY_API]: 'gatewayapi:v1', [TrafficRouterKind.ISTIO]: 'istio', [TrafficRouterKind.REPLICAS]: 'kubernetes' };

/** Flagger: a Canary beside the Deployment. It makes the Services, the route, and the primary that serves; the Deployment is where new versions are put. */
export class Flagger implements RolloutRenderer {
  public render(plan: ServicePlan, cluster: Cluster): RenderedRollout {
    const group = plan.groups[0]!;
    const target = { ...DEPLOYMENT, name: group.name };
    return {
      // Flagger scales the Deployment to nothing between releases: a number in the manifest would start it again with every apply
      workload: [deployment(plan, { id: 'Resource', group, replicas: undefined }), canary(plan, cluster)],
      network: [],
      analysis: metricTemplates(plan, cluster),
      target,
      autoscaler: plan.copies.signals.length > 0 ? undefined : fixed(plan),
    };
  }
}

/** The primary gets its copies from an autoscaler of the Deployment; for a fixed number it is one that can't move. */
function fixed(plan: ServicePlan): RenderedObject {
  return {
    id: 'Autoscaler', apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', name: plan.name, labels: plan.labels,
    content: {
      spec: {
        scaleTargetRef: { ...DEPLOYMENT, name: plan.groups[0]!.name }, minReplicas: plan.copies.min, maxReplicas: plan.copies.min,
        metrics: [{ type: 'ContainerResource', containerResource: { name: 'cpu', container: plan.container, target: { type: 'Utilization', averageUtilization: 100 } } }],
      },
    },
  };
}

function canary(plan: ServicePlan, cluster: Cluster): RenderedObject {
  const release = plan.release!;
  return {
    id: 'Canary', ...CANARY, name: plan.name, labels: plan.labels,
    content: {
      spec: compact({
        provider: PROVIDERS[release.router],
        targetRef: { ...DEPLOYMENT, name: plan.groups[0]!.name },
        autoscalerRef: autoscalerRef(plan),
        progressDeadlineSeconds: release.progressDeadline,
        // taking the Canary away gives the Deployment its copies and the Service its selector back
        revertOnDeletion: true,
        service: service(plan, cluster),
        analysis: analysis(plan),
      }),
    },
  };
}

/** The autoscaler that Flagger copies for the primary; left alone, it would replace the service's name wherever it stands in a query. */
function autoscalerRef(plan: ServicePlan): JsonObject {
  if (plan.copies.autoscaler !== Autoscaler.KEDA) return { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', name: plan.name };
  return { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', name: plan.name, primaryScalerQueries: queriesFor(plan, `${plan.groups[0]!.name}-primary`) };
}

function service(plan: ServicePlan, cluster: Cluster): JsonObject {
  const port = plan.ports.find((one) => one.name === 'http')!;
  const gateway = plan.release!.router === TrafficRouterKind.GATEWAY_API ? cluster.gateway : undefined;
  return {
    name: plan.name, port: port.port, portName: 'http', targetPort: 'http', appProtocol: 'http', portDiscovery: false,
    ...(gateway === undefined ? {} : {
      gatewayRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: gateway.name, namespace: gateway.namespace, sectionName: gateway.sectionName }],
      hosts: plan.exposure.hosts,
      match: plan.server.exposedPaths().map((path) => ({ uri: { prefix: path } })),
      timeout: requestTimeout(plan),
    }),
    apex: { labels: { ...plan.labels } },
  };
}

function analysis(plan: ServicePlan): JsonObject {
  const release = plan.release!;
  const shadow = release.kind === RolloutKind.SHADOW;
  const { audience } = release;
  const regex = audience?.headerRegex;
  const pace = flaggerPace(release);
  return {
    interval: `${pace.interval}s`,
    threshold: pace.threshold,
    ...(release.kind === RolloutKind.CANARY ? { stepWeights: release.steps, maxWeight: release.steps[release.steps.length - 1] } : { iterations: pace.iterations }),
    ...(shadow ? { mirror: true, mirrorWeight: release.router === TrafficRouterKind.ISTIO ? release.percent : undefined } : {}),
    match: audience === undefined ? undefined : [{ headers: { [audience.headerName]: regex === undefined ? { exact: audience.value } : { regex } } }],
    metrics: thresholds(plan, pace.interval),
    webhooks: release.persons.length === 0 || release.loadTesterUrl === undefined ? undefined : [{ name: 'person', type: 'confirm-promotion', url: `${release.loadTesterUrl}/gate/check` }],
  };
}

import { compact } from '../../plan/json';
import { PlannedRuntime } from '../../plan/kserve/runtimes';
import { JsonObject } from '../../plan/service-plan';
import { RenderedObject } from '../ports';

/** Fields of a runtime that concern none of its containers. */
export interface RuntimeSettings {
  /** Whether the runtimes are the namespace's own. */
  readonly namespaced: boolean;
  /** Rank among the runtimes that KServe picks by itself; none where it is to pick none of these. */
  readonly priority?: number;
  readonly imagePullSecrets: readonly string[];
}

/** A ClusterServingRuntime, or ServingRuntime, for each that was planned. */
export function renderRuntimes(runtimes: readonly PlannedRuntime[], settings: RuntimeSettings): RenderedObject[] {
  return runtimes.map((runtime) => ({
    id: runtime.name, apiVersion: 'serving.kserve.io/v1alpha1', kind: settings.namespaced ? 'ServingRuntime' : 'ClusterServingRuntime', name: runtime.name, ...(settings.namespaced ? {} : { namespace: null }),
    labels: { 'app.kubernetes.io/managed-by': 'cdk8s-serving', 'serving.cdk8s.io/server': runtime.server.facts.id },
    // no field of a runtime says it; KServe's own default is Kubernetes' 30 seconds
    annotations: { 'serving.cdk8s.io/termination-grace-seconds': String(runtime.graceSeconds) },
    content: {
      spec: compact({
        supportedModelFormats: runtime.formats.map((format) => ({ name: format, ...selection(runtimes, runtime, format, settings.priority) })),
        protocolVersions: runtime.protocols.length === 0 ? undefined : runtime.protocols,
        multiModel: false,
        labels: { 'serving.cdk8s.io/server': runtime.server.facts.id },
        annotations: runtime.metrics === undefined ? undefined : { 'prometheus.kserve.io/port': String(runtime.metrics.port), 'prometheus.kserve.io/path': runtime.metrics.path },
        containers: [runtime.container],
        volumes: runtime.volumes.length === 0 ? undefined : runtime.volumes,
        imagePullSecrets: settings.imagePullSecrets.length === 0 ? undefined : settings.imagePullSecrets.map((name) => ({ name })),
        ...runtime.scheduling,
      }),
    },
  }));
}

/**
 * Whether KServe may pick it where a service names no runtime: one for each format, as its webhook refuses equals, and none with an accelerator where
 * one without will do. Source: https://github.com/kserve/kserve/blob/v0.20.0/pkg/webhook/admission/servingruntime/servingruntime_webhook.go
 */
function selection(runtimes: readonly PlannedRuntime[], runtime: PlannedRuntime, format: string, priority: number | undefined): JsonObject {
  const reading = runtimes.filter((one) => one.formats.includes(format) && one.server.facts.selectable !== false);
  const first = reading.find((one) => !one.accelerated) ?? reading[0];
  return priority !== undefined && first === runtime ? { autoSelect: true, priority } : { autoSelect: false };
}

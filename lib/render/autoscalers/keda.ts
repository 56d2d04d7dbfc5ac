import { ScalingSignalKind, ScalingTargetKind } from '../../describe/scaling';
import { compact } from '../../plan/json';
import { decimal, podMatchers } from '../../plan/promql';
import { UNKNOWN_NAMESPACE } from '../../plan/scaling/signals';
import { hpaName } from '../../plan/scaling/hpa-name';
import { Copies, JsonObject, PlannedSignal, ServicePlan, Workload } from '../../plan/service-plan';
import { RenderedObject } from '../ports';

/**
 * KEDA's ScaledObject, whose HorizontalPodAutoscaler KEDA makes, and what it needs to log in.
 * Fields: https://github.com/kedacore/keda/blob/v2.20.2/apis/keda/v1alpha1/scaledobject_types.go
 */
export function scaledObject(plan: ServicePlan, target: Workload): RenderedObject[] {
  const { copies } = plan;
  const access = authentications(plan);
  const zero = copies.min === 0;
  const triggers = triggersFor(plan, access);
  const fallback = triggers.some(({ type }) => type !== 'cpu' && type !== 'memory' && type !== 'cron');
  const object: RenderedObject = {
    id: 'Autoscaler', apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', name: plan.name, labels: plan.labels, annotations: annotations(copies),
    content: {
      spec: compact({
        scaleTargetRef: { ...target },
        minReplicaCount: copies.min,
        maxReplicaCount: copies.max,
        ...(zero ? { pollingInterval: copies.pollSeconds, cooldownPeriod: copies.cooldownSeconds, initialCooldownPeriod: copies.cooldownSeconds } : {}),
        // blind, it keeps what runs; three failures are more than a restart of the metrics' store
        fallback: fallback ? { failureThreshold: 3, replicas: copies.fallback, behavior: 'currentReplicasIfHigher' } : undefined,
        advanced: { horizontalPodAutoscalerConfig: { name: hpaName(plan), behavior: copies.behavior } },
        triggers,
      }),
    },
  };
  return [...access.map((one) => one.object), object];
}

function triggersFor(plan: ServicePlan, access: readonly Access[]): JsonObject[] {
  const { copies } = plan;
  return unique([
    ...copies.signals.flatMap((signal) => triggersOf(signal, plan, access.find((one) => one.signal === signal)?.object.name)),
    // any wish to be awake is worth one copy, whatever its size
    ...copies.wakes.map((query) => prometheus('wake', query, 1, ScalingTargetKind.PER_REPLICA, copies)),
  ]);
}

/** The queries of its triggers by their names, for the pods of another workload of the service. */
export function queriesFor(plan: ServicePlan, workload: string): { [trigger: string]: string } {
  const matchers = (name: string): string => podMatchers(plan.namespace ?? UNKNOWN_NAMESPACE, name);
  const queries = triggersFor(plan, []).map(({ name, metadata }) => [String(name), (metadata as JsonObject).query] as const).filter(([, query]) => query !== undefined);
  return Object.fromEntries(queries.map(([name, query]) => [name, String(query).replaceAll(matchers(plan.groups[0]!.workload.name), matchers(workload))]));
}

function annotations(copies: Copies): { [key: string]: string } {
  return {
    // an HPA of this name that was there before is taken over instead of refused, so that copies always have an owner
    'scaledobject.keda.sh/transfer-hpa-ownership': 'true',
    ...(copies.stopped ? { 'autoscaling.keda.sh/paused-replicas': '0' } : copies.frozen ? { 'autoscaling.keda.sh/paused': 'true' } : {}),
  };
}

/** Triggers of a signal. Every value is a text. */
function triggersOf(signal: PlannedSignal, { copies, container }: ServicePlan, access: string | undefined): JsonObject[] {
  const { kafka } = signal;
  switch (signal.kind) {
    case ScalingSignalKind.CPU:
    case ScalingSignalKind.MEMORY:
      return [{ type: signal.name, name: signal.name, metricType: 'Utilization', metadata: { value: decimal(signal.target), containerName: container } }];
    case ScalingSignalKind.SCHEDULE:
      return (signal.windows ?? []).map(({ start, end, replicas }) => ({ type: 'cron', name: signal.name, metadata: { timezone: signal.timeZone, start, end, desiredReplicas: String(replicas) } }));
    case ScalingSignalKind.KAFKA_LAG:
      return kafka === undefined ? [] : [{
        type: 'kafka', name: signal.name, metricType: 'AverageValue', authenticationRef: access === undefined ? undefined : { name: access },
        metadata: {
          bootstrapServers: kafka.bootstrapServers.join(','), consumerGroup: kafka.consumerGroup, topic: kafka.topic, lagThreshold: String(signal.target), activationLagThreshold: '0',
          allowIdleConsumers: String(kafka.allowIdleConsumers ?? false), sasl: kafka.access?._props.sasl, tls: kafka.access === undefined ? undefined : kafka.access._props.tls === false ? 'disable' : 'enable',
        },
      }];
    default: return signal.promql === undefined ? [] : [prometheus(signal.name, signal.promql, signal.target, signal.targetKind, copies)];
  }
}

function prometheus(name: string, query: string, target: number, kind: ScalingTargetKind, copies: Copies): JsonObject {
  return {
    type: 'prometheus', name, metricType: kind === ScalingTargetKind.VALUE ? 'Value' : 'AverageValue',
    metadata: {
      serverAddress: copies.metricsUrl, query, threshold: decimal(target), activationThreshold: '0',
      // missing is not zero: copies would go because a scrape failed
      ignoreNullValues: 'false',
    },
  };
}

/** Triggers with names that are their own, as KEDA asks. */
function unique(triggers: readonly JsonObject[]): JsonObject[] {
  const seen = new Map<string, number>();
  return triggers.map((trigger) => {
    const name = String(trigger.name);
    const before = seen.get(name) ?? 0;
    seen.set(name, before + 1);
    return before === 0 ? trigger : { ...trigger, name: `${name}-${before + 1}` };
  });
}

interface Access { readonly signal: PlannedSignal; readonly object: RenderedObject }

/** What KEDA logs into Kafka with: references to keys of Secrets. */
function authentications(plan: ServicePlan): Access[] {
  return plan.copies.signals.filter(({ kafka }) => kafka?.access !== undefined).map((signal, i) => {
    const { secretName, _props: props } = signal.kafka!.access!;
    const keys = {
      username: props.sasl === undefined ? undefined : props.usernameKey ?? 'username', password: props.sasl === undefined ? undefined : props.passwordKey ?? 'password',
      ca: props.caKey, cert: props.certificateKey, key: props.privateKeyKey,
    };
    const suffix = i === 0 ? '' : String(i + 1);
    return {
      signal,
      object: {
        id: `KafkaAccess${suffix}`, apiVersion: 'keda.sh/v1alpha1', kind: 'TriggerAuthentication', name: `${plan.name}-kafka${suffix === '' ? '' : `-${suffix}`}`, labels: plan.labels,
        content: { spec: { secretTargetRef: Object.entries(keys).filter(([, key]) => key !== undefined).map(([parameter, key]) => ({ parameter, name: secretName, key: key! })) } },
      },
    };
  });
}

import { compact } from '../../plan/json';
import { RenderedObject } from '../ports';

/** A component of Seldon Core v2 that requests or messages pass, and how many copies of it run. */
export interface RuntimeComponent {
  /** Name of its workload, and the one label by which that selects its pods. */
  readonly name: string;
  readonly replicas: number;
}

/** A runtime as it was decided. */
export interface PlannedRuntime {
  readonly name: string;
  readonly seldonConfig: string;
  readonly components: readonly RuntimeComponent[];
  readonly kafka?: { readonly servers: readonly string[]; readonly topicPrefix: string; readonly partitions: number; readonly replication: number; readonly maxMessageBytes?: number };
  readonly modelAutoscaling: boolean;
  readonly serverAutoscaling: boolean;
  readonly tracing?: { readonly endpoint: string; readonly protocol: string; readonly ratio: string };
}

const LABELS = { 'app.kubernetes.io/managed-by': 'cdk8s-serving' };

/** The SeldonRuntime, and a PodDisruptionBudget of each component of which several copies run: the operator makes none. */
export function renderRuntime(runtime: PlannedRuntime): RenderedObject[] {
  const { kafka, tracing } = runtime;
  const bytes = kafka?.maxMessageBytes === undefined ? undefined : { 'message.max.bytes': String(kafka.maxMessageBytes) };
  return [{
    id: 'Resource', apiVersion: 'mlops.seldon.io/v1alpha1', kind: 'SeldonRuntime', name: runtime.name, labels: LABELS,
    content: {
      spec: compact({
        seldonConfig: runtime.seldonConfig,
        // a component that isn't named here has one copy, whatever the SeldonConfig says
        overrides: [...runtime.components.map(({ name, replicas }) => ({ name, replicas })), { name: 'hodometer', disable: true }],
        config: {
          kafkaConfig: kafka && {
            'bootstrap.servers': kafka.servers.join(','), topicPrefix: kafka.topicPrefix,
            // with one of them said, the SeldonConfig's other settings of topics no longer hold
            topics: { numPartitions: kafka.partitions, replicationFactor: kafka.replication },
            producer: bytes, consumer: bytes,
          },
          // Each part takes the place of the SeldonConfig's as a whole. The operator cuts copies to so many for each pipeline or model that there is:
          // https://github.com/SeldonIO/seldon-core/blob/v2.10.2/operator/controllers/reconcilers/seldon/runtime_reconciler.go
          scalingConfig: { models: { enabled: runtime.modelAutoscaling }, servers: { enabled: runtime.serverAutoscaling }, pipelines: { maxShardCountMultiplier: Math.max(...runtime.components.map(({ replicas }) => replicas)) } },
          tracingConfig: tracing === undefined ? { disable: true } : { disable: false, otelExporterEndpoint: tracing.endpoint, otelExporterProtocol: tracing.protocol, ratio: tracing.ratio },
        },
      }),
    },
  }, ...runtime.components.filter(({ replicas }) => replicas > 1).map(budget)];
}

function budget({ name }: RuntimeComponent): RenderedObject {
  return {
    id: `Budget-${name}`, apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', name, labels: LABELS,
    // https://github.com/SeldonIO/seldon-core/blob/v2.10.2/operator/controllers/reconcilers/seldon/deployment_reconciler.go
    content: { spec: { maxUnavailable: 1, selector: { matchLabels: { 'app.kubernetes.io/name': name } }, unhealthyPodEvictionPolicy: 'AlwaysAllow' } },
  };
}

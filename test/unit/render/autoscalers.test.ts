import { Duration } from 'cdk8s';
import { Autoscaler, ClusterOperator, Hold, KafkaAccess, KafkaSasl, Rollout, RolloutController, Scaling, Wake } from 'cdk8s-serving';
import { renderAutoscaler } from '../../../lib/render/autoscalers';
import { iris, serve, type Served } from '../../support/serving';

const KEDA = { metricsUrl: 'http://prometheus.monitoring:9090' };
const load = (props = {}) => Scaling.onConcurrency({ min: 2, max: 8, targetPerReplica: 8, ...props });
const scaled = (scaling: Scaling, props = {}): any => serve({ scaling, ...props }, KEDA).one('ScaledObject');
const hold = { reason: 'audit', until: '2027-01-01' };

describe('who changes the copies', () => {
  const kinds = (scaling: Scaling, operators?: ClusterOperator[]): string[] => serve({ scaling }, { ...KEDA, ...(operators && { operators }) }).manifests.map((one) => one.kind).filter((kind) => ['ScaledObject', 'HorizontalPodAutoscaler'].includes(kind));

  test.each<[string, Scaling, ClusterOperator[] | undefined, string]>([
    ['resources alone', Scaling.onCpu({ min: 2, max: 4 }), [ClusterOperator.KEDA, ClusterOperator.METRICS_SERVER], 'HorizontalPodAutoscaler'],
    ['a metric of the adapter', Scaling.onCustomMetric({ min: 2, max: 4, metric: 'm', targetPerReplica: 1 }), undefined, 'HorizontalPodAutoscaler'],
    ["the server's metrics, on a cluster that doesn't say what runs", load(), undefined, 'ScaledObject'],
    ['the same with KEDA and an adapter', load(), [ClusterOperator.KEDA, ClusterOperator.CUSTOM_METRICS], 'ScaledObject'],
    ['the same with an adapter', load(), [ClusterOperator.CUSTOM_METRICS], 'HorizontalPodAutoscaler'],
    ['the same, where the HPA is named', load({ autoscaler: Autoscaler.HPA }), undefined, 'HorizontalPodAutoscaler'],
    ['resources beside them', Scaling.highestOf([Scaling.onCpu({ min: 2, max: 8 }), load()]), undefined, 'ScaledObject'],
  ])('%s', (_, scaling, operators, kind) => expect(kinds(scaling, operators)).toEqual([kind]));
});

describe('KEDA', () => {
  test('makes an HPA of the service\'s name, which it takes over from whoever made it', () => {
    const { metadata, spec } = scaled(load());
    expect([metadata.annotations, spec.advanced.horizontalPodAutoscalerConfig.name, spec.scaleTargetRef]).toEqual([{ 'scaledobject.keda.sh/transfer-hpa-ownership': 'true' }, 'iris', { apiVersion: 'apps/v1', kind: 'Deployment', name: 'iris' }]);
    expect(spec.advanced.horizontalPodAutoscalerConfig.behavior).toEqual(serve({ scaling: Scaling.onCpu({ min: 2, max: 8 }) }).one('HorizontalPodAutoscaler').spec.behavior);
    expect(serve({ scaling: load() }, KEDA).deployment.spec).not.toHaveProperty('replicas');
  });

  test('takes missing metrics for missing, and keeps what runs', () => {
    const { spec } = scaled(load());
    expect([spec.fallback, spec.triggers[0].metadata.ignoreNullValues]).toEqual([{ failureThreshold: 3, replicas: 2, behavior: 'currentReplicasIfHigher' }, 'false']);
    expect(scaled(load({ fallbackReplicas: 5 })).spec.fallback.replicas).toBe(5);
  });

  test('divides sums by the copies, and no ratio', () => {
    const types = scaled(Scaling.highestOf([load(), Scaling.onQuery({ min: 2, max: 8, query: 'max(a)', targetValue: 0.5 })])).spec.triggers.map((one: any) => [one.name, one.metricType, one.metadata.threshold]);
    expect(types).toEqual([['concurrency', 'AverageValue', '8'], ['query', 'Value', '0.5']]);
  });

  test('has triggers with names of their own, and texts for all values', () => {
    const query = (text: string) => Scaling.onQuery({ min: 2, max: 8, query: text, targetPerReplica: 0.000_5 * 2 });
    const { triggers } = scaled(Scaling.highestOf([query('sum(a)'), query('sum(b)'), query('sum(c)')])).spec;
    expect(triggers.map((one: any) => one.name)).toEqual(['query', 'query-2', 'query-3']);
    expect(triggers.flatMap((one: any) => Object.values(one.metadata)).every((value: unknown) => typeof value === 'string')).toBe(true);
    expect(scaled(query('sum(a)')).spec.triggers[0].metadata.threshold).toBe('0.001');
  });

  test('follows resources of the server\'s container', () => {
    const { spec } = scaled(Scaling.highestOf([Scaling.onCpu({ min: 2, max: 8, targetPercent: 60 }), load()]));
    expect(spec.triggers[0]).toEqual({ type: 'cpu', name: 'cpu', metricType: 'Utilization', metadata: { value: '60', containerName: 'server' } });
  });

  test('follows the time, and has nothing to fall back on then', () => {
    const { spec } = scaled(Scaling.onSchedule({ min: 1, max: 8, timeZone: 'UTC', windows: [{ start: '0 7 * * *', end: '0 19 * * *', replicas: 4 }] }), {});
    expect(spec.triggers).toEqual([{ type: 'cron', name: 'schedule', metadata: { timezone: 'UTC', start: '0 7 * * *', end: '0 19 * * *', desiredReplicas: '4' } }]);
    expect(spec).not.toHaveProperty('fallback');
  });

  describe('logs into Kafka', () => {
    const kafka = (access?: KafkaAccess) => Scaling.onKafkaLag({ min: 2, max: 8, bootstrapServers: ['a:9092', 'b:9092'], consumerGroup: 'scorer', topic: 'events', targetPerReplica: 100, access });
    const served = (access?: KafkaAccess): Served => serve({ scaling: kafka(access) });

    test('with what a Secret holds, and only its name is written', () => {
      const made = served(KafkaAccess.fromSecretName('kafka', { sasl: KafkaSasl.SCRAM_SHA256, passwordKey: 'pw', certificateKey: 'tls.crt', privateKeyKey: 'tls.key' }));
      expect(made.one('TriggerAuthentication').spec.secretTargetRef).toEqual([['username', 'username'], ['password', 'pw'], ['cert', 'tls.crt'], ['key', 'tls.key']].map(([parameter, key]) => ({ parameter, name: 'kafka', key })));
      expect(made.one('ScaledObject').spec.triggers[0]).toMatchObject({ authenticationRef: { name: 'iris-kafka' }, metadata: { bootstrapServers: 'a:9092,b:9092', lagThreshold: '100', sasl: 'scram_sha256', tls: 'enable' } });
    });

    test('without any, where none is said', () => {
      const made = served();
      expect([made.one('TriggerAuthentication'), made.one('ScaledObject').spec.triggers[0].authenticationRef, Object.keys(made.one('ScaledObject').spec.triggers[0].metadata)]).toEqual([undefined, undefined, ['activationLagThreshold', 'allowIdleConsumers', 'bootstrapServers', 'consumerGroup', 'lagThreshold', 'topic']]);
    });

    test('twice with two Secrets', () => {
      const made = serve({ scaling: Scaling.highestOf(['one', 'two'].map((name) => kafka(KafkaAccess.fromSecretName(name, { caKey: 'ca' })))) });
      expect(made.all('TriggerAuthentication').map((one) => [one.metadata.name, one.spec.secretTargetRef[0].name])).toEqual([['iris-kafka', 'one'], ['iris-kafka-2', 'two']]);
      expect(made.one('ScaledObject').spec.triggers.map((one: any) => one.authenticationRef.name)).toEqual(['iris-kafka', 'iris-kafka-2']);
    });
  });

  describe('from zero copies', () => {
    const fromZero = (loadTime: Duration, more = {}): any => scaled(load({ min: 0, wake: Wake.onQuery('sum(a)', { above: 3 }), ...more }), { model: iris({ loadTime }) }).spec;

    test('is woken by what is measured elsewhere', () => {
      const { triggers, minReplicaCount } = fromZero(Duration.seconds(5));
      expect([minReplicaCount, triggers[1]]).toEqual([0, expect.objectContaining({ name: 'wake', metricType: 'AverageValue', metadata: expect.objectContaining({ query: '(sum(a)) > bool 3', threshold: '1', activationThreshold: '0', ignoreNullValues: 'false' }) })]);
    });

    test('keeps the last copy for three times as long as one takes to start, and a new one, too', () => {
      const { cooldownPeriod, initialCooldownPeriod, pollingInterval } = fromZero(Duration.minutes(10));
      expect([cooldownPeriod, initialCooldownPeriod, pollingInterval]).toEqual([3 * 611, 3 * 611, 30]);
      expect(fromZero(Duration.seconds(5)).cooldownPeriod).toBe(300);
      expect(fromZero(Duration.seconds(5), { scaleDownAfter: Duration.minutes(15) }).cooldownPeriod).toBe(900);
      expect(scaled(load()).spec).not.toHaveProperty('cooldownPeriod');
    });
  });

  test('pauses while a service is held, and keeps a stopped one at nothing', () => {
    const annotations = (which: Hold): any => scaled(load(), { hold: which }).metadata.annotations;
    expect(annotations(Hold.frozen(hold))['autoscaling.keda.sh/paused']).toBe('true');
    expect(annotations(Hold.stopped(hold))['autoscaling.keda.sh/paused-replicas']).toBe('0');
    expect(serve({ scaling: load(), hold: Hold.stopped(hold) }, KEDA).deployment.spec.replicas).toBe(0);
  });
});

describe('an HPA with an adapter', () => {
  const made = (scaling: Scaling): Served => serve({ scaling }, { operators: [ClusterOperator.CUSTOM_METRICS] });

  test('asks for the name that the rule beside it gives', () => {
    const served = made(load());
    const { metrics } = served.one('HorizontalPodAutoscaler').spec;
    const rules = served.all('ConfigMap').find((one) => one.metadata.labels['serving.cdk8s.io/prometheus-adapter-rules'] === 'true');
    expect(metrics).toEqual([{ type: 'Pods', pods: { metric: { name: 'serving_concurrency_rest_server_requests_in_progress' }, target: { type: 'AverageValue', averageValue: '8' } } }]);
    expect(rules.data['rules.yaml']).toContain('as: serving_concurrency_rest_server_requests_in_progress\n');
    expect(rules.data['rules.yaml']).toContain('<<.LabelMatchers>>');
    expect(served.codes).toEqual([]);
  });

  test('has no rule for resources, nor for a metric that the adapter has a name for', () => {
    for (const scaling of [Scaling.onCpu({ min: 2, max: 4 }), Scaling.onCustomMetric({ min: 2, max: 4, metric: 'm', targetPerReplica: 1 })]) expect(serve({ scaling }).all('ConfigMap').map((one) => one.metadata.name)).not.toContain('iris-adapter-rules');
  });
});

describe('what is scaled', () => {
  test.each([[Autoscaler.HPA], [Autoscaler.KEDA]])('is whatever the rollout has, with %s', (autoscaler) => {
    const served = serve({ scaling: load({ autoscaler }) }, KEDA);
    const target = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: 'iris' };
    expect((renderAutoscaler(served.plan, target).find((one) => one.id === 'Autoscaler')!.content.spec as any).scaleTargetRef).toEqual(target);
    expect(serve({ scaling: load({ autoscaler }), rollout: Rollout.blueGreen() }, { ...KEDA, rollouts: RolloutController.argo() }).manifests.find((one) => ['ScaledObject', 'HorizontalPodAutoscaler'].includes(one.kind)).spec.scaleTargetRef).toEqual(target);
  });

  test('by Flagger is the primary, whose queries are told: it would replace the name anywhere in them', () => {
    const served = serve({ scaling: Scaling.highestOf([load(), Scaling.onCpu({ min: 2, max: 8 })]), name: 'rest', rollout: Rollout.blueGreen() }, { ...KEDA, rollouts: RolloutController.flagger() });
    const { autoscalerRef } = served.one('Canary').spec;
    expect(autoscalerRef).toEqual({ apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', name: 'rest', primaryScalerQueries: { concurrency: expect.stringContaining('rest_server_requests_in_progress{') } });
    expect(autoscalerRef.primaryScalerQueries.concurrency).toContain('pod=~"rest-primary-[a-z0-9]{1,10}-?[a-z0-9]{5}"');
  });
});

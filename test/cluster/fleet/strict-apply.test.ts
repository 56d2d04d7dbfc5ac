import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Cluster, ClusterOperator, Credentials, InferenceService, KafkaAccess, KafkaSasl, Model, ModelSource, Scaling, ServingEngine, Wake } from 'cdk8s-serving';
import { parseAllDocuments } from 'yaml';
import { apply, get, type Manifest } from '../../support/cluster/kubectl';
import { createNamespace, removeClusterScoped, removeNamespaces, setNamespace } from '../../support/cluster/namespaces';
import { measured } from '../../support/cluster/report';
import { app, appNames, deploymentOf, synthesized } from '../../support/cluster/synthesized';

/** Inputs that are sent together: a call takes longer than what it checks. */
const BATCH = 25;
/** What the property tests synthesized, when they were told to keep it. */
const PROPERTIES = process.env.PROPERTY_MANIFESTS;

describe('strict server-side apply', () => {
  let namespace: string;
  /** Where nothing is ever applied for good. */
  let worlds: string;

  beforeAll(async () => { namespace = await createNamespace('strict'); worlds = await createNamespace('worlds'); });
  afterAll(removeNamespaces);

  /** A dry run, as each input is a world of its own and names come again; why it was refused, if it was. */
  async function taken(manifests: Manifest[]): Promise<string | undefined> {
    try {
      await apply(await setNamespace(manifests, worlds), { dryRun: true, failOnWarnings: false });
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  }

  test.each(appNames())('takes everything of apps/%s without a warning', async (name) => {
    const moved = await setNamespace(app(name), namespace);
    expect(moved.length).toBeGreaterThan(2);
    expect(await apply(moved)).toEqual([]);
    for (const { apiVersion, kind, metadata } of moved) {
      const group = apiVersion.includes('/') ? `.${apiVersion.split('/')[0]}` : '';
      expect((await get(`${kind}${group}`, metadata.name, namespace))?.metadata.uid).toBeDefined();
    }
    await removeClusterScoped(moved);
  });

  test('takes a service whose Secret the External Secrets Operator fills', async () => {
    const manifests = synthesized((chart) => {
      new ServingEngine(chart, 'Engine', { cluster: Cluster.of({ name: 'strict', version: '1.34', operators: [ClusterOperator.EXTERNAL_SECRETS] }) });
      const credentials = Credentials.externalSecret({ store: 'vault', clusterStore: true, keys: { AWS_ACCESS_KEY_ID: 'ml/s3#id', AWS_SECRET_ACCESS_KEY: 'ml/s3#key' } });
      new InferenceService(chart, 'Vaulted', { model: Model.sklearn({ source: ModelSource.s3('s3://models/iris/v1', { credentials }) }) });
    });
    const moved = await setNamespace(manifests, namespace);
    expect(moved.map((manifest) => manifest.kind)).toContain('ExternalSecret');
    expect(await apply(moved)).toEqual([]);
    expect((await get('externalsecrets.external-secrets.io', 'vaulted-model-credentials', namespace))?.spec.target.name).toBeDefined();
  });

  test('takes what KEDA is told, as its definitions have it', async () => {
    const access = KafkaAccess.fromSecretName('kafka', { sasl: KafkaSasl.SCRAM_SHA512, caKey: 'ca.crt' });
    const bounds = { min: 0, max: 4 };
    const manifests = synthesized((chart) => {
      new ServingEngine(chart, 'Engine', { cluster: Cluster.of({ name: 'strict', version: '1.34', metricsUrl: 'http://prometheus.monitoring:9090', operators: [ClusterOperator.KEDA, ClusterOperator.METRICS_SERVER] }) });
      new InferenceService(chart, 'Woken', {
        model: Model.sklearn({ source: ModelSource.s3('s3://models/iris/v1') }), scaling: Scaling.highestOf([
          Scaling.onConcurrency({ ...bounds, targetPerReplica: 8, wake: Wake.onIstio(), fallbackReplicas: 2 }), Scaling.onQuery({ ...bounds, query: 'max(queue_length)', targetValue: 0.5 }),
          Scaling.onSchedule({ ...bounds, timeZone: 'Europe/Berlin', windows: [{ start: '0 7 * * 1-5', end: '0 19 * * 1-5', replicas: 2 }] }),
          Scaling.onKafkaLag({ ...bounds, bootstrapServers: ['kafka:9093'], consumerGroup: 'scorer', topic: 'events', targetPerReplica: 100, access }),
        ]),
      });
    });
    const moved = await setNamespace(manifests, namespace);
    expect(await apply(moved)).toEqual([]);
    expect((await get('scaledobjects.keda.sh', 'woken', namespace))?.spec.triggers.map((one: { type: string }) => one.type)).toEqual(['prometheus', 'prometheus', 'cron', 'kafka', 'prometheus']);
    expect((await get('triggerauthentications.keda.sh', 'woken-kafka', namespace))?.spec.secretTargetRef).toHaveLength(3);
  });

  test('takes whatever the property tests called valid', async () => {
    if (!PROPERTIES || !existsSync(PROPERTIES)) throw new Error('PROPERTY_MANIFESTS names no folder: run.sh makes one');
    const inputs = readdirSync(PROPERTIES).filter((file) => file.endsWith('.yaml')).sort().map((file) => ({
      file, manifests: parseAllDocuments(readFileSync(join(PROPERTIES, file), 'utf8')).map((document) => document.toJS() as Manifest),
    }));
    const refused: string[] = [];
    for (let at = 0; at < inputs.length; at += BATCH) {
      const batch = inputs.slice(at, at + BATCH);
      if (await taken(batch.flatMap(({ manifests }) => manifests)) === undefined) continue;
      for (const { file, manifests } of batch) {
        const why = await taken(manifests); // one by one, to say which
        if (why !== undefined) refused.push(`${file}: ${why}`);
      }
    }
    measured('property tests: inputs whose manifests the API server took', inputs.length - refused.length);
    expect(refused).toEqual([]);
    expect(inputs.length).toBeGreaterThan(20);
  });

  test('refuses a field that the API does not know', async () => {
    const deployment = deploymentOf(await setNamespace(app('iris'), namespace));
    deployment.spec.template.spec.containers[0].readynessProbe = {};
    await expect(apply([deployment], { dryRun: true })).rejects.toThrow(/unknown field.*readynessProbe|readynessProbe.*not declared/);
  });

  test('fails on a warning: here of pods that Pod Security would refuse', async () => {
    const deployment = deploymentOf(await setNamespace(app('iris'), namespace));
    deployment.spec.template.spec.containers[0].securityContext = { privileged: true };
    await expect(apply([deployment], { dryRun: true, force: true })).rejects.toThrow(/Warning: would violate PodSecurity "restricted/);
  });
});

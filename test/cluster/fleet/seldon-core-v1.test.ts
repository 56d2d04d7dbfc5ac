import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, Size } from 'cdk8s';
import { Accelerator, Candidate, Cluster, ClusterOperator, EngineBackend, Exposure, GpuPool, Hold, InferenceServer, InferenceService, type InferenceServiceProps, Model, ModelSource, PayloadLogging, Rollout, RolloutController, Scaling, ServingEngine } from 'cdk8s-serving';
import { lostInSeldon } from '../../../lib/plan/engine/seldon-core-v1-fields';
import { apply, get } from '../../support/cluster/kubectl';
import { createNamespace, removeNamespaces, setNamespace } from '../../support/cluster/namespaces';
import { synthesized } from '../../support/cluster/synthesized';

const v = (version: string): Model => Model.sklearn({ source: ModelSource.s3(`s3://models/iris/${version}`), version });
const cluster = (router?: boolean): Cluster => Cluster.of({
  version: '1.34', metricsUrl: 'http://prometheus.monitoring:9090', gateway: { name: 'public', namespace: 'gateway' }, gpuPools: [GpuPool.gke('L4', { count: 8, spare: 1 })],
  operators: [ClusterOperator.SELDON_CORE_V1, ClusterOperator.KEDA, ClusterOperator.METRICS_SERVER], ...(router ? { rollouts: RolloutController.none() } : {}),
});
const exposure = Exposure.gateway({ hosts: ['iris.example.com'] });
const trial = (rollout: Rollout, percent?: number): Partial<InferenceServiceProps> => ({ exposure, rollout, candidate: Candidate.of({ model: v('v2'), percent }) });

const KUBERNETES = JSON.parse(readFileSync(join(__dirname, '../../schema/kubernetes-1.34.json'), 'utf8'));
const podSpec = (): any => ({ $ref: '#/$defs/io.k8s.api.core.v1.PodSpec' });

/** A value with every field of a schema of Kubernetes, and those of its fields that a definition does not hold. */
function compare(schema: any, held: any, path: string): { everything: unknown; missing: string[] } {
  const own = schema.$ref === undefined ? schema : KUBERNETES.$defs[schema.$ref.split('/').pop()];
  if (own.items !== undefined && held.items !== undefined) {
    const one = compare(own.items, held.items, `${path}[]`);
    return { everything: [one.everything], missing: one.missing };
  }
  if (own.properties === undefined || held.additionalProperties !== undefined) return { everything: 'x', missing: [] };
  // an object of which the definition knows no field holds nothing
  if (held.properties === undefined) return { everything: {}, missing: [path] };
  const fields = Object.entries<any>(own.properties).map(([name, inner]) => {
    const at = path === '' ? name : `${path}.${name}`;
    return [name, held.properties[name] === undefined ? { everything: 'x', missing: [at] } : compare(inner, held.properties[name], at)] as const;
  });
  return { everything: Object.fromEntries(fields.map(([name, one]) => [name, one.everything])), missing: fields.flatMap(([, one]) => one.missing) };
}

/** Services that differ in what a SeldonDeployment says of them. */
const SERVICES: { readonly [name: string]: Partial<InferenceServiceProps> } = {
  plain: {},
  logged: { payloadLogging: PayloadLogging.http({ url: 'http://log.example.com' }) },
  scaled: { scaling: Scaling.onConcurrency({ min: 2, max: 6, targetPerReplica: 4 }) },
  frozen: { hold: Hold.frozen({ reason: 'audit', until: '2027-01-01' }) },
  canary: trial(Rollout.canary({ steps: [25, 50] }), 25),
  bluegreen: trial(Rollout.blueGreen()),
  shadow: trial(Rollout.shadow(), 20),
  device: { model: Model.onnx({ source: ModelSource.s3('s3://models/o/v1'), size: Size.mebibytes(100) }), server: InferenceServer.triton(), accelerator: Accelerator.nvidia('L4'), scaling: Scaling.fixed(2) },
  text: { model: Model.huggingFace('Qwen/Qwen3-0.6B', { revision: '9216db5', size: Size.gibibytes(2) }), accelerator: Accelerator.nvidia('L4'), scaling: Scaling.fixed(1), requestTimeout: Duration.minutes(5) },
  mapped: { model: Model.tensorflow({ source: ModelSource.s3('s3://models/t/v1') }), server: InferenceServer.tensorflowServing(), podOverlay: { spec: { hostAliases: [{ ip: '10.0.0.1', hostnames: ['a'] }], volumes: [{ name: 'more', emptyDir: {} }] } } },
};

describe('the API server with the definition of SeldonDeployment', () => {
  let namespace: string;

  beforeAll(async () => { namespace = await createNamespace('seldon'); });
  afterAll(removeNamespaces);

  test.each(Object.keys(SERVICES))('takes %s strictly, and keeps all of it', async (name) => {
    const manifests = synthesized((chart) => {
      new ServingEngine(chart, 'Engine', { cluster: cluster('candidate' in SERVICES[name]!), backend: EngineBackend.seldonCoreV1() });
      new InferenceService(chart, 'Service', { name, model: v('v1'), ...SERVICES[name] });
    });
    const moved = await setNamespace(manifests, namespace);
    expect(await apply(moved)).toEqual([]);
    const given = moved.find((one) => one.kind === 'SeldonDeployment')!;
    expect((await get('seldondeployments.machinelearning.seldon.io', name, namespace))?.spec).toEqual(given.spec);
  });

  test('has of a pod what the library tells, and nothing less', async () => {
    const definition = await get('customresourcedefinitions', 'seldondeployments.machinelearning.seldon.io');
    const [version] = definition!.spec.versions;
    const held = version.schema.openAPIV3Schema.properties.spec.properties.predictors.items.properties.componentSpecs.items.properties.spec;
    const { everything, missing } = compare(podSpec(), held, '');
    expect(missing.length).toBeGreaterThan(30);
    expect(lostInSeldon(everything as any).sort()).toEqual(missing.sort());
  });

  test.each([
    [{ hostUsers: false }], [{ volumes: [{ name: 'v', image: { reference: 'x' } }] }], [{ containers: [{ name: 'server', image: 'x', resources: { claims: [{ name: 'a' }] } }] }],
    [{ containers: [{ name: 'server', image: 'x', lifecycle: { preStop: { sleep: { seconds: 1 } } } }] }], [{ initContainers: [{ name: 'server', image: 'x', restartPolicy: 'Always' }] }],
    [{ containers: [], topologySpreadConstraints: [{ topologyKey: 'a', maxSkew: 1, whenUnsatisfiable: 'ScheduleAnyway', matchLabelKeys: ['a'] }] }],
  ])('refuses what the library tells that it has no field for: %j', async (spec) => {
    expect(lostInSeldon(spec)).toHaveLength(1);
    const resource = { apiVersion: 'machinelearning.seldon.io/v1', kind: 'SeldonDeployment', metadata: { name: 'refused', namespace }, spec: { predictors: [{ name: 'default', graph: { name: 'server' }, componentSpecs: [{ spec: { containers: [], ...spec } }] }] } };
    await expect(apply([resource] as any, { dryRun: true })).rejects.toThrow(/unknown field|field not declared/);
  });
});

import { Chart } from 'cdk8s';
import { Accelerator, Candidate, Cluster, EngineBackend, Exposure, GpuPool, InferenceServer, InferenceService, KnativeFeature, KServeMode, Model, ModelSource, OciDelivery, PayloadLogging, Rollout, Scaling, ServingEngine } from 'cdk8s-serving';
import { apply, get, type Manifest } from '../../support/cluster/kubectl';
import { createNamespace, removeNamespaces, setNamespace } from '../../support/cluster/namespaces';
import { synthesized } from '../../support/cluster/synthesized';

const s3 = (name: string): ModelSource => ModelSource.s3(`s3://models/${name}/v1`);
const cluster = Cluster.of({ name: 'kserve', version: '1.34', imageVolumes: true, gateway: { name: 'public', namespace: 'gateways' }, gpuPools: [GpuPool.gke('L4', { count: 8, spare: 2 })] });

/** A service of each kind of source and of the servers that differ most. */
function services(chart: Chart, mode: KServeMode): void {
  const standard = mode === KServeMode.STANDARD;
  new ServingEngine(chart, 'Engine', { cluster, backend: EngineBackend.kserve({ mode, knativeFeatures: standard ? undefined : Object.values(KnativeFeature) }) });
  new InferenceService(chart, 'Fixed', { model: Model.sklearn({ source: s3('fixed') }), scaling: Scaling.fixed(3) });
  new InferenceService(chart, 'Scaled', { model: Model.xgboost({ source: s3('scaled') }), scaling: standard ? Scaling.onCpu({ min: 2, max: 4 }) : Scaling.onConcurrency({ min: 0, max: 4, targetPerReplica: 8 }), ...(standard ? { exposure: Exposure.gateway({ hosts: ['scaled.example.com'] }) } : {}) });
  new InferenceService(chart, 'Claimed', { model: Model.sklearn({ source: ModelSource.pvcName('models', { path: 'v1' }) }) });
  new InferenceService(chart, 'Copied', { model: Model.sklearn({ source: ModelSource.oci('registry.example.com/iris:v1') }) });
  new InferenceService(chart, 'Mounted', { model: Model.sklearn({ source: ModelSource.oci('registry.example.com/iris:v1', { delivery: OciDelivery.VOLUME }) }) });
  new InferenceService(chart, 'Inside', { model: Model.sklearn({ source: ModelSource.inImage('/opt/iris') }), server: InferenceServer.mlserver({ image: 'registry.example.com/iris:v1' }) });
  new InferenceService(chart, 'Assistant', { model: Model.huggingFace('Qwen/Qwen3-8B', { revision: '9216db5' }), accelerator: Accelerator.nvidia('L4'), scaling: Scaling.fixed(1) });
  new InferenceService(chart, 'Onnx', { model: Model.onnx({ source: s3('onnx') }), server: InferenceServer.triton() });
  if (!standard) return;
  new InferenceService(chart, 'Logged', { model: Model.sklearn({ source: s3('logged') }), payloadLogging: PayloadLogging.http({ url: 'http://sink' }) });
  new InferenceService(chart, 'Device', { model: Model.onnx({ source: s3('device') }), server: InferenceServer.triton(), accelerator: Accelerator.resourceClaim('gpu.nvidia.com'), scaling: Scaling.fixed(1) });
  new InferenceService(chart, 'Tried', {
    model: Model.sklearn({ source: s3('tried'), version: 'v1' }), rollout: Rollout.canary({ steps: [25] }), candidate: Candidate.of({ model: Model.sklearn({ source: s3('tried-2'), version: 'v2' }), percent: 25 }), exposure: Exposure.gateway({ hosts: ['tried.example.com'] }),
  });
}

describe("services on KServe, by KServe's own definitions", () => {
  let namespace: string;

  beforeAll(async () => { namespace = await createNamespace('kserve'); });
  afterAll(removeNamespaces);

  test.each(Object.values(KServeMode))('are taken strictly, and no field is lost: %s mode', async (mode) => {
    const moved = await setNamespace(synthesized((chart) => services(chart, mode)), namespace);
    expect(await apply(moved)).toEqual([]);
    const ours = moved.filter(({ kind }) => kind === 'InferenceService' || kind === 'ServingRuntime');
    expect(ours.length).toBeGreaterThan(15);
    for (const { kind, metadata, spec } of ours) {
      const stored: Manifest | undefined = await get(`${kind.toLowerCase()}s.serving.kserve.io`, metadata.name, namespace);
      expect(stored?.spec).toMatchObject(spec);
    }
  });
});

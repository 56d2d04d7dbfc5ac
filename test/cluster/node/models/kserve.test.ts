import { Cpu } from 'cdk8s-plus-28';
import { Cluster, ClusterOperator, Credentials, EngineBackend, ExistingService, Exposure, InferenceProtocol, InferenceService, Model, ModelSource, Scaling, ServingEngine } from 'cdk8s-serving';
import { Gateway } from '../../../support/cluster/gateway';
import { IrisWorld } from '../../../support/cluster/iris';
import { KServeController } from '../../../support/cluster/kserve-controller';
import { byHand, routeByHand, THEIRS } from '../../../support/cluster/kserve-by-hand';
import { apply, get, isReady, kubectl, list, type Manifest } from '../../../support/cluster/kubectl';
import { ALL_ANSWERED, Load, type LoadStream, type LoadSummary } from '../../../support/cluster/load';
import { createNamespace, removeNamespaces, setNamespace } from '../../../support/cluster/namespaces';
import { promised } from '../../../support/cluster/promises';
import { measured } from '../../../support/cluster/report';
import { sleep } from '../../../support/cluster/run';
import { deploymentOf, synthesized } from '../../../support/cluster/synthesized';
import { gone, rolledOut, serviceAddress } from '../../../support/cluster/workloads';

const STORAGE = 'storage-kserve';
const COPIES = 2;
/** Requests a second of each stream. */
const RATE = 5;
/** Copies of both engines are there at once. */
const CPU = Cpu.millis(100);
const SOURCE = ModelSource.s3('s3://models/iris/v1', { endpoint: `http://minio.${STORAGE}:9000`, credentials: Credentials.fromSecretName('minio') });
const KUBERNETES = EngineBackend.kubernetes();
const KSERVE = EngineBackend.kserve();

/** One definition, on an engine: what is applied, and where clients ask. */
function iris(backend: EngineBackend): { manifests: Manifest[]; urls: (string | undefined)[] } {
  let urls: (string | undefined)[] = [];
  const manifests = synthesized((chart) => {
    new ServingEngine(chart, 'Engine', { cluster: Cluster.of({ version: '1.34', operators: [ClusterOperator.KSERVE] }), backend });
    const service = new InferenceService(chart, 'Iris', { model: Model.sklearn({ source: SOURCE, version: 'v1' }), scaling: Scaling.fixed(COPIES), cpu: CPU });
    urls = [InferenceProtocol.V2_REST, InferenceProtocol.V2_GRPC].map((protocol) => service.endpoint(protocol)?.url);
  });
  return { manifests, urls };
}

describe("KServe's real controller, with real pods of MLServer", () => {
  let world: IrisWorld;
  let kserve: KServeController;
  let gateway: Gateway;
  /** Namespaces: of the service that moves, and of the one that ours comes beside. */
  let moving: string;
  let beside: string;

  beforeAll(async () => {
    // what its ConfigMap names as published is of no version
    const config = { storageInitializer: { image: 'docker.io/kserve/storage-initializer:v0.20.0' } };
    await Promise.all([
      KServeController.start({ config }).then((started) => { kserve = started; }),
      IrisWorld.start(STORAGE).then((started) => { world = started; }),
      Gateway.start().then((started) => { gateway = started; }),
    ]);
    [moving, beside] = await Promise.all([createNamespace('kserve-move'), createNamespace('kserve-beside', { restricted: false })]); // KServe's own download is nothing that Pod Security 'restricted' lets in
    await apply([world.s3.secret('minio', moving), ...await setNamespace(iris(KUBERNETES).manifests, moving)]);
    await apply([world.s3.secret('minio', beside), ...byHand({ name: 'iris', namespace: beside, storageUri: 's3://models/iris/v1', secret: world.s3.secret('theirs', beside), endpoint: `minio.${STORAGE}:9000` })]);
    await Promise.all([rolledOut('iris', moving), kserve.ready('inferenceservice', 'iris', beside, 180_000)]);
  }, 1_200_000); // minutes where the programs have to be made first

  afterAll(async () => {
    await kserve?.stop();
    await gateway?.stop();
    await removeNamespaces();
    await world?.stop();
  });

  const stream = (protocol: 'rest' | 'grpc', address: string, others: Partial<LoadStream> = {}): LoadStream => ({ protocol, address, model: 'iris', rate: RATE, ...others });
  const load = (streams: Record<string, LoadStream>, seconds?: number) => Load.start(world.client, { model: world.trained, streams, seconds });

  /** Requests by both protocols, over fresh connections and kept ones. */
  const bothWays = ({ rest, grpc }: { rest: LoadStream; grpc: LoadStream }) =>
    load({ restFresh: rest, restKept: { ...rest, connections: 2 }, grpcFresh: grpc, grpcKept: { ...grpc, connections: 2 } });

  function nothingLost(summary: Record<string, LoadSummary>): void {
    for (const one of Object.values(summary)) {
      expect(one).toMatchObject(ALL_ANSWERED);
      expect(one.sent).toBeGreaterThan(5 * RATE);
    }
  }

  describe('the engine of a service that is asked all the time changes, by its backend alone', () => {
    let selected: string[];

    const on = (backend: EngineBackend) => setNamespace(iris(backend).manifests, moving);

    async function asked(work: () => Promise<void>): Promise<Record<string, LoadSummary>> {
      const running = await bothWays({ rest: stream('rest', await serviceAddress('iris', moving, 'http')), grpc: stream('grpc', await serviceAddress('iris', moving, 'grpc')) });
      await sleep(2_000);
      await work();
      await sleep(2_000);
      return running.stop();
    }

    /** The new engine's objects first; what is only the old one's goes when all new copies are ready. */
    async function move(from: EngineBackend, to: EngineBackend, arrived: () => Promise<unknown>): Promise<void> {
      const [old, next] = [await on(from), await on(to)];
      const leaving = await list('pods', { namespace: moving });
      await apply(next, { force: true });
      await arrived();
      selected = await behindService();
      const title = ({ kind, metadata: { name } }: Manifest) => `${kind}/${name}`;
      const kept = next.map(title);
      for (const one of old.map(title).filter((found) => !kept.includes(found))) await kubectl(['delete', one, '--namespace', moving, '--wait=false']);
      await gone(leaving);
    }

    /** What the pods behind the Service's name are called by their makers. */
    async function behindService(): Promise<string[]> {
      const slices = await list('endpointslices', { namespace: moving, selector: 'kubernetes.io/service-name=iris' });
      const pods = slices.flatMap(({ endpoints }) => endpoints ?? []).filter(({ conditions }) => conditions.ready).map(({ targetRef }) => targetRef.name as string);
      return pods.map((pod) => pod.replace(/-[0-9a-f]+-[0-9a-z]{5}$/, '')).sort();
    }

    test('to KServe: both are behind one name meanwhile, and no request is lost', async () => {
      const before = await get('service', 'iris', moving);
      const began = Date.now();
      const summary = await asked(() => move(KUBERNETES, KSERVE, async () => {
        await kserve.ready('inferenceservice', 'iris', moving, 180_000);
        await rolledOut('iris-predictor', moving);
        measured(`iris on KServe: seconds from apply to ${COPIES} Ready copies`, (Date.now() - began) / 1000);
      }));
      measured('from plain Kubernetes to KServe', summary);
      expect(selected).toEqual(['iris', 'iris', 'iris-predictor', 'iris-predictor']);
      expect(await behindService()).toEqual(['iris-predictor', 'iris-predictor']);
      expect((await get('service', 'iris', moving))?.spec).toEqual(before?.spec);
      expect(iris(KSERVE).urls).toEqual(iris(KUBERNETES).urls);
      nothingLost(summary);
    });

    test("KServe's pods are as planned, with our download of the model and no second one", async () => {
      const pods = await list('pods', { namespace: moving, selector: 'serving.kserve.io/inferenceservice=iris' });
      expect(pods.filter(isReady)).toHaveLength(COPIES);
      const planned = promised(deploymentOf(iris(KUBERNETES).manifests).spec.template);
      for (const pod of pods) {
        expect(promised(pod, { server: 'kserve-container', download: 'storage-initializer' })).toMatchObject(planned);
        expect(pod.spec.initContainers.map(({ name }: Manifest['spec']) => name)).toEqual(['storage-initializer']);
      }
    });

    test('and back, as well', async () => {
      const summary = await asked(() => move(KSERVE, KUBERNETES, () => rolledOut('iris', moving)));
      measured('from KServe to plain Kubernetes', summary);
      expect(selected).toEqual(['iris', 'iris', 'iris-predictor', 'iris-predictor']);
      expect(await behindService()).toEqual(['iris', 'iris']);
      nothingLost(summary);
    });
  });

  describe('a service that others made for KServe, with a host of its own', () => {
    const host = 'iris.example.com';
    const grpcHost = 'grpc.iris.example.com';
    const routes = [['httproute', 'public'], ['grpcroute', 'public']] as const;

    beforeAll(async () => {
      const name = 'iris-predictor';
      await apply([routeByHand('HTTPRoute', beside, gateway, host, { name, port: 80 }), routeByHand('GRPCRoute', beside, gateway, grpcHost, { name, port: 9000 })]);
      for (const [kind, name] of routes) await gateway.routed(kind, name, beside);
    });

    /** Ours in its place, which gets that share of requests; or all, when nothing is replaced any more. */
    async function put(percent?: number): Promise<void> {
      const manifests = synthesized((chart) => {
        new ServingEngine(chart, 'Engine', { cluster: Cluster.of({ version: '1.34', gateway: { name: gateway.name, namespace: gateway.namespace } }) });
        new InferenceService(chart, 'IrisNext', {
          model: Model.sklearn({ name: 'iris', source: SOURCE, version: 'next' }), scaling: Scaling.fixed(1), cpu: CPU, exposure: Exposure.gateway({ hosts: [host], grpcHosts: [grpcHost] }),
          ...(percent !== undefined && { replaces: ExistingService.kserve('iris', { percent, grpcPort: 9000 }) }),
        });
      });
      await apply(await setNamespace(manifests, beside));
      await rolledOut('iris-next', beside);
      await gateway.routed('httproute', 'iris-next', beside);
      await gateway.routed('grpcroute', 'iris-next-grpc', beside);
      await sleep(2_000); // until Envoy has heard of it
    }

    const rest = () => stream('rest', gateway.address, { host });
    const grpc = () => stream('grpc', gateway.address, { host: grpcHost });

    /** Per cent of requests that ours answers, by each protocol. */
    async function share(): Promise<number[]> {
      const answers = await (await load({ rest: { ...rest(), rate: 20 }, grpc: { ...grpc(), rate: 20 } }, 3)).finished();
      return Object.values(answers).map(({ sent, versions }) => 100 * (1 - (versions[THEIRS] ?? 0) / sent));
    }

    test('keeps serving while ours comes up beside it, hands its requests over by weight, and goes: none is lost', async () => {
      const running = await bothWays({ rest: rest(), grpc: grpc() });
      const shares: Record<string, number[]> = {};
      await put(0);
      for (const [kind, name] of routes) await kubectl(['delete', kind, name, '--namespace', beside]);
      await sleep(2_000);
      for (const percent of [0, 50, 100]) {
        if (percent > 0) await put(percent);
        shares[percent] = await share();
      }
      const theirs = await list('pods', { namespace: beside, selector: 'serving.kserve.io/inferenceservice=iris' });
      await put();
      await kubectl(['delete', 'inferenceservices.serving.kserve.io', 'iris', '--namespace', beside]);
      await gone(theirs);
      shares.after = await share();
      const summary = await running.stop();
      measured('an InferenceService of KServe gives its host over: per cent that ours answered', shares);
      measured('an InferenceService of KServe gives its host over', summary);
      nothingLost(summary);
      expect(shares).toMatchObject({ 0: [0, 0], 100: [100, 100], after: [100, 100] });
      for (const half of shares[50]!) expect(Math.abs(half - 50)).toBeLessThan(30);
    });
  });
});

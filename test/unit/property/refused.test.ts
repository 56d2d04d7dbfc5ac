import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Chart, type ChartProps, Duration, Size, Testing } from 'cdk8s';
import { Container, Cpu, EnvValue, HorizontalPodAutoscaler, ServiceAccount, Volume } from 'cdk8s-plus-28';
import {
  Accelerator, AcceleratorKind, Alerting, AlertTuning, type AlertingProps, AlibiExplainer, Audience, Batching, Candidate, Cost, CostBudget, CloudIdentity, Cluster, ClusterOperator, type ClusterProps, Credentials, Defaults, Detector, DriftMethod, EngineBackend, Explainer, Exposure, type Finding, type FlaggerProps, Gate, GateAction, GpuPool, GraphCondition, GraphData, GraphNode, GraphStep, type GraphStepOptions, Hold, InferenceGraph, type InferenceGraphProps, InferenceProtocol, InferenceServer, InferenceService, type InferenceServiceProps, KafkaAccess, KafkaSasl, KnativeFeature, KServeMode, type KServeProps,
  LoadCurve, Grafana, MetricsBackend, MetricsSource, Model, ModelFeature, ModelFormat, ModelMonitor, ModelSource, MonitoringStack, MountedFile, Objective, OciDelivery, PayloadLogging, PayloadMode, PayloadSource, PayloadStore, Phoenix, PhoenixStorage, Problems, PythonCode, QuietTime, Receiver, Rollout, RolloutController, Scaling, ScalingSimulation, SecretKey, SecretRotation, SeldonServers, ServingEngine, Team, TeamAlerts, Tracing, TrafficRouterKind, Transformer, Wake,
} from 'cdk8s-serving';
import { ProblemKind } from '../../../lib/describe/problem';
import { KServeServer } from '../../../lib/describe/server/kserve';
import { planRouting } from '../../../lib/watch/routing/plan';
import { routingFindings, RoutingForm } from '../../../lib/watch/routing/requirements';
import { ENGINE_MISTAKES } from '../../support/engine-mistakes';
import { MONITOR, monitored } from '../../support/monitored';
import { serveOnSeldon } from '../../support/seldon-v1';
import { hearing, iris, serve, type Served } from '../../support/serving';
import { watch, type Watched } from '../../support/watched';

const folder = mkdtempSync(join(tmpdir(), 'refused-'));
writeFileSync(join(folder, 'server.py'), 'app = None\n');
const large = mkdtempSync(join(tmpdir(), 'refused-'));
writeFileSync(join(large, 'model.py'), '#'.repeat(1_000_000));

const DIGEST = `sha256:${'ab'.repeat(32)}`;
const hub = (props = {}) => Model.huggingFace('Qwen/Qwen3-8B', { revision: 'abcdef0123', size: Size.gibibytes(17), ...props });
const onnx = Model.onnx({ source: ModelSource.s3('s3://models/detector/v1'), size: Size.mebibytes(100) });
const l4 = { accelerator: Accelerator.nvidia('L4'), scaling: Scaling.fixed(2) };
const l4Pool = (props = {}) => ({ gpuPools: [GpuPool.gke('L4', { count: 4, ...props })] });
const KEDA = { metricsUrl: 'http://prometheus.monitoring:9090' };
const schedule = (props = {}) => Scaling.onSchedule({ min: 1, max: 4, timeZone: 'Europe/Berlin', windows: [{ start: '0 7 * * 1-5', end: '0 19 * * 1-5', replicas: 3 }], ...props });
const kafka = (props = {}) => Scaling.onKafkaLag({ min: 1, max: 4, bootstrapServers: ['kafka:9092'], consumerGroup: 'scorer', topic: 'events', targetPerReplica: 100, ...props });
const custom = (props: Partial<InferenceServiceProps>) => serve({ model: Model.custom(), ...props });
const from = (source: ModelSource) => serve({ model: iris({ source }) });
const second = (served: Served, id: string, props: Partial<InferenceServiceProps> = {}, scope: Chart = served.chart) => { new InferenceService(scope, id, { model: iris(), ...props }); return served; };
const gateway = { gateway: { name: 'public', namespace: 'gateway' } };
const inChart = (props: ChartProps) => { const app = Testing.app(); const chart = new Chart(app, 'ml', props); return { app, chart, service: new InferenceService(chart, 'Iris', { model: iris() }) } as unknown as Served; };
const v2 = iris({ source: ModelSource.s3('s3://models/iris/v2') });
const metrics = { metricsUrl: 'http://prometheus.monitoring:9090' };
const argo = (rollout: Rollout, props: Partial<InferenceServiceProps> = {}, cluster: Partial<ClusterProps> = {}) => serve({ rollout, ...props }, { operators: [ClusterOperator.ARGO_ROLLOUTS], ...metrics, ...cluster });
const kserved = (props: Partial<InferenceServiceProps>, kserve: KServeProps = {}) => serve(props, {}, { backend: EngineBackend.kserve(kserve) });
const onKnative = (props: Partial<InferenceServiceProps>, knativeFeatures = Object.values(KnativeFeature)) => kserved(props, { mode: KServeMode.KNATIVE, knativeFeatures });
const flagger = (rollout: Rollout, controller: FlaggerProps = {}) => serve({ rollout, exposure: Exposure.gateway({ hosts: ['x.example.com'] }) }, { ...gateway, ...metrics, rollouts: RolloutController.flagger(controller) });
const errors = Gate.errors({ maxPercent: 1 });
const stored = (namespace: string | undefined, change: (store: PayloadStore) => void = () => undefined) => { const app = Testing.app(); const chart = new Chart(app, 'ml', { namespace }); change(new PayloadStore(chart, 'Payloads', { size: Size.gibibytes(1) })); return { app, chart } as unknown as Served; };
const phoenix = (props = {}, change: (phoenix: Phoenix) => void = () => undefined) => { const app = Testing.app(); const chart = new Chart(app, 'ml', { namespace: 'ml' }); change(new Phoenix(chart, 'Phoenix', { storage: PhoenixStorage.volume({ size: Size.gibibytes(1) }), ...props })); return { app, chart } as unknown as Served; };
const somewhere = { host: 'phoenix', asksForKey: true, grantSend: () => undefined, grantUse: () => undefined };
const container = (props = {}) => custom({ server: InferenceServer.container({ image: 'registry.example.com/ml/x:1', ...props }) });
const wrapper = InferenceServer.container({ image: 'registry.example.com/ml/x:1' });

const inApp = (one: Watched): Served => ({ app: one.chart.node.root }) as unknown as Served;
const watched = (...given: Parameters<typeof watch>): Served => inApp(watch(...given));

/** Mistakes as people make them, and the code that tells each. */
/** A graph beside a service. */
const graph = (steps: GraphStep[] | GraphNode, props: Partial<InferenceGraphProps> = {}, served = serve()) => {
  new InferenceGraph(served.chart, 'Graph', { root: steps instanceof GraphNode ? steps : GraphNode.sequence(steps), ...props });
  return served;
};
const step = (name: string, options: GraphStepOptions = {}) => GraphStep.url(`http://${name}.other.svc/`, { name, ...options });
const onSeldonV2 = (props: Partial<InferenceServiceProps>, servers = SeldonServers.dedicated()) => serve(props, {}, { backend: EngineBackend.seldonCoreV2({ servers }) });
const onKServe = () => serve({}, { operators: [ClusterOperator.KSERVE] }, { backend: EngineBackend.kserve() });

const REFUSED: readonly [mistake: string, code: string, make: () => Pick<Served, 'app'>][] = [
  ...ENGINE_MISTAKES,
  // graphs
  ['a node without steps', 'GRAPH_EMPTY', () => graph([])],
  ['two steps of one name', 'GRAPH_NAME_TWICE', () => graph([step('a'), step('a')])],
  ['weights that are not 100 percent', 'GRAPH_WEIGHTS', () => graph(GraphNode.splitter([step('a', { weight: 50 }), step('b', { weight: 49 })]))],
  ['a step of a switch without a condition', 'GRAPH_NO_CONDITION', () => graph(GraphNode.switch([step('a')]))],
  ['a weight in a sequence', 'GRAPH_OPTION', () => graph([step('a', { weight: 100 })])],
  ['a comparison outside of a query', 'GRAPH_CONDITION', () => graph([step('a'), step('b', { condition: GraphCondition.gjson('lang == "de"') })])],
  ['a service that does not speak the protocol', 'GRAPH_PROTOCOL', () => { const served = serve(); return graph([GraphStep.service(served.service)], { protocol: InferenceProtocol.V1_REST }, served); }],
  ['a graph by gRPC', 'GRAPH_NOT_HTTP', () => graph([step('a')], { protocol: InferenceProtocol.V2_GRPC })],
  ['predictions in V2', 'GRAPH_PREDICTIONS', () => graph([step('a'), step('b', { data: GraphData.PREDICTIONS })])],
  ['a graph that asks itself', 'GRAPH_CYCLE', () => graph([GraphStep.url('http://graph.ml.svc/')])],
  ['a graph with an address, as a Pipeline', 'GRAPH_PIPELINE', () => graph([step('a')], { engine: new ServingEngine(Testing.chart(), 'Seldon', { backend: EngineBackend.seldonCoreV2(), cluster: Cluster.of({ version: '1.34', operators: [ClusterOperator.SELDON_CORE_V2] }) }) })],
  ['a service that is found by headers alone', 'GRAPH_STEP_HEADERS', () => { const served = serve(); return graph([GraphStep.service(InferenceService.fromInferenceServiceAttributes(served.chart, 'Far', { name: 'far', endpoints: [{ protocol: 'v2-rest', url: 'http://mesh/', host: 'mesh', port: 80, path: '/', modelName: 'far', headers: { 'seldon-model': 'far' } }] }))], {}, served); }],
  ['headers that an InferenceGraph has no field for', 'GRAPH_HEADERS', () => graph([step('a')], { propagateHeaders: ['authorization'] }, onKServe())],
  // Seldon Core v1
  ['a version of KServe that is none', 'WRONG_TYPE', () => kserved({}, { version: '1.18' })],
  ['a mode of KServe by its old name', 'WRONG_TYPE', () => kserved({}, { mode: 'Serverless' as any })],
  ['a freeze on KServe', 'ENGINE_NOT_ABLE', () => kserved({ hold: Hold.frozen({ reason: 'a fair', until: '2027-01-31' }) })],
  ["a variable that KServe's webhook refuses", 'ENGINE_RESERVED', () => kserved({ env: { PYTHONPATH: EnvValue.fromValue('/opt/lib') } })],
  ['a download on a Knative without init containers', 'KNATIVE_FEATURE', () => onKnative({}, [])],
  ["the node's network on Knative", 'KNATIVE_POD', () => onKnative({ podOverlay: { spec: { hostNetwork: true } } })],
  ['features of Knative in Standard mode', 'KNATIVE_FEATURES_UNUSED', () => kserved({}, { knativeFeatures: [KnativeFeature.INIT_CONTAINERS] })],
  ['payloads to a bridge into Kafka on Knative', 'KSERVE_LOGGER', () => onKnative({ payloadLogging: PayloadLogging.kafka({ bridgeUrl: 'http://bridge:8080', topic: 'x' }) })],
  ['two signals on Knative', 'KNATIVE_SCALING', () => onKnative({ scaling: Scaling.highestOf([Scaling.onConcurrency({ min: 1, max: 4, targetPerReplica: 4 }), Scaling.onRequestRate({ min: 1, max: 4, targetPerReplica: 50 })]) })],
  ['a version of Seldon Core v1 that is none', 'WRONG_TYPE', () => serveOnSeldon({}, {}, { version: '2.10' })],
  ['a version of Seldon Core v1 that is a number', 'WRONG_TYPE', () => serveOnSeldon({}, {}, { version: 1.18 as any })],
  ['a controller id that is no label', 'TEXT_NOT_ALLOWED', () => serveOnSeldon({}, {}, { controllerId: 'My Operator' })],
  ['a misspelt prop of Seldon Core v1', 'UNKNOWN_PROP', () => serveOnSeldon({}, {}, { controllerID: 'x' } as any)],
  ['Seldon Core v1 on a cluster that does not run it', 'OPERATOR_MISSING', () => serve({}, { operators: [] }, { backend: EngineBackend.seldonCoreV1() })],
  ['Argo Rollouts on Seldon Core v1', 'ENGINE_NOT_ABLE', () => serveOnSeldon({ rollout: Rollout.blueGreen() }, { operators: [ClusterOperator.ARGO_ROLLOUTS], ...metrics })],
  ['Flagger on Seldon Core v1', 'ENGINE_NOT_ABLE', () => serveOnSeldon({ rollout: Rollout.blueGreen() }, { operators: [ClusterOperator.FLAGGER], ...metrics })],
  ['gates on Seldon Core v1', 'ENGINE_NOT_ABLE', () => serveOnSeldon({ rollout: Rollout.blueGreen({ gates: [errors] }) }, metrics)],
  ['a field of the pod that a SeldonDeployment does not have', 'SELDON_FIELD', () => serveOnSeldon({ podOverlay: { spec: { hostUsers: false } } })],
  ['a label of its operator on Seldon Core v1', 'ENGINE_RESERVED', () => serveOnSeldon({ labels: { version: 'v7' } })],
  ['a variable of its operator on Seldon Core v1', 'SELDON_VARIABLE', () => serveOnSeldon({ server: InferenceServer.container({ image: 'registry.example.com/ml/x:1' }), model: Model.custom(), env: { MLSERVER_MODEL_NAME: EnvValue.fromValue('x') } })],
  ['a service whose name is that of a Service of Seldon\'s', 'MADE_NAME_TAKEN', () => second(serveOnSeldon(), 'Other', { name: 'iris-default' })],
  // Seldon Core v2
  ['workers of a server that others share', 'SELDON_SHARED_SERVER', () => onSeldonV2({ server: InferenceServer.mlserver({ workers: 2 }) }, SeldonServers.shared())],
  ["an argument of a ServerConfig's Triton", 'SELDON_SERVER_ARGUMENTS', () => onSeldonV2({ model: onnx, server: InferenceServer.triton({ extraArguments: ['--log-verbose=1'] }) })],
  ["a hook of a ServerConfig's server", 'SELDON_POD_FIELD', () => onSeldonV2({ podOverlay: { spec: { containers: [{ name: 'server', lifecycle: { preStop: { sleep: { seconds: 1 } } } }] } } })],
  ["a file in a ServerConfig's volume", 'SELDON_MOUNT', () => onSeldonV2({ files: [MountedFile.inline('/mnt/certs/ours.crt', 'x')] })],
  // releases
  ['steps of a canary that go back', 'CANARY_STEPS', () => argo(Rollout.canary({ steps: [50, 25], gates: [errors] }))],
  ['two gates of one name', 'GATE_TWICE', () => argo(Rollout.blueGreen({ gates: [errors, errors] }))],
  ['a person who is asked at no step', 'PERSON_STEP', () => argo(Rollout.canary({ steps: [25, 50], gates: [errors, Gate.person({ at: [30] })] }))],
  ['a gate of a query without a bound', 'GATE_BOUND', () => argo(Rollout.blueGreen({ gates: [Gate.query({ name: 'mine', query: 'sum(x{$NEW})' })] }))],
  ['a gate of a query over both versions', 'GATE_SELECTS_BOTH', () => argo(Rollout.blueGreen({ gates: [Gate.query({ name: 'mine', query: 'sum(x)', max: 1 })] }))],
  ['a file of golden requests that does not exist', 'GOLDEN_FILE', () => argo(Rollout.blueGreen({ gates: [Gate.goldenRequests({ file: 'nowhere.json' })] }))],
  ['a gate by failures that the server does not count', 'GATE_NOT_MEASURABLE', () => argo(Rollout.blueGreen({ gates: [errors] }), { server: InferenceServer.kserveSklearn() })],
  ['a latency between two buckets', 'LATENCY_OFF_BUCKETS', () => argo(Rollout.blueGreen({ gates: [Gate.latency({ p: 95, below: Duration.millis(123) })] }))],
  ['a latency beyond the last bucket', 'LATENCY_OFF_BUCKETS', () => argo(Rollout.blueGreen({ gates: [Gate.latency({ p: 95, below: Duration.minutes(5) })] }))],
  ['a gate that forgives everything', 'GATE_CANNOT_FAIL', () => argo(Rollout.blueGreen({ gates: [Gate.errors({ maxPercent: 1, failureLimit: 999 })] }))],
  ['a window of one scrape', 'GATE_WINDOW', () => argo(Rollout.blueGreen({ gates: [Gate.errors({ maxPercent: 1, window: Duration.seconds(30) })] }))],
  ['a shadow by a router that ignores mirrors', 'ROLLOUT_NOT_ABLE', () => argo(Rollout.shadow({ gates: [errors] }), { exposure: Exposure.gateway({ hosts: ['x.example.com'] }) }, gateway)],
  ['an A/B test without a router', 'ROLLOUT_NOT_ABLE', () => argo(Rollout.abTest({ audience: Audience.header('x-model', 'v2'), gates: [errors] }))],
  ['gates that nobody judges', 'GATE_NOT_ABLE', () => serve({ rollout: Rollout.blueGreen({ gates: [errors] }) }, metrics)],
  ['a pause that Flagger does not know', 'GATE_ACTION_NOT_ABLE', () => flagger(Rollout.canary({ steps: [10], gates: [Gate.errors({ maxPercent: 1, onFew: GateAction.PAUSE })] }))],
  ['a person without the gate of a load tester', 'GATE_NOT_ABLE', () => flagger(Rollout.canary({ steps: [10], gates: [errors, Gate.person()] }))],
  ['a rollout controller that does not run', 'ROLLOUT_CONTROLLER_MISSING', () => argo(Rollout.blueGreen({ gates: [errors] }), {}, { operators: [], rollouts: RolloutController.argo() })],
  ['a share that two copies can not give', 'WEIGHT_UNREACHABLE', () => argo(Rollout.canary({ steps: [5], gates: [errors] }))],
  ['gates without a metrics store', 'GATE_WITHOUT_METRICS', () => argo(Rollout.blueGreen({ gates: [errors] }), {}, { metricsUrl: undefined })],
  ['a deadline below the load', 'DEADLINE_BELOW_LOAD', () => argo(Rollout.blueGreen({ gates: [errors], progressDeadline: Duration.seconds(20) }))],
  ['a router that the requests do not pass', 'ROUTER_EXPOSURE', () => argo(Rollout.canary({ steps: [10], gates: [errors] }), {}, { rollouts: RolloutController.argo({ router: TrafficRouterKind.GATEWAY_API }) })],
  ['a candidate of a rolling update', 'CANDIDATE_WITHOUT_RELEASE', () => serve({ candidate: Candidate.of({ model: v2 }) })],
  ['a share that is no step', 'CANDIDATE_PERCENT', () => serve({ rollout: Rollout.canary({ steps: [10] }), exposure: Exposure.gateway({ hosts: ['x.example.com'] }), candidate: Candidate.of({ model: v2, percent: 30 }) }, gateway)],
  ['a candidate of another name', 'CANDIDATE_NAME', () => serve({ rollout: Rollout.blueGreen(), candidate: Candidate.of({ model: iris({ name: 'other' }) }) })],
  ['a candidate that the server can not read', 'CANDIDATE_FORMAT', () => serve({ rollout: Rollout.blueGreen(), candidate: Candidate.of({ model: onnx }) })],
  ['a candidate with credentials of its own', 'CANDIDATE_CREDENTIALS', () => serve({ rollout: Rollout.blueGreen(), candidate: Candidate.of({ model: iris({ source: ModelSource.s3('s3://models/iris/v2', { credentials: Credentials.externalSecret({ store: 'vault', keys: { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' } }) }) }) }) })],
  ['a candidate whose image nobody builds', 'CANDIDATE_CODE', () => serve({ model: Model.custom({ code: PythonCode.image(folder, { repository: 'registry.example.com/ml/x' }) }), server: InferenceServer.container({ image: 'registry.example.com/ml/x:1' }), rollout: Rollout.blueGreen(), candidate: Candidate.of({ model: Model.custom({ code: PythonCode.image(folder, { repository: 'registry.example.com/ml/x' }) }) }) })],
  ['a prop of a release that nobody acts on', 'ROLLOUT_PROP_UNUSED', () => serve({ rollout: Rollout.blueGreen({ keepOld: Duration.minutes(5) }), candidate: Candidate.of({ model: v2 }) })],
  ['a word of a query that stands for nothing', 'GATE_WORD', () => argo(Rollout.blueGreen({ gates: [Gate.query({ name: 'mine', query: 'sum(rate(x{$NEW}[$WINDOWS]))', max: 1 })] }))],
  ['a take-over without Argo Rollouts', 'TAKE_OVER', () => serve({ rollout: Rollout.blueGreen({ takeOverDeployment: true }) })],
  ['a name that leaves no room for a release', 'RELEASE_NAME', () => argo(Rollout.blueGreen({ gates: [errors] }), { name: 'x'.repeat(41) })],
  // props
  ['a misspelt prop', 'UNKNOWN_PROP', () => serve({ sclaing: Scaling.fixed(2) } as any)],
  ['no model', 'MISSING_PROP', () => serve({ model: undefined })],
  ['a text for a size', 'WRONG_TYPE', () => serve({ memory: '2Gi' as any })],
  ['a size that is no number', 'NUMBER_OUT_OF_RANGE', () => serve({ memory: Size.gibibytes(NaN) })],
  ['a model of no bytes', 'NUMBER_OUT_OF_RANGE', () => serve({ model: iris({ size: Size.kibibytes(0) }) })],
  ['a CPU of zero', 'NUMBER_OUT_OF_RANGE', () => serve({ cpu: Cpu.units(0) })],
  ['no copies', 'NUMBER_OUT_OF_RANGE', () => serve({ scaling: Scaling.fixed(0) })],
  ['one copy and a half', 'NUMBER_OUT_OF_RANGE', () => serve({ scaling: Scaling.fixed(1.5) })],
  ['a time-out without end', 'NUMBER_OUT_OF_RANGE', () => serve({ requestTimeout: Duration.days(400) })],
  ['a host name with a scheme', 'TEXT_NOT_ALLOWED', () => serve({ exposure: Exposure.gateway({ hosts: ['https://x.example.com'] }) }, gateway)],
  ['a metric that an adapter can not be asked for', 'TEXT_NOT_ALLOWED', () => serve({ scaling: Scaling.onCustomMetric({ min: 1, max: 2, metric: 'vllm:num_requests_waiting', targetPerReplica: 5 }) })],
  ['a file outside of the root', 'TEXT_NOT_ALLOWED', () => serve({ files: [MountedFile.inline('../etc/x', 'y')] })],
  // names
  ['a name that is no DNS label', 'NAME', () => serve({ name: 'Fraud_Check' })],
  ['a name that leaves no room for what is derived from it', 'NAME', () => serve({ name: 'x'.repeat(48) })],
  ['two services of one name', 'NAME_TWICE', () => { const one = serve({ name: 'iris' }); return second(one, 'Other', { name: 'iris', engine: one.engine }, new Chart(one.app, 'more', { namespace: 'ml' })); }],
  ['two services under one host', 'HOST_TWICE', () => second(serve({ exposure: Exposure.gateway({ hosts: ['x.example.com'] }) }, gateway), 'Other', { exposure: Exposure.gateway({ hosts: ['x.example.com'] }) })],
  ['one host name for HTTP and gRPC', 'HOST_FOR_BOTH', () => serve({ exposure: Exposure.gateway({ hosts: ['x.example.com'], grpcHosts: ['x.example.com'] }) }, gateway)],
  ['a chart whose namespace is none', 'NAMESPACE', () => inChart({ namespace: 'Not-One' })],
  ['a chart whose labels are none', 'CHART_LABELS', () => inChart({ labels: { 'a b': 'c' } })],
  ['an object of the user of the same kind and name', 'OBJECT_TWICE', () => { const one = serve(); new ServiceAccount(one.chart, 'Own', { metadata: { name: 'iris' } }); return one; }],
  ['two engines in one chart', 'TWO_ENGINES', () => { const one = serve(); new ServingEngine(one.chart, 'Another'); return one; }],
  ['an engine after its service', 'ENGINE_AFTER_SERVICE', () => { const app = Testing.app(); const chart = new Chart(app, 'ml'); const service = new InferenceService(chart, 'Iris', { model: iris() }); return { app, chart, service, engine: new ServingEngine(chart, 'Engine') } as unknown as Served; }],
  ['a service outside of a chart', 'OUTSIDE_OF_CHART', () => { const app = Testing.app(); const service = new InferenceService(app, 'Iris', { model: iris() }); return { app, service } as unknown as Served; }],
  // models and their sources
  ['an unknown scheme', 'SOURCE_SCHEME', () => from(ModelSource.fromUri('ftp://host/iris/v1'))],
  ['an address that is none', 'SOURCE_URI', () => from(ModelSource.s3('models/iris/v1'))],
  ['a password in an address', 'SECRET_IN_PLAIN_TEXT', () => from(ModelSource.http('https://user:hunter2@host/v1/m.joblib'))],
  ['an identity of Google for a store of Amazon', 'CREDENTIAL_FOR_ANOTHER_SCHEME', () => from(ModelSource.s3('s3://m/v1', { credentials: Credentials.workloadIdentity('x', { identity: CloudIdentity.gcpServiceAccount('x@p.iam.gserviceaccount.com') }) }))],
  ['credentials for a web server', 'CREDENTIAL_FOR_ANOTHER_SCHEME', () => from(ModelSource.http('https://host/v1/m.joblib', { credentials: Credentials.fromSecretName('x') }))],
  ['a format without a name', 'FORMAT_NAME', () => serve({ model: Model.of(ModelFormat.of(''), { source: ModelSource.s3('s3://m/v1') }) })],
  ['code that is not there', 'CODE_FOLDER', () => custom({ model: Model.custom({ implementation: 'a.B', code: PythonCode.mount('nowhere') }) })],
  ['code too large to mount', 'CODE_TOO_LARGE', () => custom({ model: Model.custom({ implementation: 'a.B', code: PythonCode.mount(large) }) })],
  ['a digest of older code', 'CODE_IMAGE_STALE', () => custom({ model: Model.custom({ implementation: 'a.B', code: PythonCode.image(folder, { repository: 'x', digest: DIGEST, digestOf: 'code-0123456789ab' }) }) })],
  ['an image volume on a cluster without', 'IMAGE_VOLUME', () => from(ModelSource.oci(`registry.example.com/m@${DIGEST}`, { delivery: OciDelivery.VOLUME }))],
  ['a revision of the hub beside a copy elsewhere', 'SOURCE_TWICE', () => serve({ model: hub({ source: ModelSource.s3('s3://m/v1') }) })],
  ['two images of code under one name', 'BUILD_CONTEXT_TWICE', () => { const code = (baseImage: string) => ({ name: 'churn', server: InferenceServer.fastApi(), model: Model.custom({ code: PythonCode.image(folder, { repository: 'x', baseImage }) }) }); const one = serve(code('python:3.12')); return second(one, 'Other', code('python:3.13'), new Chart(one.app, 'more', { namespace: 'more' })); }],
  ['a volume for one node and two copies', 'VOLUME_ON_ONE_NODE', () => from(ModelSource.pvcName('m', { path: 'v1', accessMode: 'ReadWriteOnce' as any }))],
  // servers
  ['a GPU for a server of CPUs', 'SERVER_MISFIT', () => serve({ server: InferenceServer.kserveSklearn(), ...l4 })],
  ['a protocol that the server does not speak', 'SERVER_MISFIT', () => serve({ server: InferenceServer.mlserver(), protocol: InferenceProtocol.OPENAI })],
  ['a TensorRT plan on CPU', 'SERVER_MISFIT', () => serve({ model: Model.tensorrt({ source: ModelSource.s3('s3://m/v1') }), server: InferenceServer.vllm() })],
  ['a format that nobody reads', 'NO_SERVER_FITS', () => serve({ model: Model.of(ModelFormat.of('pmml'), { source: ModelSource.s3('s3://m/v1') }) })],
  ['a Hugging Face model on MLServer without its task', 'MLSERVER_TASK', () => serve({ model: hub(), server: InferenceServer.mlserver() })],
  ['half of batching', 'MLSERVER_BATCHING', () => serve({ batching: Batching.of({ maxBatchSize: 8, maxLatency: Duration.millis(0) }) })],
  ['batching that the server is not told', 'BATCHING_SERVER', () => serve({ server: InferenceServer.kserveSklearn(), batching: Batching.of({ maxBatchSize: 8, maxLatency: Duration.millis(5) }) })],
  // what stands beside a server
  ['a version on trial behind a transformer', 'TRANSFORMER_RELEASE', () => serve({ transformer: Transformer.of({ server: wrapper }), rollout: Rollout.blueGreen(), candidate: Candidate.of({ model: v2 }) })],
  ["files of a transformer in the predictor's pods", 'TRANSFORMER_FILES', () => serve({ transformer: Transformer.collocated({ server: wrapper, model: Model.custom({ source: ModelSource.s3('s3://models/scale/v1') }) }) })],
  ["a transformer on the predictor's port", 'TRANSFORMER_PORTS', () => serve({ transformer: Transformer.collocated({ server: wrapper }) })],
  ['an explainer of nothing', 'EXPLAINER_EMPTY', () => serve({ explainer: Explainer.alibi({ method: AlibiExplainer.ANCHOR_TABULAR }) })],
  ['an explainer that can not ask', 'EXPLAINER_PROTOCOL', () => serve({ model: Model.tensorflow({ source: ModelSource.s3('s3://models/digits/v1') }), explainer: Explainer.alibi({ method: AlibiExplainer.ANCHOR_IMAGE, source: ModelSource.s3('s3://models/explainer/v1') }) })],
  ['a detector of V1', 'DETECTOR_PROTOCOL', () => serve({ server: InferenceServer.kserveSklearn(), protocol: InferenceProtocol.V1_REST, detectors: [Detector.outlier({ source: ModelSource.s3('s3://models/detector/v1') })] })],
  ['two detectors of one name', 'DETECTOR_NAME', () => serve({ detectors: [1, 2].map((i) => Detector.outlier({ source: ModelSource.s3(`s3://models/detector/v${i}`) })) })],
  ['a custom model without its class', 'MLSERVER_IMPLEMENTATION', () => custom({ server: InferenceServer.mlserver() })],
  ['batching threads without batching', 'TENSORFLOW_SERVING_BATCHING', () => serve({ model: Model.tensorflow({ source: ModelSource.s3('s3://m/v1') }), server: InferenceServer.tensorflowServing({ batchThreads: 4 }) })],
  ["Triton's configuration beside a model folder", 'TRITON_TWO_CONFIGURATIONS', () => serve({ model: onnx, server: InferenceServer.triton({ configuration: 'backend: "x"' }) })],
  ['TorchScript alone on Triton', 'TRITON_NO_CONFIGURATION', () => serve({ model: Model.pytorch({ source: ModelSource.s3('s3://m/v1') }), server: InferenceServer.triton({ versionFolder: true }) })],
  ["a folder in an image that is not named like Triton's model", 'TRITON_MODEL_FOLDER', () => serve({ model: Model.onnx({ source: ModelSource.inImage('/opt/other') }), server: InferenceServer.triton() })],
  ["threads for KServe's scikit-learn", 'KSERVE_OPTION', () => serve({ server: InferenceServer.kserveSklearn({ threads: 4 }) })],
  ['a KServe server that there is not', 'KSERVE_SERVER', () => serve({ server: new KServeServer('pmml') })],
  ["an argument that is the library's", 'ARGUMENT_TAKEN', () => serve({ model: hub(), server: InferenceServer.vllm({ extraArguments: ['--port=1'] }) })],
  ['bounds that fall', 'BUCKETS_NOT_ASCENDING', () => serve({ model: hub(), server: InferenceServer.vllm({ latencyBuckets: [1, 0.5] }) })],
  ['a key as an argument', 'SECRET_IN_PLAIN_TEXT', () => serve({ model: hub(), server: InferenceServer.vllm({ extraArguments: ['--api-key=hunter2'] }) })],
  ['a container without an image', 'CONTAINER_IMAGE', () => custom({ server: InferenceServer.container() })],
  ['a gRPC protocol without a port', 'CONTAINER_PORT', () => container({ protocols: [InferenceProtocol.V2_GRPC] })],
  ['root and another user', 'CONTAINER_USER', () => container({ root: true, user: 1000 })],
  ['FastAPI without an image', 'FASTAPI_IMAGE', () => custom({ server: InferenceServer.fastApi() })],
  // copies and resources
  ['more at the least than at the most', 'SCALING_MIN_ABOVE_MAX', () => serve({ scaling: Scaling.onCpu({ min: 5, max: 2 }) })],
  ['an autoscaler beside the own one', 'TWO_AUTOSCALERS', () => { const one = serve({ scaling: Scaling.onCpu({ min: 2, max: 4 }) }); new HorizontalPodAutoscaler(one.chart, 'Own', { target: one.service, maxReplicas: 3 }); return one; }],
  ['a query of several series', 'QUERY_SEVERAL_SERIES', () => serve({ scaling: Scaling.onQuery({ min: 1, max: 2, query: 'sum by (pod) (x)', targetPerReplica: 5 }) }, KEDA)],
  ['a query that is none', 'QUERY_BROKEN', () => serve({ scaling: Scaling.onQuery({ min: 1, max: 2, query: 'sum(x', targetPerReplica: 5 }) }, KEDA)],
  ['a query without a target', 'QUERY_TARGET', () => serve({ scaling: Scaling.onQuery({ min: 1, max: 2, query: 'sum(x)' }) }, KEDA)],
  ['a window that no cron opens', 'CRON', () => serve({ scaling: schedule({ windows: [{ start: '0 25 * * *', end: '0 1 * * *', replicas: 2 }] }) }, KEDA)],
  ['a time zone that there is not', 'TIME_ZONE', () => serve({ scaling: schedule({ timeZone: 'Europe/Atlantis' }) }, KEDA)],
  ['a window above the most', 'SCHEDULE_ABOVE_MAX', () => serve({ scaling: schedule({ max: 2 }) }, KEDA)],
  ['a password for Kafka in plain text', 'KAFKA_AUTH', () => serve({ scaling: kafka({ access: KafkaAccess.fromSecretName('kafka', { sasl: KafkaSasl.PLAINTEXT, tls: false }) }) }, KEDA)],
  ['a fallback below the least', 'FALLBACK_OUT_OF_BOUNDS', () => serve({ scaling: Scaling.onConcurrency({ min: 2, max: 4, targetPerReplica: 8, fallbackReplicas: 1 }) }, KEDA)],
  ['a combination of two bounds', 'SCALING_COMBINED', () => serve({ scaling: Scaling.highestOf([Scaling.onCpu({ min: 2, max: 4 }), Scaling.onConcurrency({ min: 2, max: 5, targetPerReplica: 8 })]) }, KEDA)],
  ['a schedule without KEDA', 'SCALING_NEEDS_KEDA', () => serve({ scaling: schedule() }, { operators: [ClusterOperator.CUSTOM_METRICS] })],
  ['a custom metric beside a schedule', 'SCALING_NEEDS_HPA', () => serve({ scaling: Scaling.highestOf([schedule(), Scaling.onCustomMetric({ min: 1, max: 4, metric: 'queue', targetPerReplica: 2 })]) }, KEDA)],
  ["KEDA without the metrics' address", 'METRICS_URL_MISSING', () => serve({ scaling: Scaling.onConcurrency({ min: 2, max: 4, targetPerReplica: 8 }) })],
  ['a signal that the server does not tell', 'SIGNAL_NOT_TOLD', () => serve({ scaling: Scaling.onQueueDepth({ min: 2, max: 4, targetPerReplica: 8 }) }, KEDA)],
  ['GPU use without a GPU', 'GPU_SCALING_WITHOUT_GPU', () => serve({ scaling: Scaling.onGpu({ min: 2, max: 4 }) }, KEDA)],
  ['zero copies that nothing wakes', 'SCALE_TO_ZERO_WITHOUT_WAKE', () => serve({ scaling: Scaling.onConcurrency({ min: 0, max: 4, targetPerReplica: 8 }) }, KEDA)],
  ['zero copies that wait for themselves', 'WAKE_BY_OWN_METRIC', () => serve({ scaling: Scaling.onConcurrency({ min: 0, max: 4, targetPerReplica: 8, wake: Wake.onQuery('sum(rest_server_requests_in_progress)') }) }, KEDA)],
  ['zero copies of which some stand by', 'STANDBY_AT_ZERO', () => serve({ scaling: Scaling.onConcurrency({ min: 0, max: 4, targetPerReplica: 8, standby: 1, wake: Wake.onIstio() }) }, KEDA)],
  ['a service that scales by series of no namespace', 'SCALING_NAMESPACE', () => { const app = Testing.app(); const chart = new Chart(app, 'ml'); new ServingEngine(chart, 'Engine', { cluster: Cluster.of(KEDA) }); const service = new InferenceService(chart, 'Iris', { model: iris(), scaling: Scaling.onConcurrency({ min: 2, max: 4, targetPerReplica: 8 }) }); return { app, chart, service } as unknown as Served; }],
  ['scaling by an API that nobody serves', 'METRICS_API_MISSING', () => serve({ scaling: Scaling.onCustomMetric({ min: 2, max: 4, metric: 'queue', targetPerReplica: 5 }) }, { operators: [ClusterOperator.METRICS_SERVER] })],
  ['a model larger than the memory', 'MODEL_EXCEEDS_MEMORY', () => serve({ model: iris({ size: Size.gibibytes(4) }), memory: Size.gibibytes(2) })],
  ['a model larger than the disk', 'MODEL_EXCEEDS_STORAGE', () => serve({ model: iris({ size: Size.gibibytes(4) }), ephemeralStorage: Size.gibibytes(2) })],
  ['a model larger than its device', 'MODEL_EXCEEDS_DEVICE_MEMORY', () => serve({ model: hub({ size: Size.gibibytes(66) }), ...l4 }, l4Pool())],
  ['a limit below the request', 'LIMIT_BELOW_REQUEST', () => serve({ memory: Size.gibibytes(4), memoryLimit: Size.gibibytes(2) })],
  // accelerators
  ['a GPU, and copies are not said', 'COPIES_NOT_SAID', () => serve({ model: onnx, accelerator: Accelerator.nvidia('L4') }, l4Pool())],
  ['a GPU that the cluster has not', 'ACCELERATOR_NOT_IN_CLUSTER', () => serve({ model: onnx, ...l4, accelerator: Accelerator.nvidia('H100') }, l4Pool())],
  ['more devices than a node has', 'ACCELERATOR_PER_NODE', () => serve({ model: onnx, ...l4, accelerator: Accelerator.nvidia('L4', { count: 2 }) }, l4Pool({ perNode: 1 }))],
  ['alternatives of two vendors', 'ACCELERATOR_ALTERNATIVES', () => serve({ model: onnx, ...l4, accelerator: Accelerator.anyOf([Accelerator.nvidia('L4'), Accelerator.amd('MI300X')]) })],
  ['pools of two resources', 'POOL_RESOURCES_DIFFER', () => serve({ model: onnx, ...l4, accelerator: Accelerator.nvidia('X') }, { gpuPools: ['example.com/a', 'example.com/b'].map((resource) => GpuPool.of({ vendor: AcceleratorKind.NVIDIA, product: 'X', count: 4, resource, nodeLabels: { resource: resource.slice(-1) } })) })],
  ['more copies than devices', 'GPU_POOL_FULL', () => serve({ model: onnx, ...l4, scaling: Scaling.fixed(5) }, l4Pool())],
  ['a surge without spare devices', 'SURGE_WITHOUT_SPARE_GPU', () => serve({ model: onnx, ...l4, rollout: Rollout.rolling({ maxSurge: 1 }) }, l4Pool())],
  ['an update that can not take a step', 'ROLLOUT_WITHOUT_STEP', () => serve({ rollout: Rollout.rolling({ maxSurge: 0, maxUnavailable: 0 }) })],
  ['a claim on Kubernetes 1.30', 'CLAIM_NEEDS_KUBERNETES', () => serve({ model: onnx, accelerator: Accelerator.resourceClaim('gpu.nvidia.com'), scaling: Scaling.fixed(2) }, { version: '1.30' })],
  // the cluster
  ['a Kubernetes that is too old', 'KUBERNETES_VERSION', () => serve({}, { version: '1.24' })],
  ['a cluster file that is not there', 'CLUSTER_FILE', () => serve({}, Cluster.fromFile('nowhere.json'))],
  ['a product that GKE has not', 'POOL_PRODUCT', () => serve({}, { gpuPools: [GpuPool.gke('A10G', { count: 2 })] })],
  ['more spare devices than devices', 'POOL_SPARE_ABOVE_COUNT', () => serve({}, l4Pool({ spare: 5 }))],
  ['one pool twice', 'POOL_TWICE', () => serve({}, { gpuPools: [GpuPool.gke('L4', { count: 1 }), GpuPool.gke('L4', { count: 2 })] })],
  ['a set of defaults that was never published', 'DEFAULTS_SET', () => serve({}, {}, { defaults: Defaults.of('2025.01') })],
  ['an external secret without its operator', 'OPERATOR_MISSING', () => serve({ model: iris({ source: ModelSource.s3('s3://m/v1', { credentials: Credentials.externalSecret({ store: 'vault', keys: { AWS_ACCESS_KEY_ID: 'a' } }) }) }) }, { operators: [] })],
  ['a restart at each rotation without Reloader', 'OPERATOR_MISSING', () => serve({ model: iris({ source: ModelSource.s3('s3://m/v1', { credentials: Credentials.fromSecretName('s3', { rotation: SecretRotation.ROLL }) }) }) }, { operators: [] })],
  ['a route without a gateway', 'GATEWAY_UNKNOWN', () => serve({ exposure: Exposure.gateway({ hosts: ['x.example.com'] }) })],
  ['gRPC of a server that speaks HTTP', 'PROTOCOL_NOT_EXPOSED', () => serve({ model: hub(), exposure: Exposure.gateway({ hosts: ['x.example.com'], grpcHosts: ['y.example.com'] }) }, gateway)],
  ['a hold until a day that there is not', 'HOLD_DATE', () => serve({ hold: Hold.frozen({ reason: 'x', until: '2026-02-30' }) })],
  // the pod
  ['a token as a plain variable', 'SECRET_IN_PLAIN_TEXT', () => serve({ env: { HF_TOKEN: EnvValue.fromValue('hunter2') } })],
  ["a variable that is the library's", 'ENV_TAKEN', () => serve({ env: { MLSERVER_HTTP_PORT: EnvValue.fromValue('1') } })],
  ["a label that is the library's", 'LABEL_TAKEN', () => serve({ labels: { 'app.kubernetes.io/name': 'x' } })],
  ["a sidecar named like the server's container", 'POD_ENTRY_TWICE', () => serve({ sidecars: [new Container({ name: 'server', image: 'x:1' })] })],
  ['a sidecar without an image', 'POD_ENTRY_UNUSABLE', () => serve({ sidecars: [new Container({ name: 'proxy', image: ' ' })] })],
  ['a ServiceAccount beside the identity of the credentials', 'TWO_SERVICE_ACCOUNTS', () => serve({ serviceAccount: ServiceAccount.fromServiceAccountName(Testing.chart(), 'Mine', 'mine'), model: iris({ source: ModelSource.s3('s3://m/v1', { credentials: Credentials.workloadIdentity('other') }) }) })],
  ['files too large for one ConfigMap', 'CONFIG_TOO_LARGE', () => serve({ files: ['/etc/a', '/etc/b'].map((path) => MountedFile.inline(path, 'x'.repeat(600_000))) })],
  ['annotations too large for an object', 'ANNOTATIONS_TOO_LARGE', () => serve({ annotations: { 'example.com/a': 'x'.repeat(300_000) } })],
  ['two files at one place', 'POD_ENTRY_TWICE', () => serve({ files: [MountedFile.inline('/etc/x', 'a'), MountedFile.inline('/etc/x', 'b')] })],
  ['a file within a read-only volume', 'FILE_IN_READ_ONLY_VOLUME', () => serve({ model: iris({ source: ModelSource.pvcName('models', { path: 'v1' }) }), files: [MountedFile.inline('/mnt/models/extra.json', '{}')] })],
  ['an overlay that mounts what is not there', 'VOLUME_MISSING', () => serve({ podOverlay: { spec: { containers: [{ name: 'server', volumeMounts: [{ name: 'nope', mountPath: '/x' }] }] } } })],
  ['an overlay of what selects the pods', 'OVERLAY_CHANGES_SELECTOR', () => serve({ podOverlay: { metadata: { labels: { 'app.kubernetes.io/name': 'x' } } } })],
  ['an overlay that kills pods before they have drained', 'GRACE_BELOW_DRAIN', () => serve({ podOverlay: { spec: { terminationGracePeriodSeconds: 5 } } })],
  ['an overlay that restarts containers before the model is loaded', 'STARTUP_BELOW_LOAD', () => serve({ podOverlay: { spec: { containers: [{ name: 'server', startupProbe: { failureThreshold: 1 } }] } } })],
  ['an init container with a port, which cdk8s-plus probes', 'INIT_CONTAINER_PROBES', () => serve({ initContainers: [new Container({ name: 'prepare', image: 'x:1', portNumber: 9000 })] })],
  ['an overlay of the Deployment', 'OVERLAY_SHAPE', () => serve({ podOverlay: { replicas: 4 } })],
  ['a volume that is none', 'WRONG_TYPE', () => serve({ volumes: [{ volume: {} as Volume, path: '/x' }] })],
  // what watches it
  ['metrics that are kept nowhere', 'RETENTION_WITHOUT_STORAGE', () => watched({}, { metrics: MetricsBackend.victoriaMetrics({ retention: Duration.days(30) }) })],
  ['an objective over more time than metrics are kept', 'RETENTION_BELOW_OBJECTIVE', () => watched({ objectives: [Objective.availability(99)] }, { metrics: MetricsBackend.prometheusOperator() })],
  ['a watched service without a namespace', 'MONITORING_NAMESPACE', () => watched({}, { metrics: MetricsBackend.kubePrometheus() }, {}, null)],
  ['a stack without a namespace', 'STACK_OUTSIDE_OF_CHART', () => watched({}, {}, {}, null)],
  ['an objective that the server does not tell', 'OBJECTIVE_NOT_MEASURABLE', () => watched({ server: InferenceServer.kserveSklearn(), objectives: [Objective.availability(99)] })],
  ['one objective twice', 'OBJECTIVE_TWICE', () => watched({ objectives: [Objective.availability(99), Objective.availability(99.9)] })],
  ['scrapes that are too rare for rates', 'SCRAPE_TOO_SLOW', () => watched({}, {}, { scrapeInterval: Duration.minutes(2) })],
  ["a stack of an operator that doesn't run", 'METRICS_OPERATOR_MISSING', () => watched({}, {}, { operators: [ClusterOperator.KEDA] })],
  ['a stack whose id makes no name', 'STACK_NAME', () => { const one = serve(); new MonitoringStack(new Chart(one.chart, 'Other', { namespace: 'observe' }), '1'); return one; }],
  ['two sources of one name', 'METRICS_SOURCE_TWICE', () => watched({}, { sources: [MetricsSource.kubelet(), MetricsSource.kubelet()] })],
  ['two stacks of one name in one namespace', 'STACK_TWICE', () => { const one = serve(); for (const id of ['One', 'Two']) new MonitoringStack(new Chart(one.chart, id, { namespace: 'observe' }), 'Watch'); return one; }],
  ['two stacks in one scope', 'TWO_STACKS', () => { const one = watch(); new MonitoringStack(one.chart, 'Second', { metrics: MetricsBackend.victoriaMetrics() }); return inApp(one); }],
  ['a stack after its service', 'STACK_AFTER_SERVICE', () => { const one = serve(); new MonitoringStack(one.chart, 'Watch'); return one; }],
  ['an alert that does not exist is tuned', 'ALERT_UNKNOWN', () => watched({}, { tuning: [AlertTuning.off('InferenceServiceGpuIdl')] })],
  ['an alert is tuned, and nothing of it changes', 'ALERT_TUNED_TO_NOTHING', () => watched({}, { tuning: [AlertTuning.of('InferenceServiceDown', {})] })],
  ['one alert is tuned twice', 'ALERT_TUNED_TWICE', () => watched({}, { tuning: [AlertTuning.off('InferenceServiceDown'), AlertTuning.of('InferenceServiceDown', { holdsFor: Duration.minutes(5) })] })],
  ['dashboards for every Grafana', 'GRAFANA_SELECTOR', () => watched({}, { grafana: Grafana.operator({ instanceSelector: {} }) })],
  // money
  ['a budget that no stack watches', 'BUDGET_UNWATCHED', () => serve({ budget: CostBudget.monthly(100) })],
  ['a budget in a stack that tells no cost', 'BUDGET_UNWATCHED', () => watched({ budget: CostBudget.monthly(100) })],
  ['a budget of a service that has no price', 'BUDGET_UNWATCHED', () => watched({ budget: CostBudget.monthly(100) }, { cost: Cost.prices() })],
  ['budgets of teams in a stack that tells no cost', 'TEAM_BUDGET_UNWATCHED', () => watched({}, { budgets: { risk: CostBudget.monthly(100) } })],
  // what is said to the report
  ['an acknowledgement without a reason', 'ACKNOWLEDGEMENT_WITHOUT_REASON', () => { const one = serve({ scaling: Scaling.fixed(1) }); Problems.acknowledge(one.service, 'SERVING_SINGLE_COPY', ' '); return one; }],
  ['a grant beside an Ingress whose controller is somewhere', 'INGRESS_NAMESPACE_UNKNOWN', () => { const one = serve({ exposure: Exposure.ingress({ host: 'a.example.com', tlsSecretName: 'tls' }) }, { ingressClass: 'nginx' }); one.service.grantInvoke(one.service); return one; }],
  ['a grant to a name', 'GRANT_PEER', () => { const one = serve(); one.service.grantInvoke('checkout' as any); return one; }],
  ['a distance of numbers for classes', 'DRIFT_METHOD', () => serve(monitored({ features: [ModelFeature.categorical('garden', { method: DriftMethod.WASSERSTEIN })] }))],
  ['a monitor that is never due', 'MONITOR_SCHEDULE', () => serve(monitored({ schedule: '0 0 31 2 *' }))],
  ['two features of one name', 'MONITOR_FEATURES', () => serve(monitored({ features: [ModelFeature.numerical('a'), ModelFeature.numerical('a')] }))],
  ['a monitor whose results go nowhere', 'MONITOR_RESULTS', () => serve(monitored({ payloads: PayloadSource.claim('events') }))],
  ['a method for one feature of Alibi Detect', 'MONITOR_TEST', () => serve({ ...monitored(), monitor: ModelMonitor.alibiDetect({ ...MONITOR, features: [ModelFeature.numerical('a', { threshold: 1 })] }) })],
  ['numbers that are right without a tolerance', 'GROUND_TRUTH', () => serve(monitored({ prediction: { isNumber: true }, groundTruth: {} }))],
  ['payloads straight to brokers', 'PAYLOAD_KAFKA', () => serve({ payloadLogging: PayloadLogging.kafka({ bootstrapServers: 'kafka:9092', topic: 'a' } as any) })],
  ['payloads of gRPC', 'PAYLOAD_NOT_HTTP', () => serve({ payloadLogging: monitored().payloadLogging, protocol: InferenceProtocol.V2_GRPC })],
  ['a name too long for a CronJob', 'MONITOR_NAME', () => serve({ ...monitored(), name: 'x'.repeat(45) })],
  ['a monitor of requests alone', 'MONITOR_HALVES', () => serve({ ...monitored(), payloadLogging: PayloadLogging.http({ url: 'http://sink', mode: PayloadMode.REQUESTS }) })],
  ['a monitor of texts', 'MONITOR_NOT_ROWS', () => serve({ ...monitored(), model: hub(), accelerator: Accelerator.nvidia('L4'), scaling: Scaling.fixed(2) }, l4Pool())],
  ['a monitor of what is not logged', 'MONITOR_EXCLUDED', () => serve({ ...monitored({ features: [ModelFeature.numerical('age')] }), payloadLogging: PayloadLogging.http({ url: 'http://sink', exclude: ['age'] }) })],
  ['traces that go nowhere', 'TRACING_ENDPOINT', () => serve({ tracing: Tracing.otlp({}) })],
  ['traces of a server that makes none', 'TRACING_NOT_ABLE', () => serve({ server: InferenceServer.kserveSklearn(), tracing: Tracing.phoenix({ host: 'phoenix' }) })],
  ["traces in another way than the server's", 'TRACING_TRANSPORT', () => serve({ tracing: Tracing.otlp({ http: 'http://collector:4318' }) })],
  ['traces to a Phoenix that is nowhere', 'TRACING_ENDPOINT', () => serve({ tracing: Tracing.phoenix({}) })],
  ['traces to a Phoenix named twice', 'PHOENIX_TWICE', () => serve({ tracing: Tracing.phoenix({ host: 'phoenix', phoenix: somewhere, headersSecretName: 'key' }) })],
  ['traces without the key that is asked for', 'PHOENIX_KEY', () => serve({ tracing: Tracing.phoenix({ phoenix: somewhere }) })],
  ['a Phoenix that keeps traces nowhere', 'MISSING_PROP', () => phoenix({ storage: undefined })],
  ['copies of a Phoenix with a disk each', 'PHOENIX_COPIES', () => phoenix({ copies: 2 })],
  ['a Phoenix outside of a namespace', 'PHOENIX_OUTSIDE_OF_CHART', () => { const app = Testing.app(); new Phoenix(new Chart(app, 'a'), 'Phoenix', { storage: PhoenixStorage.postgres({ secretName: 'db' }) }); return { app } as unknown as Served; }],
  ['a grant of traces to nobody', 'PHOENIX_GRANT_PEER', () => phoenix({}, (one) => one.grantUse({} as any))],
  ['a payload store outside of a namespace', 'STORE_OUTSIDE_OF_CHART', () => stored(undefined)],
  ['a grant of payloads to nobody', 'STORE_GRANT_PEER', () => stored('ml', (store) => store.grantSend({} as any))],
];

test.each(REFUSED)('%s: SERVING_%s', async (_mistake, code, make) => {
  await new Promise((resolve) => setImmediate(resolve)); // the library listens for an uncaught error until the next turn of the loop
  const { app } = make();
  const error = hearing(() => { try { app.synth(); } catch (thrown) { return thrown as Error; } return undefined; }).result;
  expect(error?.name).toBe('ServingError');
  expect(Problems.of(app).filter((one) => one.severity === 'error').map((one) => one.code)).toContain(`SERVING_${code}`);
  expect(error!.message).toContain(`SERVING_${code}`);
  expect(error!.message).not.toContain('hunter2');
});

const minutes = Duration.minutes(1);
const simulated = (scaling: Scaling, load = LoadCurve.constant({ rate: 1, lasts: minutes })) => ScalingSimulation.ofScaling(scaling, { load, capacityPerReplica: 10, startTime: minutes });

/** The same of simulations. */
const NOT_SIMULATED: readonly [mistake: string, code: string, make: () => unknown][] = [
  ['a load from a file that is not there', 'LOAD_FILE', () => simulated(Scaling.fixed(2), LoadCurve.fromCsv('/nowhere.csv'))],
  ['a load whose times go back', 'LOAD_ORDER', () => simulated(Scaling.fixed(2), LoadCurve.points([{ second: 60, rate: 1 }, { second: 0, rate: 1 }]))],
  ['memory, of which a load says nothing', 'SIMULATION_SIGNAL', () => simulated(Scaling.onMemory({ min: 2, max: 4 }))],
  ['copies that go to zero', 'SIMULATION_FROM_ZERO', () => simulated(Scaling.onConcurrency({ min: 0, max: 4, targetPerReplica: 2, wake: Wake.onIstio() }))],
  ["somebody else's autoscaler", 'SIMULATION_EXTERNAL', () => simulated(Scaling.external({ min: 2, max: 4 }))],
];

test.each(NOT_SIMULATED)('%s: SERVING_%s', async (_mistake, code, make) => {
  await new Promise((resolve) => setImmediate(resolve));
  expect(make).toThrow(new RegExp(`^1 problem; nothing was simulated\\.\n\nSERVING_${code} `));
});

const slack = Receiver.slack({ apiUrl: SecretKey.fromSecretName('chat', 'url') });
const alerting = (props: Partial<AlertingProps>) => Alerting.of({ fallback: { critical: [slack] }, ...props });

/** The same of alerting, whose values carry what is wrong with them. */
const NOT_TOLD: readonly [mistake: string, code: string, make: () => { readonly _findings: readonly Finding[] }][] = [
  ['a receiver without a Secret', 'RECEIVER_WITHOUT_SECRET', () => alerting({ fallback: { critical: [Receiver.slack({} as any)] } })],
  ['a receiver with the secret itself', 'SECRET_IN_PLAIN_TEXT', () => alerting({ fallback: { critical: [Receiver.slack({ apiUrl: 'https://hooks.example.com/hunter2' as any })] } })],
  ['a quiet time that never ends', 'QUIET_TIME', () => alerting({ quietTimes: [QuietTime.weekly('always', {})] })],
  ['two lists of receivers for one team', 'ALERTING_TWICE', () => alerting({ teams: [TeamAlerts.of(Team.of('risk'), { critical: [slack] }), TeamAlerts.of(Team.of('risk'), { critical: [slack] })] })],
  ['a receiver that is newer than the Alertmanager', 'ALERTMANAGER_TOO_OLD', () => ({ _findings: routingFindings(planRouting(alerting({ fallback: { critical: [Receiver.teams({ webhookUrl: SecretKey.fromSecretName('chat', 'url') })] } })), RoutingForm.CONFIGURATION, '0.27.0') })],
  ['a quiet time of a zone in an object that has none', 'QUIET_TIME_ZONE', () => ({ _findings: routingFindings(planRouting(alerting({ quietTimes: [QuietTime.weekly('nights', { from: '22:00', timeZone: 'Europe/Berlin' })] })), RoutingForm.ALERTMANAGER_CONFIG) })],
  ['a repetition that is faster than a group is looked at', 'ALERTING_PACE', () => alerting({ repeatInterval: Duration.minutes(1) })],
];

test.each(NOT_TOLD)('%s: SERVING_%s', (_mistake, code, make) => {
  const findings = make()._findings.filter((one) => one.severity === 'error');
  expect(findings.map((one) => one.code)).toEqual([`SERVING_${code}`]);
  expect(JSON.stringify(findings)).not.toContain('hunter2');
});

test('each code that stops a synthesis or a simulation has a mistake in the lists', () => {
  const listed = new Set([...REFUSED, ...NOT_SIMULATED, ...NOT_TOLD].map(([, code]) => `SERVING_${code}`));
  expect([...ProblemKind.all.values()].filter((kind) => kind.severity === 'error' && !listed.has(kind.code)).map((kind) => kind.code)).toEqual([]);
});

/**
 * The rules that follow from what users of serving engines complain about, E1 to E16 of the reference (4.5). E3 (canary on an engine
 * without it), E8 (replicas of a Model above its Server's) and E11 (an objective that is no bucket's
 * bound) belong to what is yet to come: rollout controllers, Seldon, KEDA, monitoring.
 */
describe('of what users complain about', () => {
  const stops = (served: Served) => served.problems.filter((one) => one.severity === 'error').map((one) => one.code);
  const warns = (served: Served) => served.problems.filter((one) => one.severity === 'warning').map((one) => one.code);

  test('E1: GPUs and a surge that has no spare device are refused', () => {
    expect(stops(serve({ model: onnx, ...l4, rollout: Rollout.rolling({ maxSurge: 1 }) }, l4Pool()))).toEqual(['SERVING_SURGE_WITHOUT_SPARE_GPU']);
    expect(stops(serve({ model: onnx, ...l4, rollout: Rollout.rolling({ maxSurge: 1 }) }, l4Pool({ spare: 1 })))).toEqual([]);
  });

  test('E2: disk, memory and the limit of the download follow the size of the model', () => {
    const served = serve({ model: iris({ size: Size.gibibytes(40) }) });
    const gibibytes = (quantity: string) => (quantity.endsWith('Gi') ? Number(quantity.slice(0, -2)) : Number(quantity.slice(0, -2)) / 1024);
    expect(gibibytes(served.server.resources.limits.memory)).toBeGreaterThan(40);
    expect(gibibytes(served.server.resources.requests['ephemeral-storage'])).toBeGreaterThan(40);
    expect(gibibytes(served.volume('model').emptyDir.sizeLimit)).toBeGreaterThan(40);
    expect(gibibytes(served.download.resources.limits.memory)).toBe(8);
    expect(stops(serve({ model: iris({ size: Size.gibibytes(40) }), memory: Size.gibibytes(8) }))).toEqual(['SERVING_MODEL_EXCEEDS_MEMORY']);
  });

  test('E4: a server on GPUs that scales on CPU is warned of', () => {
    expect(warns(serve({ model: onnx, accelerator: Accelerator.nvidia('L4'), scaling: Scaling.onCpu({ min: 2, max: 3 }) }, l4Pool()))).toContain('SERVING_CPU_SCALING_ON_ACCELERATOR');
  });

  test('E5: the startup probe waits longer than the model needs to load', () => {
    const { startupProbe } = serve({ model: iris({ loadTime: Duration.minutes(20) }) }).server;
    expect(startupProbe.failureThreshold * startupProbe.periodSeconds).toBeGreaterThanOrEqual(20 * 60);
  });

  test.each([['drains', InferenceServer.triton(), onnx], ['drops', InferenceServer.openvino(), onnx]])('E6: a pod that is stopped has the time of the longest answer, of a server that %s what it has begun', (_, server, model) => {
    const { pod, server: made } = serve({ model, server, requestTimeout: Duration.minutes(10) });
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(made.lifecycle.preStop.sleep.seconds);
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(600);
  });

  test('E7: MLServer is never chosen for the V1 protocol', () => {
    expect(serve({ protocol: InferenceProtocol.V1_REST }).service.serverSelection.server).toBe('kserve-sklearn');
    expect(stops(serve({ protocol: InferenceProtocol.V1_REST, server: InferenceServer.mlserver() }))).toEqual(['SERVING_SERVER_MISFIT']);
  });

  test('E9: no autoscaler waits at zero for a load that can not come', () => {
    expect(stops(serve({ scaling: Scaling.onConcurrency({ min: 0, max: 3, targetPerReplica: 8 }) }, KEDA))).toEqual(['SERVING_SCALE_TO_ZERO_WITHOUT_WAKE']);
    expect(stops(serve({ scaling: Scaling.onCpu({ min: 0, max: 3 }) }))).toEqual(['SERVING_NUMBER_OUT_OF_RANGE']);
  });

  test('E10: no query asks for a metric that the server has not', () => {
    expect(stops(serve({ scaling: Scaling.onTokens({ min: 2, max: 3, targetPerReplica: 100 }) }, KEDA))).toEqual(['SERVING_SIGNAL_NOT_TOLD']);
  });

  test('E12: a name leaves room for what is derived from it', () => {
    expect(stops(serve({ name: 'x'.repeat(47), files: [MountedFile.inline('/etc/x', 'y')] }))).toEqual([]);
    expect(stops(serve({ name: 'x'.repeat(48) }))).toEqual(['SERVING_NAME']);
  });

  test('E13: a token as a literal is refused, and not shown', () => {
    const served = serve({ env: { HF_TOKEN: EnvValue.fromValue('hunter2') } });
    expect(stops(served)).toEqual(['SERVING_SECRET_IN_PLAIN_TEXT']);
    expect(JSON.stringify(served.problems)).not.toContain('hunter2');
  });

  test('E14: one copy has no budget that would block a drain', () => {
    expect(serve({ scaling: Scaling.fixed(1) }).one('PodDisruptionBudget')).toBeUndefined();
    expect(warns(serve({ scaling: Scaling.fixed(1) }))).toContain('SERVING_SINGLE_COPY');
    expect(serve({ scaling: Scaling.onCpu({ min: 1, max: 3 }) }).one('PodDisruptionBudget').spec).toMatchObject({ maxUnavailable: 1 });
  });

  test('E15: a Service named vllm does not become a setting of vLLM', () => {
    expect(serve({ name: 'vllm', model: hub() }).pod.enableServiceLinks).toBe(false);
  });

  test('E16: servers that are no longer looked after are warned of', () => {
    expect(warns(serve({ model: Model.pytorch({ source: ModelSource.s3('s3://m/v1') }), server: InferenceServer.torchServe() }))).toContain('SERVING_SERVER_UNMAINTAINED');
    expect(warns(serve({ model: hub(), server: InferenceServer.tgi() }))).toContain('SERVING_SERVER_UNMAINTAINED');
  });
});

import fc, { type Arbitrary } from 'fast-check';
import { accelerators, clusters } from './clusters';
import { among, call, type Code, type Field, flag, list, mebibytes, mostly, must, number, object, oneOf, optional, seconds, seldom, STRANGE_TEXTS, text } from './code';
import { backends, batchings, detectors, type EngineKind, engineKinds, existing, explainers, explainersOnSeldonV2, graphs, OPERATOR_OF, pools, transformers, transformersOnSeldonV2 } from './engines';
import { bareModel, builtModel, files, hubModel, modelOf, otherModel, runtimeModel, teams } from './models';
import { budgets, monitors, payloadLoggings, slis, slos, stacks, tracings } from './monitoring';
import { type Release, objectives, releases } from './releases';
import { annotations, env, initContainers, labels, overlays, serviceAccounts, sidecars, volumes } from './pods';
import { anyServer, protocols, servers } from './servers';

const cpus = mostly(fc.integer({ min: 250, max: 8000 }).map((n) => (n % 1000 === 0 ? `Cpu.units(${n / 1000})` : `Cpu.millis(${n})`)), ['Cpu.units(0)', 'Cpu.units(NaN)', 'Cpu.units(-1)', 'Cpu.millis(0.5)', 'Cpu.units(1e21)', 'Cpu.units(1e-7)', 'Cpu.units(0.0001)', "'500m'", '2', "{ amount: '1 ' }", '{ amount: 2 }']);
const bounds = (): { [name: string]: Field } => ({ min: must(number(2, 4)), max: must(number(4, 6)), scaleDownAfter: seldom(seconds(0, 3600)) });
const FIXED = call('Scaling.fixed', number(1, 4));
const CPU = call('Scaling.onCpu', object({ ...bounds(), targetPercent: seldom(number(1, 100)) }));
const METRIC = call('Scaling.onCustomMetric', object({ ...bounds(), metric: must(text(['queue_depth', 'vllm_num_requests_waiting'], ["'vllm:num_requests'", ...STRANGE_TEXTS])), targetPerReplica: must(mostly(oneOf('5', '0.5', '1.25'), ['0', '0.0001', '1e-7', '1e21', 'NaN', '1 / 3'])) }));
const MEMORY = call('Scaling.onMemory', object({ ...bounds(), targetPercent: seldom(number(1, 100)) }));
const EXTERNAL = call('Scaling.external', object({ min: must(number(1, 3)), max: must(number(3, 6)) }));
const promql = mostly(oneOf("'sum(rate(gateway_requests_total[2m]))'", "'max(queue_length) / 2'", "'sum(a) or sum(b)'"), ["'up'", "'sum by (pod) (x)'", "'sum(x'", "'sum(vllm:num_requests_waiting)'", ...STRANGE_TEXTS]);
const wake: Field = { value: mostly(fc.oneof(call('Wake.onQuery', promql, optional(object({ above: seldom(number(0, 5)) }))), oneOf('Wake.onIstio()')), ['Wake.onQuery()', 'Wake.onQuery(1)', "'sum(x)'"]), odds: 0.4 };
const autoscaler = seldom(among(['Autoscaler.KEDA', 'Autoscaler.HPA'], ["'vpa'"]));
const measured = (): { [name: string]: Field } => ({ ...bounds(), min: must(mostly(fc.oneof({ weight: 10, arbitrary: number(2, 4) }, { weight: 1, arbitrary: oneOf('0') }))), fallbackReplicas: seldom(number(4, 5)), wake, autoscaler });
const target = must(mostly(oneOf('8', '0.5', '1.25'), ['0', '1e-7', '1e21', 'NaN', '1 / 3']));
const LOADS = ['onConcurrency', 'onQueueDepth', 'onTokens', 'onRequestRate'].map((name) => call(`Scaling.${name}`, object({ ...measured(), targetPerReplica: target, standby: seldom(number(1, 2)) })));
const SHARES = ['onKvCache', 'onGpu'].map((name) => call(`Scaling.${name}`, object({ ...measured(), targetPercent: seldom(number(1, 100)) })));
const QUERY = call('Scaling.onQuery', object({ ...measured(), query: must(promql), targetPerReplica: { value: oneOf('5'), odds: 0.9 }, targetValue: { value: oneOf('0.8'), odds: 0.1 }, standby: seldom(number(1, 2)) }));
const access = call('KafkaAccess.fromSecretName', text(['kafka']), mostly(oneOf("{ sasl: KafkaSasl.SCRAM_SHA512 }", "{ caKey: 'ca.crt', certificateKey: 'tls.crt', privateKeyKey: 'tls.key' }"), ['{}', "{ sasl: 'none' }", '{ sasl: KafkaSasl.PLAINTEXT, tls: false }', "{ certificateKey: 'a b' }"]));
const KAFKA = call('Scaling.onKafkaLag', object({ ...bounds(), bootstrapServers: must(list(text(['kafka.streaming:9092'], ["'kafka'", "'a,b:1'"]), 1, 2)), consumerGroup: must(text(['scorer'])), topic: must(text(['events'])), targetPerReplica: must(number(1, 500)), allowIdleConsumers: seldom(flag), access: { value: access, odds: 0.4 } }));
const cron = text(['0 7 * * 1-5', '*/15 9 * JAN-JUN MON'], ["'0 25 * * *'", "'@daily'", "'* * * *'", "'0 0 31 2 *'"]);
const SCHEDULE = call('Scaling.onSchedule', object({ ...bounds(), timeZone: must(text(['Europe/Berlin', 'UTC'], ["'CET+1'", "'europe/berlin'", "''"])), windows: must(list(object({ start: must(cron), end: must(text(['0 19 * * 1-5', '30 22 * * *'])), replicas: must(number(2, 4)) }), 1, 2)) }));
const COMBINED = call('Scaling.highestOf', mostly(oneOf('[Scaling.onCpu({ min: 2, max: 5 }), Scaling.onConcurrency({ min: 2, max: 5, targetPerReplica: 8 })]', "[Scaling.onRequestRate({ min: 2, max: 5, targetPerReplica: 8 }), Scaling.onSchedule({ min: 2, max: 5, timeZone: 'UTC', windows: [{ start: '0 7 * * *', end: '0 9 * * *', replicas: 4 }] })]"), ['[]', '[Scaling.fixed(2)]', '[Scaling.onCpu({ min: 1, max: 5 }), Scaling.onMemory({ min: 2, max: 5 })]', '[null]']));
const scalings = mostly(fc.oneof({ weight: 10, arbitrary: FIXED }, { weight: 7, arbitrary: CPU }, { weight: 2, arbitrary: fc.oneof(METRIC, MEMORY, EXTERNAL) }, ...LOADS, ...SHARES, QUERY, KAFKA, SCHEDULE, COMBINED), ['Scaling.onCpu({ min: 5, max: 2 })', 'Scaling.onCpu()', 'Scaling.fixed()', 'Scaling.onCpu({ min: 0, max: 3 })']);
const rollouts = mostly(fc.oneof({ weight: 3, arbitrary: oneOf('Rollout.automatic()', 'Rollout.recreate()', 'Rollout.rolling()') }, { weight: 1, arbitrary: call('Rollout.rolling', object({ maxSurge: must(number(0, 1)), maxUnavailable: must(oneOf('1')) })) }),
  ['Rollout.rolling({ maxSurge: 50 })', 'Rollout.rolling({ maxSurge: 0, maxUnavailable: 0 })', 'Rollout.rolling({ maxSurge: NaN })']);

/** How a service is reached: each under a host of its own, now and then under another's. */
const exposures = (host: string): Arbitrary<Code> => mostly(fc.oneof(
  oneOf('Exposure.clusterInternal()'),
  call('Exposure.gateway', object({ hosts: must(list(text([host], ["'shared.example.com'", "'*.example.com'", "'http://x'", "'A.example.com'", ...STRANGE_TEXTS]), 1, 1)), grpcHosts: { value: oneOf(`['grpc.${host}']`), odds: 0.05 }, pathPrefix: seldom(text(['/api', '/'], ["'api'", "'/a//b'", "'/../x'", "'/%zz'", "'/a/'"])) })),
  call('Exposure.ingress', object({ host: must(text([host])), tlsSecretName: { value: text(['tls']), odds: 0.7 }, annotations: seldom(annotations) })),
), ['Exposure.gateway()', 'Exposure.gateway({ hosts: [] })', `Exposure.gateway({ hosts: ['${host}', '${host}'] })`, "Exposure.ingress({ host: '' })", "Exposure.gateway({ hosts: ['shared.example.com'] })"]);
const until = object({ reason: must(text(['a frozen quarter', 'größe'], ["''", "'\\n'", "'x'.repeat(501)"])), until: must(text(['2026-12-31'], ["'2026-02-30'", "'tomorrow'", "''", "'2026-13-01'"])) });
const holds = fc.oneof(call('Hold.frozen', until), call('Hold.stopped', until));

/** A model with what can serve it, as people put them together; the last is any with any. */
const cpu: Field = { value: fc.constant('undefined'), odds: 0.01 };
interface Match { model: Arbitrary<Code>; server: Field; accelerator?: Field; weight: number; batches?: boolean }
const named = (...factories: string[]): Field => ({ value: fc.oneof(...factories.map((one) => servers[one]!)), odds: 0.7 });
const always = (...factories: string[]): Field => ({ ...named(...factories), odds: 1 });
const MATCHES: readonly Match[] = [
  { weight: 3, model: modelOf('sklearn'), server: named('mlserver', 'kserveSklearn'), batches: true },
  { weight: 2, model: modelOf('xgboost'), server: named('mlserver', 'kserveXgboost'), batches: true },
  { weight: 2, model: modelOf('lightgbm'), server: named('mlserver', 'kserveLightgbm'), batches: true },
  { weight: 1, model: fc.oneof(modelOf('catboost'), modelOf('mlflow')), server: named('mlserver'), batches: true },
  { weight: 2, model: modelOf('onnx'), server: named('openvino', 'triton') },
  { weight: 2, model: modelOf('onnx'), server: named('triton'), accelerator: must(accelerators.nvidia) },
  { weight: 1, model: modelOf('tensorflow'), server: named('tensorflowServing', 'openvino') },
  { weight: 1, model: modelOf('tensorflow'), server: named('tensorflowServing'), accelerator: must(accelerators.nvidia) },
  { weight: 1, model: modelOf('openvino'), server: named('openvino', 'triton') },
  { weight: 1, model: modelOf('tensorrt'), server: named('triton'), accelerator: must(accelerators.nvidia) },
  { weight: 2, model: modelOf('pytorch'), server: always('triton', 'torchServe') },
  { weight: 4, model: hubModel, server: named('vllm', 'sglang', 'kserveHuggingFace', 'tgi'), accelerator: must(accelerators.nvidia) },
  { weight: 1, model: hubModel, server: named('vllm', 'kserveHuggingFace', 'tgi') },
  { weight: 1, model: hubModel, server: named('vllm', 'tgi'), accelerator: must(accelerators.amd) },
  { weight: 3, model: runtimeModel, server: named('mlserver') },
  { weight: 3, model: builtModel, server: always('fastApi', 'container') },
  { weight: 3, model: fc.oneof(bareModel, builtModel), server: always('container') },
  { weight: 2, model: fc.oneof(modelOf('sklearn'), hubModel, otherModel, runtimeModel), server: { value: anyServer, odds: 0.8 }, accelerator: { value: accelerators.any, odds: 0.5 } },
];

/** What Seldon Core v2 has servers for. */
const ON_SELDON_V2: readonly Match[] = [
  ...['sklearn', 'xgboost', 'lightgbm', 'mlflow'].map((factory) => ({ weight: 2, model: modelOf(factory), server: named('mlserver') })),
  { weight: 3, model: modelOf('onnx'), server: always('triton') }, { weight: 1, model: modelOf('onnx'), server: always('triton'), accelerator: must(accelerators.nvidia) }, { weight: 1, model: runtimeModel, server: named('mlserver') },
];

/** Ids of constructs, no two alike: what is none stops in `constructs` already. */
const ids = (index: number): Arbitrary<Code> => fc.oneof({ weight: 40, arbitrary: fc.constant(`'${['FraudCheck', 'iris', 'assistant-2'][index]}'`) }, { weight: 1, arbitrary: oneOf(...["'Ünïcode", "'a/b", "'1st", "'HTTPServer", "'a b", "'$x", `'${'x'.repeat(60)}`].map((start) => `${start}${index}'`)) });

/** A model by the service's name, as both versions need one name. */
const unnamed = (model: Arbitrary<Code>): Arbitrary<Code> => model.map((code) => code.replace(/\bname: "[^"]*"(, )?/, ''));
/** A version on trial: mostly of the same kind, at a share that any release has. */
const candidateOf = (model: Arbitrary<Code>): Arbitrary<Code> => call('Candidate.of', object({ model: must(unnamed(model)), percent: { value: mostly(oneOf('0', '100'), ['33', '-1', '50']), odds: 0.8 }, replicas: { value: number(1, 3), odds: 0.3 } }));

function service(index: number, scope: Code, release: Release | undefined, watched: boolean, engine: EngineKind): Arbitrary<Code> {
  const host = `svc${index}.example.com`;
  const exposure = release?.exposure(host);
  const onSeldonV2 = engine === 'seldonV2';
  const onSeldon = onSeldonV2 || engine === 'seldonV1';
  const oneName = onSeldonV2 || release?.candidates;
  return fc.oneof(...(onSeldonV2 ? ON_SELDON_V2 : MATCHES).map(({ model, server, accelerator, weight, batches }) => ({
    weight,
    arbitrary: fc.tuple(
      ids(index),
      mostly(object({
        model: must(mostly(oneName ? unnamed(model) : model)), server, accelerator: accelerator ?? cpu, scaling: { value: scalings, odds: accelerator === undefined ? 0.4 : 0.97 }, name: { value: text([`svc-${index}`, `s${index}${'x'.repeat(engine !== 'kubernetes' ? 20 : release === undefined ? 45 : 35)}`], ["'same'", `'s${'x'.repeat(47)}'`, ...STRANGE_TEXTS]), odds: 0.2 },
        protocol: { value: protocols, odds: 0.04 }, cpu: seldom(cpus), cpuLimit: { value: cpus, odds: 0.03 }, memory: { value: mebibytes(4500, 64_000), odds: 0.1 }, memoryLimit: { value: mebibytes(64_000, 128_000), odds: 0.05 }, ephemeralStorage: { value: mebibytes(100_000, 200_000), odds: 0.05 },
        owner: seldom(teams), env: seldom(env), files: { value: files, odds: 0.1 }, volumes: { value: volumes, odds: 0.1 }, sidecars: { value: sidecars, odds: 0.1 }, initContainers: { value: initContainers, odds: 0.05 }, podOverlay: seldom(overlays), serviceAccount: { value: serviceAccounts, odds: 0.07 },
        priorityClassName: { value: text(['high']), odds: 0.05 }, labels: seldom(labels), annotations: seldom(annotations), podAnnotations: { value: annotations, odds: 0.1 }, rollout: release === undefined ? { value: rollouts, odds: onSeldon ? 0.01 : 0.15 } : { value: release.rollout, odds: 0.95 },
        exposure: exposure === undefined ? { value: exposures(host), odds: 0.3 } : must(exposure), candidate: { value: candidateOf(model), odds: release?.candidates ? 0.8 : 0.002 }, objectives: watched ? { value: slos, odds: 0.5 } : { value: objectives, odds: release === undefined ? 0.02 : 0.1 }, sli: { value: slis, odds: watched ? 0.3 : 0.01 },
        batching: { value: batchings, odds: batches ? 0.1 : 0.002 }, transformer: onSeldonV2 ? { value: transformersOnSeldonV2, odds: 0.03 } : { value: transformers, odds: 0.03 }, explainer: onSeldonV2 ? { value: explainersOnSeldonV2, odds: 0.06 } : { value: explainers, odds: batches ? 0.08 : 0.002 }, detectors: { value: detectors, odds: batches || onSeldonV2 ? 0.06 : 0.002 }, replaces: { value: existing, odds: 0.01 },
        requestTimeout: seldom(seconds(1, 3600)), hold: { value: holds, odds: 0.04 },
        payloadLogging: { value: payloadLoggings, odds: watched ? 0.3 : 0.02 }, monitor: { value: monitors, odds: watched ? 0.2 : 0.01 }, tracing: { value: tracings, odds: watched ? 0.15 : 0.02 }, budget: { value: budgets, odds: watched ? 0.3 : 0.002 },
      })),
      onSeldonV2 ? fc.constant('') : grants(index), acknowledgements(index),
    ).map(([id, props, ...more]) => [`const s${index} = new InferenceService(${scope}, ${id}, ${props});`, ...more].filter((line) => line !== '').join('\n')),
  })));
}

const peers = mostly(oneOf("Namespaces.select(chart, id(), { names: ['checkout'] })", "Pods.select(chart, id(), { labels: { app: 'web' } })", "NetworkPolicyIpBlock.ipv4(chart, id(), '10.0.0.0/8')", "Namespaces.all(chart, id())", 's0',
  "InferenceService.fromInferenceServiceAttributes(chart, id(), { name: 'caller', namespace: 'shop' })", "Pods.select(chart, id(), { labels: { app: 'web' }, namespaces: Namespaces.select(chart, id(), { names: ['a', 'b'], labels: { env: 'prod' } }) })"),
["{ toNetworkPolicyPeerConfig: () => ({}) }", "InferenceService.fromInferenceServiceAttributes(chart, id(), { name: 'Caller!' })", "InferenceService.fromInferenceServiceAttributes(chart, id(), undefined)", "'checkout'", '']);
const few = (weight: number, code: Arbitrary<Code>): Arbitrary<Code> => fc.oneof({ weight: 100 - weight, arbitrary: fc.constant('') }, { weight, arbitrary: code });
const grants = (index: number): Arbitrary<Code> => few(20, peers.map((peer) => `s${index}.grantInvoke(${peer});`));
const acknowledgements = (index: number): Arbitrary<Code> => few(5, mostly(oneOf(`Problems.acknowledge(s${index}, 'SERVING_SINGLE_COPY', 'agreed');`),
  [`Problems.acknowledge(s${index}, 'SERVING_SINGLE_COPY', '');`, `Problems.acknowledge(app, 'SERVING_TYPO', 'x');`, `Problems.acknowledge(s${index}, null, null);`, `Problems.acknowledge(s${index}, 'SERVING_NAME', Symbol('x'));`]));

/** A cluster with what a release takes. */
const releasing = (release: Release | undefined): Arbitrary<Code> => (release === undefined ? clusters
  : clusters.map((cluster) => cluster.replace('Cluster.of({', `Cluster.of({ rollouts: ${release.controller}, metricsUrl: 'http://prometheus.monitoring:9090',`)
    .replace('operators: [', 'operators: [ClusterOperator.ARGO_ROLLOUTS, ClusterOperator.FLAGGER, ')));
const engines = (release: Release | undefined, kind: EngineKind): Arbitrary<Code> => call('new ServingEngine', oneOf('chart'), oneOf("'Engine'"), mostly(object({
  cluster: { value: releasing(release).map((cluster) => cluster.replace('operators: [', `operators: [${OPERATOR_OF[kind]}`)), odds: 0.97 }, backend: { value: mostly(backends[kind]), odds: kind === 'kubernetes' ? 0.15 : 1 }, defaults: seldom(among(["Defaults.of('2026.11')"], ["Defaults.of('2025.1')", 'Defaults.of(null)', "Defaults.of('constructor')"])), owner: seldom(teams),
  servers: { value: list(anyServer, 0, 1), odds: 0.05 },
})));
const beside = few(6, fc.oneof(pools, graphs).map((construct) => `${construct};`));
const late = few(3, oneOf("new HorizontalPodAutoscaler(chart, 'Own', { target: s0, maxReplicas: 3 });", "Problems.of(app);", "s0.endpoint(InferenceProtocol.V2_REST);", "String(s0.serverSelection);", 's0.endpoint(null);', "new Namespace(chart, 'Other');", "ApiObject.of(s0).addJsonPatch(JsonPatch.add('/metadata/labels/x', 'y'));"));
/** Props of the chart are cdk8s' own; it takes any text for a namespace and a label. */
const namespace = fc.oneof({ weight: 90, arbitrary: oneOf("{ namespace: 'models' }", "{ namespace: 'fraud', labels: { stage: 'prod' } }") }, { weight: 10, arbitrary: oneOf('{}', '{ disableResourceNameHashes: true }') }, { weight: 1, arbitrary: oneOf("{ namespace: 'Not-One' }", "{ namespace: '' }", "{ labels: { 'a b': 'c' } }") });

/** A whole program: a chart, mostly an engine, one to three services, now and then a pool or a graph beside them, and what people do with them. It has `app`, `id()`, `cyclic()` and `folders`. */
export const programs: Arbitrary<Code> = fc.tuple(fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: releases }), fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: stacks }))
  .chain(([release, stack]) => engineKinds(release !== undefined && !release.candidates).map((kind) => ({ release, stack, kind })))
  .chain(({ release, stack, kind }) => {
    const one = (index: number): Arbitrary<Code> => service(index, 'chart', release, stack !== undefined, kind);
    const engine = engines(release, kind);
    return fc.tuple(
      namespace, release === undefined && kind === 'kubernetes' ? fc.oneof({ weight: 4, arbitrary: engine }, { weight: 1, arbitrary: fc.constant('') }) : engine,
      fc.oneof({ weight: 5, arbitrary: fc.tuple(one(0)) as Arbitrary<Code[]> }, { weight: 2, arbitrary: fc.tuple(one(0), one(1)) }, { weight: 1, arbitrary: fc.tuple(one(0), one(1), one(2)) }), beside, late, fc.constant(stack ?? ''),
    );
  }).map(([chart, engine, services, other, last, stack]) => [`const chart = new Chart(app, 'main', ${chart});`, engine === '' ? '' : `${engine};`, stack === '' ? '' : `${stack};`, ...services, other, last, 'app.synth();'].filter((line) => line !== '').join('\n'));

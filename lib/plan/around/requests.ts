import { Batching } from '../../describe/around/batching';
import { AlibiExplainerProps } from '../../describe/around/explainer';
import { DetectorKind } from '../../describe/around/detector';
import { CompanionPodsProps } from '../../describe/around/companion-props';
import { bytesOf } from '../../describe/checks/shape';
import { Exposure } from '../../describe/exposure';
import { Model } from '../../describe/model';
import { Sli } from '../../describe/monitoring/sli';
import { PythonCode } from '../../describe/python-code';
import { Rollout } from '../../describe/rollout/rollout';
import { Scaling } from '../../describe/scaling';
import { MLServer } from '../../describe/server/mlserver';
import { ServedPredictor, ServerDefinition } from '../../describe/server/server-definition';
import { InferenceProtocol } from '../../describe/server/server-facts';
import { KUBERNETES } from '../engine/kubernetes';
import { EXPLAINER, TRANSFORMER } from '../labels';
import { programFolder } from '../program-files';
import { JsonObject, RequestedCompanion, ServiceRequest } from '../service-plan';
import { Asked } from './predictor';

/** What a service asks for a program beside it: what is the service's own, and nothing that is its model's. */
function beside(request: ServiceRequest, name: string, { cpu, memory, scaling }: CompanionPodsProps, env: readonly JsonObject[]): Omit<ServiceRequest, 'model'> {
  const { model: _, server: __, accelerator: ___, protocol: ____, batching: _____, ...own } = request;
  return {
    ...own, name, engine: request.engine.runsCompanions === true ? request.engine : KUBERNETES, cpu: cpu?.amount, cpuLimit: undefined, memoryBytes: memory && bytesOf(memory), memoryLimitBytes: undefined, ephemeralStorageBytes: undefined,
    scaling, rollout: Rollout.automatic(), candidate: undefined, objectives: [], sli: Sli.server(), budget: undefined, exposure: Exposure.clusterInternal(), replaces: undefined,
    payloadLogging: undefined, monitor: undefined, tracing: undefined, transformer: undefined, explainer: undefined, detectors: [], modelCache: undefined, pooled: undefined, poolLoading: undefined,
    env, files: [], volumes: [], sharedVolumes: [], containers: [], initContainers: [], podOverlay: undefined, serviceAccountName: undefined,
  };
}

/** What is asked for a transformer; with pods of its own it is what is exposed. */
export function transformerRequest(request: ServiceRequest, plan: Asked, predictor: ServedPredictor): ServiceRequest {
  const { what, env } = request.transformer!;
  return {
    ...beside(request, `${request.name}-${TRANSFORMER}`, what._props, env),
    model: what._props.model ?? Model.custom(), server: what._props.server, protocol: spokenBy(what._props.server!, plan.protocol), exposure: request.exposure, replaces: request.replaces, tracing: request.tracing,
    // clients ask for the model that they know, by the address that they know
    partOf: { service: request.name, component: TRANSFORMER, modelName: plan.modelName, podService: request.engine.frontService?.(request.name) ?? request.name, predictor },
  };
}

/** What clients speak with a program before a model: what the model speaks, or what the program does best. */
function spokenBy({ facts }: ServerDefinition, protocol: InferenceProtocol): InferenceProtocol {
  return facts.protocols.find((one) => one.sameAs(protocol)) ?? facts.protocols[0]!;
}

/** What is asked for an explainer. */
export function explainerRequest(request: ServiceRequest, predictor: ServedPredictor): ServiceRequest {
  const { what, env } = request.explainer!;
  const name = `${request.name}-${EXPLAINER}`;
  const partOf = { service: request.name, component: EXPLAINER, predictor };
  if (what._container !== undefined) return { ...beside(request, name, what._container, env), model: what._container.model ?? Model.custom(), server: what._container.server, partOf };
  const { source, size, method, parameters, output, batch } = what._alibi as AlibiExplainerProps;
  const stock = request.engine.stockCompanions === true;
  const settings: JsonObject = { init_parameters: parameters as JsonObject | undefined, infer_output: output, explainer_batch: batch };
  const native = request.engine.runsCompanions === true;
  const told = { infer_uri: predictor.url, explainer_type: method, ...settings };
  return {
    ...beside(request, name, what._alibi!, [...(native ? [] : [{ name: 'MLSERVER_MODEL_EXTRA', value: JSON.stringify(told) }]), ...env]),
    partOf: native ? { ...partOf, explains: { method: method!, settings }, piped: stock && request.detectors.length > 0 } : partOf,
    model: Model.custom({ source, size, implementation: 'mlserver_alibi_explain.AlibiExplainRuntime' }), server: stock ? new MLServer() : runtime(request, 'alibi-explain'), protocol: InferenceProtocol.V2_REST,
  };
}

/** What is asked for a detector. */
export function detectorRequest(request: ServiceRequest, { what, env }: RequestedCompanion<ServiceRequest['detectors'][number]['what']>): ServiceRequest {
  const { source, size, parameters, batchSize, scaling } = what._props;
  const stock = request.engine.stockCompanions === true;
  const settings: JsonObject[] = stock ? [] : [
    ...(parameters === undefined ? [] : [{ name: 'MLSERVER_MODEL_ALIBI_DETECT_PREDICT_PARAMETERS', value: JSON.stringify(parameters) }]),
    ...(what.kind === DetectorKind.DRIFT ? [{ name: 'MLSERVER_MODEL_ALIBI_DETECT_BATCH_SIZE', value: String(batchSize) }] : []),
  ];
  return {
    ...beside(request, `${request.name}-${what.name}`, { ...what._props, scaling: scaling ?? Scaling.fixed(1) }, [...settings, ...env]),
    // MLServer's own runtime tells of drift alone; ours is that, and tells of outliers as well
    model: Model.custom(stock ? { source, size, implementation: 'mlserver_alibi_detect.AlibiDetectRuntime' } : { source, size, implementation: 'detector.CountingDetector', code: PythonCode.mount(programFolder('detector')) }), server: stock ? new MLServer() : runtime(request, 'alibi-detect'), protocol: InferenceProtocol.V2_REST,
    partOf: { service: request.name, component: `${what.name}-detector`, detects: true, batchSize: stock ? batchSize : undefined },
  };
}

/** MLServer in the image of one of its runtimes. */
function runtime({ defaults }: ServiceRequest, suffix: string): MLServer {
  return new MLServer({ image: `docker.io/seldonio/mlserver:${defaults.serverVersions.mlserver ?? new MLServer().facts.version}-${suffix}` });
}

/** Batching as servers are told of it. */
export function served(batching: Batching | undefined): { maxSize: number; maxSeconds: number } | undefined {
  return batching && { maxSize: batching.maxBatchSize, maxSeconds: batching._maxSeconds };
}

import { Size } from 'cdk8s';
import { Accelerator, InferenceProtocol, InferenceServer, type InferenceServiceProps, KServeHuggingFaceBackend, Model, ModelSource, Scaling } from 'cdk8s-serving';

/** Requests that a pod has when it is scraped, and what it has done since the last time. */
export interface PodLoad {
  readonly running: number;
  readonly waiting: number;
  readonly kvCache: number;
  /** Each scrape, of 30 s. */
  readonly requests: number;
  readonly tokens: number;
  /** Seconds of all requests that ended. */
  readonly busy: number;
}

/** A server as a metrics' store sees it: its series by name and own labels, and which signals it tells. */
export interface SeenServer {
  readonly props: Partial<InferenceServiceProps>;
  /** `name{labels}` → value, or growth a scrape as `+n`. */
  readonly series: (load: PodLoad) => { readonly [series: string]: string };
  readonly tells: readonly ('onConcurrency' | 'onQueueDepth' | 'onTokens' | 'onRequestRate' | 'onKvCache')[];
  /** Whether requests in work come from time, with what waits in it. */
  readonly byTime?: boolean;
  /** Whether its gauge has what waits in it. */
  readonly waitingInside?: boolean;
}

const hub = Model.huggingFace('Qwen/Qwen3-8B', { revision: 'abcdef0123', size: Size.gibibytes(17) });
const onnx = Model.onnx({ source: ModelSource.s3('s3://models/v1'), size: Size.mebibytes(100) });
const device = { accelerator: Accelerator.nvidia('L4') };
const vllm = ({ running, waiting, kvCache, requests, tokens }: PodLoad) => ({
  'vllm:num_requests_running{engine="0",model_name="iris"}': String(running), 'vllm:num_requests_waiting{engine="0",model_name="iris"}': String(waiting), 'vllm:kv_cache_usage_perc{engine="0",model_name="iris"}': String(kvCache),
  'vllm:request_success_total{engine="0",model_name="iris",finished_reason="stop"}': `+${requests}`, 'vllm:request_success_total{engine="0",model_name="iris",finished_reason="length"}': '+0', 'vllm:generation_tokens_total{engine="0",model_name="iris"}': `+${tokens}`,
});

export const SERVERS: { readonly [name: string]: SeenServer } = {
  vllm: { props: { model: hub, server: InferenceServer.vllm(), ...device }, series: vllm, tells: ['onConcurrency', 'onQueueDepth', 'onTokens', 'onRequestRate', 'onKvCache'] },
  sglang: {
    props: { model: hub, server: InferenceServer.sglang(), ...device }, tells: ['onConcurrency', 'onQueueDepth', 'onTokens', 'onRequestRate', 'onKvCache'],
    series: ({ running, waiting, kvCache, requests, tokens }) => ({
      'sglang:num_running_reqs{model_name="iris"}': String(running), 'sglang:num_queue_reqs{model_name="iris"}': String(waiting), 'sglang:token_usage{model_name="iris"}': String(kvCache),
      'sglang:num_requests_total{model_name="iris"}': `+${requests}`, 'sglang:generation_tokens_total{model_name="iris"}': `+${tokens}`,
    }),
  },
  tgi: {
    props: { model: hub, server: InferenceServer.tgi(), ...device }, tells: ['onConcurrency', 'onQueueDepth', 'onTokens', 'onRequestRate'],
    series: ({ running, waiting, requests, tokens }) => ({ 'tgi_batch_current_size': String(running), 'tgi_queue_size': String(waiting), 'tgi_request_success': `+${requests}`, 'tgi_request_generated_tokens_sum': `+${tokens}` }),
  },
  'kserve-huggingface on vLLM': {
    props: { model: hub, server: InferenceServer.kserveHuggingFace({ backend: KServeHuggingFaceBackend.VLLM }), ...device }, tells: ['onConcurrency', 'onQueueDepth', 'onKvCache'], series: vllm,
  },
  'kserve-huggingface on transformers': {
    props: { model: hub, server: InferenceServer.kserveHuggingFace({ backend: KServeHuggingFaceBackend.HUGGING_FACE }), ...device }, tells: ['onConcurrency', 'onRequestRate'], byTime: true,
    series: ({ requests, busy }) => ({ 'request_predict_seconds_count{model_name="iris"}': `+${requests}`, 'request_predict_seconds_sum{model_name="iris"}': `+${busy}` }),
  },
  triton: {
    props: { model: onnx, server: InferenceServer.triton(), ...device }, tells: ['onConcurrency', 'onQueueDepth', 'onRequestRate'], byTime: true,
    series: ({ waiting, requests, busy }) => ({
      'nv_inference_request_success{model="iris",version="1"}': `+${requests}`, 'nv_inference_request_duration_us{model="iris",version="1"}': `+${busy * 1e6}`, 'nv_inference_pending_request_count{model="iris",version="1"}': String(waiting),
    }),
  },
  mlserver: {
    props: {}, tells: ['onConcurrency', 'onRequestRate'], waitingInside: true,
    series: ({ running, waiting, requests }) => ({
      'rest_server_requests_in_progress{app_name="mlserver",method="POST"}': String(running + waiting), 'rest_server_requests_in_progress{app_name="mlserver",method="GET"}': '2',
      'model_infer_request_duration_count{model="iris",version=""}': `+${requests}`,
    }),
  },
  'mlserver by gRPC': {
    props: { server: InferenceServer.mlserver(), protocol: InferenceProtocol.V2_GRPC, requestTimeout: undefined }, tells: ['onConcurrency', 'onRequestRate'], byTime: true,
    series: ({ requests, busy }) => ({
      'rest_server_requests_in_progress{app_name="mlserver",method="POST"}': '0', 'model_infer_request_duration_count{model="iris",version=""}': `+${requests}`, 'grpc_server_handling_seconds_sum{grpc_method="ModelInfer",grpc_type="UNARY"}': `+${busy}`,
      'grpc_server_handling_seconds_sum{grpc_method="ModelReady",grpc_type="UNARY"}': '+30',
    }),
  },
  kserve: {
    props: { server: InferenceServer.kserveSklearn() }, tells: ['onConcurrency', 'onRequestRate'], byTime: true,
    series: ({ requests, busy }) => ({ 'request_predict_seconds_count{model_name="iris"}': `+${requests}`, 'request_predict_seconds_sum{model_name="iris"}': `+${busy}` }),
  },
  openvino: {
    props: { model: onnx, server: InferenceServer.openvino() }, tells: ['onConcurrency', 'onRequestRate'], waitingInside: true,
    series: ({ running, waiting, requests }) => ({
      'ovms_current_requests{name="iris",version="1"}': String(running + waiting), 'ovms_requests_success{api="KServe",interface="REST",method="ModelInfer",name="iris"}': `+${requests}`, 'ovms_requests_success{api="KServe",interface="REST",method="ModelReady",name="iris"}': '+6',
    }),
  },
  'tensorflow-serving': {
    props: { model: Model.tensorflow({ source: ModelSource.s3('s3://models/v1') }), server: InferenceServer.tensorflowServing() }, tells: ['onConcurrency', 'onRequestRate'], byTime: true,
    series: ({ requests, busy }) => ({ ':tensorflow:serving:request_count{model_name="iris",status="OK"}': `+${requests}`, ':tensorflow:serving:request_latency_sum{model_name="iris",API="Predict",entrypoint="REST"}': `+${busy * 1e6}` }),
  },
  torchserve: {
    props: { model: Model.pytorch({ source: ModelSource.s3('s3://models/v1') }), server: InferenceServer.torchServe() }, tells: ['onConcurrency', 'onRequestRate'], byTime: true,
    series: ({ requests, busy }) => ({ 'ts_inference_requests_total{model_name="iris",model_version="default"}': `+${requests}`, 'ts_inference_latency_microseconds{model_name="iris",model_version="default"}': `+${busy * 1e6}` }),
  },
  fastapi: {
    props: { model: Model.custom(), server: InferenceServer.fastApi({ image: 'registry.example.com/price:1' }) }, tells: ['onConcurrency', 'onRequestRate'], byTime: true,
    series: ({ requests, busy }) => ({ 'http_requests_total{handler="/predict",method="POST",status="2xx"}': `+${requests}`, 'http_requests_total{handler="/ready",method="GET",status="2xx"}': '+6', 'http_request_duration_seconds_sum{handler="/predict",method="POST"}': `+${busy}`, 'http_request_duration_seconds_sum{handler="/ready",method="GET"}': '+900' }),
  },
};

const bounds = { min: 2, max: 8 };
/** Each signal with a target, in a scaling that differs in nothing else. */
export const SIGNALS = {
  onConcurrency: (more = {}) => Scaling.onConcurrency({ ...bounds, targetPerReplica: 8, ...more }), onQueueDepth: (more = {}) => Scaling.onQueueDepth({ ...bounds, targetPerReplica: 4, ...more }),
  onTokens: (more = {}) => Scaling.onTokens({ ...bounds, targetPerReplica: 500, ...more }), onRequestRate: (more = {}) => Scaling.onRequestRate({ ...bounds, targetPerReplica: 10, ...more }), onKvCache: (more = {}) => Scaling.onKvCache({ ...bounds, ...more }),
};

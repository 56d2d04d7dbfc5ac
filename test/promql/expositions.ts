import { SERVERS } from './servers';

/** What a pod does: counts are growth a scrape of 30 s. */
export interface Work { readonly requests: number; readonly failed: number; readonly running: number; readonly waiting: number; readonly kvCache: number; readonly prompt: number; readonly generated: number }

/** What each request takes, in seconds: in every copy, of every server. */
export const TAKES = 0.7;
export const WAITS = 0.05;
/** Requests that run together. */
export const TOGETHER = 4;

/** Series by name and own labels: a value, or growth a scrape as `+n`. */
type Exposed = { readonly [series: string]: string };

/**
 * A server's metrics, as that program writes them, and between which of its bounds (in seconds) all observations are. Names, labels and bounds are those of its own sources, at the
 * version of the catalogue: the link stands beside each metric in lib/describe/server. The running MLServer is asked for most of its own by the cluster tests of gates and autoscaling.
 */
export interface Exposition {
  readonly latency?: readonly [over: number, upTo: number];
  readonly firstToken?: readonly [over: number, upTo: number];
  readonly token?: readonly [over: number, upTo: number];
  readonly series: (work: Work) => Exposed;
}

/** A histogram whose observations all lie between two of its bounds, by their text. */
function histogram(name: string, labels: string, [over, upTo]: readonly [string, string], count: number, sum: number): Exposed {
  const of = (le: string): string => `${name}_bucket{${labels}${labels === '' ? '' : ','}le="${le}"}`;
  const bare = labels === '' ? '' : `{${labels}}`;
  return { [of(over)]: '+0', [of(upTo)]: `+${count}`, [of('+Inf')]: `+${count}`, [`${name}_count${bare}`]: `+${count}`, [`${name}_sum${bare}`]: `+${sum}` };
}

const ENGINE = 'engine="0",model_name="iris"';
const vllm = ({ requests, failed, running, waiting, kvCache, prompt, generated }: Work): Exposed => ({
  'http_requests_total{handler="/v1/chat/completions",method="POST",status="2xx"}': `+${requests - failed}`, 'http_requests_total{handler="/v1/chat/completions",method="POST",status="5xx"}': `+${failed}`, 'http_requests_total{handler="/health",method="GET",status="2xx"}': '+6',
  [`vllm:request_success_total{${ENGINE},finished_reason="stop"}`]: `+${requests - failed}`,
  ...histogram('vllm:e2e_request_latency_seconds', ENGINE, ['0.5', '0.8'], requests, requests * TAKES), ...histogram('vllm:request_queue_time_seconds', ENGINE, ['0.3', '0.5'], requests, requests * WAITS),
  ...histogram('vllm:time_to_first_token_seconds', ENGINE, ['0.1', '0.25'], requests, requests * 0.2), ...histogram('vllm:inter_token_latency_seconds', ENGINE, ['0.01', '0.025'], generated, generated * 0.02),
  [`vllm:num_requests_running{${ENGINE}}`]: String(running), [`vllm:num_requests_waiting{${ENGINE}}`]: String(waiting), [`vllm:kv_cache_usage_perc{${ENGINE}}`]: String(kvCache),
  [`vllm:prompt_tokens_total{${ENGINE}}`]: `+${prompt}`, [`vllm:generation_tokens_total{${ENGINE}}`]: `+${generated}`,
});
const SGLANG = 'model_name="iris",engine_type="unified",tp_rank="0",pp_rank="0"';
const kserve = ({ requests }: Work): Exposed => histogram('request_predict_seconds', 'model_name="iris"', ['0.5', '0.75'], requests, requests * TAKES);
const PATH = 'app_name="mlserver",method="POST",path="/v2/models/{model_name}/infer"';
const mlserver = ({ requests, failed }: Work): Exposed => ({
  'model_infer_request_duration_count{model="iris",version=""}': `+${requests}`, 'model_infer_request_duration_sum{model="iris",version=""}': `+${requests * TAKES}`, 'model_infer_request_failure_total{model="iris",version=""}': `+${failed}`,
  'rest_server_requests_total{app_name="mlserver",method="GET",path="/v2/health/ready",status_code="200"}': '+6', ...histogram('rest_server_request_duration_seconds', 'app_name="mlserver",method="GET",path="/v2/health/ready",status_code="200"', ['0.005', '0.01'], 6, 0.05),
});

/** By the same names as what scaling reads of them. */
export const EXPOSITIONS: { readonly [server in keyof typeof SERVERS]: Exposition } = {
  vllm: { latency: [0.5, 0.8], firstToken: [0.1, 0.25], token: [0.01, 0.025], series: vllm },
  sglang: {
    latency: [0.6, 0.8], firstToken: [0.1, 0.2], token: [0.04, 0.06],
    series: ({ requests, failed, running, waiting, kvCache, prompt, generated }) => ({
      'sglang:http_responses_total{endpoint="/v1/chat/completions",method="POST",status_code="200"}': `+${requests - failed}`, 'sglang:http_responses_total{endpoint="/v1/chat/completions",method="POST",status_code="500"}': `+${failed}`, 'sglang:http_responses_total{endpoint="/health",method="GET",status_code="200"}': '+6',
      [`sglang:num_requests_total{${SGLANG}}`]: `+${requests}`, ...histogram('sglang:e2e_request_latency_seconds', SGLANG, ['0.6', '0.8'], requests, requests * TAKES), ...histogram('sglang:queue_time_seconds', SGLANG, ['0.01', '0.1'], requests, requests * WAITS),
      ...histogram('sglang:time_to_first_token_seconds', SGLANG, ['0.1', '0.2'], requests, requests * 0.15), ...histogram('sglang:inter_token_latency_seconds', SGLANG, ['0.04', '0.06'], generated, generated * 0.05),
      [`sglang:num_running_reqs{${SGLANG}}`]: String(running), [`sglang:num_queue_reqs{${SGLANG}}`]: String(waiting), [`sglang:token_usage{${SGLANG}}`]: String(kvCache), [`sglang:prompt_tokens_total{${SGLANG}}`]: `+${prompt}`, [`sglang:generation_tokens_total{${SGLANG}}`]: `+${generated}`,
    }),
  },
  tgi: {
    latency: [0.49878850951194753, 0.7481827642679213], token: [0.0129746337890625, 0.01946195068359375],
    series: ({ requests, failed, running, waiting, prompt, generated }) => ({
      tgi_request_success: `+${requests - failed}`, 'tgi_request_failure{err="generation"}': `+${failed}`, 'tgi_request_failure{err="validation"}': '+9',
      ...histogram('tgi_request_duration', '', ['0.49878850951194753', '0.7481827642679213'], requests, requests * TAKES), ...histogram('tgi_request_queue_duration', '', ['0.043789389038085935', '0.0656840835571289'], requests, requests * WAITS), ...histogram('tgi_request_mean_time_per_token_duration', '', ['0.0129746337890625', '0.01946195068359375'], requests, requests * 0.015),
      tgi_batch_current_size: String(running), tgi_queue_size: String(waiting), tgi_request_input_length_sum: `+${prompt}`, tgi_request_generated_tokens_sum: `+${generated}`,
    }),
  },
  'kserve-huggingface on vLLM': { series: vllm },
  'kserve-huggingface on transformers': { latency: [0.5, 0.75], series: kserve },
  triton: {
    
    series: ({ requests, failed, waiting }) => {
      const model = 'model="iris",version="1"';
      const good = requests - failed;
      return {
        [`nv_inference_request_success{${model}}`]: `+${good}`, [`nv_inference_request_failure{${model},reason="BACKEND"}`]: `+${failed}`, [`nv_inference_request_failure{${model},reason="CANCELED"}`]: '+9', [`nv_inference_request_failure{${model},reason="REJECTED"}`]: '+0',
        [`nv_inference_request_duration_us{${model}}`]: `+${good * TAKES * 1e6}`, [`nv_inference_queue_duration_us{${model}}`]: `+${good * WAITS * 1e6}`, [`nv_inference_pending_request_count{${model}}`]: String(waiting),
        [`nv_inference_count{${model}}`]: `+${good}`, [`nv_inference_exec_count{${model}}`]: `+${good / TOGETHER}`, 'nv_gpu_utilization{gpu_uuid="GPU-5a1b"}': '0.5',
      };
    },
  },
  mlserver: {
    latency: [0.5, 0.75],
    series: (work) => ({ ...mlserver(work), 'rest_server_requests_in_progress{app_name="mlserver",method="POST"}': String(work.running), 'rest_server_requests_in_progress{app_name="mlserver",method="GET"}': '2', ...histogram('rest_server_request_duration_seconds', `${PATH},status_code="200"`, ['0.5', '0.75'], work.requests, work.requests * TAKES) }),
  },
  'mlserver by gRPC': {
    latency: [0.5, 0.75],
    series: (work) => ({ ...mlserver(work), ...histogram('grpc_server_handling_seconds', 'grpc_method="ModelInfer",grpc_service="inference.GRPCInferenceService",grpc_type="UNARY"', ['0.5', '0.75'], work.requests, work.requests * TAKES), ...histogram('grpc_server_handling_seconds', 'grpc_method="ModelReady",grpc_service="inference.GRPCInferenceService",grpc_type="UNARY"', ['5.0', '7.5'], 6, 36) }),
  },
  kserve: { latency: [0.5, 0.75], series: kserve },
  openvino: {
    latency: [0.393464, 0.708235],
    series: ({ requests, failed, running }) => ({
      'ovms_requests_success{api="KServe",interface="REST",method="ModelInfer",name="iris"}': `+${requests - failed}`, 'ovms_requests_fail{api="KServe",interface="REST",method="ModelInfer",name="iris"}': `+${failed}`, 'ovms_requests_success{api="KServe",interface="REST",method="ModelReady",name="iris"}': '+6',
      ...histogram('ovms_request_time_us', 'interface="REST",name="iris",version="1"', ['393464', '708235'], requests, requests * TAKES * 1e6), ...histogram('ovms_wait_for_infer_req_time_us', 'name="iris",version="1"', ['37481', '67466'], requests, requests * WAITS * 1e6), 'ovms_current_requests{name="iris",version="1"}': String(running),
    }),
  },
  'tensorflow-serving': {
    latency: [0.393464, 0.708235],
    series: ({ requests, failed }) => ({
      ':tensorflow:serving:request_count{model_name="iris",status="OK"}': `+${requests - failed}`, ':tensorflow:serving:request_count{model_name="iris",status="INTERNAL"}': `+${failed}`,
      ...histogram(':tensorflow:serving:request_latency', 'model_name="iris",API="Predict",entrypoint="REST"', ['393464', '708235'], requests, requests * TAKES * 1e6),
    }),
  },
  torchserve: {
    
    series: ({ requests, failed }) => ({
      'ts_inference_requests_total{model_name="iris",model_version="default",hostname="a"}': `+${requests}`, 'Requests5XX{Level="Host",Hostname="a"}': `+${failed}`, 'Requests2XX{Level="Host",Hostname="a"}': `+${requests - failed}`,
      'ts_inference_latency_microseconds{model_name="iris",model_version="default",hostname="a"}': `+${requests * TAKES * 1e6}`, 'ts_queue_latency_microseconds{model_name="iris",model_version="default",hostname="a"}': `+${requests * WAITS * 1e6}`,
    }),
  },
  fastapi: {
    latency: [0.5, 1],
    series: ({ requests, failed }) => ({
      'http_requests_total{handler="/predict",method="POST",status="2xx"}': `+${requests - failed}`, 'http_requests_total{handler="/predict",method="POST",status="5xx"}': `+${failed}`, 'http_requests_total{handler="/ready",method="GET",status="2xx"}': '+6',
      ...histogram('http_request_duration_seconds', 'handler="/predict",method="POST"', ['0.5', '1.0'], requests, requests * TAKES), ...histogram('http_request_duration_seconds', 'handler="/ready",method="GET"', ['0.1', '0.5'], 6, 1),
    }),
  },
};

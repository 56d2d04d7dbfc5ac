import { Chart, Size } from 'cdk8s';
import { EnvValue } from 'cdk8s-plus-28';
import { Accelerator, Cluster, ClusterOperator, EngineBackend, GpuPool, InferenceServer, InferenceService, KServeLanguageModels, Model, Scaling, ServingEngine } from 'cdk8s-serving';
import { ExampleTheme, kserve } from './example';

const COMMIT = 'a09a35458c702b33eeacc393d103063234e8bc28';
const qwen = Model.huggingFace('Qwen/Qwen2.5-7B-Instruct', { revision: COMMIT, size: Size.gibibytes(16) });
const ROUTER = "the graph of endpoint picker, InferencePool and route is KServe's, and the library writes routes to a Service";

export const LANGUAGE_MODELS: ExampleTheme = {
  title: 'Language models',
  examples: [
    {
      shows: 'A model on a GPU, without a scheduler before it',
      links: [kserve('llmisvc/single-node-gpu/llm-inference-service-qwen2-7b-gpu-no-scheduler.yaml'), kserve('v1beta1/torchserve/v1/bloom/README.md')],
      say: "`Model.huggingFace(…)`, `accelerator: Accelerator.nvidia('L4')`: vLLM is picked; an InferenceService, or an LLMInferenceService where the engine is told so (`EngineBackend.kserve({ languageModels: KServeLanguageModels.LLM_INFERENCE_SERVICE })`)",
      program: (chart) => {
        const model = Model.huggingFace('Qwen/Qwen2.5-7B-Instruct', { revision: COMMIT, size: Size.gibibytes(16) });
        new InferenceService(chart, 'Qwen', { model, accelerator: Accelerator.nvidia('L4'), scaling: Scaling.fixed(3) });
        const cluster = Cluster.of({ version: '1.34', operators: [ClusterOperator.KSERVE], gpuPools: [GpuPool.gke('L4', { count: 8, spare: 2 })] });
        const engine = new ServingEngine(new Chart(chart, 'llm', { namespace: 'ml' }), 'Engine', { cluster, backend: EngineBackend.kserve({ languageModels: KServeLanguageModels.LLM_INFERENCE_SERVICE }) });
        new InferenceService(chart, 'QwenLlm', { engine, model, accelerator: Accelerator.nvidia('L4'), scaling: Scaling.fixed(3) });
      },
      look: (objects) => [objects.images[0]!.startsWith('vllm-openai'), objects.one('LLMInferenceService').spec.replicas], finds: [true, 3],
    },
    {
      shows: 'A model on CPU, with settings of vLLM',
      links: [kserve('llmisvc/opt-125m-cpu/llm-inference-service-facebook-opt-125m-cpu-no-scheduler.yaml')],
      say: '`InferenceServer.vllm({ cpuKvCache, extraArguments })`, `env`',
      program: (chart) => {
        const [cpuKvCache, extraArguments] = [Size.gibibytes(1), ['--disable-log-requests']];
        new InferenceService(chart, 'Opt', { model: Model.huggingFace('facebook/opt-125m', { revision: COMMIT, size: Size.mebibytes(500) }), server: InferenceServer.vllm({ cpuKvCache, extraArguments }), env: { VLLM_LOGGING_LEVEL: EnvValue.fromValue('DEBUG') } });
      },
      look: (objects) => [objects.env('VLLM_CPU_KVCACHE_SPACE'), objects.env('VLLM_LOGGING_LEVEL')], finds: ['1', 'DEBUG'],
    },
    {
      shows: 'Devices by dynamic resource allocation',
      links: [kserve('llmisvc/managed-dra/README.md')],
      say: "`Accelerator.resourceClaim('gpu.nvidia.com', { count, selector })`",
      program: (chart) => {
        const [count, selector] = [2, 'device.attributes["gpu.nvidia.com"].type == "A100"'];
        new InferenceService(chart, 'Qwen', { model: qwen, accelerator: Accelerator.resourceClaim('gpu.nvidia.com', { count, selector }), scaling: Scaling.fixed(2), server: InferenceServer.vllm() });
      },
      look: (objects) => objects.one('ResourceClaimTemplate').spec.spec.devices.requests[0], finds: { name: 'device', exactly: { deviceClassName: 'gpu.nvidia.com', allocationMode: 'ExactCount', count: 2, selectors: [{ cel: { expression: 'device.attributes["gpu.nvidia.com"].type == "A100"' } }] } },
    },
    {
      shows: 'LoRA adapters',
      links: [kserve('llmisvc/lora-adapters/README.md')],
      reason: "a service has one model, and adapters would be further sources that must be downloaded with it", instead: '`extraArguments: [\'--enable-lora\', …]` of vLLM, with adapters in the folder of the model or a volume of your own',
    },
    {
      shows: 'A scheduler that knows what the copies have in their caches and queues: default, prefix-aware, precise, by predicted latency',
      links: [kserve('llmisvc/single-node-gpu/llm-inference-service-qwen2-7b-gpu.yaml'), kserve('llmisvc/precise-prefix-kv-cache-routing/README.md'), kserve('llmisvc/latency-predictor/README.md'), kserve('llmisvc/e2e-gpt-oss/inference_prefix_cache.yaml'), kserve('llmisvc/e2e-gpt-oss/ai-gateway-route.yaml')],
      reason: ROUTER, instead: '`InferenceServer.vllm({ enablePrefixCaching })` within a copy; an `LlmGateway` is planned',
    },
    {
      shows: 'Prefill and decode apart; data and expert parallelism over nodes, RDMA; KV cache on disk',
      links: [kserve('llmisvc/single-node-gpu/llm-inference-service-pd-qwen2-7b-gpu.yaml'), kserve('llmisvc/dp-ep/deepseek-r1-gpu-rdma-roce/README.md'), kserve('llmisvc/kv-cache-offloading/README.md'), kserve('llmisvc/e2e-gpt-oss/inference_pd_disaggregation.yaml')],
      reason: 'a service is copies of one pod', instead: "more devices in one pod, or an LLMInferenceService written by hand; what caches need of vLLM is `extraArguments`",
    },
    {
      shows: 'Presets that services lean on (`baseRefs`)',
      links: [kserve('llmisvc/e2e-gpt-oss/llmisvc_config_default.yaml'), kserve('llmisvc/e2e-gpt-oss/inference_default.yaml')],
      reason: 'what a service is, its program says whole: a preset that changes would change pods that nobody touched', instead: 'a function of the program, `Defaults` of the engine',
    },
  ],
};

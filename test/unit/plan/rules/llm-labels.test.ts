import { Size } from 'cdk8s';
import { Accelerator, EngineBackend, GpuPool, InferenceServer, InferenceServiceProps, KServeLanguageModels, Model, Scaling, Team } from 'cdk8s-serving';
import { serve } from '../../../support/serving';

const told = (languageModels: KServeLanguageModels, props: Partial<InferenceServiceProps>): string[] => serve({
  model: Model.huggingFace('Qwen/Qwen3-8B', { revision: 'a'.repeat(40), size: Size.gibibytes(17) }), server: InferenceServer.vllm(), accelerator: Accelerator.nvidia('L4'), scaling: Scaling.fixed(2), ...props,
}, { version: '1.34', gpuPools: [GpuPool.gke('L4', { count: 8, spare: 4 })] }, { backend: EngineBackend.kserve({ languageModels }) }).problems.filter(({ code }) => code === 'SERVING_LLM_POD_LABELS').map(({ got }) => got!);

test("labels that an LLMInferenceService's pods would not have are told", () => {
  const llm = KServeLanguageModels.LLM_INFERENCE_SERVICE;
  expect(told(llm, { owner: Team.of('risk'), labels: { tier: 'gold' } })).toEqual(['["tier", "team", "cost-center"]']);
  expect(told(llm, {})).toEqual([]);
  expect(told(KServeLanguageModels.INFERENCE_SERVICE, { owner: Team.of('risk'), labels: { tier: 'gold' } })).toEqual([]);
});

import { ClusterOperator } from '../../describe/cluster';
import { RolloutControllerKind } from '../../describe/rollout/controller';
import { InferenceProtocol } from '../../describe/server/server-facts';
import { controllerOf } from '../release/plan-release';
import { selectServer } from '../select-server';
import { ServiceRequest } from '../service-plan';
import { Engine, EngineId } from './engine';
import { madeDeployment, madeService } from './made';

/** Name of the server's container, the only one that KServe lays its own template upon. Source: https://github.com/kserve/kserve/blob/v0.20.0/config/llmisvcconfig/config-llm-template.yaml */
export const LLM_CONTAINER = 'main';
/** The longest that KServe adds to a name; beyond 63 characters it would cut and add a hash. Source: https://github.com/kserve/kserve/blob/v0.20.0/config/llmisvcconfig/config-llm-template.yaml (ChildName) */
const LONGEST_CHILD = '-kserve-self-signed-certs';

/**
 * KServe's LLMInferenceService: a Deployment by each, called `<name>-kserve`, and beside it a Service `<name>-kserve-workload-svc` that nobody needs.
 * Source: https://github.com/kserve/kserve/blob/v0.20.0/pkg/controller/v1alpha2/llmisvc/workload_single_node.go
 */
export function kserveLlm(version: string): Engine {
  return {
    id: EngineId.KSERVE_LLM,
    title: `KServe ${version} with LLMInferenceServices`,
    version,
    operator: ClusterOperator.KSERVE,
    workload: (group) => ({ apiVersion: 'apps/v1', kind: 'Deployment', name: `${group}-kserve` }),
    container: () => LLM_CONTAINER,
    address: ({ name }) => ({ service: name, headers: {} }),
    longestName: ({ rollout, ...request }) => ({
      length: 63 - `${rollout.progressive && controllerOf({ ...request, rollout }) === RolloutControllerKind.NONE ? '-candidate' : ''}${LONGEST_CHILD}`.length,
      because: `KServe cuts '<name>${LONGEST_CHILD}' at 63 characters`,
    }),
    makes: ({ groups }) => groups.flatMap(({ name }) => [madeDeployment(`${name}-kserve`), madeService(`${name}-kserve-workload-svc`), { apiVersion: 'v1', kind: 'Secret', name: `${name}${LONGEST_CHILD}` }]),
    // its Deployment says nothing of it
    updates: { surgePercent: 25 },
    reserved: {
      names: [], containers: [LLM_CONTAINER, 'storage-initializer', 'llm-d-routing-sidecar'], variables: [],
      labels: ['app.kubernetes.io/part-of', 'kserve.io/', 'llm-d.ai/role', 'serving.kserve.io/', 'internal.serving.kserve.io/'],
    },
  };
}

/** Whether an LLMInferenceService can run it: one model, in vLLM, asked by OpenAI's API. */
export function isLanguageModel({ model, accelerator, protocol, servers, server, pooled }: ServiceRequest): boolean {
  const selection = selectServer({ format: model.format, accelerator, protocol }, servers, server);
  return pooled === undefined && selection.server?.facts.id === 'vllm' && selection.protocol!.sameAs(InferenceProtocol.OPENAI);
}

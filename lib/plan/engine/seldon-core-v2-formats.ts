import { PoolLoading } from '../../describe/pool-loading';
import { PartOf, ServicePlan } from '../service-plan';

/** What a server must be capable of for a format. Source: https://github.com/SeldonIO/seldon-core/blob/v2.10.2/k8s/helm-charts/seldon-core-v2-setup/values.yaml (serverCapabilities) */
const REQUIREMENTS: { readonly [format: string]: string } = {
  sklearn: 'sklearn', xgboost: 'xgboost', lightgbm: 'lightgbm', mlflow: 'mlflow', huggingface: 'huggingface', custom: 'python', onnx: 'onnx', tensorrt: 'tensorrt', pytorch: 'pytorch', openvino: 'openvino', tensorflow: 'tensorflow',
};

/** Formats for which Seldon's agent writes model-settings.json where a model's folder has none. Source: https://github.com/SeldonIO/seldon-core/blob/v2.10.2/scheduler/pkg/agent/repository/mlserver/settings.go */
export const SETTINGS_WRITTEN: ReadonlySet<string> = new Set(['sklearn', 'xgboost', 'lightgbm', 'mlflow']);

/** What a server must be capable of for an explainer. Its Model need not require it: https://github.com/SeldonIO/seldon-core/blob/v2.10.2/scheduler/pkg/scheduler/filters/explainer.go */
export const EXPLAINS = 'alibi-explain';

/** The capability of a shared server that a format requires; of a format without one of its own, the server's name. */
export function requirementOf(format: string, server: string, partOf?: PartOf): string {
  // for these the agent writes their settings: https://github.com/SeldonIO/seldon-core/blob/v2.10.2/scheduler/pkg/agent/repository/mlserver/settings.go
  if (partOf?.explains !== undefined) return EXPLAINS;
  if (partOf?.detects === true) return 'alibi-detect';
  return REQUIREMENTS[format] ?? server;
}

/** What a model must require beside its server, so that the agent writes its settings: nothing where it writes none. */
export function settingsRequirement(format: string, server: string): string[] {
  return server === 'mlserver' && SETTINGS_WRITTEN.has(format) ? [requirementOf(format, server)] : [];
}

/** Those of all models of a pool that come while it runs: its server must be capable of them. */
export function settingsWritten({ pooled, poolLoading, server }: Pick<ServicePlan, 'pooled' | 'poolLoading' | 'server'>): string[] {
  return poolLoading === PoolLoading.WHILE_RUNNING ? [...new Set(pooled.flatMap(({ format }) => settingsRequirement(format, server.facts.id)))] : [];
}

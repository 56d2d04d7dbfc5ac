/** What a server must be capable of for a format. Source: https://github.com/SeldonIO/seldon-core/blob/v2.10.2/k8s/helm-charts/seldon-core-v2-setup/values.yaml (serverCapabilities) */
const REQUIREMENTS: { readonly [format: string]: string } = {
  sklearn: 'sklearn', xgboost: 'xgboost', lightgbm: 'lightgbm', mlflow: 'mlflow', huggingface: 'huggingface', custom: 'python', onnx: 'onnx', tensorrt: 'tensorrt', pytorch: 'pytorch', openvino: 'openvino', tensorflow: 'tensorflow',
};

/** Formats for which Seldon's agent writes model-settings.json where a model's folder has none. Source: https://github.com/SeldonIO/seldon-core/blob/v2.10.2/scheduler/pkg/agent/repository/mlserver/settings.go */
export const SETTINGS_WRITTEN: ReadonlySet<string> = new Set(['sklearn', 'xgboost', 'lightgbm', 'mlflow']);

/** The capability of a shared server that a format requires; of a format without one of its own, the server's name. */
export function requirementOf(format: string, server: string): string {
  return REQUIREMENTS[format] ?? server;
}

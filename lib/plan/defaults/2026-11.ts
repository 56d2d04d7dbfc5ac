import type { DefaultsSet } from './defaults';

/** The set of November 2026. Published: it never changes. */
export const SET_2026_11: DefaultsSet = {
  name: '2026.11',
  serverVersions: {
    'mlserver': '1.7.1', 'kserve-sklearn': '0.20.0', 'kserve-xgboost': '0.20.0', 'kserve-lightgbm': '0.20.0', 'kserve-huggingface': '0.20.0',
    'triton': '26.07', 'vllm': '0.33.0', 'sglang': '0.5.23', 'tensorflow-serving': '2.20.0', 'openvino': '2026.3', 'tgi': '3.3.7', 'torchserve': '0.12.0',
  },
  downloadImage: 'docker.io/kserve/storage-initializer:v0.20.0',
  pythonImage: 'docker.io/library/python:3.12.11-slim-bookworm',
  phoenixImage: 'docker.io/arizephoenix/phoenix:version-20.26.1-nonroot',
  // KServe's LLMInferenceService sleeps as long before a stop; kube-proxy and most ingress controllers follow within seconds
  propagationSeconds: 15,
  requestTimeoutSeconds: 30,
  generationTimeoutSeconds: 600,
  stopSeconds: 15,
  replicas: 2,
  modelBytes: 512 * 2 ** 20,
  downloadBytesPerSecond: 50 * 2 ** 20,
  loadBytesPerSecond: 200 * 2 ** 20,
  loadBaseSeconds: 30,
  startupFloorSeconds: 300,
  startupFactor: 2,
  pullSeconds: 300,
  acceleratorPullSeconds: 900,
  cpus: 0.5,
  cpusPerDevice: 4,
};

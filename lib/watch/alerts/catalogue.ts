/** Who must be scraped so that an alert can fire. */
export enum AlertNeed {
  KUBE_STATE_METRICS = 'kube-state-metrics',
  KUBE_STATE_METRICS_OR_SCRAPES = 'kube-state-metrics, or else its copies',
  CADVISOR = 'cAdvisor (kubelet)',
  SERVER = "the server's own metrics, or the gateway's",
  DCGM = 'DCGM exporter',
  ROLLOUT_CONTROLLER = "the release controller's metrics",
  CERTIFICATES = 'cert-manager, or blackbox-exporter',
  MONITOR = 'a ModelMonitor',
  PAYLOADS = "the payload logger's metrics",
  PRICES = "the Cluster's prices, or OpenCost",
}

/** What is known of an alert apart from any service: docs/alerts.md lists it, and its page in docs/runbooks has its name. */
export interface AlertFacts {
  readonly name: string;
  /** What it means, in a sentence. */
  readonly means: string;
  /** Which services have it. */
  readonly of: string;
  /** Without these it never fires. */
  readonly needs: readonly AlertNeed[];
}

const { KUBE_STATE_METRICS, KUBE_STATE_METRICS_OR_SCRAPES, CADVISOR, SERVER, DCGM, ROLLOUT_CONTROLLER, CERTIFICATES, MONITOR, PAYLOADS, PRICES } = AlertNeed;
const ALL = 'every service';
const GPU = 'on NVIDIA GPUs';
const BUDGET = 'with a `budget`';

/** Every alert, in the order in which a page at night would want them. */
export const ALERTS: readonly AlertFacts[] = [
  { name: 'InferenceServiceDown', means: 'No copy answers: every request fails', of: 'every service that is not stopped', needs: [KUBE_STATE_METRICS_OR_SCRAPES] },
  { name: 'InferenceServiceErrorBudgetBurn', means: 'An objective is broken so fast that its error budget will not last', of: 'with an objective that is measured; one fast (critical) and one slow (warning)', needs: [SERVER] },
  { name: 'InferenceServiceGpuErrors', means: 'The driver reports an error of the hardware', of: GPU, needs: [DCGM] },
  { name: 'InferenceServiceObjectiveNoData', means: 'An objective is not measured any more', of: 'with an objective that is measured', needs: [SERVER] },
  { name: 'InferenceServiceScrapeLost', means: 'Copies are ready, and nobody gets their metrics', of: 'whose server has metrics', needs: [KUBE_STATE_METRICS] },
  { name: 'InferenceServiceNotLoading', means: 'A copy takes longer to become ready than it was planned for', of: ALL, needs: [KUBE_STATE_METRICS] },
  { name: 'InferenceServiceCrashLoop', means: 'A container ends again and again', of: ALL, needs: [KUBE_STATE_METRICS] },
  { name: 'InferenceServiceUnschedulable', means: 'No node takes a copy', of: ALL, needs: [KUBE_STATE_METRICS] },
  { name: 'InferenceServiceRolloutStuck', means: 'A new version was taken back, or makes no progress', of: ALL, needs: [KUBE_STATE_METRICS, ROLLOUT_CONTROLLER] },
  { name: 'InferenceServiceAtMaxCopies', means: 'The autoscaler wants more copies than there may be', of: 'with an autoscaler and room between its bounds, unless held', needs: [KUBE_STATE_METRICS] },
  { name: 'InferenceServiceQueueGrowing', means: 'More comes in than is answered', of: 'whose server tells what waits', needs: [SERVER] },
  { name: 'InferenceServiceMemoryNearLimit', means: 'A server is close to where the kernel kills it', of: 'with a memory limit', needs: [KUBE_STATE_METRICS, CADVISOR] },
  { name: 'InferenceServiceCertificateExpiring', means: 'A certificate of its hosts ends soon and was not renewed', of: 'reached from outside by TLS', needs: [CERTIFICATES] },
  { name: 'InferenceServiceHoldPast', means: 'It is held longer than was said', of: 'with a hold', needs: [] },
  { name: 'InferenceServiceRolloutPaused', means: 'A release waits for a person', of: 'every service that is not frozen', needs: [KUBE_STATE_METRICS, ROLLOUT_CONTROLLER] },
  { name: 'InferenceServiceGpuIdle', means: 'GPUs are paid for and do nothing', of: GPU, needs: [DCGM] },
  { name: 'InferenceServiceGpuUnready', means: 'Copies hold GPUs and are not ready', of: 'with GPUs or the like', needs: [KUBE_STATE_METRICS] },
  { name: 'InferenceServiceOverBudget', means: 'A month will cost more than its budget', of: BUDGET, needs: [KUBE_STATE_METRICS, PRICES] },
  { name: 'InferenceServiceNearBudget', means: 'A month will cost nearly its budget', of: BUDGET, needs: [KUBE_STATE_METRICS, PRICES] },
  { name: 'InferenceServiceCostUnknown', means: 'Copies run, and nothing tells what they cost', of: "in a stack with `cost`, where prices are known or OpenCost's", needs: [KUBE_STATE_METRICS] },
  { name: 'TeamOverBudget', means: 'A month of all services of a team will cost more than its budget', of: 'the stack, for each of its `budgets`', needs: [KUBE_STATE_METRICS, PRICES] },
  { name: 'TeamNearBudget', means: 'A month of all services of a team will cost nearly its budget', of: 'the stack, for each of its `budgets`', needs: [KUBE_STATE_METRICS, PRICES] },
  { name: 'InferenceMetricsSourceMissing', means: 'What other alerts need is not scraped: they never fire', of: 'the stack, once', needs: [] },
  { name: 'ModelAccuracyLow', means: 'Too many answers proved wrong', of: 'with a monitor that is told the truth and a least accuracy', needs: [MONITOR] },
  { name: 'ModelDriftDetected', means: 'Inputs differ from what the model was trained on', of: 'with a monitor', needs: [MONITOR] },
  { name: 'ModelMissingValues', means: 'Values of a feature are missing', of: 'with a monitor', needs: [MONITOR] },
  { name: 'ModelMonitorStale', means: 'The monitor has told nothing for two periods', of: 'with a monitor', needs: [] },
  { name: 'ModelMonitorNoData', means: 'The monitor sees fewer predictions than it needs', of: 'with a monitor', needs: [MONITOR] },
  { name: 'ModelPayloadLoggingDropped', means: 'Payloads of predictions are lost', of: 'whose payloads are logged', needs: [PAYLOADS] },
];

/** When a pool's servers load their models. */
export enum PoolLoading {
  /** As their pods start: a pod is ready when all models are, and a change of one replaces all pods, copy by copy. */
  WITH_PODS = 'withPods',
  /** While they run: a model comes, changes and goes without new pods. A pod is ready before its models are. */
  WHILE_RUNNING = 'whileRunning',
}

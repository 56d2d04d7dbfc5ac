import { Duration } from 'cdk8s';
import type { ClusterProps } from './cluster';
import { checkShape, is, Shape } from './checks/shape';
import { GpuPool } from './gpu-pool';
import { Finding } from './problem';
import { RolloutController, RolloutControllerKind } from './rollout/controller';

/** A cluster file: as `ClusterProps`, with pools and operators as data. */
interface ClusterFile {
  readonly $schema?: string;
  readonly gpuPools?: object[];
  readonly operators?: string[];
  readonly scrapeSeconds?: number;
  readonly rollouts?: object;
}

/** Everything in a cluster file that is the same as in `ClusterProps`. */
const PLAIN_KEYS = ['name', 'version', 'gateway', 'ingressClass', 'ingressNamespace', 'imageMirrors', 'imageDigests', 'imagePullSecrets', 'metricsUrl', 'prices', 'imageVolumes', 'dynamicResourceAllocation', 'domain'] as const;

const FILE: Shape<ClusterFile & { [key in typeof PLAIN_KEYS[number]]?: unknown }> = {
  $schema: is.text(), gpuPools: is.list(is.json), operators: is.list(is.text("an operator's name, such as 'keda'", /^[a-z0-9-]+$/)),
  scrapeSeconds: is.number(1, 3600), rollouts: is.json,
  ...(Object.fromEntries(PLAIN_KEYS.map((key) => [key, is.anything])) as { [key in typeof PLAIN_KEYS[number]]: typeof is.anything }),
};
const ROLLOUTS: Shape<{ controller: string }> = { controller: is.required(is.oneOf(Object.values(RolloutControllerKind))) };
const POOL: Shape<{ preset: string; product: string }> = { preset: is.required(is.oneOf(['nvidiaOperator', 'gke', 'eks', 'aks', 'of'])), product: is.required(is.text('a product')) };

/** Reads the content of a cluster file; operators come back by name, as the class that wraps them is the caller's. */
export function readCluster(content: unknown): { props: ClusterProps; operators?: string[]; findings: Finding[] } {
  const { props: file, findings } = checkShape('the cluster file', FILE, content as ClusterFile);
  const gpuPools = (file.gpuPools ?? []).map((entry, i) => readPool(entry as Record<string, unknown>, i, findings)).filter((pool) => pool !== undefined);
  const plain = Object.fromEntries(PLAIN_KEYS.filter((key) => key in file).map((key) => [key, (file as Record<string, unknown>)[key]]));
  const rollouts = file.rollouts === undefined ? undefined : readRollouts(file.rollouts as Record<string, unknown>, findings);
  const scrapeInterval = file.scrapeSeconds === undefined ? undefined : Duration.millis(file.scrapeSeconds * 1000);
  return { props: { ...plain, ...(file.gpuPools === undefined ? {} : { gpuPools }), ...(rollouts && { rollouts }), ...(scrapeInterval && { scrapeInterval }) }, operators: file.operators, findings };
}

function readRollouts(entry: Record<string, unknown>, findings: Finding[]): RolloutController | undefined {
  const { controller, ...rest } = entry;
  const checked = checkShape('the cluster file: rollouts', ROLLOUTS, { controller } as { controller: string });
  findings.push(...checked.findings);
  switch (checked.props.controller) {
    case RolloutControllerKind.ARGO: return RolloutController.argo(rest);
    case RolloutControllerKind.FLAGGER: return RolloutController.flagger(rest);
    case RolloutControllerKind.NONE: return RolloutController.none(rest);
    default: return undefined;
  }
}

function readPool(entry: Record<string, unknown>, index: number, findings: Finding[]): GpuPool | undefined {
  const { preset, product, ...rest } = entry;
  const checked = checkShape(`the cluster file: gpuPools[${index}]`, POOL, { preset, product } as { preset: string; product: string });
  findings.push(...checked.findings);
  if (checked.findings.length > 0) return undefined;
  const props = rest as never;
  switch (preset) {
    case 'nvidiaOperator': return GpuPool.nvidiaOperator(product as string, props);
    case 'gke': return GpuPool.gke(product as string, props);
    case 'eks': return GpuPool.eks(product as string, props);
    case 'aks': return GpuPool.aks(product as string, props);
    default: return GpuPool.of({ ...(rest as object), product } as never);
  }
}

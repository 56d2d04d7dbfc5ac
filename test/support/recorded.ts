import { GpuPool, Scaling } from 'cdk8s-serving';
import { SERVERS } from '../promql/servers';
import { watch, Watched } from './watched';

/** A watched service of two copies on a server of the catalogue, by its name among `SERVERS`. */
export function serviceOn(name: string): Watched {
  return watch({ ...SERVERS[name]!.props, scaling: Scaling.fixed(2) }, {}, { gpuPools: [GpuPool.nvidiaOperator('L4', { count: 4, spare: 1 })] });
}

/** Names of the series that are recorded of each server. */
export function recordedBy(): [server: string, series: Set<string>][] {
  return Object.keys(SERVERS).map((name) => [name, new Set(serviceOn(name).rules.flatMap((rule) => rule.record ?? []))]);
}

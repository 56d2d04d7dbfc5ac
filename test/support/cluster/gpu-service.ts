import { Accelerator, AcceleratorKind, Cluster, GpuPool, InferenceServer, InferenceService, Model, Rollout, Scaling, ServingEngine } from 'cdk8s-serving';
import type { Manifest } from './kubectl';
import { synthesized } from './synthesized';

export interface GpuServiceOptions {
  readonly name: string;
  readonly accelerator: Accelerator;
  /** Pools of the cluster. @default none declared */
  readonly pools?: GpuPool[];
  readonly copies?: number;
  readonly rollout?: Rollout;
}

/** A service on accelerators, as the library makes it. Fake nodes run no container, so its image is never pulled. */
export function gpuService(options: GpuServiceOptions): Manifest[] {
  return synthesized((chart) => {
    new ServingEngine(chart, 'Engine', { cluster: Cluster.of({ version: '1.34', gpuPools: options.pools }) });
    new InferenceService(chart, 'Service', {
      name: options.name,
      model: Model.custom({ version: 'v1' }),
      server: InferenceServer.container({ image: 'registry.example.com/server:1', httpPort: 8000, accelerators: Object.values(AcceleratorKind) }),
      accelerator: options.accelerator,
      scaling: Scaling.fixed(options.copies ?? 2),
      rollout: options.rollout,
    });
  });
}

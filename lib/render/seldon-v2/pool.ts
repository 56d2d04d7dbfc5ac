import { PoolLoading } from '../../describe/pool-loading';
import { settingsRequirement } from '../../plan/engine/seldon-core-v2-formats';
import { PodGroup, ServicePlan } from '../../plan/service-plan';
import { RenderedObject } from '../ports';
import { folderInPod, modelMemory, seldonModel, SeldonModel, storeOf, versionOf } from './model';
import { fetchedOfPool } from './remote';

/**
 * The Models of a pool: each on the pool's server and on no other. Where their files come with the pods, the agent is told of a folder, which is the same
 * for every version: a new one comes with new pods. Where they come while it runs, it is told of the store.
 *
 * A Model that wants as many copies as there may be, and is content with the least, is on all copies that its server has: the scheduler tries again
 * whenever one comes. Source: https://github.com/SeldonIO/seldon-core/blob/v2.10.2/scheduler/pkg/scheduler/scheduler.go (getFailedModels)
 */
export function poolModels(plan: ServicePlan, group: PodGroup, copies: Pick<SeldonModel, 'replicas' | 'minReplicas'>): RenderedObject[] {
  const running = plan.poolLoading === PoolLoading.WHILE_RUNNING;
  return plan.pooled.map(({ name, model, format, bytes }) => seldonModel({
    id: `Model-${name}`, name, labels: { ...plan.labels, ...versionOf(model) }, annotations: plan.annotations,
    ...(running ? storeOf(plan, fetchedOfPool(plan, name, model)) : { storageUri: folderInPod(plan, name) }),
    requirements: [group.name, ...(running ? settingsRequirement(format, plan.server.facts.id) : [])], server: group.name, memoryBytes: modelMemory(plan, bytes), ...copies,
  }));
}

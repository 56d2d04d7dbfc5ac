import { AcceleratorKind } from '../../describe/accelerator';
import { Finding, ProblemKind } from '../../describe/problem';
import { Rule } from './rule';

const NOT_THERE = ProblemKind.error('SERVING_ACCELERATOR_NOT_IN_CLUSTER', 'No pool of the cluster has this accelerator', 'Copies would wait for ever.');
const UNKNOWN = ProblemKind.warning('SERVING_GPU_POOLS_UNKNOWN', 'The cluster does not say which accelerators it has', 'Copies are sent by the usual labels, and nobody has counted whether they fit.');
const PER_NODE = ProblemKind.error('SERVING_ACCELERATOR_PER_NODE', 'A copy wants more devices than a node has', 'A copy runs on one node; it would wait for ever.');
const OLD = ProblemKind.error('SERVING_CLAIM_NEEDS_KUBERNETES', 'Resource claims need a newer Kubernetes', 'Dynamic resource allocation is on by itself from 1.34 on; 1.32 and 1.33 have it behind a switch.');
const ANY_PRODUCT = ProblemKind.warning('SERVING_PRODUCT_NOT_ENFORCED', 'The product of an accelerator is not made sure of', 'Pods ask for a device by its resource alone; a node with another product of the same maker offers the same resource.');
const MIXED = ProblemKind.error('SERVING_POOL_RESOURCES_DIFFER', 'The pools that fit offer the device under different names', 'A pod asks for one extended resource; half of the pools could never take it.');

export const accelerator: Rule = {
  check: ({ request, plan }) => {
    const wish = request.accelerator;
    if (wish === undefined) return [];
    if (wish.kind === AcceleratorKind.RESOURCE_CLAIM) {
      const { minorVersion, dynamicResourceAllocation, version } = request.cluster;
      return minorVersion >= 32 && dynamicResourceAllocation ? [] : [OLD.found({ what: 'Accelerator.resourceClaim needs Kubernetes 1.32 with dynamic resource allocation switched on', got: `${version}, dynamicResourceAllocation ${dynamicResourceAllocation}`, allowed: '1.34, or 1.32 and 1.33 where it is switched on', fix: "say 'dynamicResourceAllocation: true' of the Cluster if it is, else ask for an extended resource (Accelerator.nvidia)" })];
    }
    const findings: Finding[] = [];
    const open = plan.pools.length > 0 ? plan.pools.some((pool) => Object.keys(pool._selector).length === 0) : wish.kind === AcceleratorKind.AMD || wish.kind === AcceleratorKind.GAUDI;
    if (wish.product !== undefined && open) {
      findings.push(ANY_PRODUCT.found({ what: `nothing sends copies to nodes with ${wish.product}: any node that offers such a device will do`, got: wish.product, allowed: "a pool with 'nodeLabels'", fix: "declare a GpuPool.of with the labels that your nodes carry, such as { 'amd.com/gpu.product-name': '...' }, or acknowledge it: the cluster has one product" }));
    }
    const declared = request.cluster.gpuPools;
    if (declared.length === 0) {
      return [...findings, UNKNOWN.found({ what: `whether ${wish} fits can not be told: the cluster declares no pools`, fix: "declare 'gpuPools' of the Cluster" })];
    }
    if (plan.pools.length === 0) {
      return [...findings, NOT_THERE.found({ what: `no pool of the cluster '${request.cluster.name}' has ${wish}`, got: String(wish), allowed: declared.map((pool) => [pool.product, pool.migProfile && `MIG ${pool.migProfile}`, pool.sharing && `shared by ${pool.sharing}`].filter(Boolean).join(' ')).join(', '), fix: 'ask for one of these, or declare the pool' })];
    }
    const roomy = plan.pools.filter((pool) => pool.perNode === undefined || pool.perNode >= wish.count);
    if (roomy.length === 0) {
      findings.push(PER_NODE.found({ what: `a copy needs ${wish.count} devices on one node`, got: wish.count, allowed: `at most ${Math.max(...plan.pools.map((pool) => pool.perNode ?? 0))}`, fix: 'ask for fewer per copy, or use a pool with larger nodes' }));
    }
    const resources = [...new Set(plan.pools.map((pool) => pool.resource))];
    if (resources.length > 1) findings.push(MIXED.found({ what: `pools that fit ${wish} offer it as ${resources.join(' and ')}`, got: resources, allowed: 'one resource', fix: 'name the product, so that pools of one kind remain' }));
    return findings;
  },
};

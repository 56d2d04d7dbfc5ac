import { Accelerator } from 'cdk8s-serving';
import { apply, list, remove } from '../../support/cluster/kubectl';
import { gpuService } from '../../support/cluster/gpu-service';
import { createNamespace, removeNamespaces, setNamespace } from '../../support/cluster/namespaces';
import { addNodes, removeNodes } from '../../support/cluster/nodes';
import { podsOf, rolledOut } from '../../support/cluster/workloads';

const DRIVER = 'gpu.serving.test';

describe('devices claimed by dynamic resource allocation', () => {
  let node: string;

  beforeAll(async () => {
    [node] = await addNodes({ name: 'claimed', labels: {}, taints: [{ key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' }], devices: {} }) as [string];
    await apply([
      { apiVersion: 'resource.k8s.io/v1', kind: 'DeviceClass', metadata: { name: DRIVER }, spec: { selectors: [{ cel: { expression: `device.driver == "${DRIVER}"` } }] } },
      {
        // what the driver of a real node publishes of its devices
        apiVersion: 'resource.k8s.io/v1', kind: 'ResourceSlice', metadata: { name: `${node}-${DRIVER}` },
        spec: {
          nodeName: node, driver: DRIVER, pool: { name: node, generation: 1, resourceSliceCount: 1 },
          devices: ['A100', 'A100', 'A100', 'A100', 'T4'].map((product, i) => ({ name: `gpu-${i}`, attributes: { productName: { string: product } } })),
        },
      },
    ]);
  });

  afterAll(async () => {
    await removeNamespaces();
    await remove('resourceslices', [`${node}-${DRIVER}`]);
    await remove('deviceclasses', [DRIVER]);
    await removeNodes();
  });

  test('every pod gets devices of its own, of the product asked for', async () => {
    const namespace = await createNamespace('claims');
    const accelerator = Accelerator.resourceClaim(DRIVER, { count: 2, selector: `device.attributes["${DRIVER}"].productName == "A100"` });
    expect(await apply(await setNamespace(gpuService({ name: 'claimer', accelerator }), namespace))).toEqual([]);
    await rolledOut('claimer', namespace, { timeout: 60_000 });
    expect((await podsOf('claimer', namespace)).map((pod) => pod.spec.nodeName)).toEqual([node, node]);
    const claims = await list('resourceclaims', { namespace });
    const devices = claims.flatMap((claim) => claim.status.allocation.devices.results.map((result: any) => result.device));
    expect(devices.sort()).toEqual(['gpu-0', 'gpu-1', 'gpu-2', 'gpu-3']);
  });
});

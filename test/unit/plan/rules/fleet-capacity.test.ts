import { Chart, Size, Testing } from 'cdk8s';
import { Accelerator, Cluster, GpuPool, Hold, InferenceServer, InferenceService, InferenceServiceProps, Model, ModelSource, Problem, Problems, Rollout, Scaling, ServingEngine } from 'cdk8s-serving';

const model = Model.onnx({ source: ModelSource.s3('s3://models/r/v1'), size: Size.gibibytes(1) });
const { nvidia, anyOf } = { nvidia: Accelerator.nvidia, anyOf: Accelerator.anyOf };
const either = (...products: string[]): Accelerator => anyOf(products.map((product) => nvidia(product)));

type Wish = [copies: number, accelerator: Accelerator, more?: Partial<InferenceServiceProps>];

/** What is said of devices when these services share clusters of these pools; services `s0`, `s1`, ... */
function full(clusters: Cluster | Cluster[], ...wishes: Wish[]): Problem[] {
  const app = Testing.app();
  wishes.forEach(([copies, accelerator, more], i) => {
    const chart = new Chart(app, `chart-${i}`, { namespace: 'ml' });
    new ServingEngine(chart, 'Engine', { cluster: Array.isArray(clusters) ? clusters[i]! : clusters });
    new InferenceService(chart, `S${i}`, { model, server: InferenceServer.triton(), accelerator, scaling: Scaling.fixed(copies), rollout: Rollout.rolling({ maxSurge: 0 }), ...more });
  });
  return Problems.of(app).filter((problem) => problem.code === 'SERVING_GPU_POOL_FULL');
}

const cluster = (...gpuPools: GpuPool[]): Cluster => Cluster.of({ name: 'eu', gpuPools });

test('services of a cluster share its devices: 3 x 2 + 2 x 1 of 8 is room for all', () => {
  expect(full(cluster(GpuPool.gke('L4', { count: 8 })), [3, nvidia('L4', { count: 2 })], [2, nvidia('L4')])).toEqual([]);
});

test('what is too much is told with the sum: 3 x 2 + 3 x 1 = 9 of 8', () => {
  expect(full(cluster(GpuPool.gke('L4', { count: 8 })), [3, nvidia('L4', { count: 2 })], [3, nvidia('L4')])).toEqual([expect.objectContaining({
    severity: 'error', path: 'chart-1/S1', got: '9', allowed: 'at most 8', what: "L4: s0 (3) x 2 + s1 (3) x 1 = 9 devices (copies at their most, and what an update adds), of 8; 1 copy of 's1' finds no room",
  })]);
});

test('an autoscaled service is counted at its most', () => {
  expect(full(cluster(GpuPool.gke('L4', { count: 4 })), [0, nvidia('L4'), { scaling: Scaling.onCustomMetric({ min: 1, max: 5, metric: 'queue', targetPerReplica: 1 }) }])[0]).toMatchObject({ got: '5' });
});

test('an update that adds copies is counted', () => {
  const wish = (maxSurge: number): Wish => [4, nvidia('L4'), { rollout: Rollout.rolling({ maxSurge }) }];
  expect(full(cluster(GpuPool.gke('L4', { count: 5, spare: 2 })), wish(1))).toEqual([]);
  expect(full(cluster(GpuPool.gke('L4', { count: 5, spare: 2 })), wish(2))[0]).toMatchObject({ got: '6', allowed: 'at most 5' });
});

test('a service that is stopped takes none', () => {
  expect(full(cluster(GpuPool.gke('L4', { count: 2 })), [2, nvidia('L4')], [2, nvidia('L4'), { hold: Hold.stopped({ reason: 'cost', until: '2027-01-01' }) }])).toEqual([]);
});

test('what an update adds is told beside the copies', () => {
  const surging: Wish = [4, nvidia('L4', { count: 2 }), { rollout: Rollout.rolling({ maxSurge: 1 }) }];
  expect(full(cluster(GpuPool.gke('L4', { count: 9, spare: 2 })), surging)).toEqual([expect.objectContaining({ got: '10', what: expect.stringContaining('L4: s0 (4 + 1 of an update) x 2 = 10 devices'), fix: expect.stringContaining('Rollout.rolling({ maxUnavailable: 1 })') })]);
  expect(full(cluster(GpuPool.gke('L4', { count: 10, spare: 2 })), surging)).toEqual([]);
});

test('copies of one service are spread over its pools', () => {
  const pools = cluster(GpuPool.gke('L4', { count: 2 }), GpuPool.gke('T4', { count: 2 }));
  expect(full(pools, [4, either('L4', 'T4')])).toEqual([]);
  expect(full(pools, [5, either('L4', 'T4')])[0]).toMatchObject({ what: expect.stringContaining('L4 and T4: s0 (5) x 1 = 5 devices'), allowed: 'at most 4' });
});

test('a service with another choice makes room for one without', () => {
  const pools = cluster(GpuPool.gke('L4', { count: 2 }), GpuPool.gke('T4', { count: 2 }));
  expect(full(pools, [2, either('L4', 'T4')], [2, nvidia('L4')])).toEqual([]);
  expect(full(pools, [3, either('L4', 'T4')], [2, nvidia('L4')])).toHaveLength(1);
});

test('room is made over several steps: a chain of services moves on by one pool each', () => {
  const pools = cluster(GpuPool.gke('L4', { count: 1 }), GpuPool.gke('T4', { count: 1 }), GpuPool.gke('A100-80GB', { count: 1 }));
  expect(full(pools, [1, either('L4', 'T4')], [1, either('T4', 'A100-80GB')], [1, nvidia('L4')])).toEqual([]);
});

test('several small copies move together to make room for one large', () => {
  const pools = cluster(GpuPool.gke('L4', { count: 2 }), GpuPool.gke('T4', { count: 2 }));
  expect(full(pools, [2, either('L4', 'T4')], [1, nvidia('L4', { count: 2 })])).toEqual([]);
});

test('a pool whose nodes are too small for a copy is no room for it', () => {
  const pools = cluster(GpuPool.gke('L4', { count: 2, perNode: 2 }), GpuPool.gke('T4', { count: 16, perNode: 1 }));
  expect(full(pools, [4, anyOf([nvidia('L4', { count: 2 }), nvidia('T4', { count: 2 })])])).toHaveLength(1);
});

test('devices that are cut are counted by their profile', () => {
  const pools = cluster(GpuPool.nvidiaOperator('A100-80GB', { count: 2, migProfile: '1g.10gb' }), GpuPool.nvidiaOperator('A100-80GB', { count: 8, nodeLabels: { whole: 'yes' } }));
  const slice = Accelerator.nvidiaMig('A100-80GB', '1g.10gb');
  expect([full(pools, [2, slice]), full(pools, [3, slice]).map((one) => one.got)]).toEqual([[], ['3']]);
});

describe('clusters', () => {
  const small = (name?: string): Cluster => Cluster.of({ ...(name === undefined ? {} : { name }), gpuPools: [GpuPool.gke('L4', { count: 2 })] });

  test('of one name are one, wherever they were described', () => {
    expect(full([small('eu'), small('eu')], [2, nvidia('L4')], [2, nvidia('L4')])).toHaveLength(1);
  });

  test('of different names share nothing', () => {
    expect(full([small('eu'), small('us')], [2, nvidia('L4')], [2, nvidia('L4')])).toEqual([]);
  });

  test('without a name are each one of its own, and the same value is the same cluster', () => {
    expect(full([small(), small()], [2, nvidia('L4')], [2, nvidia('L4')])).toEqual([]);
    expect(full(small(), [2, nvidia('L4')], [2, nvidia('L4')])).toHaveLength(1);
  });
});

test('services without an accelerator take none', () => {
  const app = Testing.app();
  const chart = new Chart(app, 'chart');
  new ServingEngine(chart, 'Engine', { cluster: cluster(GpuPool.gke('L4', { count: 1 })) });
  new InferenceService(chart, 'Cpu', { model: Model.sklearn({ source: ModelSource.s3('s3://models/v1') }), scaling: Scaling.fixed(50) });
  expect(Problems.of(app)).toEqual([]);
});

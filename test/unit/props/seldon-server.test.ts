import { App, Chart, Testing } from 'cdk8s';
import { Cluster, ClusterOperator, Problems, SeldonServer, SeldonServerProps, ServingEngine } from 'cdk8s-serving';
import { everyProp } from '../../support/props';
import { hearing } from '../../support/serving';

class Made {
  public readonly app = new App();
  public readonly chart = new Chart(this.app, 'servers', { namespace: 'ml' });
  public readonly server: SeldonServer;

  public constructor(props: SeldonServerProps = {}) {
    new ServingEngine(this.chart, 'Engine', { cluster: Cluster.of() });
    this.server = new SeldonServer(this.chart, 'TabularModels', props);
  }

  public get codes(): string[] { return Problems.of(this.app).map(({ code }) => code); }
  public get objects(): any[] { return hearing(() => Testing.synth(this.chart)).result; }
  public get spec(): any { return this.objects.find(({ kind }) => kind === 'Server').spec; }
}

describe('each prop of a shared server', () => {
  const elsewhere = new ServingEngine(new Chart(new App(), 'engines'), 'Other', { cluster: Cluster.of({ operators: [ClusterOperator.KEDA] }) });
  everyProp<SeldonServerProps, Made>({}, (props) => new Made(props), {
    serverConfig: { value: 'triton', see: (made) => made.spec.serverConfig, is: 'triton' },
    replicas: { value: 5, see: (made) => made.spec.replicas, is: 5 },
    minReplicas: { value: 3, see: (made) => [made.spec.minReplicas, made.spec.replicas], is: [3, 3] },
    maxReplicas: { value: 9, see: (made) => made.spec.maxReplicas, is: 9 },
    extraCapabilities: { value: ['fraud'], see: (made) => made.spec.extraCapabilities, is: ['fraud'] },
    name: { value: 'main', see: (made) => [made.server.name, ...made.objects.map(({ metadata }) => metadata.name)], is: ['main', 'main', 'main'] },
    engine: { value: elsewhere, see: (made) => made.codes, is: ['SERVING_OPERATOR_MISSING'] },
  });
});

test('a shared server has two copies, of which one may be away', () => {
  const made = new Made();
  expect(made.codes).toEqual([]);
  expect(made.spec).toMatchObject({ serverConfig: 'mlserver', replicas: 2 });
  expect(made.objects.find(({ kind }) => kind === 'PodDisruptionBudget').spec).toMatchObject({ maxUnavailable: 1, selector: { matchLabels: { 'seldon-server-name': 'tabular-models' } } });
});

test.each([
  ['more than its most', { replicas: 4, maxReplicas: 3 }, ['SERVING_SELDON_SERVER_COPIES']], ['fewer than its least', { replicas: 2, minReplicas: 3 }, ['SERVING_SELDON_SERVER_COPIES']], ['between them', { replicas: 3, minReplicas: 2, maxReplicas: 4 }, []],
  ['one', { replicas: 1 }, ['SERVING_SELDON_SERVER_ONE_COPY']], ['down to one', { minReplicas: 1 }, ['SERVING_SELDON_SERVER_ONE_COPY']],
])('copies: %s', (_, props, codes) => { expect(new Made(props).codes).toEqual(codes); });

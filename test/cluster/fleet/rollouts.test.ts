import { TrafficRouterKind } from 'cdk8s-serving';
import { apply } from '../../support/cluster/kubectl';
import { createNamespace, removeNamespaces, setNamespace } from '../../support/cluster/namespaces';
import { RELEASES } from '../../support/cluster/releases';
import { measured } from '../../support/cluster/report';
import { ARGO, CANARY, FLAGGER, serveCell } from '../../support/release';

// Every cell of the table of capabilities that says yes, against the definitions of the controllers and routers themselves.
describe('a release', () => {
  let namespace: string;
  const kinds = new Set<string>();

  beforeAll(async () => { namespace = await createNamespace('rollouts'); });
  afterAll(removeNamespaces);

  test.each(RELEASES)('%s: the API server takes it strictly', async (_, __, make) => {
    const manifests = await setNamespace(make(), namespace);
    expect(await apply(manifests, { dryRun: true })).toEqual([]);
    for (const { kind } of manifests) kinds.add(kind);
  });

  test('all kinds of objects were among them', () => {
    measured('rollouts: cells and variants whose manifests the API server took', RELEASES.length);
    expect([...kinds]).toEqual(expect.arrayContaining(['Rollout', 'AnalysisTemplate', 'Canary', 'MetricTemplate', 'VirtualService', 'HTTPRoute', 'GRPCRoute', 'Ingress', 'Deployment', 'Service', 'HorizontalPodAutoscaler', 'ConfigMap']));
  });

  test.each(['Rollout', 'AnalysisTemplate', 'Canary', 'MetricTemplate', 'VirtualService'])('a field that %s does not have is refused', async (kind) => {
    const controller = kind === 'Canary' || kind === 'MetricTemplate' ? FLAGGER : ARGO;
    const manifests = await setNamespace(serveCell({ controller, router: TrafficRouterKind.ISTIO, kind: CANARY }).manifests, namespace);
    const one = manifests.find((manifest) => manifest.kind === kind)!;
    one.spec.colour = 'blue';
    await expect(apply([one], { dryRun: true })).rejects.toThrow(/unknown field.*colour/);
  });
});

import { Chart, Testing } from 'cdk8s';
import { Deployment, Namespaces, NetworkPolicy, NetworkPolicyIpBlock, NetworkPolicyTrafficDefault, Pods } from 'cdk8s-plus-28';
import { Exposure, InferenceService } from 'cdk8s-serving';
import { iris, serve, Served, synth } from '../../support/serving';

const MEMBERS = { 'app.kubernetes.io/instance': 'iris', 'app.kubernetes.io/component': 'predictor' };
const rules = (served: Served): any[] => served.one('NetworkPolicy')?.spec.ingress;
const inNamespace = (name: string): any => ({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } });

test('without a grant the service is open', () => expect(serve().one('NetworkPolicy')).toBeUndefined());

test('the first grant closes all pods of the service to everyone else, on the ports of requests', () => {
  const served = serve();
  served.service.grantInvoke(new Deployment(served.chart, 'Shop', { containers: [{ image: 'a:1' }] }));
  const policy = served.one('NetworkPolicy');
  expect(policy).toMatchObject({ metadata: { name: 'iris' }, spec: { podSelector: { matchLabels: MEMBERS }, policyTypes: ['Ingress'] } });
  expect(rules(served)).toEqual([{ from: [{ podSelector: { matchLabels: served.all('Deployment')[1].spec.selector.matchLabels }, ...inNamespace('ml') }], ports: [{ port: 8080, protocol: 'TCP' }, { port: 8081, protocol: 'TCP' }] }]);
});

test('each kind of peer is let in as what it is', () => {
  const served = serve();
  const { chart, service } = served;
  service.grantInvoke(Namespaces.select(chart, 'Names', { names: ['a', 'b'] }));
  service.grantInvoke(Namespaces.select(chart, 'Labels', { labels: { tier: 'web' } }));
  service.grantInvoke(Pods.select(chart, 'Pods', { labels: { app: 'x' }, namespaces: Namespaces.select(chart, 'Other', { names: ['c'] }) }));
  service.grantInvoke(NetworkPolicyIpBlock.ipv4(chart, 'Ip', '10.0.0.0/8', ['10.1.0.0/16']));
  const from = rules(served)[0].from;
  expect(from).toEqual([
    expect.objectContaining(inNamespace('a')), expect.objectContaining(inNamespace('b')), expect.objectContaining({ namespaceSelector: { matchLabels: { tier: 'web' } } }),
    { podSelector: { matchLabels: { app: 'x' } }, ...inNamespace('c') }, { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } },
  ]);
});

test('what exposes the service and what scrapes it stay let in', () => {
  const gateway = { name: 'public', namespace: 'gateway', proxyNamespace: 'envoy' };
  const exposed = serve({ exposure: Exposure.gateway({ hosts: ['a.example.com'] }) }, { gateway, metricsUrl: 'http://prometheus.monitoring:9090' });
  exposed.service.grantInvoke(Namespaces.select(exposed.chart, 'N', { names: ['shop'] }));
  expect(rules(exposed)[0].from[1]).toEqual(inNamespace('envoy'));
  expect(rules(exposed)[1]).toEqual({ from: [inNamespace('monitoring')], ports: [{ port: 8082, protocol: 'TCP' }] });
  const internal = serve({}, { gateway });
  internal.service.grantInvoke(Namespaces.select(internal.chart, 'N', { names: ['shop'] }));
  expect([rules(internal).length, rules(internal)[0].from.length]).toEqual([1, 1]);
});

test('a service may be granted to call another: as a peer it is its pods in its namespace', () => {
  const served = serve();
  const caller = new InferenceService(new Chart(served.app, 'front', { namespace: 'front' }), 'Front', { model: iris() });
  served.service.grantInvoke(caller);
  expect(rules(served)[0].from).toEqual([{ podSelector: { matchLabels: { ...MEMBERS, 'app.kubernetes.io/instance': 'front' } }, ...inNamespace('front') }]);
});

test("a NetworkPolicy of cdk8s-plus takes the service as a peer and as its pods", () => {
  const served = serve();
  const shop = new Deployment(served.chart, 'Shop', { containers: [{ image: 'a:1' }] });
  const policy = new NetworkPolicy(served.chart, 'Policy', { selector: shop, egress: { default: NetworkPolicyTrafficDefault.DENY } });
  policy.addEgressRule(served.service);
  new NetworkPolicy(served.chart, 'Own', { selector: served.service });
  const [first, second] = served.all('NetworkPolicy');
  expect(first.spec.egress[0].to).toEqual([expect.objectContaining({ podSelector: { matchLabels: MEMBERS } })]);
  expect(second.spec.podSelector.matchLabels).toEqual(MEMBERS);
});

test('two grants are one policy', () => {
  const served = serve();
  for (const name of ['a', 'b']) served.service.grantInvoke(Namespaces.select(served.chart, `N-${name}`, { names: [name] }));
  expect([served.all('NetworkPolicy').length, rules(served)[0].from.length]).toEqual([1, 2]);
});

test('a grant after a synth is in the next one', () => {
  const served = serve();
  expect(synth(served.chart).some((one) => one.kind === 'NetworkPolicy')).toBe(false);
  served.service.grantInvoke(Namespaces.select(served.chart, 'N', { names: ['shop'] }));
  expect(synth(served.chart).some((one) => one.kind === 'NetworkPolicy')).toBe(true);
});

test.each([undefined, null, 'shop', {}])('a grant to %p is told', (peer) => {
  const served = serve();
  served.service.grantInvoke(peer as any);
  expect(served.problem('SERVING_GRANT_PEER')).toMatchObject({ severity: 'error', path: 'ml/Iris', fix: expect.stringContaining('Pods.select') });
});

test('a chart without a namespace grants to the pods of its own', () => {
  const app = Testing.app();
  const chart = new Chart(app, 'chart');
  const service = new InferenceService(chart, 'Iris', { model: iris() });
  service.grantInvoke(new InferenceService(chart, 'Front', { model: iris() }));
  expect(synth(chart).find((one) => one.kind === 'NetworkPolicy').spec.ingress[0].from).toEqual([{ podSelector: { matchLabels: { ...MEMBERS, 'app.kubernetes.io/instance': 'front' } } }]);
});

test('an object that was taken out stays out after a grant, and its fellows stay in', () => {
  const served = serve();
  expect(served.service.node.tryRemoveChild('PodDisruptionBudget')).toBe(true);
  served.service.grantInvoke(Namespaces.select(served.chart, 'N', { names: ['shop'] }));
  expect(served.manifests.map((one) => one.kind).sort()).toEqual(['Deployment', 'NetworkPolicy', 'Service', 'ServiceAccount']);
});

test('a policy that was taken out is not made again by a second grant', () => {
  const served = serve();
  served.service.grantInvoke(Namespaces.select(served.chart, 'A', { names: ['a'] }));
  served.service.node.tryRemoveChild('NetworkPolicy');
  served.service.grantInvoke(Namespaces.select(served.chart, 'B', { names: ['b'] }));
  expect(served.one('NetworkPolicy')).toBeUndefined();
});

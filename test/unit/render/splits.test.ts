import { Audience, Candidate, Exposure, Rollout, TrafficRouterKind } from 'cdk8s-serving';
import { AB_TEST, ARGO, BLUE_GREEN, CANARY, NONE, serveCell, SHADOW } from '../../support/release';
import { iris, Served } from '../../support/serving';

// How requests are split between two versions by routes, as plain Deployments write it and as controllers find it.
const { GATEWAY_API, ISTIO, REPLICAS } = TrafficRouterKind;
const both = Exposure.gateway({ hosts: ['iris.example.com'], grpcHosts: ['grpc.example.com'] });
const trial = (percent: number): { candidate: Candidate } => ({ candidate: Candidate.of({ model: iris({ version: 'v2' }), percent }) });
const rules = (served: Served, kind: string): any[] => served.one(kind).spec.rules;
const weights = (served: Served, kind: string): any[] => rules(served, kind).map((rule) => rule.backendRefs.map((one: any) => [one.name, one.port, one.weight]));
const cookie = Audience.cookie('model', 'v2');
const COOKIE = '^(.*;\\s*)?model=v2(;.*)?$';

describe('by the Gateway API', () => {
  test.each([0, 25, 50, 100])('a canary of %d %%: REST and gRPC alike', (percent) => {
    const served = serveCell({ controller: NONE, router: GATEWAY_API, kind: CANARY }, { exposure: both, ...trial(percent) });
    expect(weights(served, 'HTTPRoute')).toEqual([[['iris', 80, 100 - percent], ['iris-candidate', 80, percent]]]);
    expect(weights(served, 'GRPCRoute')).toEqual([[['iris', 9000, 100 - percent], ['iris-candidate', 9000, percent]]]);
  });

  test.each([[100, undefined], [20, 20]])('a shadow of %d %% is mirrored and gets nothing else', (percent, written) => {
    const served = serveCell({ controller: NONE, router: GATEWAY_API, kind: SHADOW }, { exposure: both, ...trial(percent) });
    for (const [kind, port] of [['HTTPRoute', 80], ['GRPCRoute', 9000]] as const) {
      expect(weights(served, kind)).toEqual([[['iris', port, 1]]]);
      expect(rules(served, kind)[0].filters).toEqual([{ type: 'RequestMirror', requestMirror: { backendRef: { group: '', kind: 'Service', name: 'iris-candidate', port }, ...(written === undefined ? {} : { percent: written }) } }]);
    }
  });

  test('a shadow of nothing mirrors nothing', () => {
    const served = serveCell({ controller: NONE, router: GATEWAY_API, kind: SHADOW }, trial(0));
    expect(rules(served, 'HTTPRoute')[0].filters).toBeUndefined();
  });

  test.each([[Audience.header('X-Model', 'v2'), { type: 'Exact', name: 'x-model', value: 'v2' }], [cookie, { type: 'RegularExpression', name: 'cookie', value: COOKIE }]])('an audience comes first, all others after it', (audience, header) => {
    const served = serveCell({ controller: NONE, router: GATEWAY_API, kind: AB_TEST }, { exposure: both, rollout: Rollout.abTest({ audience }) });
    for (const [kind, port] of [['HTTPRoute', 80], ['GRPCRoute', 9000]] as const) {
      expect(weights(served, kind)).toEqual([[['iris-candidate', port, 1]], [['iris', port, 1]]]);
      const [first, last] = rules(served, kind);
      for (const match of first.matches) expect(match.headers).toEqual([header]);
      for (const match of last.matches) expect(match.headers).toBeUndefined();
      // the same requests, but for the header
      expect(first.matches.map(({ headers: _, ...rest }: any) => rest)).toEqual(last.matches);
    }
  });

  test('below a prefix each path is rewritten, also for an audience and a mirror', () => {
    const prefixed = { exposure: Exposure.gateway({ hosts: ['iris.example.com'], pathPrefix: '/iris' }) };
    const rewrite = (path: string): object => ({ type: 'URLRewrite', urlRewrite: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: path } } });
    const paths = ['/v2/models', '/v2/health'];
    const audience = rules(serveCell({ controller: NONE, router: GATEWAY_API, kind: AB_TEST }, prefixed), 'HTTPRoute');
    expect(audience.map((rule) => [rule.matches[0].path.value, rule.filters, rule.backendRefs[0].name])).toEqual(['iris-candidate', 'iris'].flatMap((name) => paths.map((path) => [`/iris${path}`, [rewrite(path)], name])));
    const mirrored = rules(serveCell({ controller: NONE, router: GATEWAY_API, kind: SHADOW }, prefixed), 'HTTPRoute');
    expect(mirrored.map((rule) => rule.filters.map((one: any) => one.type))).toEqual(paths.map(() => ['URLRewrite', 'RequestMirror']));
  });

  test('a controller finds both versions, all requests at the stable one, and writes the weights itself', () => {
    const served = serveCell({ controller: ARGO, router: GATEWAY_API, kind: CANARY }, { exposure: both });
    expect([weights(served, 'HTTPRoute'), weights(served, 'GRPCRoute')]).toEqual([[[['iris', 80, 100], ['iris-canary', 80, 0]]], [[['iris', 9000, 100], ['iris-canary', 9000, 0]]]]);
    expect(served.one('Rollout').spec.strategy.canary.trafficRouting.plugins['argoproj-labs/gatewayAPI']).toEqual({ httpRoutes: [{ name: 'iris', useHeaderRoutes: true }], grpcRoutes: [{ name: 'iris-grpc', useHeaderRoutes: true }] });
  });

  test('a preview leads to the version on trial alone', () => {
    const served = serveCell({ controller: NONE, router: GATEWAY_API, kind: CANARY }, { rollout: Rollout.canary({ steps: [25, 50], previewHosts: ['preview.example.com'] }) });
    const route = served.all('HTTPRoute').find((one) => one.metadata.name === 'iris-preview');
    expect([route.spec.hostnames, route.spec.rules.map((rule: any) => rule.backendRefs.map((one: any) => one.name))]).toEqual([['preview.example.com'], [['iris-candidate']]]);
  });
});

describe('by Istio', () => {
  const http = (served: Served): any[] => served.one('VirtualService').spec.http;
  const cell = (kind: typeof CANARY | typeof SHADOW | typeof AB_TEST | typeof BLUE_GREEN, controller = NONE): Parameters<typeof serveCell>[0] => ({ controller, router: ISTIO, kind });

  test.each([0, 25, 100])('a canary of %d %%', (percent) => {
    const served = serveCell(cell(CANARY), trial(percent));
    expect(served.one('VirtualService').spec.hosts).toEqual(['iris']);
    expect(http(served)).toEqual([{ name: 'primary', route: [{ destination: { host: 'iris' }, weight: 100 - percent }, { destination: { host: 'iris-candidate' }, weight: percent }] }]);
  });

  test('a shadow', () => {
    expect(http(serveCell(cell(SHADOW), trial(30)))).toEqual([{ name: 'primary', route: [{ destination: { host: 'iris' }, weight: 100 }], mirror: { host: 'iris-candidate' }, mirrorPercentage: { value: 30 } }]);
  });

  test.each([[Audience.header('x-model', 'v2'), { 'x-model': { exact: 'v2' } }], [cookie, { cookie: { regex: COOKIE } }]])('an audience comes first', (audience, headers) => {
    expect(http(serveCell(cell(AB_TEST), { rollout: Rollout.abTest({ audience }) }))).toEqual([
      { name: 'audience', match: [{ headers }], route: [{ destination: { host: 'iris-candidate' } }] }, { name: 'primary', route: [{ destination: { host: 'iris' }, weight: 100 }] },
    ]);
  });

  test('a controller finds both versions in the route that it is told of', () => {
    const served = serveCell(cell(CANARY, ARGO));
    expect(http(served)).toEqual([{ name: 'primary', route: [{ destination: { host: 'iris' }, weight: 100 }, { destination: { host: 'iris-canary' }, weight: 0 }] }]);
    expect(served.one('Rollout').spec.strategy.canary.trafficRouting).toEqual({ istio: { virtualServices: [{ name: 'iris', routes: ['primary'] }] } });
  });
});

describe('a candidate', () => {
  const served = serveCell({ controller: NONE, router: GATEWAY_API, kind: CANARY });
  const selects = (selector: object, labels: { [key: string]: string }): boolean => Object.entries(selector).every(([key, value]) => labels[key] === value);

  test('no selector of one version finds pods of the other', () => {
    const deployments = served.all('Deployment');
    expect(deployments.map((one) => one.metadata.name)).toEqual(['iris', 'iris-candidate']);
    const pods = deployments.map((one) => one.spec.template.metadata.labels);
    const found = (selector: object): boolean[] => pods.map((labels) => selects(selector, labels));
    expect(deployments.map((one) => found(one.spec.selector.matchLabels))).toEqual([[true, false], [false, true]]);
    expect(Object.fromEntries(served.all('Service').map((one) => [one.metadata.name, found(one.spec.selector)]))).toEqual({ 'iris': [true, false], 'iris-candidate': [false, true] });
    // what is about all of the service finds both
    expect(found(served.one('PodDisruptionBudget').spec.selector.matchLabels)).toEqual([true, true]);
    expect(pods.map((labels) => labels['app.kubernetes.io/version'])).toEqual(['v1', 'v2']);
  });

  test('of blue-green gets all requests by the switch, and the switch back', () => {
    const selectors = [0, 100].map((percent) => serveCell({ controller: NONE, router: REPLICAS, kind: BLUE_GREEN }, trial(percent)).all('Service').find((one) => one.metadata.name === 'iris').spec.selector['app.kubernetes.io/name']);
    expect(selectors).toEqual(['iris', 'iris-candidate']);
  });

  test('is gone when there is none', () => {
    const alone = serveCell({ controller: NONE, router: GATEWAY_API, kind: CANARY }, { candidate: undefined });
    expect([alone.all('Deployment').length, alone.all('Service').length, weights(alone, 'HTTPRoute')]).toEqual([1, 1, [[['iris', 80, 1]]]]);
  });
});

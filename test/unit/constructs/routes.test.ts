import { Exposure, GatewayExposureProps, InferenceServer, InferenceServiceProps, Model, ModelSource } from 'cdk8s-serving';
import { validateManifests } from '../../support/schema';
import { serve, Served } from '../../support/serving';

const gateway = { name: 'public', namespace: 'gateway' };
const hosts = ['a.example.com'];
const rest = { model: Model.custom(), server: InferenceServer.container({ image: 'r.example.com/a:1', user: 1000 }) };
const routed = (exposure: Partial<GatewayExposureProps> = {}, props: Partial<InferenceServiceProps> = {}): Served => serve({ exposure: Exposure.gateway({ hosts, ...exposure }), ...props }, { gateway });
const rules = (served: Served): any[] => served.one('HTTPRoute').spec.rules;
const prefixes = (rule: any): string[] => rule.matches.map(({ path }: any) => { expect(path.type).toBe('PathPrefix'); return path.value; });

test('a route leads to what clients need, and nowhere else', () => {
  expect([rules(routed()).map(prefixes), rules(routed())[0].filters]).toEqual([[['/v2/models', '/v2/health']], undefined]);
});

test('a program of your own is reached by all its paths', () => expect(rules(routed({}, rest)).map(prefixes)).toEqual([['/']]));

describe('behind a prefix', () => {
  const replaced = (served: Served): unknown => rules(served).map((rule) => [prefixes(rule), rule.filters.map((filter: any) => filter.urlRewrite.path)]);
  const by = (value: string): unknown => [{ type: 'ReplacePrefixMatch', replacePrefixMatch: value }];

  test('each path has a rule of its own, which takes the prefix away', () => {
    expect(replaced(routed({ pathPrefix: '/fraud' }))).toEqual([[['/fraud/v2/models'], by('/v2/models')], [['/fraud/v2/health'], by('/v2/health')]]);
  });

  test('each rule leads to the same port with the same time-out', () => {
    const [first, ...others] = rules(routed({ pathPrefix: '/fraud' })).map(({ backendRefs, timeouts }) => ({ backendRefs, timeouts }));
    expect(others).toEqual([first]);
  });

  test('a program of your own is reached below it', () => expect(replaced(routed({ pathPrefix: '/fraud' }, rest))).toEqual([[['/fraud'], by('/')]]));

  test('a slash at its end is not doubled', () => {
    expect(rules(routed({ pathPrefix: '/ml/fraud/' })).map(prefixes)).toEqual([['/ml/fraud/v2/models'], ['/ml/fraud/v2/health']]);
  });

  test('that is the root there is nothing to take away', () => expect(rules(routed({ pathPrefix: '/' }))[0].filters).toBeUndefined());
});

describe('by gRPC', () => {
  const methods = (served: Served): unknown => served.one('GRPCRoute').spec.rules[0].matches?.map(({ method }: any) => method);
  const grpc = { grpcHosts: ['g.example.com'] };

  test('a route leads to the methods of V2, and not to those that load and unload', () => {
    const names = ['ServerLive', 'ServerReady', 'ServerMetadata', 'ModelReady', 'ModelMetadata', 'ModelInfer', 'ModelStreamInfer'];
    expect(methods(routed(grpc))).toEqual(names.map((method) => ({ type: 'Exact', service: 'inference.GRPCInferenceService', method })));
  });

  test('all methods of a service are matched by its name', () => {
    expect(methods(routed(grpc, { model: Model.tensorflow({ source: ModelSource.s3('s3://models/v1') }) }))).toEqual([{ type: 'Exact', service: 'tensorflow.serving.PredictionService' }]);
  });
});

test('an Ingress leads to the same paths', () => {
  const paths = (props: Partial<InferenceServiceProps>): unknown => serve({ exposure: Exposure.ingress({ host: 'a.example.com', tlsSecretName: 'tls' }), ...props }).one('Ingress').spec.rules[0].http.paths.map(({ path, pathType, backend }: any) => [path, pathType, backend.service.name]);
  expect([paths({}), paths(rest)]).toEqual([[['/v2/models', 'Prefix', 'iris'], ['/v2/health', 'Prefix', 'iris']], [['/', 'Prefix', 'iris']]]);
});

test('routes are what the API takes', () => {
  expect(validateManifests(routed({ pathPrefix: '/fraud', grpcHosts: ['g.example.com'] }).manifests, '1.34')).toEqual([]);
});

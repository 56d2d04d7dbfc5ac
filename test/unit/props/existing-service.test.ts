import { ExistingKServeProps, ExistingPlainServiceProps, ExistingSeldonCoreV1Props, ExistingService, ExistingServiceProps, Exposure } from 'cdk8s-serving';
import { everyProp } from '../../support/props';
import { iris, serve, Served } from '../../support/serving';

const hosts = ['iris.example.com'];
const replacing = (replaces: ExistingService): Served => serve({ exposure: Exposure.gateway(replaces._backend.grpcPort === undefined ? { hosts } : { hosts, grpcHosts: ['grpc.iris.example.com'] }), model: iris({ name: 'old' }), replaces }, { gateway: { name: 'public', namespace: 'gateway' } });
const backends = (kind: string) => (served: Served): any[] => served.one(kind)?.spec.rules.at(-1).backendRefs ?? [];
const weights = (served: Served): number[] => backends('HTTPRoute')(served).map((one) => one.weight);
const problems = (served: Served): string[] => served.codes;
const other = { value: 'other', see: problems, is: ['SERVING_REPLACES_MODEL_NAME'] };
const existing = (kind: string) => (served: Served): string | undefined => { const one = backends(kind)(served)[1]; return one && `${one.name}:${one.port}`; };

describe('each prop of an existing KServe service', () => {
  everyProp<ExistingKServeProps, Served>({}, (props) => replacing(ExistingService.kserve('old', props)), {
    percent: { value: 10, see: weights, is: [10, 90] },
    grpcPort: { value: 8081, see: existing('GRPCRoute'), is: 'old-predictor:8081' },
    transformer: { value: true, see: existing('HTTPRoute'), is: 'old-transformer:80' },
    modelName: other,
  });
});

describe('each prop of an existing SeldonDeployment', () => {
  everyProp<ExistingSeldonCoreV1Props, Served>({}, (props) => replacing(ExistingService.seldonCoreV1('old', props)), {
    percent: { value: 100, see: weights, is: [100, 0] },
    predictor: { value: 'main', see: existing('HTTPRoute'), is: 'old-main:8000' },
    modelName: other,
  });
});

describe('each prop of an existing Model of Seldon Core v2', () => {
  everyProp<ExistingServiceProps, Served>({}, (props) => replacing(ExistingService.seldonCoreV2('old', props)), {
    percent: { value: 50, see: weights, is: [50, 50] },
    modelName: other,
  });

  test('the mesh is told which Model is meant, of its own share alone', () => {
    const [own, old] = backends('HTTPRoute')(replacing(ExistingService.seldonCoreV2('old', { percent: 50 })));
    expect(own).not.toHaveProperty('filters');
    expect(old).toMatchObject({ name: 'seldon-mesh', port: 80, filters: [{ type: 'RequestHeaderModifier', requestHeaderModifier: { set: [{ name: 'Seldon-Model', value: 'old' }] } }] });
  });
});

describe('each prop of an existing Service', () => {
  everyProp<ExistingPlainServiceProps, Served>({}, (props) => replacing(ExistingService.service('old', props)), {
    percent: { value: 1, see: weights, is: [1, 99] },
    port: { value: 8080, see: existing('HTTPRoute'), is: 'old:8080' },
    grpcPort: { value: 8081, see: existing('GRPCRoute'), is: 'old:8081' },
    modelName: other,
  });
});

import { type AppOutput, runApp } from '../../test/support/apps';

let app: AppOutput;
beforeAll(async () => { app = await runApp('blue-green'); }, 60_000);

const named = (kind: string, name: string): any => app.manifests.find((object) => object.kind === kind && object.metadata.name === name);

test('a person says yes before the switch, errors are measured after it', () => {
  expect(app.of('Rollout').spec.strategy.blueGreen).toMatchObject({
    activeService: 'pricing', previewService: 'pricing-preview', autoPromotionEnabled: false, postPromotionAnalysis: { templates: [{ templateName: 'pricing-errors' }] },
  });
});

test('errors are measured for as long as the old copies are to be kept', () => {
  const [measure] = named('AnalysisTemplate', 'pricing-errors').spec.metrics;
  expect(measure.consecutiveSuccessLimit * Number.parseInt(measure.interval, 10)).toBe(15 * 60);
});

test('the preview host leads to the version on trial alone, the others to the stable one', () => {
  const backends = (kind: string, name: string): string[] => named(kind, name).spec.rules.flatMap((rule: any) => rule.backendRefs.map((one: any) => one.name));
  expect(named('HTTPRoute', 'pricing-preview').spec.hostnames).toEqual(['pricing-preview.example.com']);
  expect([backends('HTTPRoute', 'pricing-preview'), backends('HTTPRoute', 'pricing'), backends('GRPCRoute', 'pricing-grpc')]).toEqual([['pricing-preview'], ['pricing'], ['pricing']]);
});

test('how a release goes is written beside the manifests', () => expect(app.files['release.md']).toContain('## Release of pricing: blue-green by Argo Rollouts\n'));

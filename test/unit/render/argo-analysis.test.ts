import fc from 'fast-check';
import { Duration } from 'cdk8s';
import { ComparedMeasure, Gate, GateAction, Rollout, RolloutController, Scaling, TrafficRouterKind } from 'cdk8s-serving';
import { METRICS } from '../../support/release';
import { serve, Served } from '../../support/serving';

const { PAUSE, ABORT, PROCEED } = GateAction;
const ONE = 'len(result) == 1 && !isNaN(result[0]) && !isInf(result[0])';
const ACTIONS = [PAUSE, ABORT, PROCEED];

const released = (gates: Gate[], scrape = 30): Served => serve({ scaling: Scaling.fixed(4), rollout: Rollout.canary({ steps: [25, 50], gates }) }, { metricsUrl: METRICS, scrapeInterval: Duration.seconds(scrape), rollouts: RolloutController.argo({ router: TrafficRouterKind.ISTIO }) });
const templates = (served: Served): { [name: string]: any } => Object.fromEntries(served.all('AnalysisTemplate').map((one) => [one.metadata.name, one.spec]));
const analyses = (served: Served): string[][] => served.one('Rollout').spec.strategy.canary.steps.filter((step: any) => step.analysis !== undefined).map((step: any) => step.analysis.templates.map((one: any) => one.templateName));
const NEW = 'namespace="{{args.namespace}}",pod=~"iris-{{args.new-hash}}-[a-z0-9]+"';
const STABLE = 'namespace="{{args.namespace}}",pod=~"iris-{{args.stable-hash}}-[a-z0-9]+"';

/** What a measure does when it can't judge: of a limit that can be passed, and of one that can't. */
const aborts = { failureCondition: `${ONE} && result[0] == 0`, failureLimit: 9 };
const few = { failureCondition: `!(${ONE} && result[0] >= 60)`, failureLimit: 59 };
const waits = { failureCondition: 'false', failureLimit: 0 };

describe('a gate without data or with few requests', () => {
  // 300 s of a step by measurements each 30 s; up to 1800 s of waiting; data is looked for during a window of 300 s
  test.each<[GateAction, GateAction, string[][], string[][], object]>([
    // onNoData, onFew, templates with their measures, those that are not heeded, the measures
    [PAUSE, PAUSE, [['iris-errors', 'errors', 'errors-data']], [], { 'errors-data': waits }],
    [ABORT, PAUSE, [['iris-errors', 'errors', 'errors-data']], [], { 'errors-data': aborts }],
    [PAUSE, ABORT, [['iris-errors', 'errors', 'errors-data', 'errors-volume']], [], { 'errors-data': waits, 'errors-volume': few }],
    [ABORT, ABORT, [['iris-errors', 'errors', 'errors-data', 'errors-volume']], [], { 'errors-data': aborts, 'errors-volume': few }],
    [PROCEED, PROCEED, [['iris-errors-wait', 'errors-data', 'errors-volume'], ['iris-errors', 'errors']], [['errors-data', 'errors-volume']], { 'errors-data': waits, 'errors-volume': waits }],
    [PROCEED, PAUSE, [['iris-errors-wait', 'errors-data', 'errors-volume'], ['iris-errors', 'errors', 'errors-volume']], [['errors-data']], { 'errors-volume': waits }],
    [PROCEED, ABORT, [['iris-errors-wait', 'errors-data', 'errors-volume'], ['iris-errors', 'errors', 'errors-volume']], [['errors-data']], { 'errors-volume': { ...few, failureCondition: `!(len(result) == 0 || (${ONE} && result[0] >= 60))` } }],
    [PAUSE, PROCEED, [['iris-errors-wait', 'errors-data', 'errors-volume'], ['iris-errors', 'errors', 'errors-data']], [['errors-volume']], { 'errors-data': waits, 'errors-volume': waits }],
    [ABORT, PROCEED, [['iris-errors-wait', 'errors-data', 'errors-volume'], ['iris-errors', 'errors', 'errors-data']], [['errors-volume']], { 'errors-data': aborts, 'errors-volume': waits }],
  ])('onNoData %s, onFew %s', (onNoData, onFew, names, dryRuns, measures) => {
    const served = released([Gate.errors({ maxPercent: 5, onNoData, onFew })]);
    expect(served.codes).toEqual([]);
    const made = templates(served);
    expect(Object.entries(made).map(([name, spec]) => [name, ...spec.metrics.map((one: any) => one.name)])).toEqual(names);
    expect(Object.values(made).map((spec) => spec.dryRun?.map((one: any) => one.metricName)).filter((one) => one !== undefined)).toEqual(dryRuns);
    const found = Object.fromEntries(Object.values(made).flatMap((spec) => spec.metrics.map((one: any) => [one.name, one])));
    expect(found).toMatchObject(measures);

    const judge = found.errors;
    expect(judge.failureCondition).toBe(`${ONE} && !(result[0] <= 5)`);
    const good = `${ONE} && result[0] <= 5`;
    expect(judge.successCondition).toBe(onNoData === PROCEED || onFew === PROCEED ? `len(result) == 0 || (${good})` : good);
    // each step waits first where the gate would go on without data, and is judged after that
    expect(analyses(served)).toEqual([1, 2].flatMap(() => names.map(([name]) => [name])));
  });

  test('a measure of data passes with the first series, and decides after a window', () => {
    expect(templates(released([Gate.errors({ maxPercent: 5, window: Duration.minutes(10) })]))['iris-errors'].metrics[1]).toMatchObject({ count: 20, consecutiveSuccessLimit: 1, inconclusiveLimit: 20, successCondition: `${ONE} && result[0] > 0` });
  });

  test('the wait for requests is as long as was said', () => {
    const [, , volume] = templates(released([Gate.errors({ maxPercent: 5, onFew: ABORT, maxWait: Duration.minutes(10), minRequests: 500 })]))['iris-errors'].metrics;
    expect(volume).toMatchObject({ count: 20, failureLimit: 19, consecutiveSuccessLimit: 1, successCondition: `${ONE} && result[0] >= 500` });
  });
});

test('a judged step lasts as long as was said: good measurements in a row, room for those that are forgiven and for the wait', () => {
  const served = serve({ scaling: Scaling.fixed(4), rollout: Rollout.canary({ steps: [50], stepDuration: Duration.minutes(2), gates: [Gate.errors({ maxPercent: 5, failureLimit: 1, maxWait: Duration.minutes(3) })] }) }, { metricsUrl: METRICS, scrapeInterval: Duration.seconds(15), rollouts: RolloutController.argo({ router: TrafficRouterKind.ISTIO }) });
  expect(templates(served)['iris-errors'].metrics[0]).toMatchObject({ interval: '15s', initialDelay: '45s', count: 8 + 1 + 12, consecutiveSuccessLimit: 8, failureLimit: 1, inconclusiveLimit: 21, consecutiveErrorLimit: 4, provider: { prometheus: { address: METRICS } } });
});

test('the least bound is the other way round', () => {
  const [judge] = templates(released([Gate.query({ name: 'answers', query: 'min(ok{$NEW})', min: 3 })]))['iris-answers'].metrics;
  expect(judge).toMatchObject({ successCondition: `${ONE} && result[0] >= 3`, failureCondition: `${ONE} && !(result[0] >= 3)` });
});

test('templates say which arguments they take, and steps give just these', () => {
  const served = released([Gate.errors({ maxPercent: 5 })]);
  expect(templates(served)['iris-errors'].args).toEqual([{ name: 'new-hash' }, { name: 'stable-hash' }, { name: 'namespace' }]);
  expect(served.one('Rollout').spec.strategy.canary.steps[1].analysis.args).toEqual([
    { name: 'new-hash', valueFrom: { podTemplateHashValue: 'Latest' } }, { name: 'stable-hash', valueFrom: { podTemplateHashValue: 'Stable' } }, { name: 'namespace', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
  ]);
});

describe('whatever is asked for', () => {
  const common = fc.record({
    minRequests: fc.option(fc.integer({ min: 100, max: 5000 }), { nil: undefined }), maxWait: fc.option(fc.integer({ min: 1, max: 7200 }).map((n) => Duration.seconds(n)), { nil: undefined }), onFew: fc.option(fc.constantFrom(...ACTIONS), { nil: undefined }),
    onNoData: fc.option(fc.constantFrom(...ACTIONS), { nil: undefined }), window: fc.option(fc.integer({ min: 480, max: 3600 }).map((n) => Duration.seconds(n)), { nil: undefined }), failureLimit: fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined }),
  });
  const gates = fc.tuple(common, common, common, common, common, fc.subarray([0, 1, 2, 3, 4], { minLength: 1 })).map(([a, b, c, d, e, chosen]) => [
    Gate.errors({ maxPercent: 5, ...a }), Gate.latency({ p: 90, below: Duration.millis(250), ...b }), Gate.comparison({ of: ComparedMeasure.ERRORS, ...c }), Gate.comparison({ of: ComparedMeasure.LATENCY, ...d }),
    Gate.query({ name: 'nulls', query: 'sum(rate(nulls_total{$NEW}[$WINDOW])) - sum(rate(nulls_total{$STABLE}[$WINDOW]))', max: 1, ...e }),
  ].filter((_, i) => chosen.includes(i)));
  const rollouts = fc.tuple(gates, fc.integer({ min: 1, max: 1200 }), fc.constantFrom('canary', 'blueGreen', 'shadow', 'abTest'), fc.integer({ min: 1, max: 120 }));
  const made = fc.tuple(rollouts, fc.boolean()).map(([[list, step, kind, scrape], proceeds]) => {
    const props = { gates: proceeds ? [...list.filter((one) => one.name !== 'errors'), Gate.errors({ maxPercent: 1, onFew: PROCEED, onNoData: PROCEED })] : list };
    const duration = Duration.seconds(step);
    const rollout = kind === 'canary' ? Rollout.canary({ steps: [25, 50], stepDuration: duration, ...props }) : kind === 'blueGreen' ? Rollout.blueGreen({ keepOld: Duration.seconds(step + 30), ...props }) : Rollout.shadow({ duration, ...props });
    return serve({ scaling: Scaling.fixed(4), rollout }, { metricsUrl: METRICS, scrapeInterval: Duration.seconds(scrape), rollouts: RolloutController.argo({ router: TrafficRouterKind.ISTIO }) });
  }).filter((served) => served.problems.every((one) => one.severity !== 'error'));

  test('the controller takes the limits, and each gate can fail', () => {
    fc.assert(fc.property(made, (served) => {
      for (const metric of Object.values(templates(served)).flatMap((spec) => spec.metrics)) {
        // validation of the controller: https://github.com/argoproj/argo-rollouts/blob/v1.9.0/utils/analysis/factory.go
        expect(metric.count).toBeGreaterThanOrEqual(metric.failureLimit + metric.consecutiveSuccessLimit);
        expect(metric.count).toBeGreaterThanOrEqual(metric.inconclusiveLimit);
        expect(metric.interval).toMatch(/^[1-9]\d*s$/);
        // limits as large as the count let everything pass
        expect(metric.failureLimit).toBeLessThan(metric.count);
        expect(metric.consecutiveSuccessLimit).toBeGreaterThan(0);
      }
    }), { numRuns: 60, seed: 2611 });
  });

  test('each condition is about one finite value, and a good one is never a bad one', () => {
    fc.assert(fc.property(made, (served) => {
      for (const { successCondition, failureCondition } of Object.values(templates(served)).flatMap((spec) => spec.metrics)) {
        const guarded = successCondition.replace(/^len\(result\) == 0 \|\| \((.*)\)$/, '$1');
        expect(guarded.startsWith(`${ONE} && result[0] `)).toBe(true);
        if (failureCondition === 'false') continue;
        // too few requests, none counted among them, are bad where they are to abort
        const counted = failureCondition === `!(${successCondition})`;
        expect(counted || failureCondition.startsWith(`${ONE} && `)).toBe(true);
        for (const value of [0, 0.5, 1, 5, 59, 60, 100, 1e6]) expect([guarded, value, holds(guarded, [value]) && holds(failureCondition, [value])]).toEqual([guarded, value, false]);
        for (const nothing of counted ? [] : [[], [NaN], [Infinity], [1, 1]]) expect([failureCondition, nothing, holds(failureCondition, nothing)]).toEqual([failureCondition, nothing, false]);
      }
    }), { numRuns: 60, seed: 2612 });
  });

  test('no two measures of one step have a name in common', () => {
    fc.assert(fc.property(made, (served) => {
      const specs = templates(served);
      const strategy = served.one('Rollout').spec.strategy;
      const merged: string[][] = strategy.blueGreen === undefined ? analyses(served) : [strategy.blueGreen.postPromotionAnalysis.templates.map((one: any) => one.templateName)];
      expect(merged.length).toBeGreaterThan(0);
      for (const names of merged) {
        const metrics = names.flatMap((name) => specs[name].metrics.map((one: any) => one.name));
        expect(new Set(metrics).size).toBe(metrics.length);
        // what is not heeded is a measure of the same template
        for (const name of names) for (const { metricName } of specs[name].dryRun ?? []) expect(specs[name].metrics.map((one: any) => one.name)).toContain(metricName);
      }
    }), { numRuns: 60, seed: 2613 });
  });

  test('each query selects the new version, and only comparisons the stable one as well', () => {
    fc.assert(fc.property(made, (served) => {
      for (const { name, provider: { prometheus: { query } } } of Object.values(templates(served)).flatMap((spec) => spec.metrics)) {
        expect(query).toContain(NEW);
        expect([name, query.includes(STABLE)]).toEqual([name, /^(errors-compared|latency-compared)(-volume)?$|^nulls$/.test(name)]);
        expect(query).not.toMatch(/\$(NEW|STABLE|WINDOW)/);
        // every selector begins with the matchers of a version; a brace in a label's value is none
        const selectors = [...query.matchAll(/[\w:]\{(.*?)-\[a-z0-9\]\+"/g)].map(([, matchers]) => matchers);
        expect(selectors).toHaveLength([...query.matchAll(/[\w:]\{(?!\{)/g)].length);
        for (const matchers of selectors) expect(matchers).toMatch(/^namespace="\{\{args\.namespace\}\}",pod=~"iris-\{\{args\.(new|stable)-hash\}\}$/);
      }
    }), { numRuns: 60, seed: 2614 });
  });
});

/** What the controller's expression language says of a result. */
function holds(condition: string, result: readonly number[]): boolean {
  return new Function('result', 'len', 'isNaN', 'isInf', `return ${condition}`)(result, (list: unknown[]) => list.length, Number.isNaN, (value: number) => Math.abs(value) === Infinity) as boolean;
}

import { everyDashboard, watchedServices } from '../support/dashboard-cases';
import { queriesOf } from '../support/dashboards';
import { checkPromqlSyntax, expectPromql } from '../support/promtool';

const all = everyDashboard(watchedServices());

/** The first query of a panel, of the reader who chose team and namespace. */
function of(title: string, panel: string, choices: { [variable: string]: string } = {}): string {
  return queriesOf(all.find((one) => one.title === title)!, { namespace: 'ml', ...choices }).find((query) => query.panel === panel)!.expr;
}

const info = (service: string, team?: string) => ({ series: `inference_service:info{namespace="ml",inference_service="${service}"${team === undefined ? '' : `,team="${team}"`}}`, values: '1x60' });
const own = (name: string, service: string, values: string, more = '') => ({ series: `${name}{namespace="ml",inference_service="${service}"${more}}`, values });

test.each(all.map((dashboard) => [dashboard.title, dashboard] as const))("every query of '%s' is PromQL", (_, dashboard) => {
  const queries = queriesOf(dashboard, { namespace: 'ml', team: 'risk|chat' }).map(({ expr }) => expr);
  expect(queries.length).toBeGreaterThan(8);
  checkPromqlSyntax(queries);
});

test('what is no PromQL is found', () => {
  expect(() => checkPromqlSyntax(['sum by (team (up)'])).toThrow('parse error');
});

describe('the fleet', () => {
  const budget = (service: string, left: string, objective = 'availability') => own('inference_service:slo_budget_left:ratio', service, `${left}x60`, `,objective="${objective}"`);
  const series = [info('fraud', 'risk'), info('iris'), info('chat', 'chat'), budget('fraud', '0.9'), budget('fraud', '-0.2', 'latency'), budget('chat', '-1'), budget('chat', '-1', 'latency'), budget('iris', '0.5')];

  test('counts a service once whose budgets are spent, also one that nobody owns', () => {
    expectPromql(series, [
      { query: of('Inference: Fleet', 'Services'), at: '10m', gives: [{ value: 3 }] },
      { query: of('Inference: Fleet', 'Budgets spent'), at: '10m', gives: [{ value: 2 }] },
    ]);
  });

  test('tells of the chosen team only, and of none as 0', () => {
    expectPromql(series, [
      { query: of('Inference: Fleet', 'Services', { team: 'risk' }), at: '10m', gives: [{ value: 1 }] },
      { query: of('Inference: Fleet', 'Budgets spent', { team: 'risk' }), at: '10m', gives: [{ value: 1 }] },
      { query: of('Inference: Fleet', 'Budgets spent', { service: 'iris' }), at: '10m', gives: [{ value: 0 }] },
    ]);
  });

  test('says which services lack copies', () => {
    const copies = (service: string, ready: number, wanted: number) => [own('inference_service:copies_ready:count', service, `${ready}x60`), own('inference_service:copies_wanted:count', service, `${wanted}x60`)];
    expectPromql([...series, ...copies('fraud', 1, 3), ...copies('iris', 2, 2)], [{ query: of('Inference: Fleet', 'Short of copies'), at: '10m', gives: [{ value: 1 }] }]);
  });
});

test('a burn rate is how many times faster than allowed the budget shrinks', () => {
  expectPromql([own('inference_service:slo_target:ratio', 'fraud', '0.999x60', ',objective="availability"'), own('inference_service:slo_bad:ratio_rate1h', 'fraud', '0.0144x60', ',objective="availability"')], [
    { query: `round(${of('fraud · ml', 'Burn rate')}, 0.001)`, at: '10m', gives: [{ labels: '{namespace="ml",inference_service="fraud",objective="availability"}', value: 14.4 }] },
  ]);
});

test('a version is marked for the five minutes after it began', () => {
  const query = of('fraud · ml', 'annotation New versions');
  expectPromql([own('inference_service_version:requests:rate5m', 'fraud', '1x60', ',model_version="v7"'), own('inference_service_version:requests:rate5m', 'fraud', '_x30 1x30', ',model_version="v8"')], [
    { query, at: '10m', gives: [] }, { query, at: '16m', gives: [{ labels: '{model_version="v8"}', value: 1 }] }, { query, at: '24m', gives: [] },
  ]);
});

test('drift is told as a multiple of the threshold, whichever way a method counts', () => {
  const feature = (name: string, method: string, score: string, threshold: string) => [own('ml_feature_drift_score', 'fraud', `${score}x60`, `,model_version="v7",feature="${name}",method="${method}"`), own('ml_feature_drift_threshold', 'fraud', `${threshold}x60`, `,model_version="v7",feature="${name}",method="${method}"`)];
  const gives = (name: string, method: string, value: number) => ({ labels: `{namespace="ml",inference_service="fraud",model_version="v7",feature="${name}",method="${method}"}`, value });
  // the last is as far as can be: a p-value of 0
  const series = [feature('amount', 'wasserstein', '0.5', '0.25'), feature('age', 'ks', '0.5', '0.05'), feature('height', 'ks', '0.01', '0.05'), feature('country', 'chi2', '0', '0.05')].flat();
  expectPromql(series, [{ query: `round(${of('Inference: Drift', 'Drift by feature')}, 0.001)`, at: '10m', gives: [gives('amount', 'wasserstein', 2), gives('age', 'ks', 0.1), gives('height', 'ks', 5), gives('country', 'chi2', 10)] }]);
});

describe('GPUs', () => {
  const device = (metric: string, labels: string, value: number) => ({ series: `DCGM_FI_${metric}{modelName="A100",${labels}}`, values: `${value}x60` });
  const mine = 'namespace="ml",pod="chat-1"';
  // the labels of a scrape that doesn't honour those of the exporter
  const moved = 'namespace="gpu-operator",pod="dcgm-1",exported_namespace="ml",exported_pod="chat-2"';

  test('a slice tells its use by profiling, a GPU without that by its utilisation; whichever labels the scrape left', () => {
    const query = `round(${of('Inference: GPUs', 'Use', { gpu_model: '.*' }).replace(/^avg/, 'sum')}, 0.001)`;
    const slice = 'UUID="a",GPU_I_ID="7",GPU_I_PROFILE="1g.10gb"';
    expectPromql([device('PROF_GR_ENGINE_ACTIVE', `${slice},${mine}`, 0.25), device('DEV_GPU_UTIL', `UUID="b",${moved}`, 50)], [{ query, at: '10m', gives: [{ value: 0.75 }] }]);
    // both there: the share of time in which engines work is the better one
    expectPromql([device('PROF_GR_ENGINE_ACTIVE', `UUID="b",${mine}`, 0.2), device('DEV_GPU_UTIL', `UUID="b",${mine}`, 90)], [{ query, at: '10m', gives: [{ value: 0.2 }] }]);
  });

  test('those of namespaces that nobody chose are not counted', () => {
    const query = of('Inference: GPUs', 'GPUs in use');
    expectPromql([device('DEV_FB_USED', `UUID="a",${mine}`, 1), device('DEV_FB_USED', `UUID="b",${moved}`, 1), device('DEV_FB_USED', 'UUID="c",namespace="gpu-operator",pod="dcgm-1"', 1), device('DEV_FB_USED', `UUID="d",${moved.replace('"ml"', '"other"')}`, 1)], [
      { query, at: '10m', gives: [{ value: 2 }] },
    ]);
  });
});

test('what idle GPUs cost is what their services cost', () => {
  const cost = (service: string, value: number) => own('inference_service_version:cost:per_hour', service, `${value}x60`, ',model_version="v1"');
  const used = (service: string, value: number) => own('inference_service:gpu_utilization:avg', service, `${value}x60`);
  const query = of('Inference: Cost', 'Idle GPUs, per hour');
  expectPromql([info('chat', 'chat'), info('fraud'), cost('chat', 3), cost('fraud', 1), used('chat', 0.01)], [{ query, at: '10m', gives: [{ value: 3 }] }]);
  expectPromql([info('chat', 'chat'), cost('chat', 3), used('chat', 0.9)], [{ query, at: '10m', gives: [{ value: 0 }] }]);
});

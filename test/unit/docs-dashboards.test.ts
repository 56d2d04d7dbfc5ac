/** The pictures of dashboards show what a store answers, and nothing else. */
import { format, ticks } from '../../scripts/docs/dashboards/format';
import { GrafanaDashboard } from '../../scripts/docs/dashboards/model';
import { pageHtml } from '../../scripts/docs/dashboards/page';
import { Line, Prometheus } from '../../scripts/docs/dashboards/prometheus';
import { everyDashboard, watchedServices } from '../support/dashboard-cases';

const all = everyDashboard(watchedServices());
const board = (title: string) => all.find((one) => one.title === title)!.json as unknown as GrafanaDashboard;
const TIMES = { from: 1_795_000_000, to: 1_795_000_600, step: 60 };

/** A store that answers what is asked for a series; nothing of any other. */
class Store extends Prometheus {
  readonly asked: string[] = [];

  constructor(private readonly answers: { readonly [series: string]: { readonly labels: { [name: string]: string }; readonly value: number }[] }) { super('http://nowhere'); }

  override async instant(expr: string): Promise<{ labels: { [name: string]: string }; value: number }[]> {
    this.asked.push(expr);
    return Object.entries(this.answers).find(([series]) => expr.includes(series))?.[1] ?? [];
  }
  override async range(expr: string): Promise<Line[]> {
    return (await this.instant(expr)).map(({ labels, value }) => ({ labels, points: [0, 60, 120, 300].map((second) => [TIMES.from + second, value] as const) }));
  }
  override async labelValues(): Promise<string[]> { return ['ml', 'prod']; }
}

const draw = async (title: string, answers: Store | ConstructorParameters<typeof Store>[0]): Promise<string> => {
  const { html } = await pageHtml(board(title), answers instanceof Store ? answers : new Store(answers), { times: TIMES, choices: {}, data: 'Of a test.' });
  return html;
};
/** The inside of a panel. */
const panel = (html: string, title: string, nth = 0): string => html.split('<div class="panel"').filter((one) => one.includes(`<h2>${title}</h2>`))[nth]!;

test.each<[number, string, string]>([
  [0.0123, 'percentunit', '1.23%'], [0, 'percentunit', '0%'], [0.25, 's', '250 ms'], [90, 's', '1.5 mins'], [0.0000042, 's', '4.2 µs'], [1536, 'mbytes', '1.5 GiB'], [2500, 'short', '2.5 K'], [3.5, 'reqps', '3.5 req/s'], [-2.5, 'currency:$', '-$2.5'], [NaN, 's', 'NaN'],
])('%d in %s is %s', (value, unit, text) => {
  expect(format(value, unit)).toBe(text);
});

test('axes have round steps', () => {
  expect(ticks(0, 0.93, 4)).toEqual([0, 0.5]);
  expect(ticks(-150, 100, 4)).toEqual([-100, 0, 100]);
});

test('where the store knows nothing the picture says so', async () => {
  const html = await draw('fraud · ml', {});
  expect(panel(html, 'Latency')).toContain('No data');
  expect(html).not.toContain('<polyline');
  expect(html).toContain('not by Grafana. Of a test.');
});

test('a graph has a line for each series, its name, the bound as a dashed line, and a gap where there is one', async () => {
  const drawn = panel(await draw('fraud · ml', { 'p99_5m{': [{ labels: {}, value: 0.3 }] }), 'Latency');
  expect(drawn).toContain('</i>p99</span>');
  expect(drawn).toContain('stroke-dasharray="8 5"');
  expect(drawn.match(/<polyline/g)).toHaveLength(1);
  expect(drawn.match(/<circle/g)).toHaveLength(1); // the last point, after a gap
  expect(drawn).toContain('300 ms');
});

test('a number has the colour of its bound', async () => {
  const budget = async (value: number) => panel(await draw('fraud · ml', { 'min(inference_service:slo_budget_left': [{ labels: {}, value }] }), 'Budget left');
  expect(await budget(0.9)).toMatch(/color:#73BF69[^>]*>90%/);
  expect(await budget(0.1)).toMatch(/color:#FF9830[^>]*>10%/);
  expect(await budget(-0.2)).toMatch(/color:#F2495C[^>]*>-20%/);
});

test('a table merges what queries say of a service into its row, sorts, renames and hides', async () => {
  const of = (inference_service: string, more = {}) => ({ namespace: 'ml', inference_service, ...more });
  const html = panel(await draw('Inference: Fleet', {
    'min by (namespace, inference_service) (inference_service:slo_budget_left': [{ labels: of('fraud'), value: 0.5 }, { labels: of('chat'), value: -1 }],
    'sum by (namespace, inference_service) (inference_service:requests:rate5m': [{ labels: of('fraud'), value: 7 }],
    'max by (namespace, inference_service, team, server, dashboard)': [{ labels: of('fraud', { team: 'risk', server: 'mlserver', dashboard: 'svc-fraud' }), value: 1 }, { labels: of('chat', { server: 'vllm', dashboard: 'svc-chat' }), value: 1 }],
  }), 'Services', 1);
  const rows = [...html.matchAll(/<tr>(.*?)<\/tr>/g)].map(([, row]) => [...row!.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/g)].map(([, cell]) => cell));
  expect(rows).toEqual([
    ['Service', 'Namespace', 'Team', 'Server', 'Requests/s', 'Budget left'],
    ['<u>chat</u>', 'ml', '', 'vllm', '', '-100%'],
    ['<u>fraud</u>', 'ml', 'risk', 'mlserver', '7 req/s', '50%'],
  ]);
});

test('the store is asked as Grafana asks it: with the choices filled in', async () => {
  const store = new Store({});
  await draw('Inference: Fleet', store);
  expect(store.asked.length).toBeGreaterThan(20);
  expect(store.asked.filter((expr) => expr.includes('$'))).toEqual([]);
  expect(store.asked[0]).toContain('namespace=~"ml|prod",inference_service=~".*"');
});

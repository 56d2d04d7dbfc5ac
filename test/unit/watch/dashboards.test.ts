import * as table from '../../../lib/watch/series';
import { boardsOf, dashboardsOfService, dashboardsOfStack, Exporter, serviceUid, StackBoard, stackUid } from '../../../lib/watch/dashboards';
import { recordedIn } from '../../../lib/watch/dashboards/settings';
import { recordings } from '../../../lib/watch/recordings';
import { interpolated, panelsOf, queriesOf } from '../../support/dashboards';
import { everyDashboard, watchedServices } from '../../support/dashboard-cases';
import { boardSettings } from '../../support/watched-service';

const services = watchedServices();
const [fraud, vision, assistant] = services;
const all = everyDashboard(services);
const every = all.map((dashboard) => [dashboard.title, dashboard] as const);
const titled = (title: string) => all.find((one) => one.title === title)!;
const titles = (title: string): string[] => panelsOf(titled(title)).map((panel) => panel.title);

const WINDOWS = ['5m', '30m', '1h', '2h', '6h', '1d', '3d'];
const NORMALISED = new Set([...Object.values(table).flatMap((one) => (typeof one === 'object' && 'name' in one ? [one.name] : [])), ...WINDOWS.map((window) => table.sloErrorRatio(window).name)]);
/** Series that others expose: kube-state-metrics, the DCGM exporter, monitors of models, and what every scrape has. */
const OTHERS = [
  'up', 'kube_pod_container_status_restarts_total',
  'DCGM_FI_PROF_GR_ENGINE_ACTIVE', 'DCGM_FI_DEV_GPU_UTIL', 'DCGM_FI_DEV_FB_USED', 'DCGM_FI_DEV_FB_FREE', 'DCGM_FI_DEV_XID_ERRORS', 'DCGM_FI_DEV_GPU_TEMP', 'DCGM_FI_DEV_POWER_USAGE',
  'ml_feature_drift_score', 'ml_feature_drift_threshold', 'ml_drift_detected', 'ml_dataset_drift_detected', 'ml_drifted_feature_ratio', 'ml_missing_value_ratio', 'ml_prediction_total', 'ml_ground_truth_accuracy', 'ml_ground_truth_rows',
  'ml_monitor_last_success_timestamp_seconds', 'ml_monitor_rows', 'ml_monitor_min_rows', 'ml_payload_log_sent_total', 'ml_payload_log_dropped_total',
];

test('there is a dashboard for the fleet, its services, objectives, GPUs, cost and drift, and one a service', () => {
  expect(all.map((one) => one.title)).toEqual([
    'Inference: Fleet', 'Inference: Services', 'Inference: Objectives', 'Inference: GPUs', 'Inference: Cost', 'Inference: Drift', 'fraud · ml', 'vision · ml', 'assistant · ml',
  ]);
});

test('uids are unique and short enough', () => {
  expect(new Set(all.map((one) => one.uid)).size).toBe(all.length);
  for (const { uid, json } of all) {
    expect(uid).toMatch(/^[a-z0-9-]{1,40}$/);
    expect(json.uid).toBe(uid);
  }
  expect(serviceUid({ ...fraud!, name: 'a'.repeat(63) })).toMatch(/^[a-z0-9-]{1,40}$/);
  expect(serviceUid({ ...fraud!, namespace: 'other' })).not.toBe(serviceUid(fraud!));
});

test("a service's known series tells the uid of its dashboard", () => {
  const info = recordings(fraud!).rules.find((rule) => 'record' in rule && rule.record === table.INFO.name);
  expect(info?.labels).toMatchObject({ dashboard: titled('fraud · ml').uid });
});

describe.each(every)('%s', (_, dashboard) => {
  const json = dashboard.json as any;
  const panels = panelsOf(dashboard);

  test('ids are unique, and above zero', () => {
    const ids = json.panels.map((one: any) => one.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(Math.min(...ids)).toBeGreaterThan(0);
  });

  test('every query has a refId of its own, and the data source that the reader chose', () => {
    for (const { targets, datasource } of panels) {
      expect(targets.length).toBeGreaterThan(0);
      expect(new Set(targets.map((one: any) => one.refId)).size).toBe(targets.length);
      for (const one of [...targets.map((target: any) => target.datasource), datasource]) expect(one).toEqual({ type: 'prometheus', uid: '${datasource}' });
    }
    expect(json.templating.list[0]).toMatchObject({ name: 'datasource', type: 'datasource', query: 'prometheus' });
  });

  test('panels lie in the grid, each on a place of its own', () => {
    const cells = new Set<string>();
    for (const { gridPos: { x, y, w, h } } of json.panels) {
      expect(x + w).toBeLessThanOrEqual(24);
      for (let column = x; column < x + w; column++) for (let row = y; row < y + h; row++) {
        expect(cells).not.toContain(`${column}/${row}`);
        cells.add(`${column}/${row}`);
      }
    }
  });

  test('panels say what they show, in a unit', () => {
    for (const { title, description, fieldConfig } of panels) {
      expect(description).toMatch(/^[A-Z0-9].{15,}\.$/);
      expect([title, fieldConfig.defaults.unit]).toEqual([title, expect.stringMatching(/^(reqps|cps|percentunit|s|short|mbytes|watt|celsius|none|currency:\$)$/)]);
    }
  });

  test('queries read normalised series, and of others only well-known ones', () => {
    for (const { expr } of queriesOf(dashboard)) {
      const names = recordedIn(expr);
      for (const name of names) expect(NORMALISED).toContain(name);
      for (const name of expr.match(/\b(?:kube_|DCGM_|ml_|container_|node_|vllm|nv_|model_infer)\w*/g) ?? []) expect(OTHERS).toContain(name);
      expect(names.length + OTHERS.filter((name) => new RegExp(`\\b${name}\\b`).test(expr)).length).toBeGreaterThan(0);
    }
  });

  test('variables that queries read are declared, and all that are declared are read', () => {
    const declared = json.templating.list.map((one: any) => one.name);
    const text = JSON.stringify([json.panels, json.annotations, json.templating.list.map((one: any) => one.query)]);
    const used = new Set([...text.matchAll(/\$(?:\{([a-z_]+)\}|([a-z]\w*))/g)].map(([, braced, plain]) => braced ?? plain!).filter((name) => !name.startsWith('__')));
    expect([...used].sort()).toEqual([...declared].sort());
  });

  test('links lead to dashboards that are there', () => {
    for (const { url } of json.links) expect(all.map((one) => `/d/${one.uid}`)).toContain(url);
    expect(json.links.length).toBe(dashboard.id === 'Dashboard' ? 6 : 5);
    for (const [, path] of JSON.stringify(json.panels).matchAll(/"url":"([^"]*)"/g)) expect(path).toMatch(/^\/d\/\$\{__(data\.fields|field\.labels)\.dashboard\}\?\$\{__url_time_range\}$/);
  });

  test('it is small', () => {
    expect(JSON.stringify(json).length).toBeLessThan(64 * 1024);
  });
});

test('the same services give the same bytes', () => {
  expect(JSON.stringify(everyDashboard(watchedServices()))).toBe(JSON.stringify(all));
});

test('a panel keeps its id when others go', () => {
  const ids = (title: string) => new Map(panelsOf(titled(title)).map((panel) => [panel.title, panel.id]));
  expect(ids('vision · ml').get('Requests by version')).toBe(ids('fraud · ml').get('Requests by version'));
});

test('a panel is there where the server tells of it, and only there', () => {
  expect(titles('fraud · ml')).toEqual(expect.arrayContaining(['Latency', 'Budget left', 'Burn rate', 'Requests by version', 'Load']));
  expect(titles('fraud · ml')).not.toEqual(expect.arrayContaining(['KV cache']));
  expect(titles('assistant · ml')).toEqual(expect.arrayContaining(['KV cache', 'Time to the first token', 'Tokens', 'Use of the GPUs', 'In work and waiting']));
  expect(titles('vision · ml')).not.toContain('Budget left');
  expect(titles('vision · ml')).not.toContain('Use of the GPUs');
  const latency = (title: string) => panelsOf(titled(title)).find((panel) => panel.title === 'Latency').targets.map((target: any) => target.legendFormat);
  expect(latency('fraud · ml')).toContain('p99');
  expect(latency('vision · ml')).toEqual(['mean']); // Triton adds up times, it counts no buckets
});

test('bounds of objectives are lines', () => {
  const panel = (title: string) => panelsOf(titled('fraud · ml')).find((one) => one.title === title && one.type === 'timeseries');
  const lines = (title: string) => panel(title).fieldConfig.defaults.thresholds.steps.map((step: any) => step.value);
  expect(lines('Latency')).toEqual([null, 0.25]);
  expect(lines('Failing')).toEqual([null, 0.001]);
  expect(panel('Latency').fieldConfig.defaults.custom.thresholdsStyle).toEqual({ mode: 'dashed' });
  expect(panelsOf(titled('assistant · ml')).find((one) => one.title === 'Latency').fieldConfig.defaults.custom.thresholdsStyle).toBeUndefined();
});

test('without an exporter, objectives or prices their dashboards and panels are not there', () => {
  const bare = boardSettings([vision!], { exporters: new Set() });
  expect(boardsOf(bare)).toEqual([StackBoard.FLEET, StackBoard.ENGINE]);
  expect(dashboardsOfStack(bare).map((one) => one.uid)).toEqual([stackUid(bare.stack, StackBoard.FLEET), stackUid(bare.stack, StackBoard.ENGINE)]);
  const [own] = dashboardsOfService(vision!, bare, boardsOf(bare));
  expect(panelsOf(own!).map((panel) => panel.title)).not.toContain('Restarts');
  expect(panelsOf(own!).map((panel) => panel.title)).not.toContain('Start'); // recorded, but of kube-state-metrics alone
  expect(panelsOf(dashboardsOfService(vision!, boardSettings([vision!], { exporters: new Set([Exporter.KUBE_STATE_METRICS]) }), [])[0]!).map((panel) => panel.title)).toContain('Restarts');
  expect(queriesOf(own!).map(({ expr }) => expr).join()).not.toMatch(/slo_|cost:|gpu/);
});

test('a column of a table is left out with its series; rows are then sorted by one that is there', () => {
  const services = (of: typeof fraud) => panelsOf(dashboardsOfStack(boardSettings([of!]))[0]!).find((panel) => panel.type === 'table');
  expect(services(fraud).options.sortBy).toEqual([{ displayName: 'Budget left', desc: false }]);
  expect(services(vision).options.sortBy).toEqual([{ displayName: 'Failing', desc: true }]);
  expect(Object.values(services(vision).transformations[1].options.renameByName)).not.toContain('Budget left');
});

test('panels of one width share their lines evenly, and leave no hole', () => {
  const lines = new Map<number, number[]>();
  const section = panelsOf(titled('Inference: Services')).filter((panel) => panel.gridPos.y > 16);
  for (const { gridPos: { y, w } } of section) lines.set(y, [...lines.get(y) ?? [], w]);
  expect([...lines.values()]).toEqual([[8, 8, 8], [12, 12], [12, 12]]);
  for (const { json } of all) {
    const filled = new Map<number, number>();
    for (const { gridPos: { y, w } } of (json as any).panels) filled.set(y, (filled.get(y) ?? 0) + w);
    expect(new Set(filled.values())).toEqual(new Set([24]));
  }
});

test('requests that are logged are shown where something logs them', () => {
  const drift = (...exporters: Exporter[]) => panelsOf(dashboardsOfStack(boardSettings([fraud!], { exporters: new Set(exporters) })).find((one) => one.id === 'DriftDashboard')!).map((panel) => panel.title);
  expect(drift(Exporter.MODEL_MONITOR, Exporter.PAYLOAD_LOG)).toEqual([...drift(Exporter.MODEL_MONITOR), 'Logged', 'Lost']);
  expect(drift(Exporter.MODEL_MONITOR)).toContain('Drift by feature');
});

test('stacks that share a Grafana have dashboards of their own', () => {
  expect(stackUid('a/monitoring', StackBoard.FLEET)).not.toBe(stackUid('b/monitoring', StackBoard.FLEET));
});

test("the store's own data source is chosen where one is made", () => {
  const [fleet] = dashboardsOfStack(boardSettings([assistant!], { datasourceUid: 'serving-metrics-1' }));
  expect((fleet!.json as any).templating.list[0].current).toEqual({ text: 'serving-metrics-1', value: 'serving-metrics-1' });
});

test('variables of Grafana are filled in as Grafana does', () => {
  expect(interpolated('rate(x{a=~"$team",b="$1"}[$__rate_interval])', { team: 'risk' })).toBe('rate(x{a=~"risk",b="$1"}[5m])');
});

import { ALERTS } from '../../lib/watch/alerts/catalogue';
import * as table from '../../lib/watch/series';
import { alertExamples } from '../../test/support/alert-examples';
import { recordedBy } from '../../test/support/recorded';

/** docs/alerts.md: what alerts there are, as they are by themselves. */
export function alerts(): string {
  const rules = alertExamples();
  const rows = ALERTS.map(({ name, means, of, needs }) => {
    const found = rules.filter(({ alert }) => alert === name);
    const each = (what: (rule: (typeof found)[number]) => string | undefined): string => [...new Set(found.map(what).filter((one) => one !== undefined))].join(', ');
    return `| [${name}](runbooks/${name}.md) | ${means} | ${each(({ labels }) => labels.severity)} | ${each((rule) => rule.for) || 'at once'} | ${of} | ${needs.join('; ')} |`;
  });
  return [
    '# Alerts', '',
    'Who is told: [alert routing](alert-routing.md). Each alert has the labels `namespace`, `inference_service`, `severity` and, where the service has an owner, `team`; its summary begins with them, and its `runbook_url` is the page below.',
    'Each is seen to fire, to end, and to stay silent in Prometheus\' own engine, and fails its test when one of its guards is taken out: [test/promql/alerts](../test/promql/alerts/).', '',
    '| alert | means | severity | after | who has it | what must be scraped |', '|---|---|---|---|---|---|', ...rows, '',
    '`after` is of a service that takes five minutes to load, or whose monitor runs each hour: a crash loop is looked for over as long as a start takes, and releases whose steps are long may wait longer.', '',
    '- **critical**: users are hurt now; somebody is woken. **warning**: by the next working day. **info**: for the record.',
    '- `AlertTuning.of(name, { severity, holdsFor })` changes one for all services of a stack, `AlertTuning.off(name)` leaves it out. A name that does not exist is refused.',
    '- What an alert needs and nobody scrapes is itself told of: [InferenceMetricsSourceMissing](runbooks/InferenceMetricsSourceMissing.md). kube-state-metrics, the DCGM exporter and controllers must keep their own labels (`honorLabels: true`); of controllers and DCGM the overruled ones (`exported_…`) are understood as well.', '',
  ].join('\n');
}

/** docs/runbooks/README.md: the index of the pages. */
export function runbooks(): string {
  return ['# Runbooks', '', 'One page an alert: what it means for users, where to look, what causes it, what to do, and when it is noise. `<service>`, `<namespace>` are labels of the alert.', '', ...ALERTS.map(({ name, means }) => `- [${name}](${name}.md): ${means[0]!.toLowerCase()}${means.slice(1)}.`), ''].join('\n');
}

/** docs/metrics.md: the series that all services have, and whose servers fill them. */
export function metrics(): string {
  const servers = recordedBy();
  const series = Object.values(table).filter((one): one is table.Series => typeof one === 'object' && 'name' in one && 'help' in one);
  const rows = series.map(({ name, unit, help, labels }) => `| \`${name}\` | ${unit} | ${help} | ${labels.map((label) => `\`${label}\``).join(' ')} |`);
  const filled = series.filter(({ name }) => !name.includes('gpu')).sort((a, b) => (a.name < b.name ? -1 : 1)).filter(({ name }) => servers.some(([, recorded]) => recorded.has(name)) && !servers.every(([, recorded]) => recorded.has(name)));
  return [
    '# Metrics', '',
    'Every service has the same series, whatever its server calls them: alerts, dashboards and cost read nothing else. All have the labels `namespace` and `inference_service`. What a server does not tell is not there, rather than 0.', '',
    '| series | unit | tells | further labels |', '|---|---|---|---|', ...rows, `| \`${table.sloErrorRatio('5m').name}\` … \`${table.sloErrorRatio('3d').name}\` | ${table.sloErrorRatio('5m').unit} | Share of the requests that broke an objective within a window: 5m, 30m, 1h, 2h, 6h, 1d, 3d | \`objective\` |`, '',
    '## Which server fills which', '', 'As the catalogue makes them by themselves, by their first protocol; on NVIDIA GPUs where a server needs one. Series that all have, and those of objectives, cost and GPUs, are left out.', '',
    `| series | ${servers.map(([name]) => name).join(' | ')} |`, `|---|${servers.map(() => '---').join('|')}|`,
    ...filled.map(({ name }) => `| \`${name}\` | ${servers.map(([, recorded]) => (recorded.has(name) ? '✓' : '')).join(' | ')} |`), '',
    '✓: a number in its unit comes out of series as that server writes them, of two versions, and no NaN, in [recordings.test.ts](../test/promql/recordings.test.ts). `container` is a program of your own: nothing is known of its metrics.', '',
    '## What is proven by what', '',
    '- MLServer: by its own sources; requests, failures, latency and what is in flight also by the running program, which gates and autoscaling ask in the cluster tests.',
    '- The other servers: by names, labels, units and bounds in their own sources, at the version of the [catalogue](servers.md), which links each. No running program has confirmed them here: **unproven** in that sense is all that the matrix has for them.',
    '- GPUs: by what DCGM exporter\'s sources write, with labels kept and overruled, whole GPUs and MIG slices. No GPU has confirmed them here.',
    '- Copies, releases and certificates: by what kube-state-metrics, Argo Rollouts, Flagger and cert-manager document and their sources write; the links stand beside the rules and their tests.', '',
  ].join('\n');
}

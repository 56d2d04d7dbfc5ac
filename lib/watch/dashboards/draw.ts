import { contentHash } from '../../plan/hash';
import { JsonObject } from '../../plan/service-plan';
import { Board, BoardPanel, BoardSection, BoardVariable, Bound, Dashboard, GraphPanel, StatPanel, TablePanel } from './board';
import { Sdk, sdk } from './sdk';
import { available, BoardSettings } from './settings';

type Builder = InstanceType<Sdk['timeseries']['PanelBuilder']> | InstanceType<Sdk['stat']['PanelBuilder']> | InstanceType<Sdk['table']['PanelBuilder']>;
interface Place { x: number; y: number; w: number; h: number }

const SOURCE = { type: 'prometheus', uid: '${datasource}' };
const COLORS = { good: 'green', watch: 'orange', bad: 'red' };
const COLUMNS = 24;

/**
 * Draws a board with Grafana's SDK, which leaves open what makes a dashboard break: every panel and row gets an id of its own that stays when others
 * come and go, every query a refId, everything a place in the grid, and all queries the data source that the reader chooses.
 *
 * Queries of series that aren't there are left out, and with the last one the panel.
 */
export function draw(board: Board, settings: BoardSettings): Dashboard {
  const { dashboard } = sdk();
  const built = new dashboard.DashboardBuilder(board.title).uid(board.uid).description(board.description).tags([...board.tags]).timezone('browser')
    .time({ from: `now-${board.span}`, to: 'now' }).refresh('1m').tooltip(dashboard.DashboardCursorSync.Crosshair).readonly();
  const source = new dashboard.DatasourceVariableBuilder('datasource').label('Data source').type('prometheus');
  built.withVariable(settings.datasourceUid === undefined ? source : source.current({ text: settings.datasourceUid, value: settings.datasourceUid }));
  for (const variable of board.variables.filter((one) => available(one.series, settings))) built.withVariable(choice(variable));
  for (const { title, url } of board.links) built.link(new dashboard.DashboardLinkBuilder(title).type(dashboard.DashboardLinkType.Link).url(url).keepTime(true).icon('dashboard'));
  if (board.marks !== undefined && available(board.marks.expr, settings)) {
    const { title, expr, text } = board.marks;
    built.annotation(new dashboard.AnnotationQueryBuilder().name(title).datasource(SOURCE).enable(true).iconColor('purple').expr(expr).step('60s').titleFormat(text));
  }
  const panels: JsonObject[] = [];
  const ids = new Set<number>();
  let top = 0;
  for (const section of present(board.sections, settings)) {
    panels.push(tidy(new dashboard.RowBuilder(section.title).id(idOf(ids, section.title, '')).gridPos({ x: 0, y: top, w: COLUMNS, h: 1 }).build()));
    top += 1;
    const places = layOut(section.panels, top);
    section.panels.forEach((panel, i) => panels.push(tidy(draught(panel).id(idOf(ids, section.title, panel.title)).gridPos(places[i]!).build())));
    top = Math.max(...places.map(({ y, h }) => y + h));
  }
  const json = { ...tidy(built.build()), panels };
  return { id: board.id, uid: board.uid, title: board.title, folder: settings.folder, json: { ...json, annotations: { list: [], ...(json as { annotations?: JsonObject }).annotations } } };
}

/** Sections with the panels and queries that have data. */
function present(sections: readonly BoardSection[], settings: BoardSettings): BoardSection[] {
  const panels = (section: BoardSection): BoardPanel[] => section.panels.flatMap((panel): BoardPanel[] => {
    if (panel.kind === 'table') {
      const columns = panel.columns.filter(({ expr }) => available(expr, settings));
      return columns.length === 0 ? [] : [{ ...panel, columns }];
    }
    const queries = panel.queries.filter(({ expr }) => available(expr, settings));
    return queries.length === 0 ? [] : [{ ...panel, queries }];
  });
  return sections.map((section) => ({ title: section.title, panels: panels(section) })).filter((section) => section.panels.length > 0);
}

/** Places from left to right, in lines that are about equally full and as wide as the grid: a panel that isn't there leaves no hole. */
function layOut(panels: readonly BoardPanel[], top: number): Place[] {
  let y = top;
  return linesOf(panels).flatMap((line) => {
    const given = widthOf(line);
    const edges = line.map((_, i) => Math.round(widthOf(line.slice(0, i)) * COLUMNS / given)).concat(COLUMNS);
    const h = Math.max(...line.map(({ height }) => height));
    const places = line.map((_, i) => ({ x: edges[i]!, y, w: edges[i + 1]! - edges[i]!, h }));
    y += h;
    return places;
  });
}

/** Panels of one width are shared out evenly: four where three fit are two and two. */
function linesOf(panels: readonly BoardPanel[]): BoardPanel[][] {
  const fit = Math.floor(COLUMNS / panels[0]!.width);
  const even = panels.every(({ width }) => width === panels[0]!.width);
  const lines: BoardPanel[][] = [];
  for (let rest = panels; rest.length > 0;) {
    const taken = even ? Math.ceil(rest.length / Math.ceil(rest.length / fit)) : rest.filter((_, i) => widthOf(rest.slice(0, i + 1)) <= COLUMNS).length;
    lines.push(rest.slice(0, taken));
    rest = rest.slice(taken);
  }
  return lines;
}

function widthOf(panels: readonly BoardPanel[]): number {
  return panels.reduce((sum, { width }) => sum + width, 0);
}

/** An id that follows a panel's titles and no other panel: links to a panel (`viewPanel`) stay right. */
function idOf(taken: Set<number>, section: string, panel: string): number {
  let id = parseInt(contentHash([['section', section], ['panel', panel]], 6), 16) + 1;
  while (taken.has(id)) id += 1;
  taken.add(id);
  return id;
}

/** All of them is also those without the label, but for namespaces: exporters of GPUs have one of their own, which is nobody's choice. */
function choice(variable: BoardVariable): InstanceType<Sdk['dashboard']['QueryVariableBuilder']> {
  const { dashboard } = sdk();
  const builder = new dashboard.QueryVariableBuilder(variable.name).label(variable.title).datasource(SOURCE).query(`label_values(${variable.series}, ${variable.label})`)
    .multi(true).includeAll(true).current({ text: 'All', value: '$__all' }).refresh(dashboard.VariableRefresh.OnTimeRangeChanged).sort(dashboard.VariableSort.AlphabeticalAsc);
  return variable.label === 'namespace' ? builder : builder.allValue('.*');
}

function draught(panel: BoardPanel): Builder {
  const builder = panel.kind === 'graph' ? graph(panel) : panel.kind === 'stat' ? stat(panel) : table(panel);
  return builder.title(panel.title).description(panel.description).datasource(SOURCE);
}

function graph(panel: GraphPanel): Builder {
  const { common, timeseries } = sdk();
  const builder = new timeseries.PanelBuilder().unit(panel.unit).thresholds(steps({ bounds: panel.bounds })).fillOpacity(panel.stacked ? 30 : 0).showPoints(common.VisibilityMode.Never)
    .legend(new common.VizLegendOptionsBuilder().showLegend(true).displayMode(common.LegendDisplayMode.List).placement(common.LegendPlacement.Bottom).calcs([]))
    .tooltip(new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi).sort(common.SortOrder.Descending));
  if (!panel.signed) builder.min(0);
  if (panel.max !== undefined) builder.max(panel.max);
  if (panel.stacked) builder.stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal));
  if (panel.bounds !== undefined) builder.thresholdsStyle(new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Dashed));
  if (panel.link !== undefined) builder.dataLinks([leadingTo(panel.link)]);
  panel.queries.forEach(({ expr, legend }, i) => builder.withTarget(query(expr, i).legendFormat(legend).range()));
  return builder;
}

function stat(panel: StatPanel): Builder {
  const { common, stat } = sdk();
  const builder = new stat.PanelBuilder().unit(panel.unit).thresholds(steps(panel)).graphMode(common.BigValueGraphMode.None).noValue('–')
    .colorMode(panel.bounds === undefined ? common.BigValueColorMode.None : common.BigValueColorMode.Value)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']));
  if (panel.decimals !== undefined) builder.decimals(panel.decimals);
  if (panel.link !== undefined) builder.dataLinks([leadingTo(panel.link)]);
  panel.queries.forEach(({ expr, legend }, i) => builder.withTarget(query(expr, i).legendFormat(legend).instant()));
  return builder;
}

/** Grafana merges the queries' answers into rows by their labels, then names and orders the columns. */
function table(panel: TablePanel): Builder {
  const { common, prometheus, table } = sdk();
  const valueName = (i: number): string => (panel.columns.length === 1 ? 'Value' : `Value #${refId(i)}`);
  const names = { ...panel.labels, ...Object.fromEntries(panel.columns.map(({ title }, i) => [valueName(i), title])) };
  const order = Object.fromEntries([...Object.keys(names), ...panel.hidden ?? []].map((name, i) => [name, i]));
  const builder = new table.PanelBuilder().unit(panel.unit)
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({ id: 'organize', options: { excludeByName: Object.fromEntries([['Time', true], ...panel.columns.flatMap(({ hidden }, i) => (hidden ? [[valueName(i), true]] : []))]), indexByName: order, renameByName: names } })
    .sortBy([new common.TableSortByFieldStateBuilder().displayName(panel.sortBy.column).desc(!panel.sortBy.ascending)]);
  for (const label of panel.hidden ?? []) builder.overrideByName(label, [{ id: 'custom.hidden', value: true }]);
  for (const column of panel.columns.filter(({ hidden }) => !hidden)) {
    builder.overrideByName(column.title, [
      { id: 'unit', value: column.unit },
      ...(column.bounds === undefined ? [] : [{ id: 'thresholds', value: steps(column).build() }, { id: 'custom.cellOptions', value: { type: 'color-text' } }]),
    ]);
  }
  const first = Object.values(panel.labels)[0];
  if (panel.link !== undefined && first !== undefined) builder.overrideByName(first, [{ id: 'links', value: [{ title: panel.link.title, url: panel.link.url }] }]);
  panel.columns.forEach(({ expr }, i) => builder.withTarget(query(expr, i).format(prometheus.PromQueryFormat.Table).instant()));
  return builder;
}

function query(expr: string, i: number): InstanceType<Sdk['prometheus']['DataqueryBuilder']> {
  const { prometheus } = sdk();
  return new prometheus.DataqueryBuilder().refId(refId(i)).expr(expr).datasource(SOURCE);
}

/** `A`, `B` and so on: no panel has more than 26 queries. */
function refId(i: number): string {
  return String.fromCharCode(65 + i);
}

function leadingTo({ title, url }: { title: string; url: string }): InstanceType<Sdk['dashboard']['DashboardLinkBuilder']> {
  const { dashboard } = sdk();
  return new dashboard.DashboardLinkBuilder(title).url(url);
}

/** Colours from each bound on, and of the line at it; the first colour is that of everything below. */
function steps({ bounds = [], lowIsBad = false }: { readonly bounds?: readonly Bound[]; readonly lowIsBad?: boolean }): InstanceType<Sdk['dashboard']['ThresholdsConfigBuilder']> {
  const { dashboard } = sdk();
  const sorted = [...bounds].sort((a, b) => a.value - b.value);
  const colors = lowIsBad ? [...sorted.map(({ level }) => COLORS[level]), COLORS.good] : [COLORS.good, ...sorted.map(({ level }) => COLORS[level])];
  const values = [null, ...sorted.map(({ value }) => value)];
  return new dashboard.ThresholdsConfigBuilder().mode(dashboard.ThresholdsMode.Absolute).steps(values.map((value, i) => ({ value, color: colors[i]! })));
}

/** Plain JSON, without what Grafana takes to be so anyway. */
function tidy(built: object): JsonObject {
  const { transparent: _transparent, repeatDirection: _repeat, ...rest } = JSON.parse(JSON.stringify(built)) as JsonObject;
  return rest;
}

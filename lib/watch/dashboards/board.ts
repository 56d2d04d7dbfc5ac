import { JsonObject } from '../../plan/service-plan';

/** A dashboard as it is delivered. */
export interface Dashboard {
  /** Its object's id in the tree. */
  readonly id: string;
  /** Unique in a Grafana, and the same for good: links lead to it. At most 40 characters. */
  readonly uid: string;
  readonly title: string;
  /** Title of the folder it lies in. */
  readonly folder: string;
  /** Grafana's own model of it. */
  readonly json: JsonObject;
}

/** Units, by their names in Grafana. Source: https://github.com/grafana/grafana/blob/v12.0.0/packages/grafana-data/src/valueFormats/categories.ts */
export enum Unit {
  REQUESTS_PER_SECOND = 'reqps',
  PER_SECOND = 'cps',
  /** 0 to 1, shown as percent. */
  RATIO = 'percentunit',
  SECONDS = 's',
  COUNT = 'short',
  MEBIBYTES = 'mbytes',
  WATT = 'watt',
  CELSIUS = 'celsius',
  /** Text: a version, a name. */
  NONE = 'none',
}

/** A value from which on something is worth a look, or bad. */
export interface Bound {
  readonly value: number;
  readonly level: 'watch' | 'bad';
}

/** One query of a panel. It is left out where a series that it reads isn't there. */
export interface BoardQuery {
  readonly expr: string;
  /** Name of what it gives, with labels as `{{label}}`. */
  readonly legend: string;
}

interface PanelBase {
  readonly title: string;
  /** What it tells, and what to do about it. */
  readonly description: string;
  /** Columns of 24. */
  readonly width: number;
  /** Rows of about 30 pixels. */
  readonly height: number;
  /** A Grafana unit. */
  readonly unit: string;
  readonly bounds?: readonly Bound[];
  /** Where a click leads: a path with Grafana's variables. */
  readonly link?: { readonly title: string; readonly url: string };
}

/** Values over time. */
export interface GraphPanel extends PanelBase {
  readonly kind: 'graph';
  readonly queries: readonly BoardQuery[];
  readonly stacked?: boolean;
  readonly max?: number;
  /** Whether values may be below zero. */
  readonly signed?: boolean;
}

/** The last value, large. */
export interface StatPanel extends PanelBase {
  readonly kind: 'stat';
  readonly queries: readonly BoardQuery[];
  /** Digits after the point. */
  readonly decimals?: number;
  /** Whether values under the bounds are the bad ones. */
  readonly lowIsBad?: boolean;
}

/** A column of numbers: a query that gives a value for each row's labels. */
export interface TableColumn {
  readonly title: string;
  readonly expr: string;
  readonly unit: string;
  readonly bounds?: readonly Bound[];
  readonly lowIsBad?: boolean;
  /** Whether it is there for its labels only. */
  readonly hidden?: boolean;
}

/** A row for each set of labels. */
export interface TablePanel extends PanelBase {
  readonly kind: 'table';
  /** Labels that are shown, in order: label → heading. */
  readonly labels: { readonly [label: string]: string };
  /** Labels that links need and nobody reads. */
  readonly hidden?: readonly string[];
  readonly columns: readonly TableColumn[];
  /** Heading of the column that rows are sorted by, and whether the smallest comes first. */
  readonly sortBy: { readonly column: string; readonly ascending?: boolean };
}

export type BoardPanel = GraphPanel | StatPanel | TablePanel;

/** Panels under a heading. Without a panel it isn't drawn. */
export interface BoardSection {
  readonly title: string;
  readonly panels: readonly BoardPanel[];
}

/** What the reader chooses from: the values of a series' label. */
export interface BoardVariable {
  readonly name: string;
  readonly title: string;
  readonly label: string;
  /** A series that has the label, with matchers. */
  readonly series: string;
}

/** Marks over all graphs, where a query gives something. */
export interface BoardMarks {
  readonly title: string;
  readonly expr: string;
  readonly text: string;
}

/** A dashboard before Grafana: what it shows, and no more. */
export interface Board {
  readonly id: string;
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  /** How far back it looks: `6h`. */
  readonly span: string;
  readonly variables: readonly BoardVariable[];
  readonly sections: readonly BoardSection[];
  readonly marks?: BoardMarks;
  /** Dashboards beside it. */
  readonly links: readonly { readonly title: string; readonly url: string }[];
}

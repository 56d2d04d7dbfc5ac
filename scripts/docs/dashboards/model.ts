/** What of Grafana's model the pictures read. */

export interface Step { readonly value: number | null; readonly color: string }
export interface Target { readonly refId: string; readonly expr: string; readonly legendFormat?: string }
export interface FieldDefaults {
  readonly unit?: string;
  readonly decimals?: number;
  readonly min?: number;
  readonly max?: number;
  readonly noValue?: string;
  readonly thresholds?: { readonly steps: readonly Step[] };
  readonly custom?: { readonly thresholdsStyle?: { readonly mode: string }; readonly stacking?: { readonly mode: string }; readonly fillOpacity?: number };
}
export interface Override { readonly matcher: { readonly id: string; readonly options: string }; readonly properties: readonly { readonly id: string; readonly value: unknown }[] }
export interface GrafanaPanel {
  readonly type: 'row' | 'timeseries' | 'stat' | 'table';
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets: readonly Target[];
  readonly fieldConfig: { readonly defaults: FieldDefaults; readonly overrides: readonly Override[] };
  readonly options: { readonly colorMode?: string; readonly sortBy?: readonly { readonly displayName: string; readonly desc?: boolean }[] };
  readonly transformations?: readonly { readonly id: string; readonly options: { readonly excludeByName?: { [name: string]: boolean }; readonly renameByName?: { [name: string]: string }; readonly indexByName?: { [name: string]: number } } }[];
}
export interface GrafanaVariable { readonly type: string; readonly name: string; readonly label?: string; readonly query: string; readonly allValue?: string }
export interface GrafanaDashboard {
  readonly uid: string;
  readonly title: string;
  readonly description?: string;
  readonly panels: readonly GrafanaPanel[];
  readonly templating: { readonly list: readonly GrafanaVariable[] };
  readonly annotations: { readonly list: readonly { readonly name: string; readonly expr: string; readonly titleFormat: string }[] };
  readonly links: readonly { readonly title: string }[];
}

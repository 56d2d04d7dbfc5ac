/** What is asked of a store that answers as Prometheus does: https://prometheus.io/docs/prometheus/latest/querying/api/ */

export interface Labels { readonly [name: string]: string }
export interface Line { readonly labels: Labels; readonly points: readonly (readonly [second: number, value: number])[] }
/** The time that a picture is of, in seconds. */
export interface Times { readonly from: number; readonly to: number; readonly step: number }

export class Prometheus {
  constructor(private readonly url: string) {}

  async range(expr: string, { from, to, step }: Times): Promise<Line[]> {
    const result = await this.ask<{ metric: Labels; values: [number, string][] }[]>('query_range', { query: expr, start: String(from), end: String(to), step: String(step) });
    return result.map(({ metric, values }) => ({ labels: metric, points: values.map(([second, value]) => [second, Number(value)] as const) }));
  }

  async instant(expr: string, at: number): Promise<{ labels: Labels; value: number }[]> {
    const result = await this.ask<{ metric: Labels; value: [number, string] }[]>('query', { query: expr, time: String(at) });
    return result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
  }

  /** Values of a label of series, as Grafana's `label_values` gives them. */
  async labelValues(series: string, label: string, { from, to }: Times): Promise<string[]> {
    const path = `label/${label}/values?${new URLSearchParams({ 'match[]': series, start: String(from), end: String(to) })}`;
    return (await this.get<string[]>(path)).sort();
  }

  private async ask<T>(path: string, params: { [name: string]: string }): Promise<T> {
    return (await this.get<{ result: T }>(`${path}?${new URLSearchParams(params)}`)).result;
  }

  private async get<T>(path: string): Promise<T> {
    const response = await fetch(`${this.url}/api/v1/${path}`);
    const body = await response.json() as { status: string; data: T; error?: string };
    if (body.status !== 'success') throw new Error(`${path}: ${body.error ?? response.status}`);
    return body.data;
  }
}

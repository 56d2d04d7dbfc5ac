/**
 * Grafana's foundation SDK, read when the first dashboard is drawn: it takes as long to load as cdk8s. Its builders know Grafana's schema; what they
 * leave open (ids, places, legends) is settled by `draw.ts`.
 */
export interface Sdk {
  readonly common: typeof import('@grafana/grafana-foundation-sdk/common');
  readonly dashboard: typeof import('@grafana/grafana-foundation-sdk/dashboard');
  readonly prometheus: typeof import('@grafana/grafana-foundation-sdk/prometheus');
  readonly stat: typeof import('@grafana/grafana-foundation-sdk/stat');
  readonly table: typeof import('@grafana/grafana-foundation-sdk/table');
  readonly timeseries: typeof import('@grafana/grafana-foundation-sdk/timeseries');
}

let loaded: Sdk | undefined;

export function sdk(): Sdk {
  return loaded ??= {
    common: require('@grafana/grafana-foundation-sdk/common'),
    dashboard: require('@grafana/grafana-foundation-sdk/dashboard'),
    prometheus: require('@grafana/grafana-foundation-sdk/prometheus'),
    stat: require('@grafana/grafana-foundation-sdk/stat'),
    table: require('@grafana/grafana-foundation-sdk/table'),
    timeseries: require('@grafana/grafana-foundation-sdk/timeseries'),
  };
}

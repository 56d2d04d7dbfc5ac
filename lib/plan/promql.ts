/**
 * PromQL over the pods of one workload: what autoscalers, gates and rules ask a metrics' store. Every scrape by prometheus-operator or the
 * VictoriaMetrics operator sets the labels `namespace` and `pod`: https://prometheus-operator.dev/docs/developer/scrapeconfig/
 */

/**
 * Matchers of the pods of a workload's ReplicaSets, and of no other's.
 *
 * A pod is `<workload>-<hash>-<5 letters>`; where that is too long Kubernetes cuts the front, and with it the last dash. Another workload whose name
 * begins alike has a dash more. Source: https://github.com/kubernetes/kubernetes/blob/v1.34.4/staging/src/k8s.io/apiserver/pkg/storage/names/generate.go
 */
export function podMatchers(namespace: string, workload: string): string {
  return `namespace=${quoted(namespace)},pod=~${quoted(`${workload}-[a-z0-9]{1,10}-?[a-z0-9]{5}`)}`;
}

/** A text as a string of PromQL. */
export function quoted(text: string): string {
  return `"${text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')}"`;
}

/** Matchers together; those that are empty or undefined are left out. */
export function allOf(...matchers: readonly (string | undefined)[]): string {
  return matchers.filter((one) => one !== undefined && one !== '').join(',');
}

/** Series of a name that match all matchers. */
export function selector(series: string, ...matchers: readonly (string | undefined)[]): string {
  const given = allOf(...matchers);
  return given === '' ? series : `${series}{${given}}`;
}

/** A window for `rate()`, with four scrapes in it at least: one that fails leaves two. At least a minute. */
export function rateWindow(scrapeSeconds: number): string {
  const seconds = Math.max(60, Math.ceil(4 * scrapeSeconds));
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}

/** A number as PromQL and people read it: without an exponent, and without the noise of binary fractions. */
export function decimal(value: number): string {
  const plain = Number(value.toPrecision(12));
  const text = String(plain);
  return /e/i.test(text) ? plain.toFixed(Math.abs(plain) < 1 ? 15 : 0).replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '') : text;
}

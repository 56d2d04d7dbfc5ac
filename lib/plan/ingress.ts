/**
 * Annotations by which an ingress controller waits as long as the longest answer, and takes inputs larger than its default.
 * @returns undefined for a class whose controller is not known by its name.
 */
export function timeoutAnnotations(ingressClass: string | undefined, seconds: number): { [key: string]: string } | undefined {
  if (!/nginx/.test(ingressClass ?? '')) return undefined;
  const prefix = 'nginx.ingress.kubernetes.io';
  // ingress-nginx takes 1 MiB by default
  return { [`${prefix}/proxy-read-timeout`]: String(seconds), [`${prefix}/proxy-send-timeout`]: String(seconds), [`${prefix}/proxy-body-size`]: '64m' };
}

/** An object that an engine's controller makes of a service. */
export interface Made {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

export const madeService = (name: string): Made => ({ apiVersion: 'v1', kind: 'Service', name });
export const madeDeployment = (name: string): Made => ({ apiVersion: 'apps/v1', kind: 'Deployment', name });

/** Where a service is asked inside of the cluster. */
export interface PlannedAddress {
  /** The Service that answers, in the service's namespace. */
  readonly service: string;
  /** Headers (gRPC: metadata) that every request must have, for the engine to know which service is meant. */
  readonly headers: { readonly [name: string]: string };
  /** Whether a path with the model's name says it as well, so that only gRPC needs the headers. */
  readonly pathTells?: boolean;
  /** The header whose value is a model's name, where one address is that of several: the caller's to send. */
  readonly modelHeader?: string;
  /** The headers that lead to the version on trial, where that has no other address. */
  readonly trialHeaders?: { readonly [name: string]: string };
}

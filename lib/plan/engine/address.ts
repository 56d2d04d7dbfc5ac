/** Where a service is asked inside of the cluster. */
export interface PlannedAddress {
  /** The Service that answers, in the service's namespace. */
  readonly service: string;
  /** Headers (gRPC: metadata) that every request must have, for the engine to know which service is meant. */
  readonly headers: { readonly [name: string]: string };
}

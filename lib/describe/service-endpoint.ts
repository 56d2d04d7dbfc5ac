/** Where and how clients ask for predictions by one protocol. */
export interface ServiceEndpoint {
  /** Name of the protocol. */
  readonly protocol: string;
  /** Address of the whole: `http://fraud.fraud.svc.cluster.local/v2/models/fraud/infer`; for gRPC `host:port`. */
  readonly url: string;
  /** Host name inside of the cluster. */
  readonly host: string;
  /** Port. */
  readonly port: number;
  /** Path that predictions are sent to; for gRPC the method. */
  readonly path: string;
  /** Name of the model in requests. */
  readonly modelName: string;
  /**
   * Headers (by gRPC: metadata) that every request must have, for the engine to know which service is meant.
   * @default - none
   */
  readonly headers?: { [name: string]: string };
}

/** What a metric says of a load. */
export enum LoadMeasure {
  /** CPU in percent of what a copy requests. */
  CPU = 'cpu',
  /** Requests that a copy answers in a second. */
  RATE = 'rate',
  /** Requests that a copy answers at the moment, those that wait included. */
  CONCURRENCY = 'concurrency',
  /** Requests that wait at a copy. */
  QUEUE = 'queue',
}

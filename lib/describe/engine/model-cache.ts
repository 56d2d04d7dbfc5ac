/** A cache of a model on nodes, as services refer to it. */
export interface ILocalModelCache {
  /** Its name. */
  readonly cacheName: string;
  /** Address of what it holds; services read that, or what lies below it. */
  readonly sourceUri: string;
  /** The namespace whose services alone may use it; none for all. */
  readonly cacheNamespace?: string;
}

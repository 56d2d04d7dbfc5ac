export * from './existing-service';
export { KServeMode, type KServeProps } from './kserve';
export type { SeldonCoreV1Props } from './seldon-core-v1';

export * from './existing-service';
export { KServeMode, type KServeProps } from './kserve';
export type { SeldonCoreV1Props } from './seldon-core-v1';
export { SeldonServers, SeldonServersKind, type DedicatedSeldonServersProps, type SeldonCoreV2Props, type SharedSeldonServersProps } from './seldon-core-v2';
export * from './model-cache';

export * from './existing-service';
export type { SeldonCoreV1Props } from './seldon-core-v1';
export { SeldonServers, SeldonServersKind, type DedicatedSeldonServersProps, type SeldonCoreV2Props, type SharedSeldonServersProps } from './seldon-core-v2';
export { KnativeFeature, KServeLanguageModels, KServeMode, type KServeProps } from './kserve';
export * from './model-cache';

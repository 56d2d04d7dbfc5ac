export * from './existing-service';
export { KServeMode, type KServeProps } from './kserve';

export * from './audience';
export * from './candidate';
export * from './controller';
export * from './gate';
export { type AbTestRolloutProps, type BlueGreenRolloutProps, type CanaryRolloutProps, type ReleaseProps, type RollingRolloutProps, Rollout, RolloutKind, type ShadowRolloutProps } from './rollout';

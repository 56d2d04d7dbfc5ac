export * from './batching';
export { type CompanionPodsProps, type CompanionProps } from './companion-props';
export * from './detector';
export * from './explainer';
export * from './transformer';

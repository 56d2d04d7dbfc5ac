export * from './graph-condition';
export * from './graph-node';
export * from './graph-step';

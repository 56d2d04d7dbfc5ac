export * from './alert-tuning';
export * from './gateway-metrics';
export * from './metrics-backend';
export * from './metrics-storage';
export * from './remote-write';
export * from './sli';

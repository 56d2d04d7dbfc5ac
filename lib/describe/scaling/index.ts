export { KafkaAccess, type KafkaAccessProps, type KafkaLag, KafkaSasl } from './kafka';
export {
  type ConcurrencyScalingProps, type CpuScalingProps, type CustomMetricScalingProps, type ExternalScalingProps, type GpuScalingProps, type KafkaLagScalingProps, type KvCacheScalingProps, type LoadScalingProps, type MeasuredScalingProps, type MemoryScalingProps,
  type QueryScalingProps, type QueueDepthScalingProps, type RequestRateScalingProps, type ScalingBounds, type ScheduleScalingProps, type TokensScalingProps,
} from './props';
export { Scaling } from './scaling';
export { type ScheduleWindow } from './schedule';
export { Autoscaler, type ScalingSignal, ScalingSignalKind, ScalingTargetKind } from './signal';
export { type QueryWakeProps, Wake } from './wake';

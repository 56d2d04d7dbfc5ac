import { Size } from 'cdk8s';
import { InferenceServiceProps, ModelFeature, ModelMonitor, ModelMonitorProps, MonitorData, MonitorImage, PayloadLogging, PayloadSource } from 'cdk8s-serving';

/** A payload store that is somewhere else. */
export const STORE = { url: 'http://payloads.ml.svc.cluster.local' };

export const MONITOR: ModelMonitorProps = {
  payloads: PayloadSource.store(STORE), reference: MonitorData.claim('reference', 'iris/reference.parquet'), image: MonitorImage.buildContext({ repository: 'registry.example.com/ml/monitor' }),
  features: [ModelFeature.numerical('sepal length'), ModelFeature.categorical('garden')], memory: Size.gibibytes(1),
};

/** Props of a service that is logged and monitored. */
export function monitored(props: Partial<ModelMonitorProps> = {}): Partial<InferenceServiceProps> {
  return { payloadLogging: PayloadLogging.store(STORE), monitor: ModelMonitor.evidently({ ...MONITOR, ...props }) };
}

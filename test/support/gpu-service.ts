import { Size } from 'cdk8s';
import { Accelerator, GpuPool, InferenceServer, type InferenceServiceProps, Model, type MonitoringStackProps, type Prices, Scaling } from 'cdk8s-serving';
import { watch, Watched } from './watched';

/** One copy of a language model on a GPU of which none is spare: an update leaves none. May take 649 s to load. */
export function gpuService(stack: MonitoringStackProps = {}, props: Partial<InferenceServiceProps> = {}, prices: Prices = {}): Watched {
  return watch({
    model: Model.huggingFace('Qwen/Qwen3-8B', { revision: 'abcdef0123', size: Size.gibibytes(17) }), server: InferenceServer.vllm(), accelerator: Accelerator.nvidia('L4'), scaling: Scaling.fixed(1), ...props,
  }, stack, { gpuPools: [GpuPool.nvidiaOperator('L4', { count: 2, spare: 0, pricePerHour: 3 })], prices });
}

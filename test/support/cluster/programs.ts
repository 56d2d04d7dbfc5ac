import { join } from 'node:path';
import { must } from './run';

/** Where a program lies that tests run beside the cluster, made when it isn't there (minutes, once a machine). */
export async function program(name: 'alertmanager' | 'contour' | 'envoy' | 'flagger' | 'kserve' | 'kserve-router' | 'moto' | 'prometheus-adapter' | 'prometheus-operator-webhook' | 'vmalert-tool'): Promise<string> {
  return (await must(join(__dirname, '../../cluster/programs'), [name], { timeout: 1_200_000 })).trim();
}

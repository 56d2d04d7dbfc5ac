import { OptScaleProps } from '../../describe/monitoring/cost';
import { RemoteWrite } from '../../describe/monitoring/remote-write';

/** What OptScale asks for, and nothing else. Sources: `Cost.optScale`, and https://github.com/hystax/optscale/blob/5c6038d2fb2f50b1ef8da56c78958de5fd53218a/tools/cloud_adapter/clouds/kubernetes.py */
const OPTSCALE_SERIES = [
  'container_cpu_usage_seconds_total', 'container_memory_usage_bytes', 'kube_node_info', 'kube_node_labels', 'kube_node_status_capacity', 'kube_pod_info', 'kube_pod_labels', 'kube_service_selectors',
];

/** How OptScale is sent its metrics. */
export function optScaleWrite({ url, dataSourceId, secretName }: OptScaleProps): RemoteWrite {
  return RemoteWrite._special(url, { basicAuthSecretName: secretName, only: OPTSCALE_SERIES }, {
    headers: { 'Cloud-Account-Id': dataSourceId },
    relabelings: [
      { targetLabel: 'cloud_account_id', replacement: dataSourceId },
      // it takes the label `instance` of a container's series for the name of its node
      { sourceLabels: ['__name__', 'node'], regex: 'container_.*;(.+)', targetLabel: 'instance', replacement: '$1' },
    ],
  });
}

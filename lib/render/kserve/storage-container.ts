import { compact } from '../../plan/json';
import { JsonObject } from '../../plan/service-plan';
import { RenderedObject } from '../ports';

/** A ClusterStorageContainer for what begins with these addresses. */
export function renderStorageContainer(name: string, addresses: readonly string[], container: JsonObject, forCaches: boolean): RenderedObject {
  return {
    id: 'Resource', apiVersion: 'serving.kserve.io/v1alpha1', kind: 'ClusterStorageContainer', name, namespace: null, labels: { 'app.kubernetes.io/managed-by': 'cdk8s-serving' },
    content: {
      spec: {
        container: compact(container),
        supportedUriFormats: addresses.map((prefix) => ({ prefix })),
        workloadType: forCaches ? 'localModelDownloadJob' : 'initContainer',
        // the downloader takes any number of pairs of address and folder
        supportsMultiModelDownload: true,
      },
    },
  };
}

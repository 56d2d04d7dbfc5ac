import { compact, mebibytes } from '../../plan/json';
import { RenderedObject } from '../ports';

const API = 'serving.kserve.io/v1alpha1';
const LABELS = { 'app.kubernetes.io/managed-by': 'cdk8s-serving' };

/** Nodes whose disks hold models. */
export interface NodeGroupSettings {
  readonly name: string;
  readonly limitBytes: number;
  readonly path: string;
  readonly storageClass: string;
  readonly nodeLabels: { readonly [label: string]: string };
}

/** A LocalModelNodeGroup, and the claims and volumes that KServe is to make of it for each cache and namespace. */
export function renderNodeGroup(group: NodeGroupSettings): RenderedObject {
  const storage = mebibytes(group.limitBytes);
  const shared = { accessModes: ['ReadWriteOnce'], storageClassName: group.storageClass, volumeMode: 'Filesystem' };
  return {
    id: 'Resource', apiVersion: API, kind: 'LocalModelNodeGroup', name: group.name, namespace: null, labels: LABELS,
    content: {
      spec: {
        storageLimit: storage,
        persistentVolumeSpec: {
          ...shared, capacity: { storage }, persistentVolumeReclaimPolicy: 'Delete', local: { path: group.path },
          nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: Object.entries(group.nodeLabels).map(([key, value]) => ({ key, operator: 'In', values: [value] })) }] } },
        },
        persistentVolumeClaimSpec: { ...shared, resources: { requests: { storage } } },
      },
    },
  };
}

/** A model that is to be on nodes. */
export interface CacheSettings {
  readonly name: string;
  readonly uri: string;
  readonly bytes: number;
  readonly groups: readonly string[];
  readonly serviceAccountName?: string;
  readonly namespaced: boolean;
}

/** A LocalModelCache, or LocalModelNamespaceCache. */
export function renderCache(cache: CacheSettings): RenderedObject {
  return {
    id: 'Resource', apiVersion: API, kind: cache.namespaced ? 'LocalModelNamespaceCache' : 'LocalModelCache', name: cache.name, ...(cache.namespaced ? {} : { namespace: null }), labels: LABELS,
    content: { spec: compact({ sourceModelUri: cache.uri, modelSize: mebibytes(cache.bytes), nodeGroups: cache.groups, serviceAccountName: cache.serviceAccountName }) },
  };
}

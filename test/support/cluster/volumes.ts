import { randomBytes } from 'node:crypto';
import { MLSERVER_IMAGE } from './client';
import { apply, get, isReady, kubectl, remove } from './kubectl';
import { createNamespace } from './namespaces';
import { waitFor } from './wait';

/** A folder that every node has. */
const DISK = '/var/tmp';
const created: string[] = [];

/** A claim, bound to a volume of a folder on a node, with these files in it, by their paths: models that somebody put on a disk. */
export async function modelVolume(namespace: string, claim: string, files: Record<string, Buffer>): Promise<void> {
  // Only root may write a folder of the node, and Pod Security forbids that where the model is served: so it's filled from elsewhere.
  const elsewhere = await createNamespace('disk', { restricted: false });
  const folder = `serving-test-${randomBytes(4).toString('hex')}`;
  await apply([writer(elsewhere, folder)]);
  const pod = await waitFor(async () => { const found = await get('pod', 'writer', elsewhere); return found && isReady(found) ? found : undefined; }, {
    what: 'the pod that fills the volume', timeout: 60_000, namespace: elsewhere,
  });
  for (const [name, body] of Object.entries(files)) {
    const file = `/disk/${folder}/${name}`;
    const write = `mkdir -p "$(dirname "${file}")" && base64 -d > "${file}" && chmod 644 "${file}"`;
    await kubectl(['exec', '--stdin', '--namespace', elsewhere, 'writer', '--', 'sh', '-ec', write], { input: body.toString('base64') });
  }
  const volume = `${namespace}-${claim}`;
  created.push(volume);
  await apply([
    {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: volume },
      spec: {
        capacity: { storage: '1Gi' }, accessModes: ['ReadOnlyMany'], storageClassName: '', persistentVolumeReclaimPolicy: 'Retain',
        hostPath: { path: `${DISK}/${folder}`, type: 'Directory' }, claimRef: { namespace, name: claim },
        nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [await hostname(pod.spec.nodeName)] }] }] } },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: claim, namespace },
      spec: { accessModes: ['ReadOnlyMany'], storageClassName: '', volumeName: volume, resources: { requests: { storage: '1Gi' } } },
    },
  ]);
}

/** For afterAll, after the namespaces of its pods are gone. */
export async function removeVolumes(): Promise<void> {
  const names = created.splice(0);
  if (names.length > 0) await remove('persistentvolumes', names);
}

const hostname = async (node: string) => (await get('node', node))?.metadata.labels?.['kubernetes.io/hostname'] ?? node;

function writer(namespace: string, folder: string) {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'writer', namespace },
    spec: {
      terminationGracePeriodSeconds: 1,
      containers: [{
        name: 'writer', image: MLSERVER_IMAGE, imagePullPolicy: 'IfNotPresent', securityContext: { runAsUser: 0 },
        // The folder goes with the pod, which removes it when it is told to stop.
        command: ['sh', '-ec', `mkdir -p /disk/${folder}; trap "rm -rf /disk/${folder}; exit 0" TERM; while :; do sleep 3600 & wait; done`],
        readinessProbe: { exec: { command: ['test', '-d', `/disk/${folder}`] }, periodSeconds: 1 },
        volumeMounts: [{ name: 'disk', mountPath: '/disk' }],
      }],
      volumes: [{ name: 'disk', hostPath: { path: DISK, type: 'Directory' } }],
    },
  };
}

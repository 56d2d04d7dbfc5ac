import * as fc from 'fast-check';
import { type KubernetesVersion, validateManifest, validateManifests } from '../support/schema';

const VERSIONS: KubernetesVersion[] = ['1.30', '1.34'];

function deployment(): any {
  const labels = { 'app.kubernetes.io/name': 'fraud' };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'fraud', namespace: 'risk', labels },
    spec: {
      replicas: 2,
      selector: { matchLabels: { ...labels } },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: 0 } },
      template: {
        metadata: { labels: { ...labels } },
        spec: {
          containers: [{
            name: 'server',
            image: 'registry.example.com/mlserver@sha256:0123',
            env: [{ name: 'MLSERVER_HTTP_PORT', value: '8080' }],
            ports: [{ name: 'http', containerPort: 8080 }],
            readinessProbe: { httpGet: { path: '/v2/health/ready', port: 'http' } },
            resources: { requests: { 'cpu': '500m', 'memory': '1Gi', 'nvidia.com/gpu': '1' }, limits: { 'memory': '1Gi', 'nvidia.com/gpu': 1 } },
            volumeMounts: [{ name: 'cache', mountPath: '/cache' }],
          }],
          volumes: [{ name: 'cache', emptyDir: { medium: 'Memory', sizeLimit: '1.5Gi' } }],
        },
      },
    },
  };
}

function errorsOf(edit: (manifest: any, pod: any, container: any) => void, version: KubernetesVersion = '1.34'): string[] | undefined {
  const manifest = deployment();
  const pod = manifest.spec.template.spec;
  edit(manifest, pod, pod.containers[0]);
  return validateManifest(manifest, version);
}

test.each(VERSIONS)('a good Deployment is accepted by Kubernetes %s', version => {
  expect(validateManifest(deployment(), version)).toEqual([]);
});

describe('the published schema', () => {
  test('refuses an unknown field and says where it is', () => {
    expect(errorsOf((_, pod) => { pod.nodeSelectors = {}; })).toEqual(['spec.template.spec: unknown field "nodeSelectors"']);
  });

  test('refuses a missing selector', () => {
    expect(errorsOf(manifest => { delete manifest.spec.selector; })).toEqual(['spec: selector is required']);
  });

  test('refuses a missing spec', () => {
    expect(errorsOf(manifest => { delete manifest.spec; })).toEqual(['manifest: spec is required']);
  });

  test('refuses a string where an integer is needed', () => {
    expect(errorsOf(manifest => { manifest.spec.replicas = '2'; })).toEqual(['spec.replicas: must be integer, got "2"']);
  });

  test('refuses a number as the value of an environment variable', () => {
    expect(errorsOf((_, __, container) => { container.env[0].value = 8080; }))
      .toEqual(['spec.template.spec.containers.0.env.0.value: must be string, got 8080']);
  });

  test('refuses null and a status, which only mistakes write', () => {
    expect(errorsOf(manifest => { manifest.spec.paused = null; })).toEqual(['spec.paused: must be boolean, got null']);
    expect(errorsOf(manifest => { manifest.status = {}; })).toEqual(['manifest: unknown field "status"']);
  });

  test('refuses two entries of the same key', () => {
    expect(errorsOf((_, __, container) => { container.env.push({ name: 'MLSERVER_HTTP_PORT', value: '1' }); })?.[0])
      .toMatch(/^spec.template.spec.containers.0.env: must not have two entries of the same key/);
  });

  test('refuses a field that the version does not have yet', () => {
    const edit = (_: any, pod: any) => { pod.resources = { limits: { cpu: '1' } }; };
    expect(errorsOf(edit, '1.30')).toEqual(['spec.template.spec: unknown field "resources"']);
    expect(errorsOf(edit, '1.34')).toEqual([]);
  });
});

describe('quantities', () => {
  const withMemory = (memory: unknown) => errorsOf((_, __, container) => {
    container.resources = { requests: { memory } };
  });

  test.each(['1', '500m', '0.5', '.5', '1.', '1Gi', '100.5Mi', '1e3', '1E-3', '3E', '+1', 4, 1.5])('%p is accepted', memory => {
    expect(withMemory(memory)).toEqual([]);
  });

  test.each(['', '-1', '1GB', '1 Gi', '1gi', '1Kib', 'Gi', '1.2.3', '1e', 'one', '1m1'])('%p is refused', memory => {
    expect(withMemory(memory)?.[0]).toMatch(/^spec.template.spec.containers.0.resources.requests.memory: must match format "quantity"/);
  });

  test('a request over its limit is refused, in whatever units they are', () => {
    expect(errorsOf((_, __, container) => { container.resources = { requests: { memory: '1Gi' }, limits: { memory: '1G' } }; }))
      .toEqual(['spec.template.spec.containers[server].resources: the request of memory, 1Gi, is over its limit, 1G']);
    expect(errorsOf((_, __, container) => { container.resources = { requests: { memory: '1G' }, limits: { memory: '1Gi' } }; })).toEqual([]);
  });

  test.each([
    [{ requests: { 'nvidia.com/gpu': 1 } }],
    [{ requests: { 'nvidia.com/gpu': 1 }, limits: { 'nvidia.com/gpu': 2 } }],
    [{ limits: { 'nvidia.com/gpu': '500m' } }],
  ])('GPUs can not be overcommitted: %j', resources => {
    expect(errorsOf((_, __, container) => { container.resources = resources; })?.[0]).toContain('nvidia.com/gpu must have a whole limit');
  });
});

describe('names', () => {
  const named = (apiVersion: string, kind: string, name: string) => validateManifest({
    apiVersion, kind, metadata: { name }, ...(kind === 'Service' ? { spec: { ports: [{ port: 80 }] } } : {}),
  }, '1.34');

  test.each([
    ['v1', 'ConfigMap', 'fraud.v7'],
    ['v1', 'ConfigMap', 'a'.repeat(253)],
    ['v1', 'Service', 'a'.repeat(63)],
    ['rbac.authorization.k8s.io/v1', 'Role', 'system:Reader_1'],
  ])('%s %s %s is accepted', (apiVersion, kind, name) => {
    expect(named(apiVersion, kind, name)).toEqual([]);
  });

  test.each([
    ['v1', 'ConfigMap', 'Fraud'],
    ['v1', 'ConfigMap', 'my_model'],
    ['v1', 'ConfigMap', '-fraud'],
    ['v1', 'ConfigMap', 'fraud..v7'],
    ['v1', 'ConfigMap', 'a'.repeat(254)],
    ['v1', 'Service', 'a'.repeat(64)],
    ['v1', 'Service', '7days'],
    ['v1', 'Namespace', 'team.risk'],
    ['rbac.authorization.k8s.io/v1', 'Role', 'a/b'],
  ])('%s %s %s is refused', (apiVersion, kind, name) => {
    expect(named(apiVersion, kind, name)).toEqual([expect.stringMatching(/^metadata.name: not a valid /)]);
  });

  test('a missing name is refused', () => {
    expect(errorsOf(manifest => { delete manifest.metadata.name; })).toEqual(['metadata: name is required']);
    expect(errorsOf(manifest => { delete manifest.metadata; })).toEqual(['metadata: name is required']);
  });

  test('containers and ports have names of their own kinds', () => {
    expect(errorsOf((_, __, container) => { container.name = 'my.server'; })?.[0]).toContain('format "dns-label"');
    expect(errorsOf((_, __, container) => { container.ports[0].name = 'a-name-over-15-chars'; })?.[0]).toContain('format "port-name"');
    expect(errorsOf((_, __, container) => { container.readinessProbe.httpGet.port = '8080'; })?.[0]).toContain('format "port-name"');
  });
});

describe('labels and annotations', () => {
  const labelled = (labels: object) => errorsOf(manifest => { manifest.metadata.labels = labels; });

  test('of 63 characters, of mixed case, empty and prefixed are accepted', () => {
    expect(labelled({ 'example.com/a_B.c': '', ['k'.repeat(63)]: 'V'.repeat(63), [`${'p'.repeat(253)}/k`]: '7' })).toEqual([]);
  });

  test.each(['v'.repeat(64), 'a b', '-a', 'a-', 'a/b', 'a:b', 'é'])('the value %p is refused', value => {
    expect(labelled({ model: value })?.[0]).toMatch(/^metadata.labels.model: must match format "label-value"/);
  });

  test.each(['k'.repeat(64), 'Example.com/a', 'a/b/c', '/a', 'a/', '', 'a b'])('the key %p is refused', key => {
    expect(labelled({ [key]: 'a' })).toContainEqual(expect.stringContaining('"label-key"'));
  });

  test('an annotation may say anything, its key may not', () => {
    expect(errorsOf(manifest => { manifest.metadata.annotations = { 'Example.com/why': 'a b: {"c"} ✓' }; })).toEqual([]);
    expect(errorsOf(manifest => { manifest.metadata.annotations = { 'a b': '' }; })).toContainEqual(expect.stringContaining('"annotation-key"'));
  });

  test('for any text as a value: accepted, or refused, never thrown at', () => {
    fc.assert(fc.property(fc.string(), value => {
      const accepted = labelled({ model: value })?.length === 0;
      return accepted === (value === '' || (value.length <= 63 && /^[a-z0-9]$|^[a-z0-9][-a-z0-9_.]*[a-z0-9]$/i.test(value)));
    }), { numRuns: 200 });
  });
});

test('the volumes of a StatefulSet\'s claims can be mounted', () => {
  const { spec: { selector, template } } = deployment();
  delete template.spec.volumes;
  const spec = {
    serviceName: 'fraud', selector, template,
    volumeClaimTemplates: [{ metadata: { name: 'cache' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } }],
  };
  expect(validateManifest({ apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'fraud' }, spec }, '1.34')).toEqual([]);
});

describe('fields that must agree', () => {
  test.each<[string, (manifest: any, pod: any, container: any) => void, string]>([
    ['a selector that does not find the pods', manifest => { manifest.spec.selector.matchLabels.app = 'x'; }, 'the pods have no label app=x'],
    ['an empty selector', manifest => { manifest.spec.selector = {}; }, 'an empty selector is invalid'],
    ['a mount without its volume', (_, pod) => { delete pod.volumes; }, 'no volume is named "cache"'],
    ['a volume of two sources', (_, pod) => { pod.volumes[0].configMap = { name: 'a' }; }, 'several sources: emptyDir, configMap'],
    ['two containers of one name', (_, pod, container) => { pod.initContainers = [{ ...container }]; }, 'names must be unique'],
    ['a container without image', (_, __, container) => { delete container.image; }, 'image: is required'],
    ['two ports of one name', (_, __, container) => { container.ports.push({ name: 'http', containerPort: 1 }); }, 'names must be unique, got http, http'],
    ['a probe without a handler', (_, __, container) => { container.startupProbe = {}; }, 'startupProbe: must have one handler, got none'],
    ['a liveness probe that must succeed twice', (_, __, container) => {
      container.livenessProbe = { successThreshold: 2, tcpSocket: { port: 1 } };
    }, 'livenessProbe.successThreshold: must be 1'],
    ['a variable of two values', (_, __, container) => { container.env[0].valueFrom = { fieldRef: { fieldPath: 'a' } }; }, 'both a value and a valueFrom'],
    ['a Deployment whose pods end', (_, pod) => { pod.restartPolicy = 'Never'; }, 'not one that a Deployment may have'],
  ])('refuses %s', (_, edit, message) => {
    expect(errorsOf(edit)).toEqual([expect.stringContaining(message)]);
  });

  test('refuses a HorizontalPodAutoscaler, a PodDisruptionBudget, a Service and a Job that contradict themselves', () => {
    const metadata = { name: 'fraud' };
    expect(validateManifests([
      { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata, spec: { minReplicas: 3, maxReplicas: 2, scaleTargetRef: { kind: 'Deployment', name: 'a' } } },
      { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata, spec: { minAvailable: 1, maxUnavailable: '50%' } },
      { apiVersion: 'v1', kind: 'Service', metadata, spec: { ports: [{ port: 80 }, { port: 81, name: 'b' }] } },
      { apiVersion: 'batch/v1', kind: 'Job', metadata, spec: { template: { spec: { containers: [{ name: 'a', image: 'b' }] } } } },
    ], '1.34')).toEqual([
      expect.stringMatching(/^HorizontalPodAutoscaler fraud: spec: minReplicas 3 to maxReplicas 2 is no range/),
      expect.stringMatching(/^PodDisruptionBudget fraud: spec: minAvailable and maxUnavailable are mutually exclusive/),
      expect.stringMatching(/^Service fraud: spec.ports: each of several ports needs a name/),
      expect.stringMatching(/^Job fraud: spec.template.spec.restartPolicy: not one that a Job may have/),
    ]);
  });
});

describe('what has no schema here', () => {
  test('a custom resource is told apart', () => {
    expect(validateManifest({ apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', metadata: { name: 'a' } }, '1.34')).toBeUndefined();
  });

  test('a built-in kind that is not among the data is an error, not a custom resource', () => {
    expect(validateManifest({ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 'a' } }, '1.34'))
      .toEqual([expect.stringContaining('no schema of storage.k8s.io/v1 StorageClass')]);
  });

  test('a built-in kind is an error in a version before it', () => {
    const claim = {
      apiVersion: 'resource.k8s.io/v1',
      kind: 'ResourceClaimTemplate',
      metadata: { name: 'gpu' },
      spec: { spec: { devices: { requests: [{ name: 'gpu', exactly: { deviceClassName: 'gpu.nvidia.com' } }] } } },
    };
    expect(validateManifest(claim, '1.34')).toEqual([]);
    expect(validateManifest(claim, '1.30')).toEqual([expect.stringContaining('no schema of resource.k8s.io/v1 ResourceClaimTemplate for Kubernetes 1.30')]);
  });

  test('what names no kind is an error', () => {
    expect(validateManifest({}, '1.34')).toEqual(['apiVersion and kind must be strings']);
  });
});

test.each(VERSIONS)('all kinds of the data compile for Kubernetes %s', version => {
  const { kinds } = jest.requireActual(`../schema/kubernetes-${version}.json`);
  for (const gvk of Object.keys(kinds)) {
    const [kind, ...apiVersion] = gvk.split('/').reverse();
    expect(validateManifest({ apiVersion: apiVersion.reverse().join('/'), kind, metadata: {}, nonsense: 1 }, version))
      .toContain('manifest: unknown field "nonsense"');
  }
});

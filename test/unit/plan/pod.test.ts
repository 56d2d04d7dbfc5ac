import { InferenceServer, Model } from 'cdk8s-serving';
import { serve, Served } from '../../support/serving';
import { validateManifests } from '../../support/schema';

const own = (props: object): Served => serve({ model: Model.custom(), server: InferenceServer.container({ image: 'registry.example.com/a:1', ...props }) });

test("a pod gets no variables of other Services, no token and the runtime's seccomp profile", () => {
  expect(serve().pod).toMatchObject({ enableServiceLinks: false, automountServiceAccountToken: false, securityContext: { seccompProfile: { type: 'RuntimeDefault' } } });
});

test('the server is as restricted as Pod Security asks', () => {
  expect(serve().server.securityContext).toEqual({ allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, readOnlyRootFilesystem: true, runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } });
});

test('what an image can not do is left to it, and nothing else', () => {
  expect(own({ root: true }).server.securityContext).toEqual({ allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, readOnlyRootFilesystem: true, seccompProfile: { type: 'RuntimeDefault' } });
  expect(own({ writesToImage: true }).server.securityContext).toMatchObject({ readOnlyRootFilesystem: false, runAsNonRoot: true });
  expect(own({ user: 4711 }).server.securityContext.runAsUser).toBe(4711);
});

test('what a server writes to is a folder of its own with a limit', () => {
  const served = own({ writable: ['/var/cache'] });
  expect([served.mount('/tmp'), served.volume('tmp')]).toEqual([{ name: 'tmp', mountPath: '/tmp' }, { name: 'tmp', emptyDir: { sizeLimit: '1024Mi' } }]);
  expect(served.volume(served.mount('/var/cache').name).emptyDir).toEqual({ sizeLimit: '1024Mi' });
});

test('what it last said is its message when it ends', () => {
  const { server, download } = serve();
  expect([server.terminationMessagePolicy, download.terminationMessagePolicy]).toEqual(['FallbackToLogsOnError', 'FallbackToLogsOnError']);
});

test.each(['1.30', '1.34'] as const)('Kubernetes %s takes all of it', (version) => {
  expect(validateManifests(serve({}, { version }).manifests, version)).toEqual([]);
});

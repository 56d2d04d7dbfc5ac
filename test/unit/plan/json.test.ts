import { compact, cpuMillis, mebibytes, overlay } from '../../../lib/plan/json';
import { serve } from '../../support/serving';

const over = (base: any, patch: any): any => overlay(base, patch);

describe('an overlay', () => {
  test('merges objects, and keeps what it does not name', () => {
    expect(over({ a: { b: 1, c: 2 }, d: 3 }, { a: { b: 9 }, e: 4 })).toEqual({ a: { b: 9, c: 2 }, d: 3, e: 4 });
  });

  test('takes away what is null', () => {
    expect(over({ a: { b: 1, c: 2 }, d: 3 }, { a: { b: null }, d: null, none: null })).toEqual({ a: { c: 2 } });
  });

  test('keeps keys that nobody knows', () => expect(over({ spec: {} }, { spec: { brandNew: { deep: [1] } } })).toEqual({ spec: { brandNew: { deep: [1] } } }));

  test('replaces a value, and a list without a key', () => {
    expect(over({ args: ['a', 'b'], n: 1, o: { a: 1 } }, { args: ['c'], n: 'x', o: [1] })).toEqual({ args: ['c'], n: 'x', o: [1] });
  });

  test.each([
    ['containers', 'name'], ['initContainers', 'name'], ['volumes', 'name'], ['env', 'name'], ['imagePullSecrets', 'name'], ['resourceClaims', 'name'], ['hostAliases', 'ip'], ['volumeMounts', 'mountPath'], ['volumeDevices', 'devicePath'],
    ['ports', 'containerPort'], ['topologySpreadConstraints', 'topologyKey'],
  ])('merges %s by %s', (list, key) => {
    const merged = over({ [list]: [{ [key]: 'a', x: 1 }, { [key]: 'b', x: 1 }] }, { [list]: [{ [key]: 'b', y: 2 }, { [key]: 'c', y: 3 }] });
    expect(merged).toEqual({ [list]: [{ [key]: 'a', x: 1 }, { [key]: 'b', x: 1, y: 2 }, { [key]: 'c', y: 3 }] });
  });

  test('adds tolerations', () => expect(over({ tolerations: [{ key: 'a' }] }, { tolerations: [{ key: 'b' }] })).toEqual({ tolerations: [{ key: 'a' }, { key: 'b' }] }));

  test('merges lists inside of merged entries', () => {
    const base = { containers: [{ name: 'server', env: [{ name: 'A', value: '1' }], args: ['x'] }] };
    expect(over(base, { containers: [{ name: 'server', env: [{ name: 'B', value: '2' }] }] })).toEqual({ containers: [{ name: 'server', env: [{ name: 'A', value: '1' }, { name: 'B', value: '2' }], args: ['x'] }] });
  });

  test('replaces a list whose entries lack the key', () => expect(over({ ports: [{ containerPort: 1 }] }, { ports: [{ name: 'http' }] })).toEqual({ ports: [{ name: 'http' }] }));

  test('does not change what it is laid on', () => {
    const base = { a: { b: [1] }, containers: [{ name: 'x' }] };
    const copy = structuredClone(base);
    over(base, { a: { b: null }, containers: [{ name: 'x', y: 1 }] });
    expect(base).toEqual(copy);
  });
});

test('the overlay of a service has the last word, on the server and on the pod', () => {
  const served = serve({ podOverlay: { metadata: { annotations: { a: 'b' } }, spec: { runtimeClassName: 'nvidia', enableServiceLinks: null, notYetInvented: { x: 1 }, containers: [{ name: 'server', env: [{ name: 'MLSERVER_DEBUG', value: 'true' }], livenessProbe: null }] } } });
  expect(served.template.metadata.annotations).toEqual({ a: 'b' });
  expect(served.pod).toMatchObject({ runtimeClassName: 'nvidia', notYetInvented: { x: 1 } });
  expect([served.pod.enableServiceLinks, served.server.livenessProbe, served.env().MLSERVER_DEBUG, served.env().MLSERVER_HTTP_PORT]).toEqual([undefined, undefined, 'true', '8080']);
});

test('null in an overlay takes a key away also where the library set none', () => {
  const served = serve({ podOverlay: { spec: { nodeSelector: { disk: 'ssd', zone: null }, affinity: { podAffinity: null } } } });
  expect(served.pod.nodeSelector).toEqual({ disk: 'ssd' });
});

test('what is undefined is left out, all the way down', () => {
  expect(compact({ a: undefined, b: [{ c: undefined, d: 1 }, undefined], e: null, f: {} })).toEqual({ b: [{ d: 1 }], e: null, f: {} });
});

test('bytes are whole MiB, rounded up, or GiB', () => {
  expect([mebibytes(1), mebibytes(2 ** 20 + 1), mebibytes(2 ** 30), mebibytes(1.5 * 2 ** 30)]).toEqual(['1Mi', '2Mi', '1Gi', '1536Mi']);
});

test('CPU is read in thousandths', () => expect([cpuMillis('250m'), cpuMillis('2'), cpuMillis('0.5')]).toEqual([250, 2000, 500]));

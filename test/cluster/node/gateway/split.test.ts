import { Audience, Candidate, Rollout } from 'cdk8s-serving';
import { Client } from '../../../support/cluster/client';
import { faultyVersion } from '../../../support/cluster/faulty';
import { Gateway } from '../../../support/cluster/gateway';
import type { Manifest } from '../../../support/cluster/kubectl';
import { ALL_ANSWERED, type LoadStream, type LoadSummary } from '../../../support/cluster/load';
import { createNamespace, removeNamespaces } from '../../../support/cluster/namespaces';
import { measured } from '../../../support/cluster/report';
import { sleep } from '../../../support/cluster/run';
import { ask, type Change, keepAsking, SideBySide } from '../../../support/cluster/side-by-side';
import { podsOf } from '../../../support/cluster/workloads';

const v1 = faultyVersion({ version: 'v1' });
const v2 = faultyVersion({ version: 'v2' });
/** Milliseconds that a slow version takes. */
const SLOW = 2_000;
const bad = faultyVersion({ version: 'v2', failShare: 1, delay: SLOW });
const candidate = (percent?: number, model = v2) => ({ candidate: Candidate.of({ model, percent, replicas: 1 }) });

const CANARY = { model: v1, rollout: Rollout.canary({ steps: [20] }) };
const BLUE_GREEN = { model: v1, rollout: Rollout.blueGreen({ previewHosts: ['preview.example.com'] }) };
const SHADOW = { model: v1, rollout: Rollout.shadow() };
const audience = (who: Audience) => ({ model: v1, rollout: Rollout.abTest({ audience: who }), ...candidate() });
const HEADER = audience(Audience.header('x-group', 'beta'));
const COOKIE = audience(Audience.cookie('group', 'beta'));

const find = (manifests: Manifest[], kind: string, name: string): Manifest => manifests.find((one) => one.kind === kind && one.metadata.name === name)!;
const told = ({ errors, wrong, versions }: LoadSummary) => ({ errors, wrong, versions });
/** All requests of a stream were answered, all by one version. */
const allBy = (version: string, stream: LoadSummary) => expect(told(stream)).toEqual({ errors: {}, wrong: 0, versions: { [version]: stream.sent } });
const unharmed = (streams: Record<string, LoadSummary>) => { for (const stream of Object.values(streams)) expect(stream).toMatchObject(ALL_ANSWERED); };

describe('two versions side by side on plain Deployments, behind a real Gateway', () => {
  let gateway: Gateway;
  let client: Client;
  let namespace: string;
  const services: Record<string, SideBySide> = {};
  const START: Record<string, Change> = {
    canary: { ...CANARY, ...candidate(20) },
    group: HEADER,
    shadow: { ...SHADOW, ...candidate() },
    harmless: { ...SHADOW, ...candidate(100, bad) },
    blue: { ...BLUE_GREEN, ...candidate(0) },
  };

  beforeAll(async () => {
    gateway = await Gateway.start();
    namespace = await createNamespace('split');
    await Promise.all(Object.entries(START).map(([name, change]) => {
      services[name] = new SideBySide(name, namespace, gateway);
      return services[name].put(change);
    }));
    client = await Client.start(await createNamespace('client'));
    await Promise.all(Object.values(services).map((service) => service.settled()));
  }, 400_000);

  afterAll(async () => {
    await gateway?.stop();
    await removeNamespaces();
  }, 300_000);

  const both = (rate: number): Record<string, LoadStream> => ({ rest: services.canary!.through('rest', rate), grpc: services.canary!.through('grpc', rate, { connections: 2 }) });

  describe('canary', () => {
    test('a fifth of the requests is answered by the candidate, by REST and gRPC alike', async () => {
      const asked = await ask(client, 10, both(30));
      unharmed(asked);
      measured('split, 20 %', Object.values(asked).map(({ sent, versions }) => ({ sent, versions })));
      for (const { sent, versions } of Object.values(asked)) {
        expect(Object.keys(versions).sort()).toEqual(['v1', 'v2']);
        // a choice by chance of each request: 4.5 standard deviations are met once in 100,000 runs
        expect(Math.abs(versions.v2! - 0.2 * sent)).toBeLessThan(4.5 * Math.sqrt(0.16 * sent));
      }
    });
  });

  describe('A/B test', () => {
    /** Who is answered by which version, by a request's headers. */
    async function versionsBy(requests: Record<string, Record<string, string>>, grpc: Record<string, string> = {}): Promise<Record<string, string[]>> {
      const group = services.group!;
      const streams = Object.entries(requests).map(([name, headers]) => [name, group.through('rest', 4, { headers, connections: 1 })] as const);
      const asked = await ask(client, 3, { ...Object.fromEntries(streams), grpc: group.through('grpc', 4, { headers: grpc, connections: 1 }) });
      unharmed(asked);
      return Object.fromEntries(Object.entries(asked).map(([name, { versions }]) => [name, Object.keys(versions)]));
    }
    const NEAR: Record<string, Record<string, string>> = {
      none: {}, other: { cookie: 'group=alpha' }, longer: { cookie: 'group=beta2' }, suffix: { cookie: 'mygroup=beta' }, dashed: { cookie: 'a=1; my-group=beta' }, value: { cookie: 'a=group=beta' },
    };

    test('requests with the header get the candidate, and nobody else', async () => {
      expect(await versionsBy({
        none: {}, with: { 'x-group': 'beta' }, among: { 'x-other': '1', 'x-group': 'beta' }, longer: { 'x-group': 'beta2' }, upper: { 'x-group': 'Beta' }, elsewhere: { 'x-groups': 'beta' }, cookie: { cookie: 'x-group=beta' },
      }, { 'x-group': 'beta' })).toEqual({ none: ['v1'], with: ['v2'], among: ['v2'], longer: ['v1'], upper: ['v1'], elsewhere: ['v1'], cookie: ['v1'], grpc: ['v2'] });
    });

    test('requests with the cookie get the candidate, wherever among others it stands, and nobody else', async () => {
      await services.group!.put(COOKIE);
      await services.group!.settled();
      expect(await versionsBy({
        ...NEAR, alone: { cookie: 'group=beta' }, first: { cookie: 'group=beta; a=1' }, middle: { cookie: 'a=1; group=beta; b=2' }, last: { cookie: 'a=1; b=2; group=beta' }, tight: { cookie: 'a=1;group=beta' },
      }, { cookie: 'a=1; group=beta' })).toEqual({
        ...Object.fromEntries(Object.keys(NEAR).map((name) => [name, ['v1']])), alone: ['v2'], first: ['v2'], middle: ['v2'], last: ['v2'], tight: ['v2'], grpc: ['v2'],
      });
    });

    test('an expression that does not know where a cookie begins and ends would have taken others as well', async () => {
      await services.group!.put({ ...COOKIE, without: (manifests) => { find(manifests, 'HTTPRoute', 'group').spec.rules[0].matches.forEach((match: any) => { match.headers[0].value = '.*group=beta.*'; }); } });
      await services.group!.settled();
      expect(await versionsBy(NEAR)).toMatchObject({ none: ['v1'], longer: ['v2'], suffix: ['v2'] });
    });
  });

  describe('shadow', () => {
    /** Predictions by REST that a candidate was asked for, by the status that it gave them. */
    async function predicted(name: string, status: number): Promise<number> {
      const [pod] = await podsOf(`${name}-candidate`, namespace);
      const lines = (await (await fetch(`http://${pod!.status.podIP}:8082/metrics`)).text()).split('\n');
      return lines.filter((line) => line.startsWith('rest_server_requests_total{') && line.includes('/infer"') && line.includes(`status_code="${status}"`)).reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
    }

    test('clients meet the stable version alone, and one that is slow and fails harms none; the candidates predict as often', async () => {
      const { shadow, harmless } = services;
      const asked = await ask(client, 8, {
        shadow: shadow!.through('rest', 10), shadowGrpc: shadow!.through('grpc', 5, { connections: 2 }), harmless: harmless!.through('rest', 10), harmlessGrpc: harmless!.through('grpc', 5, { connections: 2 }),
      });
      for (const stream of Object.values(asked)) {
        allBy('v1', stream);
        expect(stream.p99).toBeLessThan(SLOW / 2);
      }
      await sleep(2 * SLOW); // copies are answered after their requests
      const copies: Record<string, number> = {};
      for (const [name, status, other] of [['shadow', 200, 500], ['harmless', 500, 200]] as const) {
        const { sent } = asked[name]!;
        copies[name] = await predicted(name, status);
        // a copy is sent once, and never again where a server just let go of the connection
        expect(copies[name]).toBeGreaterThanOrEqual(0.9 * sent);
        expect(copies[name]).toBeLessThanOrEqual(sent);
        expect(await predicted(name, other)).toBe(0);
      }
      measured('split, shadow', { sent: asked.shadow!.sent, copies, p99: asked.shadow!.p99, besideABadOne: asked.harmless!.p99 });
    });

    test('without the mirror in its route the candidate would have been asked nothing', async () => {
      const { shadow } = services;
      await shadow!.put({ ...SHADOW, ...candidate(), without: (manifests) => { delete find(manifests, 'HTTPRoute', 'shadow').spec.rules[0].filters; } });
      await shadow!.settled();
      const before = await predicted('shadow', 200);
      allBy('v1', (await ask(client, 2, { rest: shadow!.through('rest', 10) })).rest!);
      expect(await predicted('shadow', 200)).toBe(before);
    });
  });

  describe('blue-green without a router', () => {
    const streams = async (rate: number): Promise<Record<string, LoadStream>> => {
      const blue = services.blue!;
      return {
        inside: await blue.inside('rest', rate), insideGrpc: await blue.inside('grpc', rate), outside: blue.through('rest', rate), outsideGrpc: blue.through('grpc', rate, { connections: 1 }),
        candidate: await blue.inside('rest', rate, { service: 'blue-candidate' }), preview: blue.through('rest', rate, { host: 'preview.example.com' }),
      };
    };
    /** Everybody is answered by one version, and whoever asks for the candidate by that. */
    const all = async (version: string): Promise<void> => {
      const { candidate: direct, preview, ...others } = await ask(client, 3, await streams(5));
      for (const stream of Object.values(others)) allBy(version, stream);
      for (const stream of [direct!, preview!]) allBy('v2', stream);
    };

    test('callers inside and outside of the cluster switch together, there and back, and none is lost', async () => {
      const blue = services.blue!;
      const through = await keepAsking(client, { ...await streams(5), kept: await blue.inside('grpc', 5, { connections: 1 }) });
      await all('v1');
      for (const [percent, version] of [[100, 'v2'], [0, 'v1']] as const) {
        await blue.put({ ...BLUE_GREEN, ...candidate(percent) });
        await blue.settled();
        await all(version);
      }
      const { kept, ...asked } = await through.stop();
      unharmed(asked);
      // what is connected to a pod stays there until it ends, whatever the Service says
      allBy('v1', kept!);
      measured('split, switched there and back', { sent: Object.values(asked).reduce((sum, { sent }) => sum + sent, 0) });
    });

    test('a Service that selected all of the service\'s pods would have led clients to the candidate at 0 %', async () => {
      const blue = services.blue!;
      await blue.put({
        ...BLUE_GREEN, ...candidate(0), without: (manifests) => {
          find(manifests, 'Service', 'blue').spec.selector = { 'app.kubernetes.io/instance': 'blue', 'app.kubernetes.io/component': 'predictor' };
        },
      });
      await blue.settled();
      const { inside } = await ask(client, 3, { inside: await blue.inside('rest', 15) });
      expect(Object.keys(inside!.versions).sort()).toEqual(['v1', 'v2']);
    });
  });

  describe('from one version to the next', () => {
    /** A change of each service, made at the same time. */
    const change = async (canary: Partial<Change>, blue: Partial<Change>): Promise<void> => {
      await Promise.all([services.canary!.put({ ...CANARY, ...canary }), services.blue!.put({ ...BLUE_GREEN, ...blue })]);
      await Promise.all([services.canary!.settled(), services.blue!.settled()]);
    };

    test('in the documented order no request is lost, and none goes back to the old version', async () => {
      const { canary, blue } = services;
      await change(candidate(0), candidate(0));
      for (const stream of Object.values(await ask(client, 3, both(15)))) allBy('v1', stream);
      const asking = async () => keepAsking(client, {
        canary: canary!.through('rest', 10), canaryGrpc: canary!.through('grpc', 10, { connections: 2 }), blue: await blue!.inside('rest', 10), blueGrpc: blue!.through('grpc', 10, { connections: 2 }), past: await canary!.inside('rest', 10),
      });
      const rising = await asking();
      await change(candidate(20), candidate(0));
      await change(candidate(100), candidate(100));
      const after = await asking();
      const rose = await rising.stop();
      await change({ model: v2, ...candidate(100) }, { model: v2, ...candidate(100) });
      await change({ model: v2, ...candidate(0) }, { model: v2 });
      await change({ model: v2 }, { model: v2 });
      const { past, ...others } = await after.stop();
      unharmed(rose);
      for (const stream of Object.values(others)) allBy('v2', stream);
      // callers past the Gateway have the service's own copies all the time
      allBy('v1', rose.past!);
      unharmed({ past: past! });
      expect(Object.keys(past!.versions).sort()).toEqual(['v1', 'v2']);
      measured('split, from one version to the next', { sent: [rose, others].flatMap((one) => Object.values(one)).reduce((sum, { sent }) => sum + sent, 0) });
    });

    test('the model and the candidate in one change would have given requests back to the old version', async () => {
      const { blue } = services;
      const next = { ...BLUE_GREEN, model: v2, ...candidate(100, v1) }; // v1 again, as a version to come
      await blue!.put(next);
      await blue!.settled();
      const switched = await keepAsking(client, { inside: await blue!.inside('rest', 10) });
      await blue!.put({ ...BLUE_GREEN, model: v1 });
      await blue!.settled();
      expect((await switched.stop()).inside!.versions.v2).toBeGreaterThan(0);
    });
  });
});

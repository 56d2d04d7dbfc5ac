import { InferenceServer, MetricType, ServerDefinition } from '../../../lib/describe/server';
import { AcceleratorKind, launch } from './support';

const SERVERS: [string, ServerDefinition][] = InferenceServer.all().map((server) => [server.facts.id, server]);

test('every server has a name of its own, which is a label value', () => {
  const ids = SERVERS.map(([id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[a-z][a-z0-9-]*[a-z0-9]$/);
});

test('every factory of the catalogue is in its list', () => {
  const factories = Object.getOwnPropertyNames(InferenceServer).filter((name) => !['length', 'name', 'prototype', 'all'].includes(name));
  expect(factories).toHaveLength(SERVERS.length);
});

test('the first that reads a format is the one meant for it', () => {
  const first = (format: string, gpu: boolean): string | undefined => SERVERS.find(([, { facts }]) => facts.selectable !== false && facts.formats.some((one) => one.format === format)
    && (gpu ? facts.accelerators.includes(AcceleratorKind.NVIDIA) : facts.cpu))?.[0];
  expect(['sklearn', 'catboost', 'mlflow', 'tensorflow', 'onnx', 'pytorch', 'openvino', 'huggingface'].map((format) => first(format, false)))
    .toEqual(['mlserver', 'mlserver', 'mlserver', 'tensorflow-serving', 'openvino', 'triton', 'openvino', 'vllm']);
  expect(['tensorrt', 'onnx', 'tensorflow', 'huggingface'].map((format) => first(format, true))).toEqual(['triton', 'triton', 'tensorflow-serving', 'vllm']);
});

test('what is no longer looked after says so, and is never chosen', () => {
  const left = SERVERS.filter(([, { facts }]) => facts.maintenance !== undefined);
  expect(left.map(([id]) => id)).toEqual(['tgi', 'torchserve']);
  for (const [, { facts }] of left) expect(facts.selectable).toBe(false);
});

describe.each(SERVERS)('%s', (_, server) => {
  const { facts } = server;

  test('says where its facts were read', () => {
    for (const fact of ['image', 'user', 'probes', 'drain']) expect([fact, facts.sources[fact]]).toEqual([fact, expect.stringMatching(/^https:\/\/\S+$/)]);
    for (const source of [...Object.values(facts.sources), ...facts.metrics.map((metric) => metric.source)]) expect(source).toMatch(/^https:\/\/\S+$/);
  });

  test('has metrics that a rule can use', () => {
    for (const metric of facts.metrics) {
      expect(metric.name).toMatch(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/);
      if (metric.type !== MetricType.HISTOGRAM) { expect(metric.buckets).toBeUndefined(); continue; }
      expect(metric.name).not.toMatch(/_(bucket|sum|count)$/);
      expect(metric.buckets!.length).toBeGreaterThan(1);
      expect(metric.buckets).toEqual([...new Set(metric.buckets)].sort((a, b) => a - b));
    }
  });

  const wishes = [...(facts.cpu ? [{}] : []), ...facts.accelerators.flatMap((vendor) => [{ vendor, gpus: 1 }, { vendor, gpus: 2 }])];
  test.each(wishes.map((wish) => [JSON.stringify(wish), wish] as const))('starts with what was asked for %s, and nothing undefined', (_text, wish) => {
    const started = launch(server, wish);
    const words = [...(started.command ?? []), ...(started.args ?? []), ...(started.environment ?? []).flatMap(({ name, value }) => [name, value]), ...(started.files ?? []).flatMap(({ path, content }) => [path, content])];
    for (const word of words) {
      expect(typeof word).toBe('string');
      expect(word).not.toMatch(/undefined|NaN|\[object/);
    }
    if (!['container', 'fastapi'].includes(facts.id)) expect(started.image).toMatch(/^[a-z0-9.]+\.(io|com)\/[\w./-]+:[\w.-]+$/);
    expect(JSON.stringify(started)).toContain('fraud');
    for (const probe of [started.readiness, started.liveness]) expect(probe.port === 'http' ? started.httpPort : started.grpcPort).toEqual(expect.any(Number));
    expect(started.nonRoot === false && started.user !== undefined).toBe(false);
    expect(started.writable?.some(({ path }) => path === '/tmp')).toBe(true);
  });

  test('has a port for each protocol, and a path for it', () => {
    const started = launch(server, facts.cpu ? {} : { gpus: 1 });
    for (const protocol of facts.protocols) {
      expect(protocol.http ? started.httpPort : started.grpcPort).toEqual(expect.any(Number));
      expect(server.requestPath(protocol, 'fraud')).toMatch(/^\//);
    }
  });

  test('carries no finding without props', () => expect(server._findings).toEqual([]));
});

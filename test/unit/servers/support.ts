import { AcceleratorKind } from '../../../lib/describe/accelerator';
import { LaunchRequest, InferenceProtocol, ServedModel, ServerDefinition, ServerLaunch } from '../../../lib/describe/server';

/** What a test says of a launch; all else is as below. */
export interface Wish extends Partial<Omit<LaunchRequest, 'models' | 'accelerator'>> {
  readonly gpus?: number;
  readonly vendor?: AcceleratorKind;
  readonly model?: Partial<ServedModel>;
}

/** A launch as the planner asks for it: 30 s for the longest answer, 45 s to stop, two CPUs. */
export function launch(server: ServerDefinition, wish: Wish = {}): ServerLaunch {
  const { gpus, vendor, model, ...rest } = wish;
  const name = model?.name ?? 'fraud';
  return server.launch({
    models: [{ name, format: server.facts.formats[0]!.format, path: server.modelPath('/mnt/models', name), ...model }],
    version: server.requestedVersion ?? server.facts.version, protocol: server.facts.protocols[0]!, requestTimeoutSeconds: 30, stopSeconds: 45, cpus: 2,
    ...(gpus === undefined ? {} : { accelerator: { vendor: vendor ?? AcceleratorKind.NVIDIA, count: gpus } }),
    ...rest,
  });
}

export function env(started: ServerLaunch): { [name: string]: string } {
  return Object.fromEntries((started.environment ?? []).map(({ name, value }) => [name, value]));
}

/** The value of an argument, `undefined` when it is not there. */
export function arg(started: ServerLaunch, flag: string): string | undefined {
  const words = [...(started.command ?? []), ...(started.args ?? [])];
  const found = words.find((word) => word === flag || word.startsWith(`${flag}=`));
  return found === undefined ? undefined : found === flag ? 'true' : found.slice(flag.length + 1);
}

export function codes(server: ServerDefinition): string[] {
  return server._findings.map(({ code }) => code);
}

/** Checks that each prop alone changes what is started or known, and that none is wrong. */
export function everyPropChanges<P extends object>(make: (props: P) => ServerDefinition, props: Required<P>, wishes: { [K in keyof P]?: Wish } = {}, beside: { [K in keyof P]?: Partial<P> } = {}): void {
  for (const key of Object.keys(props) as (keyof P)[]) {
    const base = (beside[key] ?? {}) as P;
    const wish = wishes[key] ?? {};
    const without = make(base);
    const withProp = make({ ...base, [key]: props[key] });
    expect([key, codes(withProp)]).toEqual([key, []]);
    const text = (server: ServerDefinition): string => JSON.stringify({
      launch: launch(server, wish), facts: server.facts, modelPath: server.modelPath('/mnt/models', 'fraud'), requestPaths: server.facts.protocols.map((protocol) => server.requestPath(protocol, 'fraud')),
    });
    expect([key, text(withProp) !== text(without)]).toEqual([key, true]);
  }
}

export { AcceleratorKind, InferenceProtocol };

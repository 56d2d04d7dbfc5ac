import { type Manifest, isReady, list, tryKubectl } from './kubectl';
import { sleep } from './run';

export interface WaitOptions {
  /** What is waited for, in words: the first line of the failure. */
  readonly what: string;
  /** Milliseconds. */
  readonly timeout: number;
  /** Whose pods, events and logs a failure shows. */
  readonly namespace?: string;
  /** Milliseconds between looks. @default 500 */
  readonly every?: number;
}

/** Looks again and again until there is a truthy answer, and returns it. A look that throws counts as "not yet". */
export async function waitFor<T>(look: () => Promise<T> | T, options: WaitOptions): Promise<NonNullable<T>> {
  const end = Date.now() + options.timeout;
  let last: unknown;
  for (;;) {
    try {
      const found = await look();
      if (found) return found;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() >= end) break;
    await sleep(options.every ?? 500);
  }
  const reason = last instanceof Error ? `\nlast look: ${last.message}` : '';
  const state = options.namespace ? `\n${await diagnose(options.namespace)}` : '';
  throw new Error(`waited ${options.timeout / 1000} s in vain for ${options.what}${reason}${state}`);
}

/** Everything a person would ask for first: pods, events, and for pods that are not Ready their description and logs. */
export async function diagnose(namespace: string): Promise<string> {
  const said = async (...args: string[]) => {
    const ran = await tryKubectl([...args, '--namespace', namespace], { timeout: 20_000 });
    return `$ kubectl ${args.join(' ')}\n${ran.stdout}${ran.stderr}`;
  };
  const parts = [await said('get', 'all', '-o', 'wide'), tail(await said('get', 'events', '--sort-by=.lastTimestamp'), 30)];
  const sick = (await list('pods', { namespace }).catch(() => [] as Manifest[])).filter((pod) => !isReady(pod)).slice(0, 3);
  for (const pod of sick) {
    const name = pod.metadata.name;
    parts.push(tail(await said('describe', 'pod', name), 60));
    parts.push(await said('logs', name, '--all-containers', '--prefix', '--tail=30'));
    if ((pod.status?.containerStatuses ?? []).some((status: any) => status.restartCount > 0)) {
      parts.push(await said('logs', name, '--all-containers', '--prefix', '--tail=30', '--previous'));
    }
  }
  return parts.join('\n');
}

const tail = (text: string, lines: number) => text.split('\n').slice(-lines).join('\n');

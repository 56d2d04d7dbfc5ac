import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below what systems give connections that go out (from 32768 on Linux), which could take a port before its server does; and below Kubernetes' node ports and the test clusters' API servers. */
const [FIRST, END] = [12_000, 26_000];
const given = new Set<number>();

/** A port that nothing listens on, and that no other caller in this test was given. */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    const port = randomInt(FIRST, END);
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port, host)) return port;
  }
  throw new Error(`no free port at ${host}`);
}

function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.on('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}

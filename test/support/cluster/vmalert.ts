import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Sink } from '../alertmanager/sink';
import { freePort } from '../free-port';
import { Background, machineAddress } from './machine';

/** A real vmalert on this machine: evaluates groups of rules over a store, and records there what they give. */
export class VmAlert {
  static async start(store: string, groups: object[]): Promise<VmAlert> {
    const { listen, reach } = machineAddress();
    const port = await freePort(listen);
    const folder = mkdtempSync(join(tmpdir(), 'vmalert-'));
    writeFileSync(join(folder, 'rules.yaml'), JSON.stringify({ groups })); // JSON is YAML
    // Debian's version wants somebody to tell, and can't be told that nobody is meant
    const nobody = await Sink.start();
    const server = Background.start('vmalert', [
      `-httpListenAddr=${listen}:${port}`, `-rule=${join(folder, 'rules.yaml')}`, `-datasource.url=${store}`, `-remoteWrite.url=${store}`, `-remoteRead.url=${store}`, `-notifier.url=${nobody.url}`,
      '-remoteWrite.flushInterval=500ms', // rules read what others have recorded
    ]);
    const started = new VmAlert(`http://${reach}:${port}`, server, nobody, folder);
    await server.answers(async () => (await fetch(`${started.address}/health`)).ok);
    return started;
  }

  private constructor(readonly address: string, private readonly server: Background, private readonly nobody: Sink, private readonly folder: string) {}

  /** For afterAll. */
  async remove(): Promise<void> {
    await this.server.stop();
    await this.nobody.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Alerting } from 'cdk8s-serving';
import { alertmanagerConfiguration } from '../../../lib/watch/routing/alertmanager';
import { planRouting } from '../../../lib/watch/routing/plan';
import { freePort } from '../free-port';
import { Background } from '../cluster/machine';
import { program } from '../cluster/programs';
import { waitFor } from '../cluster/wait';

/** Labels of an alert, without its name. */
export interface Labels { readonly [name: string]: string }

/** A real Alertmanager on this machine, with the configuration of an `Alerting` and its Secrets as files, as an operator mounts them. */
export class Alertmanager {
  /** @param secrets content of the Secrets' keys, by `name/key`. */
  static async start(alerting: Alerting, secrets: { readonly [key: string]: string }): Promise<Alertmanager> {
    const folder = mkdtempSync(join(tmpdir(), 'alertmanager-'));
    for (const [key, content] of Object.entries(secrets)) {
      mkdirSync(join(folder, 'secrets', key, '..'), { recursive: true });
      writeFileSync(join(folder, 'secrets', key), content);
    }
    writeFileSync(join(folder, 'alertmanager.yaml'), JSON.stringify(alertmanagerConfiguration(planRouting(alerting), join(folder, 'secrets')).config)); // JSON is YAML
    const port = await freePort('127.0.0.1');
    const server = Background.start(join(await program('alertmanager'), 'alertmanager'), [`--config.file=${join(folder, 'alertmanager.yaml')}`, `--storage.path=${join(folder, 'data')}`, `--web.listen-address=127.0.0.1:${port}`, '--cluster.listen-address=']);
    const started = new Alertmanager(`http://127.0.0.1:${port}`, folder, server);
    await server.answers(async () => (await fetch(`${started.url}/-/ready`)).ok);
    return started;
  }

  private constructor(private readonly url: string, private readonly folder: string, private readonly server: Background) {}

  /** Posts an alert as Prometheus does: it fires, or it is over. */
  async post(alertname: string, labels: Labels, options: { over?: boolean } = {}): Promise<void> {
    const { namespace, inference_service: service } = labels;
    const now = Date.now();
    const response = await fetch(`${this.url}/api/v2/alerts`, {
      method: 'POST', headers: { 'content-type': 'application/json' },
      body: JSON.stringify([{
        labels: { alertname, ...labels }, annotations: { summary: `${alertname} of ${namespace}/${service}`, runbook_url: `https://runbooks.example.com/${alertname}` },
        // one that began before the group's wait would be told at once
        startsAt: new Date(options.over ? now - 2 : now).toISOString(), endsAt: new Date(options.over ? now - 1 : now + 3_600_000).toISOString(),
      }]),
    });
    if (!response.ok) throw new Error(`Alertmanager refused the alert: ${await response.text()}`);
  }

  /** Waits until it has kept back so many notifications for a reason. */
  async suppressed(reason: 'inhibition' | 'mute_time_interval', least = 1): Promise<void> {
    await waitFor(async () => {
      const metrics = await (await fetch(`${this.url}/metrics`)).text();
      return Number(new RegExp(`^alertmanager_notifications_suppressed_total\\{reason="${reason}"\\} (\\d+)`, 'm').exec(metrics)?.[1] ?? 0) >= least;
    }, { what: `a notification that is kept back for ${reason}`, timeout: 20_000, every: 100 });
  }

  async stop(): Promise<void> {
    await this.server.stop();
    rmSync(this.folder, { recursive: true });
  }
}

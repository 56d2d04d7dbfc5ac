import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { apply, isReady, get, kubectl } from './kubectl';
import { waitFor } from './wait';

/** Has Python with scikit-learn, FastAPI, aiohttp, grpcio and the V2 protocol's stubs: everything that clients here need. */
export const MLSERVER_IMAGE = process.env.SERVING_TEST_MLSERVER_IMAGE ?? 'docker.io/seldonio/mlserver:1.7.1-sklearn';

export const pythonScript = (name: string) => readFileSync(join(__dirname, 'python', name), 'utf8');

/**
 * A pod to send requests from. Clients run in the cluster because only there Service names and addresses are what callers see,
 * on any cluster; and because a load that starts in a pod can only go to the cluster that is tested.
 */
export class Client {
  static async start(namespace: string): Promise<Client> {
    await apply([{
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'client', namespace },
      spec: {
        automountServiceAccountToken: false,
        terminationGracePeriodSeconds: 1,
        securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
        containers: [{
          name: 'python',
          image: MLSERVER_IMAGE,
          imagePullPolicy: 'IfNotPresent',
          command: ['sleep', 'infinity'],
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
          resources: { requests: { cpu: '50m', memory: '256Mi' } },
        }],
      },
    }]);
    await waitFor(async () => { const pod = await get('pod', 'client', namespace); return pod && isReady(pod); }, { what: 'the client pod', timeout: 120_000, namespace });
    return new Client(namespace);
  }

  private constructor(readonly namespace: string) {}

  /** Runs one of ./python in the pod and returns what it printed. */
  python(script: string, ...args: string[]): Promise<string> {
    return kubectl(this.command(script, args));
  }

  /** Runs one of ./python until its standard input is closed. */
  startPython(script: string, ...args: string[]): ChildProcessWithoutNullStreams {
    return spawn('kubectl', this.command(script, args), { stdio: 'pipe' });
  }

  /**
   * Waits until addresses take connections. That pods are Ready, or a Rollout Healthy, is what the API server knows: a node's proxy leads
   * a Service's address to its first pods a second or some later, and until then requests are refused or wait, whatever the pods do.
   */
  async reach(...addresses: string[]): Promise<void> {
    await this.python('reach.py', ...new Set(addresses));
  }

  private command(script: string, args: string[]): string[] {
    return ['exec', '--stdin', '--namespace', this.namespace, 'client', '--', 'python', '-c', pythonScript(script), ...args];
  }
}

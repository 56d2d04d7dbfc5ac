import { Chart, Testing } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { Candidate, Cluster, Exposure, InferenceService, Model, Problems, Rollout, RolloutController, Scaling, ServingEngine } from 'cdk8s-serving';
import { faultyModel, FAULTY_QUESTIONS } from './faulty';
import { apply, type Manifest, remove } from './kubectl';
import { Load, type LoadStream, type LoadSummary } from './load';
import type { Client } from './client';
import type { Gateway } from './gateway';
import { setNamespace } from './namespaces';
import { sleep } from './run';
import { rolledOut, serviceAddress } from './workloads';

/** What a change of a service says: all that its manifests are made of. */
export interface Change {
  readonly model: Model;
  readonly rollout: Rollout;
  /** @default none, also where there was one */
  readonly candidate?: Candidate;
  /** Takes a guard out of what is synthesized, for the proof that it was needed. */
  readonly without?: (manifests: Manifest[]) => void;
}

/** Until proxies on the node and Envoy have heard of what the API server has. */
const HEARD = 2_000;

/** A service on plain Deployments behind a real Gateway, its versions side by side. */
export class SideBySide {
  private there: Manifest[] = [];

  constructor(readonly name: string, private readonly namespace: string, private readonly gateway: Gateway) {}

  /** Applies a change and then deletes what it says no more, as a GitOps tool does. Does not wait for pods. */
  async put(change: Change): Promise<void> {
    const manifests = await setNamespace(this.manifests(change), this.namespace);
    await apply(manifests);
    const said = new Set(manifests.map(key));
    const gone = this.there.filter((one) => !said.has(key(one)));
    this.there = manifests;
    // ConfigMaps are named by their content, and pods on their way out may still start with an old one
    for (const one of gone.filter(({ kind }) => kind !== 'ConfigMap')) await remove(one.kind, [one.metadata.name], this.namespace);
  }

  /** Waits until all pods are there and the Gateway leads where the routes say. */
  async settled(): Promise<void> {
    await Promise.all(this.there.map(async ({ kind, metadata: { name } }) => {
      if (kind === 'Deployment') await rolledOut(name, this.namespace);
      if (kind === 'HTTPRoute' || kind === 'GRPCRoute') await this.gateway.routed(kind === 'HTTPRoute' ? 'httproute' : 'grpcroute', name, this.namespace);
    }));
    await sleep(HEARD);
  }

  /** Requests through the Gateway. */
  through(protocol: 'rest' | 'grpc', rate: number, stream: Partial<LoadStream> = {}): LoadStream {
    return { protocol, address: this.gateway.address, host: `${protocol}.${this.name}.example.com`, model: this.name, rate, ...stream };
  }

  /** Requests inside of the cluster, to a Service. */
  async inside(protocol: 'rest' | 'grpc', rate: number, { service = this.name, ...stream }: Partial<LoadStream> & { service?: string } = {}): Promise<LoadStream> {
    return { protocol, address: await serviceAddress(service, this.namespace, protocol === 'rest' ? 'http' : 'grpc'), model: this.name, rate, ...stream };
  }

  private manifests({ model, rollout, candidate, without }: Change): Manifest[] {
    const { name, gateway } = this;
    const chart = new Chart(Testing.app(), 'test', { namespace: 'test' });
    new ServingEngine(chart, 'Engine', { cluster: Cluster.of({ version: '1.34', rollouts: RolloutController.none(), gateway: { name: gateway.name, namespace: gateway.namespace } }) });
    const exposure = Exposure.gateway({ hosts: [`rest.${name}.example.com`], grpcHosts: [`grpc.${name}.example.com`] });
    const { memory } = faultyModel({ version: '' });
    const service = new InferenceService(chart, 'Service', { name, model, rollout, candidate, exposure, scaling: Scaling.fixed(1), cpu: Cpu.millis(20), memory });
    Problems.acknowledge(service, 'SERVING_SINGLE_COPY', 'the node of the tests is small');
    if (candidate !== undefined) Problems.acknowledge(service, 'SERVING_ROLLOUT_WITHOUT_VERDICT', 'the test itself judges');
    const written = Testing.synth(chart) as Manifest[];
    without?.(written);
    return written;
  }
}

const key = ({ kind, metadata }: Manifest): string => `${kind}/${metadata.name}`;

/** So many seconds of requests: what came of each stream. */
export async function ask(client: Client, seconds: number, streams: Record<string, LoadStream>): Promise<Record<string, LoadSummary>> {
  return (await Load.start(client, { model: FAULTY_QUESTIONS, seconds, streams })).finished();
}

/** Requests until they are stopped. */
export const keepAsking = (client: Client, streams: Record<string, LoadStream>): Promise<Load> => Load.start(client, { model: FAULTY_QUESTIONS, streams });

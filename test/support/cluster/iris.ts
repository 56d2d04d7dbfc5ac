import { Client } from './client';
import { apply, type Manifest, kubectl } from './kubectl';
import { type TrainedModel, trainIris } from './model';
import { createNamespace, setNamespace } from './namespaces';
import { S3Server } from './s3';
import { rolledOut } from './workloads';

/** The store that apps/iris names, with the trained model in it, and a pod to ask from. */
export class IrisWorld {
  /** @param storage namespace of the store: one of its own, where other tests run at the same time. */
  static async start(storage = 'storage'): Promise<IrisWorld> {
    const s3 = await S3Server.start();
    await s3.expose(storage, 'minio', 9000);
    const client = await Client.start(await createNamespace('client'));
    const trained = await trainIris(client);
    await s3.put('models', 'iris/v1/model.joblib', trained.joblib);
    return new IrisWorld(s3, client, trained, storage);
  }

  private constructor(readonly s3: S3Server, readonly client: Client, readonly trained: TrainedModel, readonly storage: string) {}

  /** Applies manifests as they are, but for the namespace, and waits for them; a warning of the API server fails. */
  async deploy(manifests: Manifest[], prefix: string, name = 'iris'): Promise<string> {
    const namespace = await createNamespace(prefix);
    await apply([this.s3.secret('minio', namespace)]);
    await apply(await setNamespace(manifests, namespace));
    await rolledOut(name, namespace);
    return namespace;
  }

  /** For afterAll, when the namespaces of its clients are gone. */
  async stop(): Promise<void> {
    await kubectl(['delete', 'namespace', this.storage, '--ignore-not-found', '--timeout=60s']);
    await this.s3.stop();
  }
}

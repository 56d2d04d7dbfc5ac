import type { Client } from './client';
import type { TrainedModel } from './model';

export interface PredictOptions {
  readonly model: string;
  /** host:port for V2 by REST. @default not asked */
  readonly rest?: string;
  /** host:port for V2 by gRPC. @default not asked */
  readonly grpc?: string;
}

/** The server's answers to all the model's questions, by each protocol that was asked for. */
export async function predict(client: Client, trained: Pick<TrainedModel, 'rows'>, options: PredictOptions): Promise<{ rest?: number[]; grpc?: number[] }> {
  await client.reach(...[options.rest, options.grpc].filter((address) => address !== undefined));
  return JSON.parse(await client.python('predict.py', JSON.stringify({ ...options, rows: trained.rows })));
}

import { InferenceProtocol } from '../../describe/server/server-facts';
import { ServedPredictor, ServerDefinition } from '../../describe/server/server-definition';
import { JsonObject, PlannedPort, ServicePlan } from '../service-plan';

/** What is known of the pods that are asked. */
export interface Asked { readonly protocol: InferenceProtocol; readonly front: ServerDefinition; readonly modelName?: string; readonly name: string }

/** What tells a program where the model is asked. */
export function predictorVariables(predictor: ServedPredictor | undefined): JsonObject[] {
  if (predictor === undefined) return [];
  return [{ name: 'PREDICTOR_HOST', value: predictor.host }, { name: 'PREDICTOR_PROTOCOL', value: predictor.protocol }, { name: 'PREDICTOR_URL', value: predictor.url }];
}

/** How a plan's pods are asked through one of its Services, from the same namespace or another. */
export function predictorAt(plan: ServicePlan, service: string): ServedPredictor {
  const port = plan.ports.find(({ name }) => name === (plan.protocol.http ? 'http' : 'grpc'))?.port;
  const { engine, groups } = plan;
  // an engine whose clients ask by the name of the pods
  const named = engine.group === undefined ? plan : { ...plan, modelName: groups[0]!.name };
  return asked(named, `${service}${plan.namespace === undefined ? '' : `.${plan.namespace}`}`, port);
}

/** The same in the same pod. */
export function predictorHere(plan: Asked, ports: readonly PlannedPort[]): ServedPredictor {
  return asked(plan, '127.0.0.1', ports.find(({ name }) => name === (plan.protocol.http ? 'http' : 'grpc'))?.containerPort);
}

function asked({ protocol, front, modelName, name }: Asked, at: string, port: number | undefined): ServedPredictor {
  const host = port === undefined || (port === 80 && protocol.http) ? at : `${at}:${port}`;
  return { host, protocol: protocol.name, url: protocol.http ? `http://${host}${front.requestPath(protocol, modelName ?? name)}` : host };
}

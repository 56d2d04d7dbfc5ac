import { ModelSource } from '../describe/model-source';
import { InferenceProtocol } from '../describe/server/server-facts';
import { ServerDefinition } from '../describe/server/server-definition';
import { PoolLoading } from '../describe/pool-loading';
import { bytesOfModel, eachModel, loadSeconds } from './models';
import { ServiceRequest, Timing } from './service-plan';

/** Works out all times of a service from its models' sizes and load times, the longest answer, and what the server does when it is told to stop. */
export function planTiming(request: ServiceRequest, server: ServerDefinition, protocol: InferenceProtocol): Timing {
  const set = request.defaults;
  const answer = request.requestTimeoutSeconds ?? (protocol.sameAs(InferenceProtocol.OPENAI) ? set.generationTimeoutSeconds : set.requestTimeoutSeconds);
  // models of a pool come and load one after another
  const models = request.poolLoading === PoolLoading.WHILE_RUNNING ? [] : eachModel(request);
  const download = total(models.map((one) => (request.modelCache === undefined && downloads(one.model.source) ? Math.ceil(bytesOfModel(one) / set.downloadBytesPerSecond) : 0)));
  const load = total(models.map((one) => loadSeconds(one)));
  const startup = Math.max(set.startupFloorSeconds, Math.ceil(load * set.startupFactor));
  // a server that drops what it has begun is told to stop only after the longest answer is out
  const preStop = Math.ceil(set.propagationSeconds + (server.facts.drains ? 0 : answer));
  const stop = Math.ceil((server.facts.drains ? answer : 0) + (server.facts.drainDelaySeconds ?? 0) + set.stopSeconds);
  const pull = request.accelerator === undefined ? set.pullSeconds : set.acceleratorPullSeconds;
  return {
    request: answer, download, load, startup, preStop, stop, grace: preStop + stop,
    progressDeadline: Math.max(600, pull + Math.ceil(download * set.startupFactor) + startup + preStop + stop),
  };
}

function total(seconds: readonly number[]): number {
  return seconds.reduce((sum, one) => sum + one, 0);
}

function downloads(source: ModelSource | undefined): boolean {
  return source !== undefined && source.downloaded;
}

import { SourceKind } from '../../describe/model-source';
import { PoolLoading } from '../../describe/pool-loading';
import { RolloutKind } from '../../describe/rollout/rollout';
import { Finding, ProblemKind } from '../../describe/problem';
import { Autoscaler, ScalingSignalKind } from '../../describe/scaling';
import { SeldonCoreV2 } from '../engine/seldon-core-v2';
import { wishesOfPods } from '../engine/seldon-core-v2-wishes';
import { mebibytes } from '../json';
import { eachVersion } from '../models';
import { ServicePlan, ServiceRequest } from '../service-plan';
import { Rule } from './rule';
import { fetchedBySeldon, modelVolume } from './seldon-v2-fetch';

const SHARED = ProblemKind.error('SERVING_SELDON_SHARED_SERVER', 'A wish of pods on a server that others share', 'Its pods are not made for the service: what it asks for would not be there, and nothing would say so.');
const SHARED_HPA = ProblemKind.error('SERVING_SELDON_SHARED_HPA', 'A HorizontalPodAutoscaler by pods that are not there', 'A Model on a shared server has no pods of its own, and the autoscaler would find none.');
const COPIES = ProblemKind.error('SERVING_SELDON_COPIES', 'More copies of a model than its server has', 'All copies of a Model are on one Server, one on each of its copies: the Model stays ScheduleFailed.');
const MEMORY = ProblemKind.error('SERVING_SELDON_MODEL_MEMORY', 'A model that is larger than its server', 'The scheduler finds no place for it: the Model stays ScheduleFailed.');
const IN_IMAGE = ProblemKind.error('SERVING_SELDON_IN_IMAGE', "A model in Triton's image", "The agent fills Triton's repository from another container, which does not see the image.");
const OUTAGE = ProblemKind.warning('SERVING_SELDON_ONE_COPY', 'One copy on a server of its own', 'A StatefulSet takes the old copy away before the new one starts: every update is an outage as long as a start.');
const UPDATE = ProblemKind.error('SERVING_SELDON_UPDATE', 'A way to replace copies that the engine does not have', "The operator makes StatefulSets, which replace one copy at a time; a Server's deploymentStrategy is not read for them.");
const NAME = ProblemKind.error('SERVING_SELDON_MODEL_NAME', "A model whose name is not its service's", 'Clients ask for it by the name of its Model, which is the name of the service.');

/** Whether a service's wishes can be had on the servers that its models are loaded on. */
export const seldonV2Server: Rule = {
  check: ({ request, plan }) => {
    const { engine } = request;
    if (!(engine instanceof SeldonCoreV2)) return [];
    const findings = engine.dedicated(request) ? onItsOwn(engine, request, plan) : onShared(engine, request, plan);
    if (request.partOf === undefined && plan.modelName !== undefined && plan.modelName !== plan.name) {
      findings.push(NAME.found({ what: `the model is called '${plan.modelName}' and the service '${plan.name}'`, got: plan.modelName, allowed: plan.name, fix: "leave the model's 'name' out, or give the service that name" }));
    }
    const said = request.rollout._values;
    if (request.rollout.kind === RolloutKind.RECREATE || said.maxSurge !== undefined || (said.maxUnavailable ?? 1) !== 1) {
      findings.push(UPDATE.found({ what: `Rollout.${request.rollout.kind} asks for another way than one copy at a time`, got: `Rollout.${request.rollout.kind}`, allowed: "Rollout.rolling() without numbers, or no 'rollout'", fix: "leave it out, or try a new version beside the old one: Rollout.canary with a 'candidate'" }));
    }
    return findings;
  },
};

function onShared(engine: SeldonCoreV2, request: ServiceRequest, plan: ServicePlan): Finding[] {
  const { servers } = engine;
  const wishes = wishesOfPods(request);
  const findings: Finding[] = wishes.length === 0 ? [] : [SHARED.found({
    what: `${wishes.map((prop) => `'${prop}'`).join(', ')} ${wishes.length === 1 ? 'asks' : 'ask'} for something of pods, and the model is loaded on a server that others share`, got: wishes.length === 1 ? wishes[0] : wishes,
    fix: "give the engine 'servers: SeldonServers.dedicated()', or SeldonServers.asNeeded() for services that ask for it; or leave it out",
  })];
  findings.push(...eachVersion(request).flatMap((one) => fetchedBySeldon(one, plan)));
  if (plan.copies.autoscaler === Autoscaler.HPA && plan.copies.signals.some(({ kind }) => kind !== ScalingSignalKind.CPU && kind !== ScalingSignalKind.MEMORY)) {
    findings.push(SHARED_HPA.found({ what: 'a HorizontalPodAutoscaler asks for metrics of pods', got: 'Autoscaler.HPA', allowed: 'Autoscaler.KEDA', fix: "let KEDA run ('operators' of the Cluster) and leave 'autoscaler' out, or use SeldonServers.dedicated()" }));
  }
  const most = Math.max(plan.copies.max, plan.release?.candidate?.replicas ?? 0);
  if (servers._replicas !== undefined && most > servers._replicas) {
    findings.push(COPIES.found({ what: `the service has up to ${most} copies, and its server ${servers._replicas}`, got: most, allowed: `at most ${servers._replicas}`, fix: "lower 'scaling', or give the server more copies and say so in SeldonServers.shared({ replicas })" }));
  }
  const bytes = (plan.server.facts.memoryFactor ?? 1.5) * Math.max(...plan.groups.map((group) => group.modelBytes));
  if (servers._memoryBytes !== undefined && bytes > servers._memoryBytes) {
    findings.push(MEMORY.found({ what: `the model takes ${mebibytes(bytes)}, and a copy of its server has ${mebibytes(servers._memoryBytes)}`, got: mebibytes(bytes), allowed: `at most ${mebibytes(servers._memoryBytes)}`, fix: "give the server more memory and say so in SeldonServers.shared({ memory }), or use SeldonServers.dedicated()" }));
  }
  return findings;
}

function onItsOwn(engine: SeldonCoreV2, request: ServiceRequest, plan: ServicePlan): Finding[] {
  const findings: Finding[] = [...modelVolume(engine, request, plan)];
  if (request.poolLoading === PoolLoading.WHILE_RUNNING) findings.push(...fetchedBySeldon(request, plan));
  if (plan.container === 'triton') {
    const within = eachVersion(request).map(({ model }) => model.source).find((source) => source?.kind === SourceKind.IN_IMAGE);
    if (within !== undefined) findings.push(IN_IMAGE.found({ what: "the model is in Triton's image", got: within.uri, fix: 'put it into a store, a volume or an image of its own: ModelSource.oci' }));
  }
  if (plan.copies.min < 2) findings.push(OUTAGE.found({ what: `${plan.copies.min} copy: each update takes it away before the new one starts`, got: plan.copies.min, allowed: '2 or more', fix: 'run two copies, or acknowledge it' }));
  return findings;
}

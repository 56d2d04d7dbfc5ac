import { DNS_LABEL } from '../../describe/checks/names';
import { CredentialKind } from '../../describe/credentials';
import { Finding, ProblemKind } from '../../describe/problem';
import { PoolLoading } from '../../describe/pool-loading';
import { GateKind } from '../../describe/rollout/gate';
import { identitiesOf, nameOfModel } from '../models';
import { gatesOfRequest } from '../release/plan-release';
import { ServiceRequest } from '../service-plan';
import { Rule } from './rule';

const NAME = ProblemKind.error('SERVING_POOL_MODEL_NAME', 'A model of a pool has no name of its own', 'Clients ask for a model by its name, and its files lie in a folder of it.');
const NO_POOL = ProblemKind.error('SERVING_POOL_SERVER', 'A server that serves one model', 'It would load the first model and leave out the others.');
const ALONE = ProblemKind.error('SERVING_POOL_NOT_ABLE', 'Something that a pool can not do', 'It is said of one model, and the pods are those of all.');

/** Longest name of a model: 63 of a container's name, less `model-download-`. */
const LONGEST = 48;

/** What a pool of models needs beside what each of them does. */
export const pool: Rule = {
  check: ({ request, plan }) => {
    if (request.pooled === undefined) return [];
    const findings: Finding[] = [...names(request), ...identities(request)];
    if (!plan.server.facts.pools) findings.push(NO_POOL.found({ what: `${plan.server.facts.title} serves one model`, got: plan.server.facts.id, allowed: 'mlserver, triton', fix: 'take one of these, or make an InferenceService of each model' }));
    if (request.model.code !== undefined) findings.push(ALONE.found({ what: `the model '${nameOfModel(request)}' brings code, which would be in the image of all`, fix: "build an image with the code of all models and give it as the server's 'image', or make an InferenceService of it" }));
    findings.push(...whileRunning(request));
    if (request.candidate !== undefined) findings.push(ALONE.found({ what: "a 'candidate' is a version of one model", fix: 'make an InferenceService of that model while it is tried' }));
    if (gatesOfRequest(request).some(({ kind }) => kind === GateKind.GOLDEN_REQUESTS)) findings.push(ALONE.found({ what: 'golden requests ask one model', fix: 'leave them out, or make an InferenceService of that model' }));
    return findings;
  },
};

function names(request: ServiceRequest): Finding[] {
  const { model } = request;
  const same = request.pooled!.filter((other) => other.name === model.name);
  if (model.name !== undefined && DNS_LABEL.test(model.name) && model.name.length <= LONGEST && same.length === 1) return [];
  return [NAME.found({
    what: model.name === undefined ? 'a model of the pool has no name' : same.length > 1 ? `${same.length} models of the pool have one name` : 'a model of the pool has a name that can not be the name of a folder and a container',
    got: model.name, allowed: `1 to ${LONGEST} lower-case letters, digits and '-'`, fix: "give each Model its 'name'",
  })];
}

/** What a pool can not have whose models come while it runs: their files are fetched by the engine, not by the pods. */
function whileRunning({ poolLoading, engine, model: { name = 'unnamed', source } }: ServiceRequest): Finding[] {
  // an engine that fetches nothing has no such pools
  if (poolLoading !== PoolLoading.WHILE_RUNNING || engine.fetches === undefined) return [];
  const { stores, bySecret } = engine.fetches;
  const fix = 'take PoolLoading.WITH_PODS, or copy the model to such a store';
  if (source === undefined || !stores.includes(source.kind)) {
    return [ALONE.found({ what: `the model '${name}' is not fetched by the engine while the pool runs`, got: source?.kind ?? 'no source', allowed: stores.join(', '), fix })];
  }
  const kind = source.credentials?.kind;
  if (!bySecret && (kind === CredentialKind.SECRET || kind === CredentialKind.EXTERNAL_SECRET)) {
    return [ALONE.found({ what: `the model '${name}' is opened by keys of a Secret, which KServe's agent reads only where the Secret carries its annotations`, got: kind, allowed: 'Credentials.workloadIdentity, Credentials.none', fix: 'take PoolLoading.WITH_PODS, or let the pods have an identity' })];
  }
  return [];
}

/** A pod has one identity, whatever the models' stores ask for. */
function identities(request: ServiceRequest): Finding[] {
  const different = [...new Map(identitiesOf(request).map(({ serviceAccountName, identity }) => [JSON.stringify([serviceAccountName, identity?.annotations]), serviceAccountName])).values()];
  return different.length < 2 ? [] : [ALONE.found({ what: `models of the pool read their files as ${different.map((one) => `'${one}'`).join(' and ')}, and a pod is one of them`, fix: 'give one identity the rights on all stores, or make pools by identity' })];
}

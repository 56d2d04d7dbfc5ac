import { CredentialKind } from '../../describe/credentials';
import { SourceKind } from '../../describe/model-source';
import { PoolLoading } from '../../describe/pool-loading';
import { Finding, ProblemKind } from '../../describe/problem';
import { SeldonCoreV2 } from '../engine/seldon-core-v2';
import { SETTINGS_WRITTEN } from '../engine/seldon-core-v2-formats';
import { mebibytes } from '../json';
import { bytesOfModel, eachModel } from '../models';
import { ServicePlan, ServiceRequest } from '../service-plan';

const SETTINGS = ProblemKind.warning('SERVING_SELDON_MODEL_SETTINGS', 'A model whose settings Seldon does not write', "Its agent writes model-settings.json for some formats alone; without the file the model is never loaded.");
const FORM = ProblemKind.warning('SERVING_SELDON_SECRET_FORM', 'Credentials that must have the form of rclone', "The agent reads one key of the Secret, a remote of rclone whose name is the URI's scheme. One with keys of a cloud, as on other engines, is refused when the model is loaded.");
const VOLUME = ProblemKind.error('SERVING_SELDON_MODEL_VOLUME', "A model that the server's volume has no room for", 'The agent downloads beside what it has loaded, and copies: three times the model at worst. The load fails when the disk is full, and the stock volume holds 1 GiB.');

/** What a model needs that Seldon's agent fetches from its store: settings, and a Secret in rclone's form. */
export function fetchedBySeldon({ model: { format, source }, pooled, partOf }: ServiceRequest, plan: ServicePlan): Finding[] {
  const findings: Finding[] = [];
  const pods = pooled === undefined ? 'SeldonServers.dedicated()' : 'PoolLoading.WITH_PODS';
  if (plan.server.facts.id === 'mlserver' && partOf === undefined && !SETTINGS_WRITTEN.has(format.name)) {
    findings.push(SETTINGS.found({ what: `Seldon's agent writes no model-settings.json for ${format.name}`, got: format.name, allowed: [...SETTINGS_WRITTEN].join(', '), fix: `put the file into the model's folder and acknowledge this, or use ${pods}` }));
  }
  if (source?.credentials?.kind === CredentialKind.SECRET) {
    findings.push(FORM.found({ what: `the Secret '${source.credentials.secretName}' must hold a remote of rclone with the name '${source.kind === SourceKind.AZURE_BLOB ? 'azureblob' : source.uri.split(':')[0]}'`, fix: 'write it in that form and acknowledge this, or use Credentials.externalSecret, which does' }));
  }
  return findings;
}

/** Whether the volume of a server of one's own holds what the agent lays into it. Files that come with the pods lie elsewhere, but Triton reads copies of them. */
export function modelVolume({ servers }: SeldonCoreV2, request: ServiceRequest, plan: ServicePlan): Finding[] {
  if (plan.container !== 'triton' && request.poolLoading !== PoolLoading.WHILE_RUNNING) return [];
  const most = Math.max(...plan.groups.map((group) => group.modelBytes));
  // models of a pool are fetched one after another, beside those that are there
  const bytes = most + 2 * Math.max(request.pooled === undefined ? most : 0, ...eachModel(request).map(bytesOfModel));
  const config = servers._configs[plan.container === 'triton' ? 'triton' : 'mlserver'];
  if (bytes <= servers._volumeBytes) return [];
  return [VOLUME.found({
    what: `the ${request.pooled === undefined ? 'model needs' : 'models need'} ${mebibytes(bytes)} of the server's volume, and ServerConfig '${config}' gives it ${mebibytes(servers._volumeBytes)}`, got: mebibytes(servers._volumeBytes), allowed: `at least ${mebibytes(bytes)}`,
    fix: `say the models' 'size', or make a ServerConfig with a larger volume in the namespace of the operator, and name it: SeldonServers.dedicated({ ${plan.container}, modelVolume })`,
  })];
}

import { ProblemKind } from '../../describe/problem';
import { SeldonCoreV2 } from '../engine/seldon-core-v2';
import { CONTAINER_FIELDS, mountedAlready, POD_FIELDS, PROBE_FIELDS } from '../engine/seldon-core-v2-pod';
import { isObject, objectsIn } from '../json';
import { SERVER_CONTAINER } from '../pod/template';
import { Json, JsonObject, ServicePlan, ServiceRequest } from '../service-plan';
import { Rule } from './rule';

const ARGUMENTS = ProblemKind.error('SERVING_SELDON_SERVER_ARGUMENTS', "What is said of Triton's start where a ServerConfig starts it", "Its operator adds a Server's arguments to those of the ServerConfig, whose shell reads none: what is said would not be there, and nothing would say so.");
const FIELD = ProblemKind.error('SERVING_SELDON_POD_FIELD', 'A field of the pod that does not reach a Server', "A Server's podSpec is laid on its ServerConfig's: some fields it does not have, and others are the ServerConfig's to say.");
const MOUNT = ProblemKind.error('SERVING_SELDON_MOUNT', 'A folder of the server that its ServerConfig mounts already', 'Two mounts at one place are refused by the API server.');

const SOURCE = 'https://github.com/SeldonIO/seldon-core/blob/v2.10.2/operator/controllers/reconcilers/common/patch_utils.go';

/** Props of Triton that reach it otherwise than by its arguments or its shared memory. */
const REACH = new Set(['version', 'image', 'versionFolder', 'configuration']);

/** What a Server of a service's own would lose of what is said of its pods, as these are laid on a ServerConfig's. */
export const seldonV2Losses: Rule = {
  check: ({ request, plan }) => {
    const { engine } = request;
    // a pool's pods are the same for each of its models
    if (!(engine instanceof SeldonCoreV2) || !engine.dedicated(request) || (request.pooled !== undefined && request.pooled[0] !== request.model)) return [];
    const { triton } = engine.servers._configs;
    const overlay = specOf(request.podOverlay);
    const server = objectsIn(overlay.containers).find(({ name }) => name === SERVER_CONTAINER) ?? {};
    return [
      ...argumentsLost(request, plan).map((said) => ARGUMENTS.found({
        what: `'${said}' is said to Triton by its arguments or its pod's shared memory, which are those of ServerConfig '${triton}' (${SOURCE})`, got: said,
        fix: "say it in a ServerConfig of your own, which SeldonServers.dedicated({ triton }) names, and leave it out here; or choose another engine",
      })),
      ...fieldsLost(overlay, server).map((field) => FIELD.found({
        what: `'podOverlay' says '${field}', which does not reach the pods of a Server`, got: field, allowed: `of the server's container: ${[...CONTAINER_FIELDS, 'volumeMounts'].join(', ')}`,
        fix: 'say it in a ServerConfig of your own, which SeldonServers.dedicated names, and leave it out here; or choose another engine',
      })),
      ...mountsOf(request, server).filter((path) => mountedAlready(plan.container, path)).map((path) => MOUNT.found({
        what: `a volume or file is to lie at '${String(path)}', where the ServerConfig mounts one`, got: path, fix: 'choose another folder',
      })),
    ];
  },
};

/** Of Triton: its arguments would be words that the ServerConfig's shell ignores. */
function argumentsLost(request: ServiceRequest, plan: ServicePlan): string[] {
  if (plan.container !== 'triton') return [];
  const props = (request.server?._given ?? []).filter((prop) => !REACH.has(prop)).map((prop) => `server: ${prop}`);
  return [...props, ...(request.tracing === undefined ? [] : ['tracing'])];
}

function fieldsLost(overlay: { readonly [key: string]: Json }, server: { readonly [key: string]: Json }): string[] {
  const kept = new Set<string>(['name', 'volumeMounts', 'readinessProbe', 'livenessProbe', ...CONTAINER_FIELDS]);
  const times = new Set<string>(PROBE_FIELDS);
  const ofProbe = (probe: string): string[] => (isObject(server[probe]) ? Object.keys(server[probe]).filter((field) => !times.has(field)).map((field) => `${probe}.${field}`) : []);
  const ofServer = [...Object.keys(server).filter((field) => !kept.has(field)), ...ofProbe('readinessProbe'), ...ofProbe('livenessProbe')];
  return [...Object.keys(overlay).filter((field) => !POD_FIELDS.has(field)), ...ofServer.map((field) => `containers[${SERVER_CONTAINER}].${field}`)];
}

function mountsOf(request: ServiceRequest, server: { readonly [key: string]: Json }): Json[] {
  return [...request.volumes.map(({ path }) => path), ...request.files.map(({ path }) => path), ...objectsIn(server.volumeMounts).flatMap(({ mountPath }) => (mountPath === undefined ? [] : [mountPath]))];
}

function specOf(overlay: JsonObject | undefined): { readonly [key: string]: Json } {
  const spec = overlay?.spec as Json | undefined;
  return isObject(spec) ? spec : {};
}

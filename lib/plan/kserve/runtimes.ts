import { Accelerator } from '../../describe/accelerator';
import { Cluster } from '../../describe/cluster';
import { Model } from '../../describe/model';
import { ModelFormat } from '../../describe/model-format';
import { ModelSource } from '../../describe/model-source';
import { Finding, ProblemKind, Severity } from '../../describe/problem';
import { ServerDefinition, ServerFile } from '../../describe/server/server-definition';
import { DefaultsSet } from '../defaults/defaults';
import { KSERVE_CONTAINER, KSERVE_PROTOCOLS } from '../engine/kserve';
import { isObject, objectsIn } from '../json';
import { decide } from '../plan';
import { podSpecOf } from '../pod/template';
import { selectServer } from '../select-server';
import { Json, JsonObject, ServicePlan } from '../service-plan';
import { bareRequest } from './bare-request';

const NONE = ProblemKind.error('SERVING_KSERVE_RUNTIME_NONE', 'A server that no runtime of KServe can be made of', 'What is asked for of it can only be decided with a model, or lies where KServe puts the model.');
const TWICE = ProblemKind.error('SERVING_KSERVE_RUNTIME_TWICE', 'Two runtimes of one name', 'The second to be applied would overwrite the first.');

/** What KServe fills in: the InferenceService's name. Source: https://github.com/kserve/kserve/blob/v0.20.0/pkg/controller/v1beta1/inferenceservice/utils/utils.go (ReplacePlaceholders) */
export const NAME = '{{.Name}}';
/** Where KServe puts a model's files. Source: https://github.com/kserve/kserve/blob/v0.20.0/pkg/constants/constants.go (DefaultModelLocalMountPath) */
const MODELS = '/mnt/models';
/** Servers that look for versions right where the model's files are, as KServe's own runtimes have it: what lies there can be served by either. */
const VERSIONS_THERE = new Set(['tensorflow-serving', 'openvino']);

/** What runtimes are planned from. */
export interface RuntimesRequest {
  readonly servers: readonly ServerDefinition[];
  /** Whether the servers were named: one that can't be had is then an error, else it is left out. */
  readonly named: boolean;
  readonly accelerator: Accelerator;
  readonly prefix: string;
  readonly cluster: Cluster;
  readonly defaults: DefaultsSet;
  readonly model: Pick<Model, 'size' | 'loadTime'>;
}

/** A runtime: one server, started in one way, for all formats that it is started for in that way. */
export interface PlannedRuntime {
  readonly name: string;
  readonly server: ServerDefinition;
  readonly formats: readonly string[];
  readonly protocols: readonly string[];
  readonly metrics?: { readonly port: number; readonly path: string };
  /** Seconds from the order to stop to the kill: no field of a runtime holds them, services must ask for them. */
  readonly graceSeconds: number;
  readonly accelerated: boolean;
  readonly container: JsonObject;
  readonly volumes: readonly Json[];
  readonly scheduling: { readonly nodeSelector?: Json; readonly affinity?: Json; readonly tolerations?: Json };
}

/** Plans a runtime for each way in which each server is started: by format, on CPU and with the accelerator. */
export function planRuntimes(request: RuntimesRequest): { runtimes: PlannedRuntime[]; findings: Finding[] } {
  const findings: Finding[] = [];
  const runtimes = request.servers.flatMap((server) => {
    const reasons: string[] = [];
    const made = [undefined, request.accelerator].flatMap((accelerator) => alike(request, server, accelerator, reasons));
    if (made.length === 0 && request.named) {
      findings.push(NONE.found({ what: `no runtime can be made of ${server.facts.title}: ${[...new Set(reasons)].join('; ')}`, got: server.facts.id, fix: 'leave it out, or give its props what it needs without a model' }));
    }
    return made;
  });
  for (const [i, { name }] of runtimes.entries()) {
    if (runtimes.findIndex((one) => one.name === name) < i) findings.push(TWICE.found({ what: `two of the servers give a runtime '${name}'`, got: name, fix: "name each server once, or make two constructs with another 'prefix'" }));
  }
  return { runtimes, findings };
}

/** The runtimes of one server on one sort of nodes. */
function alike(request: RuntimesRequest, server: ServerDefinition, accelerator: Accelerator | undefined, reasons: string[]): PlannedRuntime[] {
  const groups = new Map<string, { formats: string[]; planned: Omit<PlannedRuntime, 'name' | 'formats'> }>();
  for (const one of server.facts.formats) {
    // a server of one's own that reads whatever it is built for
    const format = one.format === '*' ? ModelFormat.CUSTOM.name : one.format;
    const planned = runtimeOf(request, server, format, accelerator, reasons);
    if (planned === undefined) continue;
    const key = JSON.stringify([planned.container, planned.volumes]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { formats: [format], planned });
    else group.formats.push(format);
  }
  return [...groups.values()].map(({ formats, planned }) => ({
    ...planned, formats,
    name: `${request.prefix}${server.facts.id}${groups.size > 1 ? `-${formats[0]}` : ''}${accelerator === undefined ? '' : `-${accelerator.vendor}`}`,
  }));
}

/** The same planning as a service's, of a service that KServe will name. */
function runtimeOf(request: RuntimesRequest, server: ServerDefinition, format: string, accelerator: Accelerator | undefined, reasons: string[]): Omit<PlannedRuntime, 'name' | 'formats'> | undefined {
  const against = selectServer({ format: ModelFormat.of(format), accelerator }, [server], server);
  if (against.server === undefined) {
    reasons.push(...against.findings.map(({ what }) => what));
    return undefined;
  }
  const folder = VERSIONS_THERE.has(server.facts.id) ? MODELS : server.modelPath(MODELS, NAME);
  // KServe's own containers and volumes bring the files
  const model = Model.of(ModelFormat.of(format), { source: ModelSource.inImage(folder), size: request.model.size, loadTime: request.model.loadTime });
  const { plan, launch } = decide({ ...bareRequest(NAME, model, request), server, servers: [server], accelerator }, server, against.protocol!);
  const { files = [], command } = launch;
  const unable = [
    ...[...server._findings, ...(launch.findings ?? [])].filter(({ severity }) => severity === Severity.ERROR).map(({ what }) => what),
    ...(server.modelPath('', NAME).endsWith('/1') ? ["'versionFolder' moves the model's files, and KServe puts them where it does"] : []),
    ...(files.some(({ path }) => path.startsWith(MODELS)) ? ["a file of its configuration lies among the model's, which KServe mounts read-only"] : []),
    ...(files.length > 0 && command === undefined ? ['it needs a file, and its command is not known'] : []),
  ];
  if (unable.length > 0) {
    reasons.push(...unable);
    return undefined;
  }
  return assembled(plan, files, launch.metricsPort ?? launch.httpPort, accelerator);
}

/** What of a planned pod a runtime can say. */
function assembled(plan: ServicePlan, files: readonly ServerFile[], metricsPort: number | undefined, accelerator: Accelerator | undefined): Omit<PlannedRuntime, 'name' | 'formats'> {
  const pod = podSpecOf(plan.groups[0]!.template);
  const [server] = objectsIn(pod.containers);
  const written = files.length === 0 ? server! : withFiles(server!, files);
  const { nodeSelector, affinity, tolerations } = pod;
  return {
    server: plan.server, protocols: plan.protocols.map(({ name }) => KSERVE_PROTOCOLS[name]).filter((name) => name !== undefined),
    metrics: plan.metricsPath === undefined || metricsPort === undefined ? undefined : { port: metricsPort, path: plan.metricsPath },
    graceSeconds: plan.timing.grace, accelerated: accelerator !== undefined, scheduling: { nodeSelector, affinity, tolerations },
    container: { ...filled(written) as { [key: string]: Json }, name: KSERVE_CONTAINER },
    volumes: objectsIn(pod.volumes).map((volume) => (volume.configMap === undefined ? volume : { name: volume.name!, emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } })),
  };
}

/** Texts in which KServe fills in the name alone: any other '{{' would begin an action of Go's templates. */
function filled(value: Json): Json {
  if (typeof value === 'string') return value.replace(/\{\{(?!\.Name\}\})/g, '{{`{{`}}');
  if (Array.isArray(value)) return value.map(filled);
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filled(one)])) : value;
}

/**
 * The server's own files, written as it starts: a ConfigMap would have to be in each service's namespace, and KServe fills in the service's name
 * only in fields of the container.
 */
function withFiles(server: { [key: string]: Json }, files: readonly ServerFile[]): { [key: string]: Json } {
  const paths = new Set(files.map(({ path }) => path));
  const mounts = objectsIn(server.volumeMounts);
  const volume = mounts.find((mount) => paths.has(mount.mountPath as string))!.name!;
  const folders = [...new Set(files.map(({ path }) => path.slice(0, path.lastIndexOf('/'))))];
  const script = files.map(({ path }, i) => `printf %s "$SERVING_FILE_${i}" > ${path}`).join(' && ');
  return {
    ...server,
    command: ['/bin/sh', '-ec', `${script} && exec "$@"`, 'start', ...(server.command as Json[])],
    env: [...files.map(({ content }, i) => ({ name: `SERVING_FILE_${i}`, value: content })), ...objectsIn(server.env)],
    volumeMounts: [...mounts.filter((mount) => !paths.has(mount.mountPath as string)), ...folders.map((mountPath) => ({ name: volume, mountPath }))],
  };
}


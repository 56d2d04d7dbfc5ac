import { CodeDelivery } from '../../describe/python-code';
import { FileOrigin } from '../../describe/mounted-file';
import { ServerLaunch } from '../../describe/server/server-definition';
import { contentHash } from '../hash';
import { JsonObject, PlannedConfig, ServiceRequest } from '../service-plan';

/** Where mounted code lies in the container. */
export const CODE_ROOT = '/mnt/code';

/** Files beside the model: volumes, mounts and the ConfigMaps that hold them. */
export interface PlannedFiles {
  readonly configs: PlannedConfig[];
  readonly volumes: JsonObject[];
  readonly mounts: JsonObject[];
}

/** Plans the server's own files, inline files, files from ConfigMaps and Secrets, mounted code and writable folders. */
export function planFiles(request: ServiceRequest, launch: ServerLaunch): PlannedFiles {
  const configs: PlannedConfig[] = [];
  const volumes: JsonObject[] = [];
  const mounts: JsonObject[] = [];

  const inline = [
    ...(launch.files ?? []),
    ...request.files.filter((file) => file.origin === FileOrigin.INLINE).map((file) => ({ path: file.path, content: file.content ?? '' })),
  ];
  if (inline.length > 0) {
    const keys = uniqueKeys(inline.map((file) => file.path.slice(1)));
    const config = configNamedByContent(request, 'Config', Object.fromEntries(inline.map((file, i) => [keys[i]!, file.content])));
    const whole = launch.filesFolder;
    const inWhole = (path: string): boolean => whole !== undefined && path.startsWith(`${whole}/`);
    configs.push(config);
    if (whole !== undefined) {
      const items = inline.map((file, i) => ({ key: keys[i]!, path: file.path })).filter((item) => inWhole(item.path));
      volumes.push({ name: 'settings', configMap: { name: config.name, items: items.map(({ key, path }) => ({ key, path: path.slice(whole.length + 1) })) } });
      mounts.push({ name: 'settings', mountPath: whole, readOnly: true });
    }
    if (!inline.every((file) => inWhole(file.path))) volumes.push({ name: 'config', configMap: { name: config.name } });
    inline.forEach((file, i) => { if (!inWhole(file.path)) mounts.push({ name: 'config', mountPath: file.path, subPath: keys[i]!, readOnly: true }); });
  }

  const sources = new Map<string, string>();
  for (const file of request.files) {
    if (file.origin === FileOrigin.INLINE) continue;
    const id = `${file.origin}/${file.source}`;
    if (!sources.has(id)) {
      const name = `files-${sources.size}`;
      sources.set(id, name);
      volumes.push(file.origin === FileOrigin.SECRET ? { name, secret: { secretName: file.source! } } : { name, configMap: { name: file.source! } });
    }
    mounts.push({ name: sources.get(id)!, mountPath: file.path, subPath: file.key!, readOnly: true });
  }

  const code = request.model.code;
  if (code?.delivery === CodeDelivery.MOUNT && code.files.length > 0) {
    const keys = uniqueKeys(code.files.map((file) => file.path));
    const entries = (binary: boolean): { [key: string]: string } => Object.fromEntries(code.files.map((file, i) => [file, keys[i]!] as const).filter(([file]) => (file.binary ?? false) === binary).map(([file, key]) => [key, file.content]));
    const config = configNamedByContent(request, 'Code', entries(false), entries(true));
    configs.push(config);
    volumes.push({ name: 'code', configMap: { name: config.name, items: code.files.map((file, i) => ({ key: keys[i]!, path: file.path })) } });
    mounts.push({ name: 'code', mountPath: CODE_ROOT, readOnly: true });
  }

  (launch.writable ?? []).forEach((folder, i) => {
    const name = folder.path === '/tmp' ? 'tmp' : folder.path === '/dev/shm' ? 'shm' : `writable-${i}`;
    volumes.push({ name, emptyDir: { medium: folder.memory ? 'Memory' : undefined, sizeLimit: `${folder.limitMib ?? 1024}Mi` } });
    mounts.push({ name, mountPath: folder.path });
  });
  for (const { volume, path, readOnly } of request.volumes) {
    if (!volumes.some((other) => JSON.stringify(other) === JSON.stringify(volume))) volumes.push(volume);
    mounts.push({ name: volume.name, mountPath: path, readOnly: readOnly ? true : undefined });
  }
  volumes.push(...request.sharedVolumes);
  return { configs, volumes, mounts };
}

/** A ConfigMap whose name follows its content: pods that run keep theirs, new ones get the new one. */
export function configNamedByContent(request: ServiceRequest, id: PlannedConfig['id'], data: { [key: string]: string }, binaryData: { [key: string]: string } = {}): PlannedConfig {
  const name = `${request.name}-${id.toLowerCase()}-${contentHash(Object.entries({ ...data, ...binaryData }), 8)}`;
  return Object.keys(binaryData).length === 0 ? { id, name, data } : { id, name, data, binaryData };
}

/** Paths as keys of a ConfigMap, which hold no '/'. */
function uniqueKeys(paths: readonly string[]): string[] {
  const taken = new Set<string>();
  return paths.map((path, i) => {
    const key = path.replace(/[^-._a-zA-Z0-9]/g, '.');
    const unique = taken.has(key) ? `${i}.${key}` : key;
    taken.add(unique);
    return unique;
  });
}

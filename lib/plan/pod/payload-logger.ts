import { bytesOf } from '../../describe/checks/shape';
import { Detector } from '../../describe/around/detector';
import { PayloadFormat, PayloadMode } from '../../describe/monitoring/payload-logging';
import { ServerDefinition, ServerLaunch } from '../../describe/server/server-definition';
import { isObject, mebibytes, objectsIn } from '../json';
import { programFiles } from '../program-files';
import { Json, JsonObject, PlannedConfig, ServiceRequest } from '../service-plan';
import { configNamedByContent } from './files';
import { restricted } from './security';

/** Name of the logger's container. */
export const LOGGER_CONTAINER = 'payload-logger';
/** Name of the container port on which it tells of itself. */
export const LOGGER_METRICS_PORT = 'log-metrics';
/** The server's HTTP port, as its own container names it where the logger has its name. */
export const BEHIND_LOGGER = 'model';

const FOLDER = '/logger';
const PORTS = { http: 18_080, metrics: 19_095 };
const MOST_BYTES = 2 ** 20;
const QUEUE_BYTES = 32 * 2 ** 20;
/** Bytes of Python and of what is being passed on. */
const BASE_BYTES = 96 * 2 ** 20;
/** Seconds for what is left, from the end of the server on. */
export const LOGGER_STOP_SECONDS = 5;

/** The logger beside a server: a container, and what takes the place of the server's HTTP port. */
export interface PlannedLogger {
  readonly port: number;
  readonly metricsPort: number;
  readonly container: JsonObject;
  readonly volume: JsonObject;
  readonly config: PlannedConfig;
}

/** Plans the payload logger; none where nothing is logged, the engine does it, or there is no HTTP to stand before. */
export function planLogger(request: ServiceRequest, server: ServerDefinition, launch: ServerLaunch): PlannedLogger | undefined {
  const logging = request.payloadLogging;
  // in servers that others share there is no place for it
  const sinks = (logging === undefined ? 0 : 1) + (request.engine.stockCompanions === true ? 0 : request.detectors.length);
  if (sinks === 0 || request.engine.logger !== undefined || launch.httpPort === undefined) return undefined;
  const taken = new Set([launch.httpPort, launch.grpcPort, launch.metricsPort]);
  const free = (port: number): number => (taken.has(port) ? port + 1 : port);
  const [port, metricsPort] = [free(PORTS.http), free(PORTS.metrics)];
  const queueBytes = logging?._props.queue === undefined ? QUEUE_BYTES : bytesOf(logging._props.queue);
  const settings = settingsOf(request, { port, metricsPort, target: launch.httpPort, queueBytes, paths: server.exposedPaths() });
  const config = configNamedByContent(request, 'PayloadLogger', { ...programFiles('payload-logger'), 'settings.json': `${JSON.stringify(settings, null, 1)}\n` });
  // copies wait in the queue, are made into events, and those into a message
  const memory = mebibytes(BASE_BYTES + 3 * queueBytes * sinks);
  return {
    port, metricsPort, config,
    volume: { name: LOGGER_CONTAINER, configMap: { name: config.name } },
    container: {
      name: LOGGER_CONTAINER,
      image: request.cluster.image(request.defaults.pythonImage),
      // a sidecar of Kubernetes' own kind: it is there before the server takes requests, and goes after it has ended
      restartPolicy: 'Always',
      command: ['python3', `${FOLDER}/logger.py`, `${FOLDER}/settings.json`],
      env: [
        { name: 'PYTHONDONTWRITEBYTECODE', value: '1' },
        { name: 'POD_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
        ...(logging?._secretName === undefined ? [] : [{ name: 'SINK_AUTHORIZATION', valueFrom: { secretKeyRef: { name: logging._secretName, key: 'authorization' } } }]),
      ],
      ports: [{ name: 'http', containerPort: port, protocol: 'TCP' }, { name: LOGGER_METRICS_PORT, containerPort: metricsPort, protocol: 'TCP' }],
      resources: { requests: { cpu: '100m', memory }, limits: { memory } },
      startupProbe: { tcpSocket: { port: 'http' }, periodSeconds: 1, timeoutSeconds: 5, failureThreshold: 60 },
      livenessProbe: { httpGet: { path: '/metrics', port: LOGGER_METRICS_PORT }, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 },
      volumeMounts: [{ name: LOGGER_CONTAINER, mountPath: FOLDER, readOnly: true }],
      lifecycle: loggerEnds(),
      terminationMessagePolicy: 'FallbackToLogsOnError',
      securityContext: restricted({ user: 65_534 }),
    },
  };
}

/**
 * What the logger is told when its pod begins to end, as the server sleeps: a connection that a client keeps would be closed by the server under a request.
 * @param seconds how long it is to stay, where it is no sidecar of Kubernetes' own kind.
 */
export function loggerEnds(seconds?: number): { [key: string]: Json } {
  const program = seconds === undefined ? 'import os, signal; os.kill(1, signal.SIGUSR1)' : `import os, signal, time; os.kill(1, signal.SIGUSR1); time.sleep(${seconds})`;
  return { preStop: { exec: { command: ['python3', '-c', program] } } };
}

interface Places { readonly port: number; readonly metricsPort: number; readonly target: number; readonly queueBytes: number; readonly paths: readonly string[] }

/** What the program reads. */
function settingsOf(request: ServiceRequest, places: Places): JsonObject {
  const logging = request.payloadLogging;
  const { headers, exclude, maxPayload } = logging?._props ?? {};
  return {
    ...places, ...(logging === undefined ? {} : { url: logging.url, format: logging.format, mode: logging.mode, samplePercent: logging.samplePercent }), headers: headers ?? [], exclude: exclude ?? [],
    // what is asked of the server itself is no prediction
    notPaths: ['/v2/repository'],
    mostBytes: maxPayload === undefined ? MOST_BYTES : bytesOf(maxPayload), stopSeconds: LOGGER_STOP_SECONDS,
    ...(request.detectors.length === 0 ? {} : { detectors: request.detectors.map(({ what }) => detectorSink(request, what)) }),
    source: `http://${request.name}${request.namespace === undefined ? '' : `.${request.namespace}`}`, service: request.name, version: request.model.version ?? null,
  };
}

/** A detector is sent requests as they are: the body of a binary CloudEvent is a request of the Open Inference Protocol. */
function detectorSink(request: ServiceRequest, detector: Detector): JsonObject {
  return { name: detector.name, url: detectorUrl(request, detector), format: PayloadFormat.BINARY, mode: PayloadMode.REQUESTS, samplePercent: detector._props.samplePercent ?? 100 };
}

/** Where a detector takes requests. */
export function detectorUrl(request: ServiceRequest, detector: Detector): string {
  const name = `${request.name}-${detector.name}`;
  return `http://${name}${request.namespace === undefined ? '' : `.${request.namespace}`}/v2/models/${name}/infer`;
}

/** The logger's container where another one's port has the name of HTTP, by which callers are led: it is then known by its number alone. */
export function withoutHttpName(logger: { [key: string]: Json }): { [key: string]: Json } {
  const ports = objectsIn(logger.ports);
  const http = ports.find(({ name }) => name === 'http');
  if (http === undefined) return logger;
  const probe = isObject(logger.startupProbe) ? logger.startupProbe : {};
  return { ...logger, ports: ports.filter((port) => port !== http), startupProbe: { ...probe, tcpSocket: { port: http.containerPort ?? null } } };
}

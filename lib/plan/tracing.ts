import { ServedTracing, ServerDefinition } from '../describe/server/server-definition';
import { JsonObject, ServiceRequest } from './service-plan';

/** Where a server is to send traces; none where it makes none, or has no address for its way. */
export function planTracing(request: ServiceRequest, server: ServerDefinition): ServedTracing | undefined {
  const able = server.facts.tracing;
  const address = able?.http ? request.tracing?.http : request.tracing?.grpc;
  if (able === undefined || request.tracing === undefined || address === undefined) return undefined;
  return { address, serviceName: request.name, samplePercent: request.tracing.samplePercent };
}

/** What is sent with all spans: OpenTelemetry's own variable, from a Secret. */
export function tracingHeaders(request: ServiceRequest): JsonObject[] {
  const name = request.tracing?._headersSecretName;
  return name === undefined ? [] : [{ name: 'OTEL_EXPORTER_OTLP_HEADERS', valueFrom: { secretKeyRef: { name, key: 'headers' } } }];
}

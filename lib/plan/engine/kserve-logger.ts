import { PayloadMode } from '../../describe/monitoring/payload-logging';
import { detectorUrl } from '../pod/payload-logger';
import { ServiceRequest } from '../service-plan';

/** What an engine that logs payloads itself is told of it. */
export interface EngineLogger {
  /** Where events are posted to. */
  readonly url: string;
  readonly mode: PayloadMode;
  /** Headers of requests that are logged, as HTTP writes them. */
  readonly headers: readonly string[];
}

/**
 * KServe's own logger, which posts each half of a prediction as a binary CloudEvent to one address. It compares names of headers with their canonical form.
 * Source: https://github.com/kserve/kserve/blob/v0.20.0/pkg/logger/handler.go
 */
export function kserveLogger(request: ServiceRequest): EngineLogger | undefined {
  const { payloadLogging, detectors: [detector] } = request;
  if (payloadLogging !== undefined) return { url: payloadLogging.url, mode: payloadLogging.mode, headers: (payloadLogging._props.headers ?? []).map(canonical) };
  return detector && { url: detectorUrl(request, detector.what), mode: PayloadMode.REQUESTS, headers: [] };
}

/** `x-request-id` as `X-Request-Id`. */
function canonical(header: string): string {
  return header.split('-').map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join('-');
}

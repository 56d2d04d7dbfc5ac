import { PayloadFormat } from '../../describe/monitoring/payload-logging';
import { Finding, ProblemKind } from '../../describe/problem';
import { Rule } from './rule';

const UNABLE = ProblemKind.error('SERVING_KSERVE_LOGGER', "What KServe's own payload logger can not do", 'It posts each half of every prediction, whole, to one address: it would do so whatever else was asked for.');
const WAITS = ProblemKind.warning('SERVING_KSERVE_LOGGER_WAITS', 'A payload logger for which requests wait', 'It holds 100 events, and lets the next request wait until the sink has taken one of them; it counts nothing.');
const SOURCE = 'https://github.com/kserve/kserve/blob/v0.20.0/pkg/logger/worker.go';

/** An engine that logs payloads itself can log them as it is asked to. */
export const kserveLogger: Rule = {
  check: ({ request, plan }) => {
    if (plan.engineLogger === undefined) return [];
    const { payloadLogging: logging, detectors } = request;
    const sinks = [...(logging === undefined ? [] : ['payloadLogging']), ...detectors.map(({ what }) => `the detector '${what.name}'`)];
    const { samplePercent = 100, exclude = [], maxPayload, queue } = logging?._props ?? {};
    const odd = [
      ...(sinks.length > 1 ? [`${sinks.length} sinks (${sinks.join(', ')})`] : []),
      ...(samplePercent === 100 ? [] : [`'samplePercent: ${samplePercent}'`]),
      ...detectors.filter(({ what }) => (what._props.samplePercent ?? 100) !== 100).map(({ what }) => `'samplePercent: ${what._props.samplePercent}' of the detector '${what.name}'`),
      ...(exclude.length === 0 ? [] : ["'exclude'"]), ...(maxPayload === undefined ? [] : ["'maxPayload'"]), ...(queue === undefined ? [] : ["'queue'"]),
      ...(logging?._secretName === undefined ? [] : ["'authorizationSecretName'"]), ...(logging?.format === PayloadFormat.KAFKA ? ["a bridge into Kafka"] : []),
    ];
    const findings: Finding[] = odd.map((one) => UNABLE.found({ what: `${request.engine.title} can't log with ${one} (${SOURCE})`, got: one, fix: 'leave it out, have the sink do it, or use KServeMode.STANDARD' }));
    return [...findings, WAITS.found({ what: `requests wait for '${plan.engineLogger.url}' when it falls behind (${SOURCE})`, fix: 'give the sink room for all requests and acknowledge it, or use KServeMode.STANDARD' })];
  },
};

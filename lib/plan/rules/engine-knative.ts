import { ScalingSignalKind } from '../../describe/scaling';
import { Finding, ProblemKind } from '../../describe/problem';
import { featuresOf, knativeSpec, refusedByKnative } from '../engine/knative-pod';
import { Rule, RuleContext } from './rule';

const FEATURE = ProblemKind.error('SERVING_KNATIVE_FEATURE', 'A field of pods that Knative takes only where it was switched on', 'Its webhook refuses the pod: the service never starts, and its status alone says why.');
const REFUSED = ProblemKind.error('SERVING_KNATIVE_POD', 'A field of pods that Knative refuses', 'The service would never start, and its status alone says why.');
const SCALING = ProblemKind.error('SERVING_KNATIVE_SCALING', "A scaling that Knative's autoscaler can not do", 'It follows one signal, the requests that it counts itself, and nothing else would be told.');
const TIMEOUT = ProblemKind.warning('SERVING_KNATIVE_TIMEOUT', 'A time-out of requests that Knative may refuse', 'What it takes at the most stands in its ConfigMap config-defaults, and is 600 s unless that was changed.');

/** What `max-revision-timeout-seconds` is unless it was changed. Source: https://github.com/knative/serving/blob/v0.48.1/pkg/apis/config/defaults.go */
const LONGEST_TIMEOUT = 600;

/** What Knative Serving asks of pods, scaling and time-outs. */
export const engineKnative: Rule = {
  check: (context) => [...pod(context), ...scaling(context), ...timeout(context)],
};

function pod({ request: { engine }, plan }: RuleContext): Finding[] {
  const spec = knativeSpec(plan.groups[0]!.template);
  const refused = refusedByKnative(spec);
  const missing = featuresOf(spec).filter((one) => !engine.features!.includes(one));
  return [
    ...(refused.length === 0 ? [] : [REFUSED.found({ what: `Knative takes no ${refused.join(', no ')}`, got: refused, fix: 'leave it out, or use KServeMode.STANDARD' })]),
    ...(missing.length === 0 ? [] : [FEATURE.found({
      what: `the pods need ${missing.map((one) => `'${one}'`).join(', ')} of Knative's ConfigMap config-features`, got: engine.features!.join(', ') || 'none', allowed: missing.join(', '),
      fix: "set them to 'enabled' there and say them as 'knativeFeatures' of EngineBackend.kserve, or use KServeMode.STANDARD",
    })]),
  ];
}

function scaling({ request: { scaling: given, engine }, plan: { copies } }: RuleContext): Finding[] {
  if (given === undefined || given._findings.length > 0) return [];
  const others = copies.signals.filter(({ kind }) => !engine.follows!.includes(kind));
  const odd = [
    ...(copies.signals.length > 1 ? ['several signals'] : []),
    // of CPU, events and others the table of capabilities tells
    ...others.filter(({ kind }) => MEASURED.has(kind)).map(({ name }) => name),
    ...copies.signals.filter(({ kind, target }) => engine.follows!.includes(kind) && !Number.isInteger(target)).map(({ target }) => `a target of ${target}`),
    ...(copies.signals.some(({ standby }) => standby !== undefined) ? ["'standby'"] : []), ...(given.fallbackReplicas === undefined ? [] : ["'fallbackReplicas'"]),
    ...(given.wakes.length === 0 ? [] : ["'wake'"]), ...(given.autoscaler === undefined ? [] : ["'autoscaler'"]),
  ];
  return odd.length === 0 ? [] : [SCALING.found({ what: `Knative's autoscaler can't do with ${odd.join(', ')}`, got: odd, allowed: 'Scaling.onConcurrency or onRequestRate alone, with a whole number as target', fix: 'leave it out, or use KServeMode.STANDARD' })];
}

const MEASURED: ReadonlySet<ScalingSignalKind> = new Set([ScalingSignalKind.QUEUE_DEPTH, ScalingSignalKind.TOKENS, ScalingSignalKind.KV_CACHE, ScalingSignalKind.GPU, ScalingSignalKind.CUSTOM_METRIC]);

function timeout({ plan: { timing } }: RuleContext): Finding[] {
  return timing.request <= LONGEST_TIMEOUT ? [] : [TIMEOUT.found({ what: `an answer may take ${timing.request} s`, got: `${timing.request} s`, allowed: `${LONGEST_TIMEOUT} s`, fix: "raise 'max-revision-timeout-seconds' of Knative's ConfigMap config-defaults and acknowledge this, or lower 'requestTimeout'" })];
}

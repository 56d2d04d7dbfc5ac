import { GateAction } from '../../../describe/rollout/gate';
import { RolloutControllerKind } from '../../../describe/rollout/controller';
import { PlannedGate } from '../gates';
import { argoPace, ERROR_RETRY_SECONDS, flaggerPace, STORE_ERRORS, waitsBeforehand } from '../pace';
import { ReleasePlan } from '../release-plan';
import { ReleaseGate } from './explanation';
import { time } from './words';

const NOTHING = 'it asks no metrics';
const THEN: { readonly [action in GateAction]: string } = { [GateAction.PAUSE]: 'the release waits for a person', [GateAction.ABORT]: 'taken back', [GateAction.PROCEED]: 'goes on, unjudged' };

/** The gates of a release, and what follows from what they find. */
export function explainGates(release: ReleasePlan): ReleaseGate[] {
  const judged = release.gates.map((gate) => (release.controller === RolloutControllerKind.FLAGGER ? byFlagger(gate, release) : byArgo(gate, release)));
  const asked = { few: NOTHING, noData: NOTHING, metricsDown: NOTHING };
  return [
    ...(release.golden === undefined ? [] : [{ name: 'golden', says: `${release.golden.requests.length} golden ${release.golden.requests.length === 1 ? 'request is' : 'requests are'} answered right`, bad: 'taken back at once', ...asked }]),
    ...judged,
    ...(release.persons.length === 0 ? [] : [{ name: 'person', says: 'a person says yes', bad: 'as the person says', ...asked }]),
  ];
}

function byArgo(gate: PlannedGate, release: ReleasePlan): ReleaseGate {
  const { intervalSeconds, delaySeconds, measurements } = release;
  const pace = argoPace(gate, release);
  const until = (count: number, delay = delaySeconds): string => time(delay + (count - 1) * intervalSeconds);
  const blind = `waits up to ${until(pace.count)}, then the release waits for a person`;
  const beforehand = waitsBeforehand(gate, release);
  // of a gate that only waits out one of both, the other is decided by its own measure
  const few = gate.volumeQuery === undefined ? blind
    : gate.onFew === GateAction.PAUSE && !beforehand ? blind : `waits up to ${until(pace.volume, pace.volumeDelay)} for ${gate.minRequests} requests within ${time(gate.windowSeconds)}, then ${THEN[gate.onFew]}`;
  return {
    name: gate.name, says: gate.says, query: gate.query,
    bad: `${gate.failureLimit === 0 ? 'taken back at once' : `${gate.failureLimit} forgiven, then taken back`}; ${measurements} good ones in a row, ${time(intervalSeconds)} apart, pass`,
    few: gate.volumeQuery !== undefined && few === blind ? blind.replace(',', ` for ${gate.minRequests} requests within ${time(gate.windowSeconds)},`) : few,
    noData: gate.presenceQuery === undefined ? blind : `after ${until(pace.presence)}: ${THEN[gate.onNoData]}`,
    metricsDown: `taken back after ${STORE_ERRORS + 1} failed answers, ${ERROR_RETRY_SECONDS} s apart`,
  };
}

function byFlagger(gate: PlannedGate, release: ReleasePlan): ReleaseGate {
  const { threshold, interval } = flaggerPace(release);
  const fails = `a failed check; ${threshold === 1 ? 'taken back at the next one' : `taken back after ${threshold}, however far apart`}`;
  return {
    name: gate.name, says: gate.says, query: gate.query, bad: `${fails} (checks are ${time(interval)} apart)`,
    few: gate.onFew === GateAction.PROCEED ? THEN[GateAction.PROCEED] : fails, noData: gate.onNoData === GateAction.PROCEED ? THEN[GateAction.PROCEED] : fails, metricsDown: fails,
  };
}

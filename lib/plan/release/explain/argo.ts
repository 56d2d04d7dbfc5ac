import { TrafficRouterKind } from '../../../describe/rollout/controller';
import { RolloutKind } from '../../../describe/rollout/rollout';
import { ServicePlan } from '../../service-plan';
import { goldenDeadline, judgedSeconds, keptSeconds } from '../pace';
import { ReleaseActor, ReleaseCommand, ReleaseStep } from './explanation';
import { audience, inNamespace, measured, takenBackBy, time } from './words';

/** Seconds that Argo Rollouts keeps the old copies after the last step, where a router sends requests and nothing else is said. Source: https://github.com/argoproj/argo-rollouts/blob/v1.9.0/utils/defaults/defaults.go */
const SCALE_DOWN_SECONDS = 30;

/** The steps of a release by Argo Rollouts. */
export function argoSteps(plan: ServicePlan): ReleaseStep[] {
  const release = plan.release!;
  if (release.kind === RolloutKind.BLUE_GREEN) return blueGreen(plan);
  return release.kind === RolloutKind.CANARY ? canary(plan) : trial(plan);
}

/** What people do with a release by Argo Rollouts. */
export function argoCommands(plan: ServicePlan): ReleaseCommand[] {
  const command = (verb: string, tail = ''): string => `kubectl argo rollouts ${verb} ${plan.name}${inNamespace(plan)}${tail}`;
  const { rollbackWindow } = plan.release!;
  return [
    { purpose: 'watch it', command: command('get rollout', ' --watch') },
    { purpose: plan.release!.persons.length > 0 ? "a person's yes, and on after a pause" : 'on after a pause', command: command('promote') },
    { purpose: 'take it back now', command: command('abort') },
    { purpose: 'try the same version again after it was taken back', command: command('retry rollout') },
    { purpose: rollbackWindow > 0 ? `the version before, at once and without steps (up to ${rollbackWindow} revisions back); then put it into the program` : 'the version before, by the same steps; then put it into the program', command: command('undo') },
  ];
}

/** Copies of both versions at a share of the requests. Source: https://github.com/argoproj/argo-rollouts/blob/v1.9.0/utils/replicaset/canary.go */
function copiesAt(plan: ServicePlan, percent: number): { newCopies: number; stableCopies: number } {
  const { router, dynamicStable } = plan.release!;
  const all = plan.copies.min;
  const newCopies = Math.ceil(all * percent / 100);
  if (router === TrafficRouterKind.REPLICAS) return { newCopies, stableCopies: all - newCopies };
  return { newCopies, stableCopies: dynamicStable ? Math.ceil(all * (100 - percent) / 100) : all };
}

function canary(plan: ServicePlan): ReleaseStep[] {
  const release = plan.release!;
  const routed = release.router !== TrafficRouterKind.REPLICAS;
  const early = release.golden !== undefined && routed;
  return [
    ...(early ? [golden(plan, copiesAt(plan, release.steps[0]!).newCopies)] : []),
    ...release.steps.flatMap((percent, i) => [
      step(plan, {
        what: `${percent} % of the requests go to the new version${routed ? '' : ', as so many of the copies are new'}`, percent, ...copiesAt(plan, percent),
        gates: [...(i === 0 && !routed && release.golden !== undefined ? ['golden'] : []), ...measured(release)],
      }),
      ...(release.persons.includes(percent) ? [person({ percent, ...copiesAt(plan, percent) })] : []),
    ]),
    last(plan, routed),
  ];
}

/** A shadow or an A/B test. */
function trial(plan: ServicePlan): ReleaseStep[] {
  const release = plan.release!;
  const shadow = release.kind === RolloutKind.SHADOW;
  const newCopies = release.trialReplicas ?? Math.ceil(plan.copies.min * (shadow ? release.percent : 50) / 100);
  const both = { percent: 0, newCopies, stableCopies: plan.copies.min };
  const besides = shadow ? `copies of ${release.percent} % of the requests; nobody sees its answers` : `all ${audience(release.audience!)}`;
  return [
    ...(release.golden === undefined ? [] : [golden(plan, newCopies)]),
    step(plan, { what: shadow ? 'requests are copied to the new version' : 'the audience gets the new version', besides, ...both, gates: measured(release) }),
    ...(release.persons.length > 0 ? [person({ ...both, besides })] : []),
    last(plan, true),
  ];
}

function blueGreen(plan: ServicePlan): ReleaseStep[] {
  const release = plan.release!;
  const stableCopies = plan.copies.min;
  const preview = { percent: 0, newCopies: release.trialReplicas ?? stableCopies, stableCopies };
  const gates = measured(release);
  return [
    {
      ...golden(plan, preview.newCopies), what: `new copies come up behind ${release.trialService}; clients ask the stable version alone`, gates: release.golden === undefined ? [] : ['golden'],
      takenBackBy: takenBackBy(plan, release.golden === undefined ? [] : ['golden'], true), mostSeconds: release.progressDeadline + (release.golden === undefined ? 0 : goldenDeadline(release.golden)),
    },
    ...(release.persons.length > 0 ? [person(preview)] : []),
    {
      actor: ReleaseActor.CONTROLLER, what: preview.newCopies < stableCopies ? 'the other new copies come up, then all requests switch to the new version; the old copies stay' : 'all requests switch to the new version; the old copies stay',
      percent: 100, newCopies: stableCopies, stableCopies, leastSeconds: gates.length === 0 ? 0 : judgedSeconds(release).least, mostSeconds: gates.length === 0 ? 0 : judgedSeconds(release).most,
      gates, takenBackBy: gates.length === 0 ? [] : takenBackBy(plan, gates, false).map((why) => `${why} (all requests switch back)`),
    },
    {
      actor: ReleaseActor.CONTROLLER, what: `the old copies are kept for ${time(keptSeconds(release))} more, then they end`, percent: 100, newCopies: stableCopies, stableCopies,
      leastSeconds: keptSeconds(release), mostSeconds: keptSeconds(release), gates: [], takenBackBy: [],
    },
  ];
}

/** A share that is judged, or lasts for a time. */
function step(plan: ServicePlan, of: Pick<ReleaseStep, 'what' | 'percent' | 'besides' | 'newCopies' | 'stableCopies' | 'gates'>): ReleaseStep {
  const release = plan.release!;
  const { least, most } = judgedSeconds(release);
  const sent = of.gates.includes('golden') ? goldenDeadline(release.golden!) : 0;
  return { actor: ReleaseActor.CONTROLLER, ...of, leastSeconds: least, mostSeconds: release.progressDeadline + sent + most, takenBackBy: takenBackBy(plan, of.gates, true) };
}

/** Golden requests, before any of the clients' requests. */
function golden(plan: ServicePlan, newCopies: number): ReleaseStep {
  const release = plan.release!;
  return {
    actor: ReleaseActor.CONTROLLER, what: `${newCopies === 1 ? 'a new copy answers' : 'new copies answer'} the golden requests; clients ask the stable version alone`,
    percent: 0, newCopies, stableCopies: plan.copies.min, leastSeconds: 0, mostSeconds: release.progressDeadline + (release.golden === undefined ? 0 : goldenDeadline(release.golden)),
    gates: ['golden'], takenBackBy: takenBackBy(plan, ['golden'], true),
  };
}

function person(of: Pick<ReleaseStep, 'percent' | 'besides' | 'newCopies' | 'stableCopies'>): ReleaseStep {
  return { actor: ReleaseActor.PERSON, what: 'the release waits for a person', ...of, leastSeconds: 0, gates: ['person'], takenBackBy: ["a person's abort"] };
}

function last(plan: ServicePlan, routed: boolean): ReleaseStep {
  const seconds = routed && !plan.release!.dynamicStable ? SCALE_DOWN_SECONDS : 0;
  return {
    actor: ReleaseActor.CONTROLLER, what: `the new version gets all of its copies, then all requests${seconds > 0 ? `; the old copies end ${time(seconds)} later` : ' as the old copies end'}`, percent: 100,
    newCopies: plan.copies.min, stableCopies: 0, leastSeconds: seconds, mostSeconds: plan.release!.progressDeadline + seconds, gates: [], takenBackBy: takenBackBy(plan, [], true),
  };
}

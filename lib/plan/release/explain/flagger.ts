import { TrafficRouterKind } from '../../../describe/rollout/controller';
import { RolloutKind } from '../../../describe/rollout/rollout';
import { ServicePlan } from '../../service-plan';
import { flaggerPace } from '../pace';
import { ReleaseActor, ReleaseCommand, ReleaseStep } from './explanation';
import { audience, inNamespace, measured, time } from './words';

// What Flagger does at each check: https://github.com/fluxcd/flagger/blob/v1.36.1/pkg/controller/scheduler.go

/** The steps of a release by Flagger. */
export function flaggerSteps(plan: ServicePlan): ReleaseStep[] {
  const release = plan.release!;
  const { interval, threshold, iterations } = flaggerPace(release);
  const both = { newCopies: plan.copies.min, stableCopies: plan.copies.min };
  const gates = measured(release);
  const late = [`no progress of the new copies for ${time(release.progressDeadline)}`];
  const failed = gates.length === 0 ? [] : [threshold === 1 ? 'one failed check' : `${threshold} failed checks`];
  const checked = (checks: number): Pick<ReleaseStep, 'actor' | 'gates' | 'leastSeconds' | 'mostSeconds' | 'takenBackBy'> => ({
    actor: ReleaseActor.CONTROLLER, gates, leastSeconds: checks * interval, mostSeconds: (checks + threshold - 1) * interval, takenBackBy: failed,
  });
  const routed = release.router !== TrafficRouterKind.REPLICAS;
  const steps: ReleaseStep[] = [{
    actor: ReleaseActor.CONTROLLER, what: `Flagger sees the change at its next check (each ${time(interval)}) and starts the new copies`, percent: 0, ...both, leastSeconds: 0, mostSeconds: interval + release.progressDeadline, gates: [], takenBackBy: late,
  }];
  let percent = 0;
  let besides: string | undefined;
  switch (release.kind) {
    case RolloutKind.CANARY:
      steps.push(...release.steps.map((share) => ({ ...checked(1), what: `${share} % of the requests go to the new version`, percent: share, ...both })));
      percent = release.steps[release.steps.length - 1] ?? 0;
      break;
    case RolloutKind.AB_TEST:
      besides = `all ${audience(release.audience!)}`;
      steps.push({ ...checked(iterations), what: 'the audience gets the new version', percent: 0, besides, ...both });
      break;
    case RolloutKind.SHADOW:
      steps.push({ ...checked(iterations), what: 'requests are copied to the new version', percent: 0, besides: `copies of ${release.percent} % of the requests; nobody sees its answers`, ...both });
      break;
    default: steps.push({ ...checked(iterations), what: `the new version is checked behind ${release.trialService}; clients ask the stable version alone`, percent: 0, ...both });
  }
  if (release.persons.length > 0) {
    steps.push({ actor: ReleaseActor.PERSON, what: 'the release waits for a person', percent, besides, ...both, leastSeconds: 0, gates: ['person'], takenBackBy: failed });
  }
  if (routed && (release.kind === RolloutKind.BLUE_GREEN || release.kind === RolloutKind.SHADOW)) {
    steps.push({ ...checked(1), what: 'all requests switch to the new copies', percent: 100, ...both });
    percent = 100;
  }
  return [
    ...steps,
    {
      actor: ReleaseActor.CONTROLLER, what: `${plan.groups[0]!.name}-primary is updated to the new version, copy by copy`, percent, besides, ...both, leastSeconds: 0, mostSeconds: release.progressDeadline, gates: [], takenBackBy: late,
    },
    {
      actor: ReleaseActor.CONTROLLER, what: `all requests go to ${plan.groups[0]!.name}-primary, then the copies of the trial end`, percent: 100, newCopies: plan.copies.min, stableCopies: 0,
      leastSeconds: 2 * interval, mostSeconds: 2 * interval, gates: [], takenBackBy: [],
    },
  ];
}

/** What people do with a release by Flagger. */
export function flaggerCommands(plan: ServicePlan): ReleaseCommand[] {
  const at = inNamespace(plan);
  const { loadTesterUrl, persons } = plan.release!;
  const gate = (verb: string): string => `curl -d '{"name": "${plan.name}", "namespace": "${plan.namespace ?? 'default'}"}' ${loadTesterUrl}/gate/${verb}`;
  return [
    { purpose: 'watch it', command: `kubectl get canary ${plan.name}${at} --watch` },
    { purpose: 'why it halts', command: `kubectl describe canary ${plan.name}${at}` },
    ...(persons.length === 0 || loadTesterUrl === undefined ? [] : [
      { purpose: "a person's yes, from inside of the cluster", command: gate('open') }, { purpose: 'close the gate again, before the next release', command: gate('close') },
    ]),
    { purpose: 'take it back now: put the old model back into the program and apply; Flagger sends all requests to the primary and begins again', command: 'kubectl apply --server-side -f dist/' },
  ];
}

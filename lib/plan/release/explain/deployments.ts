import { RolloutKind } from '../../../describe/rollout/rollout';
import { ServicePlan } from '../../service-plan';
import { ReleaseActor, ReleaseCommand, ReleaseStep } from './explanation';
import { audience, inNamespace, startSeconds, time } from './words';

/** The steps of a release on plain Deployments: each is a change of the program. */
export function deploymentSteps(plan: ServicePlan): ReleaseStep[] {
  const release = plan.release!;
  const newCopies = release.candidate?.replicas ?? plan.copies.min;
  const both = { newCopies, stableCopies: plan.copies.min };
  const change = (what: string, of: Pick<ReleaseStep, 'percent' | 'newCopies' | 'stableCopies' | 'besides'>, back: string): ReleaseStep => ({ actor: ReleaseActor.YOU, what, ...of, leastSeconds: 0, gates: [], takenBackBy: [`you: ${back}`] });
  const candidate = (percent: number, back: string): ReleaseStep => change(`candidate: Candidate.of({ model: NEW, percent: ${percent} })`, { percent, ...both }, back);
  const comesUp = candidate(0, 'take the candidate out');
  const own = 'all requests go to the service\'s own copies, which are new by now';
  const model = change('model: NEW, the candidate stays: copy by copy, the service\'s own become new ones, while the candidate answers', { percent: 100, ...both }, 'percent and model back, in this order');
  const out = (what: string): ReleaseStep => change(what, { percent: 100, newCopies: plan.copies.min, stableCopies: 0 }, 'begin again, with the old model as the candidate');
  switch (release.kind) {
    case RolloutKind.CANARY: return [comesUp, ...[...release.steps, 100].map((percent) => candidate(percent, 'percent: 0')), model,
      // a proxy may forget a backend before its routes do, and what still goes there is lost: by Contour 1.33 and Envoy a request in 2 of 7 tries, in none of 7 where its share was 0
      change(`candidate: Candidate.of({ model: NEW, percent: 0 }): ${own}`, { percent: 100, ...both }, 'percent: 100'), out('take the candidate out, which gets no requests any more')];
    case RolloutKind.BLUE_GREEN: return [comesUp, candidate(100, 'percent: 0, and all requests switch back'), model, out(`take the candidate out: ${own}`)];
    default: {
      const shadow = release.kind === RolloutKind.SHADOW;
      const percent = release.candidate?.percent ?? release.percent;
      const besides = shadow ? `copies of ${percent} % of the requests; nobody sees its answers` : `all ${audience(release.audience!)}`;
      return [
        change(`candidate: Candidate.of({ model: NEW${shadow ? `, percent: ${percent}` : ''} })`, { percent: 0, ...both, besides }, 'take the candidate out'),
        change(`model: NEW, the candidate stays: copy by copy, the service's own become new ones${shadow ? '' : '; the audience notices nothing'}`, { percent: 0, ...both, besides }, 'model back to the old one'),
        change('take the candidate out', { percent: 100, newCopies: plan.copies.min, stableCopies: 0 }, 'model back to the old one: an update like any other'),
      ];
    }
  }
}

/** What people do with a release on plain Deployments. */
export function deploymentCommands(plan: ServicePlan): ReleaseCommand[] {
  // that of a candidate, which need not be there yet, is named as the service's own
  const workload = (group: string): string => plan.groups.find(({ name }) => name === group)?.workload.name ?? plan.groups[0]!.workload.name.replace(plan.name, group);
  const status = (group: string): string => `kubectl rollout status deployment/${workload(group)}${inNamespace(plan)}`;
  return [
    { purpose: `after each change: apply it, what is no longer there last (a start takes about ${time(startSeconds(plan))})`, command: 'kubectl apply --server-side -f dist/' },
    { purpose: 'before the next change: the new copies are ready', command: status(plan.release!.trialService) },
    { purpose: "before the candidate is taken out: the service's own copies are new", command: status(plan.name) },
  ];
}

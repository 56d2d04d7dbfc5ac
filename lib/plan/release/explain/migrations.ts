import { RolloutControllerKind } from '../../../describe/rollout/controller';
import { ExposureKind } from '../../../describe/exposure';
import { ServicePlan } from '../../service-plan';
import { ReleaseMigration } from './explanation';
import { inNamespace, time } from './words';

/** Ways into and out of a controller's care, without fewer copies than run. */
export function migrationsOf(plan: ServicePlan): ReleaseMigration[] {
  switch (plan.release!.controller) {
    case RolloutControllerKind.ARGO: return [toRollout(plan), fromRollout(plan)];
    case RolloutControllerKind.FLAGGER: return [toFlagger(plan)];
    default: return [];
  }
}

/** A number that leaves the manifest becomes 1 unless somebody else has said it too. Source: https://kubernetes.io/docs/reference/using-api/server-side-apply/#transferring-ownership */
function handOver(plan: ServicePlan, apiVersion: string, kind: string): string {
  const object = `{"apiVersion": "${apiVersion}", "kind": "${kind}", "metadata": {"name": "${plan.name}"}, "spec": {"replicas": COPIES}}`;
  return `Hand the number over, COPIES being those that run now: \`echo '${object}' | kubectl apply${inNamespace(plan)} --server-side --field-manager=handover --validate=false -f -\`. `
    + `Applied client-side before, take it out of what was applied as well: \`kubectl apply edit-last-applied ${kind.toLowerCase()}/${plan.name}${inNamespace(plan)}\`. A number that leaves the manifest becomes 1 otherwise.`;
}

function autoscaled({ copies }: ServicePlan): boolean {
  return copies.autoscaler !== undefined || copies.external;
}

function toRollout(plan: ServicePlan): ReleaseMigration {
  const at = inNamespace(plan);
  const number = plan.copies.max;
  return {
    title: 'from a Deployment to a Rollout',
    steps: [
      `Give the rollout \`takeOverDeployment: true\`, leave \`model\` as it is, and apply without pruning. A Rollout with ${number} ${number === 1 ? 'copy' : 'copies'} comes up, of the Deployment's own template`
        + `${autoscaled(plan) ? ': as many as there may be, since nobody knows how many run. The autoscaler moves on to the Rollout and takes away what is too much' : ''}. The Deployment keeps its copies, and the Service leads to both.`,
      `Wait for \`kubectl argo rollouts status ${plan.name}${at}\` to say Healthy. The controller then adds its hash to the Service's selector, which so leads to the Rollout's copies alone, and scales the Deployment to zero.`,
      ...(autoscaled(plan) ? [handOver(plan, 'argoproj.io/v1alpha1', 'Rollout')] : []),
      'Take `takeOverDeployment` out and apply with pruning: the Deployment goes, which has no copies any more; the Rollout has the same template in itself, so its copies stay. Steps and gates begin with the next change of `model`.',
    ],
    why: `The Deployment loses its copies only when all of the Rollout's are ready; until then both answer. There is room needed for ${number} more.`,
  };
}

function fromRollout(plan: ServicePlan): ReleaseMigration {
  const at = inNamespace(plan);
  return {
    title: 'from a Rollout back to a Deployment',
    steps: [
      `Give \`rollout: Rollout.rolling()\`${autoscaled(plan) ? ' and, for this change, `scaling: Scaling.fixed(COPIES)` with as many as run now' : ''}, and apply without pruning, server-side with \`--force-conflicts\`: the Service's selector was the controller's. A Deployment comes up beside the Rollout, of the same model: it doesn't matter which of both the Service leads to meanwhile.`,
      `Wait for \`kubectl rollout status deployment/${plan.name}${at}\`, then \`kubectl delete rollout ${plan.name}${at}\`. The controller takes its hash out of the Service's selector, which so leads to the Deployment's copies; those of the Rollout answer for ${time(plan.timing.preStop)} more before they stop.`,
      `Apply with pruning: ${plan.release!.trialService} and the AnalysisTemplates go.`,
      ...(autoscaled(plan) ? [`Put \`scaling\` back. ${handOver(plan, 'apps/v1', 'Deployment')}`] : []),
    ],
    why: "The Rollout goes only when the Deployment's copies are ready.",
  };
}

function toFlagger(plan: ServicePlan): ReleaseMigration {
  const at = inNamespace(plan);
  const taken = plan.exposure.kind === ExposureKind.GATEWAY ? `the Service and the HTTPRoute ${plan.name}` : `the Service ${plan.name}`;
  return {
    title: 'from a Deployment to Flagger',
    steps: [
      ...(autoscaled(plan) ? [] : [handOver(plan, 'apps/v1', 'Deployment')]),
      `Leave \`model\` as it is and apply without pruning. Flagger makes ${plan.name}-primary with as many copies, waits until they are ready, leads the Service to them, and only then scales the Deployment to zero.`,
      `Wait: \`kubectl wait canary/${plan.name}${at} --for=jsonpath={.status.phase}=Initialized --timeout=${plan.release!.progressDeadline}s\`.`,
      `Never prune ${taken}: no longer in the manifests, ${plan.exposure.kind === ExposureKind.GATEWAY ? 'they are' : 'it is'} what clients ask, and Flagger has only taken ${plan.exposure.kind === ExposureKind.GATEWAY ? 'them' : 'it'} over. Argo CD: annotation \`argocd.argoproj.io/sync-options: Prune=false\`; Flux: \`kustomize.toolkit.fluxcd.io/prune: disabled\`.`,
    ],
    why: `The Deployment loses its copies only when the primary's are ready. There is room needed for ${plan.copies.max} more, now and in each release.`,
  };
}

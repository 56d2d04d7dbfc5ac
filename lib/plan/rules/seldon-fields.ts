import { ProblemKind } from '../../describe/problem';
import { lostInSeldon } from '../engine/seldon-core-v1-fields';
import { SELDON_VARIABLES, seldonPod } from '../engine/seldon-core-v1-pod';
import { objectsIn } from '../json';
import { podSpecOf, SERVER_CONTAINER } from '../pod/template';
import { Rule } from './rule';

const LOST = ProblemKind.error('SERVING_SELDON_FIELD', 'A field of the pod that a SeldonDeployment does not have', "Its definition knows the pods of Kubernetes 1.24: the API server refuses newer fields, or drops them.");
const VARIABLE = ProblemKind.error('SERVING_SELDON_VARIABLE', "A variable in which Seldon's operator has the last word", 'The operator writes its own value after it: the server would run with another than was said.');
const SLEEP = ProblemKind.warning('SERVING_SELDON_SLEEP', "An image that must have the program 'sleep'", "A SeldonDeployment's pods can sleep before they stop by a command only. Without the program the container is ended at once, and requests that are still led to it are lost.");

const SOURCE = 'https://github.com/SeldonIO/seldon-core/blob/v1.18.2/operator/controllers/seldondeployment_controller.go';

/** What a SeldonDeployment would lose of a service's pods, or its operator would change. */
export const seldonFields: Rule = {
  check: ({ plan }) => {
    const pods = plan.groups.map((group) => seldonPod(group.template, plan));
    // those have a row in the table of capabilities
    const told = /^(resourceClaims|containers\[\]\.resources\.claims|volumes\[\]\.image)$/;
    const fields = new Set(pods.flatMap((pod) => lostInSeldon(podSpecOf(pod))).filter((field) => !told.test(field)));
    const server = objectsIn(podSpecOf(pods[0]!).containers).find((one) => one.name === SERVER_CONTAINER);
    const variables = objectsIn(server?.env).map((one) => String(one.name)).filter((one) => SELDON_VARIABLES.includes(one));
    return [
      ...[...fields].map((field) => LOST.found({ what: `a SeldonDeployment has no field for '${field}' of the pod`, got: field, allowed: 'fields of Kubernetes 1.24', fix: field.endsWith('initContainers[].restartPolicy') ? "make it one of 'sidecars', or choose another engine" : 'leave it out, or choose another engine' })),
      ...variables.map((variable) => VARIABLE.found({ what: `the operator sets '${variable}' of the server's container itself, after the container's own variables (${SOURCE})`, got: variable, fix: "give the server a 'command', by which a plain value is handed on, or leave the variable out" })),
      ...(plan.server.facts.id === 'container' && plan.timing.preStop > 0 ? [SLEEP.found({ what: "before it stops, the server's container runs 'sleep' of its own image", got: String(server?.image), fix: "make sure that the image has the program (those without a shell and tools have not), and acknowledge this" })] : []),
    ];
  },
};

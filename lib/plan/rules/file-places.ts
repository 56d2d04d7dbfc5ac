import { ProblemKind } from '../../describe/problem';
import { objectsIn } from '../json';
import { podSpecOf } from '../pod/template';
import { Rule } from './rule';

const READ_ONLY = ProblemKind.error('SERVING_FILE_IN_READ_ONLY_VOLUME', 'A file is laid into a volume that can not be written to', 'The container runtime has to make the place for it, and fails: the pod never starts.');

/** Files and folders mounted inside of another, read-only mount. */
export const filePlaces: Rule = {
  check: ({ plan }) => {
    return objectsIn(podSpecOf(plan.groups[0]!.template).containers).flatMap((container) => {
      const mounts = objectsIn(container.volumeMounts);
      return mounts.flatMap((inner) => mounts
        .filter((outer) => outer !== inner && outer.readOnly === true && String(inner.mountPath).startsWith(`${String(outer.mountPath)}/`))
        .map((outer) => READ_ONLY.found({
          what: `'${String(inner.mountPath)}' lies in '${String(outer.mountPath)}', which is mounted read-only`, got: inner.mountPath, allowed: `a place outside of '${String(outer.mountPath)}'`,
          fix: 'put the file elsewhere, or write it to the volume itself',
        })));
    });
  },
};

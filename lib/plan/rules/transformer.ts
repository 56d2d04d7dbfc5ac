import { Finding, ProblemKind } from '../../describe/problem';
import { objectsIn } from '../json';
import { TRANSFORMER_CONTAINER } from '../around/collocated';
import { podSpecOf } from '../pod/template';
import { Json } from '../service-plan';
import { Rule } from './rule';

const RELEASE = ProblemKind.error('SERVING_TRANSFORMER_RELEASE', 'A version on trial behind a transformer with pods of its own', 'Shares are split where clients ask, and there is the transformer: the version on trial would be asked without it.');
const FILES = ProblemKind.error('SERVING_TRANSFORMER_FILES', 'Files of a transformer in the predictor\'s pods', 'A pod has one place for the files of a model, and they are the predictor\'s.');
const PORTS = ProblemKind.error('SERVING_TRANSFORMER_PORTS', 'A transformer listens where another container of its pod does', 'All containers of a pod share its ports: the second to start would end.');

/** A transformer fits what it stands before. */
export const transformer: Rule = {
  check: ({ request, plan }) => {
    const given = request.transformer?.what;
    if (given === undefined) return [];
    const findings: Finding[] = [];
    if (!given.isCollocated) {
      if (plan.release !== undefined) findings.push(RELEASE.found({ what: `'rollout' tries a version behind a transformer with pods of its own`, got: plan.release.kind, allowed: 'Rollout.rolling, Rollout.recreate', fix: 'use Transformer.collocated, which is part of each version' }));
      return findings;
    }
    if (given._props.model?.source !== undefined) findings.push(FILES.found({ what: "Transformer.collocated: its model has a 'source'", fix: 'bring its files in an image (PythonCode.image), or use Transformer.of' }));
    const spec = podSpecOf(plan.groups[0]!.template);
    const taken = new Map<number, string>();
    for (const container of [...objectsIn(spec.initContainers), ...objectsIn(spec.containers)]) {
      for (const port of portsOf(container)) {
        const owner = taken.get(port);
        if (owner !== undefined && [owner, container.name].includes(TRANSFORMER_CONTAINER)) findings.push(PORTS.found({ what: `port ${port} is that of the containers '${owner}' and '${String(container.name)}'`, got: port, fix: "give the transformer's container another port: 'httpPort', 'grpcPort'" }));
        taken.set(port, String(container.name));
      }
    }
    return findings;
  },
};

function portsOf({ ports }: { [key: string]: Json }): number[] {
  return objectsIn(ports).map(({ containerPort }) => Number(containerPort));
}

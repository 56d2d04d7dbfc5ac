import { Finding, ProblemKind } from '../../describe/problem';
import { Engine } from '../engine/engine';
import { objectsIn } from '../json';
import { CODE_ROOT } from '../pod/files';
import { DOWNLOAD_CONTAINER } from '../pod/model-files';
import { podSpecOf, SERVER_CONTAINER } from '../pod/template';
import { Rule, RuleContext } from './rule';

const RESERVED = ProblemKind.error('SERVING_ENGINE_RESERVED', "A name that the engine's controller keeps for itself", 'The object would be refused by its webhook, or the controller would write over it, or take it for something else.');

/** Nothing has a name that the engine's controller has a meaning of its own for. */
export const engineReserved: Rule = {
  check: (context) => (context.request.engine.reserved === undefined ? [] : [...names(context), ...containers(context), ...labels(context)]),
};

function found({ title }: Engine, what: string, got: string, fix: string): Finding {
  return RESERVED.found({ what: `${what} has a name that ${title} keeps for itself`, got, fix });
}

function names({ request: { engine, name } }: RuleContext): Finding[] {
  return engine.reserved!.names.includes(name) ? [found(engine, 'the service', name, "give another 'name'")] : [];
}

function containers({ request: { engine }, plan }: RuleContext): Finding[] {
  const { containers: taken, variables } = engine.reserved!;
  const spec = podSpecOf(plan.groups[0]!.template);
  return [...objectsIn(spec.initContainers), ...objectsIn(spec.containers)].flatMap((container) => {
    const name = String(container.name);
    const own = name === SERVER_CONTAINER || name === DOWNLOAD_CONTAINER;
    const set = objectsIn(container.env).filter((one) => variables.includes(String(one.name)) && !(one.value === CODE_ROOT && plan.server.facts.codeInWorkingDirectory === true));
    return [
      ...(!own && taken.includes(name) ? [found(engine, 'a container', name, 'give it another name')] : []),
      ...set.map((one) => found(engine, `a variable of the container '${name}'`, String(one.name), one.value === CODE_ROOT ? 'build the code into an image: PythonCode.image' : 'leave it out, or build what it says into the image')),
    ];
  });
}

function labels({ request: { engine, labels: given, annotations, podAnnotations } }: RuleContext): Finding[] {
  const taken = (key: string): boolean => engine.reserved!.labels.some((one) => (one.endsWith('/') ? key.startsWith(one) : key === one));
  const set = [...Object.keys(given), ...Object.keys({ ...annotations, ...podAnnotations }).filter((key) => key.includes('/'))].filter(taken);
  return set.map((key) => found(engine, 'a label or annotation', key, 'leave it out; the props of the service say what it would'));
}

import { ProblemKind } from '../../describe/problem';
import { Rule } from './rule';

const NO_MODULE = ProblemKind.warning('SERVING_IMPLEMENTATION_MISSING', 'The code does not have the module of the class that serves the model', 'A package of the image may bring it; if not, the server fails as it starts.');
const NO_CLASS = ProblemKind.warning('SERVING_IMPLEMENTATION_CLASS', 'The module does not define the class that serves the model', 'It may import it from elsewhere; if not, the server fails as it starts.');

/** Whether the class that serves a model is in the code that was given. */
export const implementation: Rule = {
  check: ({ request }) => {
    const { code, implementation: name } = request.model;
    if (code === undefined || name === undefined || code.files.length === 0) return [];
    const module = name.slice(0, name.lastIndexOf('.'));
    const path = module.replaceAll('.', '/');
    const file = code.files.find((one) => one.path === `${path}.py` || one.path === `${path}/__init__.py`);
    if (file === undefined) {
      return [NO_MODULE.found({ what: `the code has no module '${module}'`, got: name, allowed: code.files.filter((one) => one.path.endsWith('.py')).map((one) => one.path).join(', '), fix: `name the class as 'module.Class', add ${path}.py, or acknowledge it: a package in the image has it` })];
    }
    const known = new RegExp(`\\b${name.slice(name.lastIndexOf('.') + 1)}\\b`).test(file.content);
    return known ? [] : [NO_CLASS.found({ what: `${file.path} does not name '${name.slice(name.lastIndexOf('.') + 1)}'`, got: name, fix: 'correct the name, or acknowledge it' })];
  },
};

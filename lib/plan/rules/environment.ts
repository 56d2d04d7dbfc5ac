import { holdsSecret, looksLikeSecret, SECRET_IN_PLAIN_TEXT } from '../../describe/checks/secrets';
import { Finding, ProblemKind } from '../../describe/problem';
import { objectsIn } from '../json';
import { podSpecOf } from '../pod/template';
import { Rule, RuleContext } from './rule';

const SUSPECTED = ProblemKind.warning('SERVING_SECRET_SUSPECTED', 'A file that may hold a secret in plain text', 'It gives a value to a name such as password; whether that is a secret, only its author knows.');
const TAKEN = ProblemKind.error('SERVING_ENV_TAKEN', 'A variable that the library sets is set again', 'Which of the two counts would depend on their order.');

/** Variables that are set twice, and secrets in plain text: in variables, arguments, files and annotations, wherever they came from. */
export const environment: Rule = {
  check: (context) => {
    const own = new Set((context.launch.environment ?? []).map((variable) => variable.name));
    const taken = context.request.env.map((variable) => String(variable.name)).filter((name) => own.has(name));
    return [
      ...taken.map((name) => TAKEN.found({ what: `the variable '${name}' is the library's own`, got: name, fix: "leave it out: the server's props, the model or the service say what it should be, and 'podOverlay' has the last word" })),
      ...secrets(context),
    ];
  },
};

/** The values themselves must not be shown. */
function secrets({ request, plan }: RuleContext): Finding[] {
  const plain = (where: string): Finding => SECRET_IN_PLAIN_TEXT.found({ what: `${where} holds a secret in plain text`, fix: 'refer to a Secret: EnvValue.fromSecretValue for a variable, MountedFile.fromSecret for a file' });
  const spec = podSpecOf(plan.groups[0]!.template);
  const containers = [...objectsIn(spec.initContainers), ...objectsIn(spec.containers)];
  return [
    ...containers.flatMap((container) => {
      const variables = objectsIn(container.env).filter((one) => typeof one.value === 'string' && looksLikeSecret(String(one.name), one.value));
      const words = [container.command, container.args].flatMap((words) => (Array.isArray(words) ? words : []));
      return [
        ...variables.map((one) => plain(`the variable '${String(one.name)}' of container '${String(container.name)}'`)),
        ...(words.some((word) => holdsSecret(String(word))) ? [plain(`an argument of container '${String(container.name)}'`)] : []),
      ];
    }),
    ...request.files.filter((file) => file.content !== undefined && holdsSecret(file.content)).map((file) => plain(`the file '${file.path}'`)),
    ...request.files.filter((file) => file.content !== undefined && !holdsSecret(file.content)).flatMap((file) => suspects(file.content!).map((name) => SUSPECTED.found({
      what: `the file '${file.path}' gives '${name}' a value in plain text`, fix: 'take it from a Secret (MountedFile.fromSecret), or acknowledge it: it is none',
    }))),
    ...Object.entries({ ...request.annotations, ...request.podAnnotations }).filter(([key, value]) => looksLikeSecret(key, value)).map(([key]) => plain(`the annotation '${key}'`)),
  ];
}

/** Names to which a file of `key: value`, `key=value` or JSON gives a value, and which say that it is secret. */
function suspects(content: string): string[] {
  const pairs = [...content.matchAll(/["']?([A-Za-z_][\w-]{0,63})["']?\s{0,8}[:=]\s{0,8}["']?([^"'\s,}]{1,256})/g)];
  return [...new Set(pairs.filter(([, name, value]) => !VOCABULARY.test(name!) && !PLACEHOLDER.test(value!) && looksLikeSecret(name!.replaceAll('-', '_'), value!)).map(([, name]) => name!))];
}

/** Tokens of a language model's vocabulary, as tokenizers name them. */
const VOCABULARY = /^(bos|eos|pad|unk|sep|cls|mask|image|start|end|stop)_token$/i;
/** What stands for a value that comes from elsewhere, and what is none. */
const PLACEHOLDER = /^(\$\{|\$\(|\{\{|<|null$|none$|~$|\*+$)/i;

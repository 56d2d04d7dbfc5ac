import { checkShape, is } from '../checks/shape';
import { Finding, ProblemKind } from '../problem';

const CONDITION = ProblemKind.error('SERVING_GRAPH_CONDITION', 'A condition that no request meets, or every one',
  'A condition is a GJSON path, and holds when the path leads to something. A comparison outside of #(...) is read as a name that nothing has; a text in {} or [] makes a value of its own, which is always there.');

const FIELD = is.text("a path of names, such as 'parameters.lang'", /^[\w-]+(\.[\w-]+)*$/);
const VALUE = is.text("a text without quotes and backslashes", /^[^"\\]*$/);

/**
 * What a request (of a switch) or the answer before (of a step in a sequence) must hold, for a step to be taken.
 *
 * Whether something is there is asked, not whether it is true: `exists('flag')` also holds for `{ "flag": false }`.
 * Source: https://github.com/tidwall/gjson/blob/v1.18.0/SYNTAX.md
 */
export class GraphCondition {
  /**
   * A field is there, whatever its value.
   * @param path names, each below the one before: `parameters.lang`.
   */
  public static exists(path: string): GraphCondition {
    return new GraphCondition(String(path), checkShape('GraphCondition.exists', { path: is.required(FIELD) }, { path }).findings);
  }

  /**
   * A field has this text.
   * @param path names, each below the one before: `parameters.lang`.
   * @param text to be equal to.
   */
  public static hasText(path: string, text: string): GraphCondition {
    const { findings } = checkShape('GraphCondition.hasText', { path: is.required(FIELD), text: is.required(VALUE) }, { path, text });
    // only lists can be asked, so the whole becomes the one entry of a list
    return new GraphCondition(`[@this].#(${String(path)}=="${String(text)}")`, findings);
  }

  /**
   * A tensor of this name is among the outputs of the answer before: how a model that speaks the Open Inference Protocol decides what comes next.
   * @param tensor its name.
   */
  public static hasOutput(tensor: string): GraphCondition {
    const { findings } = checkShape('GraphCondition.hasOutput', { tensor: is.required(VALUE) }, { tensor });
    return new GraphCondition(`outputs.#(name=="${String(tensor)}")`, findings, { of: 'outputs', name: String(tensor) });
  }

  /**
   * A tensor of this name is among the inputs of the request: how a caller that speaks the Open Inference Protocol says what it wants.
   * @param tensor its name.
   */
  public static hasInput(tensor: string): GraphCondition {
    const { findings } = checkShape('GraphCondition.hasInput', { tensor: is.required(VALUE) }, { tensor });
    return new GraphCondition(`inputs.#(name=="${String(tensor)}")`, findings, { of: 'inputs', name: String(tensor) });
  }

  /**
   * Any path of GJSON.
   * @param path such as `inputs.#(name=="image")`.
   */
  public static gjson(path: string): GraphCondition {
    const { findings } = checkShape('GraphCondition.gjson', { path: is.required(is.text("a GJSON path, such as 'inputs.#(name==\"image\")'")) }, { path });
    const fault = findings.length > 0 ? undefined : faultOf(path);
    return new GraphCondition(String(path), fault === undefined ? findings : [CONDITION.found({ what: `a condition of a graph ${fault}`, got: path, allowed: "a GJSON path: 'inputs.#(name==\"image\")', '[@this].#(lang==\"de\")', 'parameters.lang'", fix: 'use GraphCondition.hasText or exists, or write the comparison into #(...)' })]);
  }

  private constructor(
    /** The path, as GJSON has it. */
    public readonly path: string,
    /** @internal */
    public readonly _findings: readonly Finding[],
    /** @internal The tensor that it asks for, where it asks for just that. */
    public readonly _tensor?: { readonly of: 'inputs' | 'outputs'; readonly name: string },
  ) {}
}

/** What is wrong with a path; nothing of one that GJSON can tell requests apart by. */
function faultOf(path: string): string | undefined {
  const plain = withoutTexts(path);
  if (plain === undefined) return 'has a quote without an end';
  const open: string[] = [];
  let outside = ''; // what is in no brackets
  for (const char of plain) {
    if ('([{'.includes(char)) open.push(char);
    if (open.length === 0) outside += char;
    if (')]}'.includes(char) && open.pop() !== { ')': '(', ']': '[', '}': '{' }[char]) return 'closes a bracket that it did not open';
  }
  if (open.length > 0) return 'has a bracket without an end';
  if (/[=<>]|!=/.test(outside)) return 'compares outside of #(...)';
  if (/^\s*[![{]/.test(plain) && !/[\]}]\s*[.|]#\(/.test(plain)) return 'makes a value of its own, which is always there';
  return /^\s|\s$/.test(path) ? 'begins or ends with a space' : undefined;
}

/** A path without what stands in quotes; undefined where a quote has no end. */
function withoutTexts(path: string): string | undefined {
  const plain = path.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  return plain.replaceAll('""', '').includes('"') ? undefined : plain;
}

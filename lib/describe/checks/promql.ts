import { Finding, ProblemKind } from '../problem';

const SEVERAL = ProblemKind.error('SERVING_QUERY_SEVERAL_SERIES', 'A query that may give several series', 'An autoscaler or a gate takes one number: with a second series an autoscaler leaves the copies as they are, and a gate can not judge.');
const BROKEN = ProblemKind.error('SERVING_QUERY_BROKEN', 'A query that is no PromQL', 'It would fail each time that it is asked: copies stay as they are, and good versions are taken back.');

const AGGREGATION = 'sum|avg|max|min|count|stddev|stdvar|group|quantile';
/** Functions that give one series, or a number, whatever they get. */
const SINGLE = /^(scalar|vector|time|absent|absent_over_time|pi)$/;
const NUMBER = /^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i;

/** Whether a query has the form of PromQL that gives one number: an aggregation over everything, or arithmetic of such. */
export function checkPromql(owner: string, query: string): Finding[] {
  if (masked(query) === undefined) return [BROKEN.found({ what: `${owner}: the brackets or quotes of the query don't match`, got: query, fix: 'correct the query' })];
  if (givesOne(query)) return [];
  return [SEVERAL.found({ what: `${owner}: the query may give several series`, got: query, allowed: 'an aggregation without by or without, or arithmetic of such: sum(...), max(...)', fix: 'put sum(...) or max(...) around it' })];
}

function givesOne(expression: string): boolean {
  // a subquery's window gives no more series
  const plain = unwrapped(expression.trim().replace(/\[[^\][]*:[^\][]*\](\s*offset\s+\w+)?$/, ''));
  if (plain === '' || masked(plain) === undefined) return false;
  if (NUMBER.test(plain)) return true;
  const parts = operands(plain);
  if (parts.length > 1) return parts.every(givesOne);
  const aggregation = new RegExp(`^(${AGGREGATION})\\s*\\(`, 'i').exec(plain);
  if (aggregation) return closing(plain, aggregation[0].length - 1) === plain.length - 1;
  const call = /^([a-z_]\w*)\s*\(/i.exec(plain);
  if (call === null || closing(plain, call[0].length - 1) !== plain.length - 1) return false;
  const inner = plain.slice(call[0].length, -1);
  if (SINGLE.test(call[1]!)) return true;
  // the buckets of a histogram become one series
  if (call[1] === 'histogram_quantile') return /\bby\s*\(\s*le\s*\)/.test(inner);
  return split(inner, /^,/).every((argument) => /^["'`]/.test(argument.trim()) || givesOne(argument));
}

/** The operands of the binary operators that stand outside of all brackets. */
function operands(expression: string): string[] {
  return split(expression, /^(==|!=|<=|>=|[-+*/%^<>]|(and|or|unless)\b)(\s*bool\b)?(\s*(on|ignoring)\s*\([^)]*\))?/).filter((part, i) => i > 0 || part.trim() !== '');
}

/** Splits where a separator stands outside of all brackets and quotes. */
function split(text: string, separator: RegExp): string[] {
  const plain = masked(text) ?? text;
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    if ('([{'.includes(plain[i]!)) depth += 1;
    else if (')]}'.includes(plain[i]!)) depth -= 1;
    if (depth !== 0 || /\w/.test(plain[i]!) && i > 0 && /[\w:]/.test(plain[i - 1]!)) continue;
    // the sign of an exponent is no operator
    if (/[-+]/.test(plain[i]!) && /\d[eE]$/.test(plain.slice(0, i))) continue;
    const found = separator.exec(plain.slice(i));
    if (found === null) continue;
    parts.push(text.slice(from, i));
    from = i + found[0].length;
    i = from - 1;
  }
  parts.push(text.slice(from));
  return parts;
}

/** Without brackets around the whole. */
function unwrapped(text: string): string {
  return text.startsWith('(') && closing(text, 0) === text.length - 1 ? unwrapped(text.slice(1, -1).trim()) : text;
}

/** Where the bracket that opens at `at` is closed. */
function closing(text: string, at: number): number {
  const plain = masked(text) ?? text;
  let depth = 0;
  for (let i = at; i < plain.length; i++) {
    if ('([{'.includes(plain[i]!)) depth += 1;
    else if (')]}'.includes(plain[i]!) && --depth === 0) return i;
  }
  return -1;
}

/** The text with what is quoted blanked out; undefined when quotes or brackets don't match. */
function masked(text: string): string | undefined {
  let plain = '';
  const open: string[] = [];
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if ('"\'`'.includes(char)) {
      let end = i + 1;
      while (end < text.length && text[end] !== char) end += text[end] === '\\' && char !== '`' ? 2 : 1;
      if (end >= text.length) return undefined;
      plain += ' '.repeat(end - i + 1);
      i = end;
      continue;
    }
    if ('([{'.includes(char)) open.push(')]}'['([{'.indexOf(char)]!);
    else if (')]}'.includes(char) && open.pop() !== char) return undefined;
    plain += char;
  }
  return open.length === 0 ? plain : undefined;
}

import { ProblemKind } from '../../describe/problem';
import { Rule } from './rule';

const UNABLE = ProblemKind.error('SERVING_BATCHING_SERVER', 'A server that can not be told how to batch', 'It would answer each request by itself, or as it likes, and nothing would say so.');

/** The server batches as it is told. */
export const batching: Rule = {
  check: ({ request, plan }) => {
    const { title, batching: able } = plan.server.facts;
    if (request.batching === undefined || able?.settable) return [];
    const others = request.servers.filter(({ facts }) => facts.batching?.settable && facts.formats.some(({ format }) => format === request.model.format.name)).map(({ facts }) => facts.title);
    return [UNABLE.found({
      what: `'batching' says nothing to ${title}${able === undefined ? '' : `: ${able.note} (${able.source})`}`, got: title, allowed: others.length === 0 ? undefined : others.join(', '), fix: others.length === 0 ? "leave 'batching' out" : "leave 'batching' out, or name one of these as 'server'",
    })];
  },
};

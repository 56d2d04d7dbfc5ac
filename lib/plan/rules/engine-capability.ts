import { Finding, ProblemKind } from '../../describe/problem';
import { engineCapability, Support } from '../engine/capabilities';
import { CAPABILITIES, Capability } from '../engine/capability';
import { Engine } from '../engine/engine';
import { eachVersion } from '../models';
import { older } from '../version';
import { Rule } from './rule';

const NOT_ABLE = ProblemKind.error('SERVING_ENGINE_NOT_ABLE', 'Something that the engine can not do', 'Its definition has no field for it, or its controller drops the field: the service would run without it, and nothing would say so.');
const TOO_OLD = ProblemKind.error('SERVING_ENGINE_VERSION', 'Something that this version of the engine can not do yet', 'The field would be dropped, or the object refused.');

/** What stands against a capability on an engine: the cell of the table, said as a problem; nothing where it can. */
export function unable(capability: Capability, engine: Engine): Finding[] {
  const cell = engineCapability(capability, engine.id);
  const { prop, title } = CAPABILITIES[capability];
  if (cell === undefined) return [];
  if (cell.support === Support.NO) {
    return [NOT_ABLE.found({ what: `${engine.title} can't do what '${prop}' asks for (${title.toLowerCase()}): ${cell.text} (${cell.source})`, allowed: cell.instead, fix: cell.instead === undefined ? 'leave it out, or choose another engine' : `use ${cell.instead}` })];
  }
  return cell.since === undefined ? [] : newer(cell.since, engine, prop, `${cell.text} (${cell.source})`);
}

/** What stands against something that an engine has since a version. */
export function newer(since: string, engine: Engine, prop: string, why: string): Finding[] {
  if (engine.version === undefined || !older(engine.version, since)) return [];
  return [TOO_OLD.found({ what: `'${prop}' needs a newer ${engine.title}: ${why}`, got: engine.version, allowed: `${since} or newer`, fix: "upgrade the engine and say its 'version', or leave it out" })];
}

/** The engine can do what the service asks for, also with the version on trial: the cells of the table of capabilities. */
export const engineCapabilities: Rule = {
  check: ({ request, plan }) => Object.values(Capability).flatMap((capability) => (eachVersion(request).some((one) => CAPABILITIES[capability].asks?.(one, plan) === true) ? unable(capability, request.engine) : [])),
};

import { ServerDefinition } from '../../describe/server/server-definition';
import { ServerFacts } from '../../describe/server/server-facts';

/** The same server, of which an engine makes something else. */
export function withFacts(server: ServerDefinition, facts: Partial<ServerFacts>): ServerDefinition {
  return Object.assign(Object.create(Object.getPrototypeOf(server) as object) as ServerDefinition, server, { facts: { ...server.facts, ...facts } });
}

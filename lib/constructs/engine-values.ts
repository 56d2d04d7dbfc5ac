import { Cluster } from '../describe/cluster';
import { ServerDefinition } from '../describe/server/server-definition';
import { Team } from '../describe/team';
import { Defaults } from '../plan/defaults/defaults';
import type { EngineBackend } from './engine-backend';

/** What an engine gives to its services. */
export interface EngineValues {
  readonly cluster: Cluster;
  readonly backend: EngineBackend;
  readonly defaults: Defaults;
  readonly servers: ServerDefinition[];
  readonly owner?: Team;
}

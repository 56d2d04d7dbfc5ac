import { SERVER_CONTAINER } from '../pod/template';
import { Engine, EngineId } from './engine';

/** Longest name: 63 of a label, less the longest that is added to it (`-config-0123abcd`). */
export const LONGEST_NAME = 47;

/** Plain Kubernetes. */
export const KUBERNETES: Engine = {
  id: EngineId.KUBERNETES,
  title: 'plain Kubernetes',
  workload: (group) => ({ apiVersion: 'apps/v1', kind: 'Deployment', name: group }),
  container: () => SERVER_CONTAINER,
  address: ({ name }) => ({ service: name, headers: {} }),
  longestName: () => ({ length: LONGEST_NAME, because: 'names are derived from it' }),
};

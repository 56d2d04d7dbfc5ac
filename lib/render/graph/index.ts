import { ServerDefinition } from '../../describe/server/server-definition';
import { GraphRouter } from '../../plan/graph/graph-router';
import { KubernetesBackend } from '../kubernetes/kubernetes';
import { Backend } from '../ports';

/** What renders a service on an engine: for a graph the engine's own definition of one where that is asked for and there is one, else a Deployment of the router. */
export function backendFor(backend: Backend, server: ServerDefinition | undefined): Backend {
  if (!(server instanceof GraphRouter)) return backend;
  return (server.native ? backend.graphs?.runs(server.graph, backend.engine) : undefined) ?? new KubernetesBackend();
}

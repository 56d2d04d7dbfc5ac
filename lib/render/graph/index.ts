import { ServerDefinition } from '../../describe/server/server-definition';
import { EngineId } from '../../plan/engine/engine';
import { GraphRouter } from '../../plan/graph/graph-router';
import { KubernetesBackend } from '../kubernetes/kubernetes';
import { Backend } from '../ports';
import { KServeGraphBackend } from './kserve';
import { SeldonV2GraphBackend } from './seldon-v2';

/** What renders a service on an engine: for a graph the engine's own definition of one where that is asked for and there is one, else a Deployment of the router. */
export function backendFor(backend: Backend, server: ServerDefinition | undefined): Backend {
  if (!(server instanceof GraphRouter)) return backend;
  return server.native ? nativeGraph(backend, server) ?? new KubernetesBackend() : new KubernetesBackend();
}

function nativeGraph({ engine }: Backend, { graph }: GraphRouter): Backend | undefined {
  switch (engine.id) {
    case EngineId.KSERVE: case EngineId.KSERVE_KNATIVE: case EngineId.KSERVE_LLM: return new KServeGraphBackend(engine, graph);
    case EngineId.SELDON_V2: return new SeldonV2GraphBackend(engine, graph);
    default: return undefined;
  }
}

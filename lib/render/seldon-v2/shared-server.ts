import { RenderedObject } from '../ports';
import { seldonServer, SeldonServerCopies } from './server';

const LABELS = { 'app.kubernetes.io/managed-by': 'cdk8s-serving' };

/** A server that several services share. */
export interface SharedServer extends SeldonServerCopies {
  readonly name: string;
  readonly serverConfig: string;
  readonly extraCapabilities?: readonly string[];
}

/** The Server, and a PodDisruptionBudget of its copies: the operator makes none. */
export function renderSharedServer({ name, serverConfig, extraCapabilities, ...copies }: SharedServer): RenderedObject[] {
  return [
    seldonServer({ id: 'Resource', name, labels: LABELS, serverConfig, extraCapabilities, copies }),
    {
      id: 'Budget', apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', name, labels: LABELS,
      // https://github.com/SeldonIO/seldon-core/blob/v2.10.2/operator/controllers/reconcilers/server/statefulset_reconciler.go
      content: { spec: { maxUnavailable: 1, selector: { matchLabels: { 'seldon-server-name': name } }, unhealthyPodEvictionPolicy: 'AlwaysAllow' } },
    },
  ];
}

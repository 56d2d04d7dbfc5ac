import { RolloutControllerKind, TrafficRouterKind } from '../../lib/describe/rollout/controller';
import { GateKind } from '../../lib/describe/rollout/gate';
import { Capability, gateCapability, STRATEGIES, strategyCapability } from '../../lib/plan/release/capabilities';

const CONTROLLERS: { readonly [controller in RolloutControllerKind]: string } = {
  [RolloutControllerKind.NONE]: 'Deployments alone', [RolloutControllerKind.ARGO]: 'Argo Rollouts', [RolloutControllerKind.FLAGGER]: 'Flagger',
};
const ROUTERS: { readonly [router in TrafficRouterKind]: string } = {
  [TrafficRouterKind.REPLICAS]: 'copies', [TrafficRouterKind.GATEWAY_API]: 'Gateway API', [TrafficRouterKind.ISTIO]: 'Istio', [TrafficRouterKind.NGINX]: 'ingress-nginx', [TrafficRouterKind.ALB]: 'ALB',
};
const GATES: { readonly [gate in GateKind]: string } = {
  [GateKind.ERRORS]: 'Gate.errors', [GateKind.LATENCY]: 'Gate.latency', [GateKind.COMPARISON]: 'Gate.comparison', [GateKind.QUERY]: 'Gate.query', [GateKind.GOLDEN_REQUESTS]: 'Gate.goldenRequests', [GateKind.PERSON]: 'Gate.person',
};
const controllers = Object.keys(CONTROLLERS) as RolloutControllerKind[];
const routers = Object.keys(ROUTERS) as TrafficRouterKind[];
const gates = Object.keys(GATES) as GateKind[];

/** The table of capabilities as a page: an overview, then how or why not, cell by cell. */
export function rolloutCapabilities(): string {
  return [
    '# What each rollout controller can do', '',
    'Which strategy goes with which controller and router. The controller is what the cluster says (`rollouts`, or Argo Rollouts or Flagger among its `operators`), the router follows the exposure unless `rollouts` names one.',
    'A cell without a tick is refused at synthesis as [SERVING_ROLLOUT_NOT_ABLE](problems.md#serving_rollout_not_able) or [SERVING_GATE_NOT_ABLE](problems.md#serving_gate_not_able), with the reason below. How strategies and gates work: [rollout](rollout.md).', '',
    '## Strategies', '', ...table(['controller', 'router', ...STRATEGIES.map((kind) => `\`Rollout.${kind}\``)],
      controllers.flatMap((controller) => routers.map((router) => [CONTROLLERS[controller], ROUTERS[router], ...STRATEGIES.map((kind) => tick(strategyCapability(kind, controller, router)))]))), '',
    ...controllers.flatMap((controller) => [
      `### By ${CONTROLLERS[controller]}`, '', ...table(['strategy', 'router', '', 'how, or why not', 'instead'],
        STRATEGIES.flatMap((kind) => alike(routers.map((router) => [router, strategyCapability(kind, controller, router)] as const)).map(([names, able]) => [`\`Rollout.${kind}\``, names.map((name) => ROUTERS[name]).join(', '), tick(able), told(able), able.instead ?? '']))), '',
    ]),
    '## Gates', '', ...table(['gate', ...controllers.map((controller) => CONTROLLERS[controller])], gates.map((gate) => [`\`${GATES[gate]}\``, ...controllers.map((controller) => tick(gateCapability(gate, controller)))])), '',
    ...table(['controller', 'gates', '', 'how, or why not', 'instead'], controllers.flatMap((controller) => alike(gates.map((gate) => [gate, gateCapability(gate, controller)] as const))
      .map(([names, able]) => [CONTROLLERS[controller], names.map((name) => `\`${GATES[name]}\``).join(', '), tick(able), told(able), able.instead ?? '']))), '',
  ].join('\n');
}

const tick = ({ can }: Capability): string => (can ? '✓' : '–');
const told = ({ text, source }: Capability): string => `${text} ([source](${source}))`;

/** Entries that say the same, together. */
function alike<K>(entries: readonly (readonly [K, Capability])[]): [K[], Capability][] {
  const groups = new Map<string, [K[], Capability]>();
  for (const [name, able] of entries) {
    const key = JSON.stringify(able);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [[name], able]);
    else group[0].push(name);
  }
  return [...groups.values()];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)];
}

import { secondsOf } from '../../describe/checks/shape';
import { AlertSeverity } from '../../describe/monitoring/alerting/alert-severity';
import { Alerting, SeverityReceivers } from '../../describe/monitoring/alerting/alerting';
import { QuietTime } from '../../describe/monitoring/alerting/quiet-time';
import { Receiver } from '../../describe/monitoring/alerting/receiver';
import { Matcher, planInhibitions, PlannedInhibition } from './inhibitions';
import { PlannedInterval, planInterval } from './intervals';
import { SEVERITY_LABEL, TEAM_LABEL } from './labels';

/** A receiver by its name: all its ways at once; without any, nobody is told. */
export interface PlannedReceiver {
  readonly name: string;
  readonly ways: readonly Receiver[];
}

/** A node of the tree of routes: an alert goes down to the first child that matches, and is told by the last node it reached. */
export interface PlannedRoute {
  readonly matchers: readonly Matcher[];
  readonly receiver: string;
  /** Seconds after which it is told again. */
  readonly repeatSeconds: number;
  /** Names of the intervals in which it is kept back. */
  readonly mute: readonly string[];
  readonly routes: readonly PlannedRoute[];
  /** The team whose alerts it is for. */
  readonly team?: string;
}

/** Who is told of what, in no form of anybody's yet. */
export interface RoutingPlan {
  readonly groupBy: readonly string[];
  readonly groupWaitSeconds: number;
  readonly groupIntervalSeconds: number;
  readonly receivers: readonly PlannedReceiver[];
  /** The root: it matches all. */
  readonly route: PlannedRoute;
  readonly inhibitions: readonly PlannedInhibition[];
  readonly intervals: readonly PlannedInterval[];
}

/** Nobody is told; the alert is seen in Alertmanager. */
const NOBODY = 'nobody';
const HOUR = 3600;
/** Alerts that go on are told again: what is critical within a shift, other things on the next day. */
const REPEAT: { readonly [severity in AlertSeverity]: number } = { [AlertSeverity.CRITICAL]: 4 * HOUR, [AlertSeverity.WARNING]: 24 * HOUR, [AlertSeverity.INFO]: 24 * HOUR };
/** An alert of another severity, or of none, is told as a warning: it must not get lost. */
const SEVERITIES: readonly { readonly severity: AlertSeverity; readonly matcher: Matcher }[] = [
  { severity: AlertSeverity.CRITICAL, matcher: { label: SEVERITY_LABEL, type: '=', value: AlertSeverity.CRITICAL } },
  { severity: AlertSeverity.INFO, matcher: { label: SEVERITY_LABEL, type: '=', value: AlertSeverity.INFO } },
  { severity: AlertSeverity.WARNING, matcher: { label: SEVERITY_LABEL, type: '!~', value: `${AlertSeverity.CRITICAL}|${AlertSeverity.INFO}` } },
];

/** Turns what is wanted into receivers, a tree of routes, inhibitions and intervals. */
export function planRouting(alerting: Alerting): RoutingPlan {
  const { fallback, quietTimes } = alerting;
  const common: Required<SeverityReceivers> = { critical: fallback.critical, warning: fallback.warning ?? fallback.critical, info: fallback.info ?? [] };
  const receivers = new Map<string, PlannedReceiver>([[NOBODY, { name: NOBODY, ways: [] }]]);
  const told = (whose: string, severity: AlertSeverity, ways: readonly Receiver[]): string => {
    const name = ways.length === 0 ? NOBODY : `${whose}-${severity}`;
    if (!receivers.has(name)) receivers.set(name, { name, ways });
    return name;
  };
  const repeat = (severity: AlertSeverity): number => (alerting.repeatInterval === undefined ? REPEAT[severity] : secondsOf(alerting.repeatInterval));
  const leaves = (own: Partial<SeverityReceivers>, team?: string): PlannedRoute[] => SEVERITIES.map(({ severity, matcher }) => ({
    matchers: [matcher], repeatSeconds: repeat(severity), routes: [],
    receiver: own[severity] === undefined ? told('fallback', severity, common[severity]) : told(`team-${team}`, severity, own[severity]),
    mute: quietTimes.filter((quiet) => isQuiet(quiet, team, severity)).map(({ name }) => name),
  }));
  // a team that is only quiet is told by the fallback, at its own times
  const quiet = quietTimes.flatMap(({ teams }) => teams ?? []).map(({ name }) => name);
  const named = new Map<string, Partial<SeverityReceivers>>([...quiet.map((name): [string, Partial<SeverityReceivers>] => [name, {}]), ...alerting.teams.map(({ team, receivers: own }): [string, SeverityReceivers] => [team.name, own])]);
  const teams = [...named].sort(([a], [b]) => (a < b ? -1 : 1)).map(([team, own]): PlannedRoute => {
    const routes = leaves(own, team);
    return { team, matchers: [{ label: TEAM_LABEL, type: '=', value: team }], receiver: routes.at(-1)!.receiver, repeatSeconds: repeat(AlertSeverity.WARNING), mute: [], routes };
  });
  const rest = leaves({});
  const route: PlannedRoute = { matchers: [], receiver: rest.at(-1)!.receiver, repeatSeconds: repeat(AlertSeverity.WARNING), mute: [], routes: [...teams, ...rest] };
  return used({
    groupBy: alerting.groupBy, groupWaitSeconds: secondsOf(alerting.groupWait), groupIntervalSeconds: secondsOf(alerting.groupInterval),
    receivers: [...receivers.values()], route, inhibitions: planInhibitions(), intervals: quietTimes.map(planInterval),
  });
}

function isQuiet({ teams, severities }: QuietTime, team: string | undefined, severity: AlertSeverity): boolean {
  return severities.includes(severity) && (teams === undefined || teams.some(({ name }) => name === team));
}

/**
 * What of a plan a namespace needs: the routes of the teams that own its services, and the fallback where there is another owner, or none.
 * An operator refuses an object as a whole when one of its Secrets isn't in its namespace, so it names no team that has nothing there.
 *
 * @param owners of the namespace's services; undefined for a service without one.
 */
export function routingOfOwners(plan: RoutingPlan, owners: readonly (string | undefined)[]): RoutingPlan {
  const { routes } = plan.route;
  const teams = routes.filter(({ team }) => team !== undefined && owners.includes(team));
  const others = owners.some((owner) => !teams.some(({ team }) => team === owner));
  const rest = others ? routes.filter(({ team }) => team === undefined) : [];
  return used({ ...plan, route: { ...plan.route, receiver: others ? plan.route.receiver : NOBODY, routes: [...teams, ...rest] } });
}

/** A plan with the receivers and intervals that its routes name, and no others. */
function used(plan: RoutingPlan): RoutingPlan {
  const routes = flattened(plan.route);
  return {
    ...plan,
    receivers: plan.receivers.filter(({ name }) => routes.some(({ receiver }) => receiver === name)).sort((a, b) => (a.name < b.name ? -1 : 1)),
    intervals: plan.intervals.filter(({ name }) => routes.some(({ mute }) => mute.includes(name))),
  };
}

function flattened(route: PlannedRoute): PlannedRoute[] {
  return [route, ...route.routes.flatMap(flattened)];
}

/** Names of the Secrets that a plan's receivers need, where the object that names them lies. */
export function routingSecrets(plan: RoutingPlan): string[] {
  const keys = plan.receivers.flatMap(({ ways }) => ways).flatMap(({ secret, _details }) => [secret, _details.bearerToken]);
  return [...new Set(keys.flatMap((key) => (key === undefined ? [] : [key.secretName])))].sort();
}

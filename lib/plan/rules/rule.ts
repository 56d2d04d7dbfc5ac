import { Finding } from '../../describe/problem';
import { ServerLaunch } from '../../describe/server/server-definition';
import { ServicePlan, ServiceRequest } from '../service-plan';

/** What a rule about one service looks at. */
export interface RuleContext {
  readonly request: ServiceRequest;
  readonly plan: ServicePlan;
  readonly launch: ServerLaunch;
}

/** A rule about one service. One a file, with its code and its test. */
export interface Rule {
  check(context: RuleContext): Finding[];
}

/** A planned service and where it is in the tree. */
export interface FleetMember {
  readonly path: string;
  readonly request: ServiceRequest;
  readonly plan: ServicePlan;
}

/** A finding about one of several services. */
export interface FleetFinding {
  readonly path: string;
  readonly finding: Finding;
}

/** An object of a chart in which there are services. */
export interface TreeObject {
  /** Who made it: a service, or the object itself. */
  readonly path: string;
  /** Clusters that it may be applied to. */
  readonly clusterKeys: readonly string[];
  readonly namespace?: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

/** A rule about all services of a tree together. */
export interface FleetRule {
  /** @param objects all objects of the services' charts; looked for when they are asked for. */
  check(fleet: readonly FleetMember[], objects: () => readonly TreeObject[]): FleetFinding[];
}

import { accelerator } from './accelerator';
import { copies } from './copies';
import { environment } from './environment';
import { exposure } from './exposure';
import { filePlaces } from './file-places';
import { fleetCapacity } from './fleet-capacity';
import { fleetIdentity } from './fleet-identity';
import { labels } from './labels';
import { maintained } from './maintained';
import { memory } from './memory';
import { name } from './name';
import { operators } from './operators';
import { podLists } from './pod-lists';
import { FleetRule, Rule } from './rule';
import { scaling } from './scaling';
import { surge } from './surge';

/** Rules about one service. */
export const SERVICE_RULES: readonly Rule[] = [name, labels, maintained, copies, surge, accelerator, memory, scaling, environment, exposure, operators, podLists, filePlaces];

/** Rules about all services of a tree together. */
export const FLEET_RULES: readonly FleetRule[] = [fleetCapacity, fleetIdentity];

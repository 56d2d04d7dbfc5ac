import { PayloadMode } from '../../describe/monitoring/payload-logging';
import { Finding, ProblemKind } from '../../describe/problem';
import { InferenceProtocol } from '../../describe/server/server-facts';
import { Rule } from './rule';

const LONG = ProblemKind.error('SERVING_MONITOR_NAME', 'A name too long for a monitor', 'A CronJob adds its time to the names of its Jobs, and so has 52 characters.');
const UNLOGGED = ProblemKind.warning('SERVING_MONITOR_WITHOUT_PAYLOADS', 'A monitor of a service that logs no payloads', 'Nothing comes to look at, unless something else logs its predictions.');
const HALVES = ProblemKind.error('SERVING_MONITOR_HALVES', 'A monitor of halves of predictions', 'What was asked is paired with what was answered; without one of them each row is left out.');
const EXCLUDED = ProblemKind.error('SERVING_MONITOR_EXCLUDED', 'A monitor of what is not logged', 'The monitor can read none of these requests.');

const NOT_ROWS = ProblemKind.error('SERVING_MONITOR_NOT_ROWS', 'A monitor of a service whose requests have no rows of features', 'It could read none of them: drift would never be told.');

/** Characters of a CronJob's name: https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#writing-a-cronjob-spec */
const LONGEST = 52;

export const monitor: Rule = {
  check: ({ request, plan }) => {
    const findings: Finding[] = [];
    if (request.monitor === undefined || plan.monitor === undefined) return findings;
    const logging = request.payloadLogging;
    const beyond = plan.monitor.name.length - LONGEST;
    if (beyond > 0) findings.push(LONG.found({ what: `the monitor '${plan.monitor.name}' has too long a name`, got: request.name, allowed: `at most ${LONGEST - '-monitor'.length} characters for the service`, fix: "give the service a shorter 'name'" }));
    if (logging === undefined) findings.push(UNLOGGED.found({ what: "there is a 'monitor' and no 'payloadLogging'", fix: "give 'payloadLogging: PayloadLogging.store(store)', or acknowledge it where something else logs the predictions" }));
    else if (logging.mode !== PayloadMode.BOTH) findings.push(HALVES.found({ what: `the monitor needs requests and responses, and 'payloadLogging' logs ${logging.mode} alone`, got: logging.mode, allowed: PayloadMode.BOTH, fix: "leave 'mode' out" }));
    if (!plan.protocols.some((protocol) => protocol.http && !protocol.sameAs(InferenceProtocol.OPENAI))) {
      findings.push(NOT_ROWS.found({ what: `a monitor reads rows of features by V1 or V2, and clients are to speak ${plan.protocol}`, got: String(plan.protocol), allowed: 'a server that speaks V1 or V2 by HTTP', fix: "leave 'monitor' out, or take such a server" }));
    }
    const unseen = request.monitor.features.map((one) => one.name).filter((name) => logging?._props.exclude?.includes(name));
    if (unseen.length > 0) findings.push(EXCLUDED.found({ what: "features of the monitor are excluded by 'payloadLogging'", got: unseen.join(', '), fix: "leave them out of the monitor's 'features', or out of 'exclude'" }));
    return findings;
  },
};

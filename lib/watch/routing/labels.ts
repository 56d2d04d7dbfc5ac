/**
 * What routing goes by. An alert has, beside `namespace` and `inference_service` (the service; of an alert about the stack itself the stack):
 *
 * | label | value | on which alerts | what for |
 * |---|---|---|---|
 * | `severity` | critical, warning, info | all | who is told, and what mutes what |
 * | `team` | the owner's name | those of services with an owner | whose receivers |
 * | `objective` | the objective's name | those of an objective | its critical alert mutes its warnings |
 * | `cause` | true | the one that says that no copy answers | mutes symptoms of the same service |
 * | `symptom` | true | those that follow when no copy answers: errors, latency, budget, no data, lost scrape | muted by the cause |
 *
 * No label tells a value: a changed label is another alert, whose `for` begins anew.
 */
export const TEAM_LABEL = 'team';
export const SEVERITY_LABEL = 'severity';
export const OBJECTIVE_LABEL = 'objective';
export const CAUSE_LABEL = 'cause';
export const SYMPTOM_LABEL = 'symptom';

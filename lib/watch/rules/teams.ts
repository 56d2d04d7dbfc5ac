import { Alerting } from '../../describe/monitoring/alerting';
import { Finding, nearest, ProblemKind } from '../../describe/problem';
import { WatchedService } from '../watched-service';

const MISSPELT = ProblemKind.warning('SERVING_TEAM_MISSPELT', 'Receivers of a team that owns nothing, beside a team of nearly the same name that has none', 'Its alerts go to the fallback, and its own receivers never hear of them.');

/** Alerting may name teams that own nothing here; one that differs by a letter from an owner without receivers is most likely that owner. */
export function checkTeams(alerting: Alerting | undefined, services: readonly WatchedService[]): Finding[] {
  const named = (alerting?.teams ?? []).map(({ team }) => team.name);
  const owners = [...new Set(services.map(({ owner }) => owner?.name).filter((one) => one !== undefined))];
  // of names of two or three letters each is near to each
  const forgotten = owners.filter((one) => one.length > 3 && !named.includes(one));
  return named.filter((one) => !owners.includes(one)).flatMap((one) => {
    const meant = nearest(one, forgotten);
    return meant === undefined ? [] : [MISSPELT.found({ what: `no service is owned by the team '${one}', and the owner '${meant}' has no receivers`, got: one, fix: `name both alike, or acknowledge it where '${one}' is another team` })];
  });
}

import { everyDashboard, watchedServices } from '../support/dashboard-cases';
import { queriesOf } from '../support/dashboards';
import { checkPromqlSyntax } from '../support/promtool';

test.each(everyDashboard(watchedServices()).map((dashboard) => [dashboard.title, dashboard] as const))("every query of '%s' is PromQL", (_, dashboard) => {
  const queries = queriesOf(dashboard, { namespace: 'ml', team: 'risk|chat' }).map(({ expr }) => expr);
  expect(queries.length).toBeGreaterThan(8);
  checkPromqlSyntax(queries);
});

test('what is no PromQL is found', () => {
  expect(() => checkPromqlSyntax(['sum by (team (up)'])).toThrow('parse error');
});

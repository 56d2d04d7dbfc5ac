import { serve } from '../../../support/serving';

test.each(['Fraud', 'fraud_check', '-fraud', 'fraud-', '7days', 'x'.repeat(48), 'a.b'])("'%s' is no name of a service", (name) => {
  expect(serve({ name }).problem('SERVING_NAME')).toMatchObject({ got: JSON.stringify(name), allowed: expect.stringContaining('1 to 47'), fix: expect.stringContaining("'name'") });
});

test.each(['fraud', 'f', 'fraud-2', 'x'.repeat(47)])("'%s' is one", (name) => {
  const served = serve({ name });
  expect([served.codes, served.deployment.metadata.name]).toEqual([[], name]);
});

test('an id that makes no name is told in the same way', () => {
  expect(serve({}, {}, {}, 'Fraud_Check').problem('SERVING_NAME').got).toBe('"fraud_check"');
  expect(serve({}, {}, {}, 'FraudCheck').service.name).toBe('fraud-check');
});

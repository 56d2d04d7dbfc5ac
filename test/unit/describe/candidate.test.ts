import { Candidate } from 'cdk8s-serving';
import { codes, iris } from '../../support/serving';

test('a candidate gets nothing unless it is said', () => {
  const model = iris();
  expect(Candidate.of({ model })).toMatchObject({ model, percent: 0, replicas: undefined, _findings: [] });
  expect(Candidate.of({ model, percent: 100, replicas: 3 })).toMatchObject({ percent: 100, replicas: 3, _findings: [] });
});

test.each([[{}], [{ model: 's3://models/v2' }]])('%j has no model', (props) => expect(codes(Candidate.of(props as never))).toHaveLength(1));
test.each([[{ percent: 101 }], [{ percent: -1 }], [{ percent: 2.5 }], [{ replicas: 0 }], [{ replicas: '2' }], [{ weight: 5 }]])('%j is refused', (props) => expect(codes(Candidate.of({ model: iris(), ...props } as never))).toHaveLength(1));

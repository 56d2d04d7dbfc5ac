import { DNS_LABEL, LABEL_KEY, LABEL_VALUE } from '../../describe/checks/names';
import { Finding, ProblemKind } from '../../describe/problem';
import { Rule } from './rule';

const NAMESPACE = ProblemKind.error('SERVING_NAMESPACE', 'A chart whose namespace is not one', 'Every object of the chart carries it.');
const LABELS = ProblemKind.error('SERVING_CHART_LABELS', 'A chart whose labels Kubernetes does not take', 'cdk8s lays them on every object of the chart.');

/** What cdk8s lays on our objects from their chart, unchecked. */
export const namespace: Rule = {
  check: ({ request }) => {
    const findings: Finding[] = [];
    if (request.namespace !== undefined && !DNS_LABEL.test(request.namespace)) {
      findings.push(NAMESPACE.found({ what: "the chart's namespace is not one", got: request.namespace, allowed: "1 to 63 lower-case letters, digits and '-'", fix: "give another 'namespace' to the Chart, or none" }));
    }
    const wrong = Object.entries(request.chartLabels).filter(([key, value]) => !LABEL_KEY.test(key) || typeof value !== 'string' || !LABEL_VALUE.test(value));
    if (wrong.length > 0) findings.push(LABELS.found({ what: `the chart's labels are not such: ${wrong.map(([key]) => JSON.stringify(key)).join(', ')}`, got: Object.fromEntries(wrong), allowed: 'label keys and values', fix: "correct 'labels' of the Chart" }));
    return findings;
  },
};

import { selector } from '../../plan/promql';
import { RecordingRule } from '../rule';
import { failureRate, requestRate } from '../request-source';
import { FAILURE_RATIO, FAILURES, REQUESTS, VERSION_FAILURES, VERSION_REQUESTS, VERSION_SHARE } from '../series';
import { VERSION_LABEL } from '../watched-service';
import { Recorder } from './recorder';

/** Requests, failures, and how versions share them. */
export const requests: Recorder = ({ source, matchers }) => {
  if (source === undefined) return [];
  const own = (name: string): string => selector(name, matchers);
  const rules: RecordingRule[] = [
    { record: VERSION_REQUESTS.name, expr: requestRate(source, '5m', [VERSION_LABEL]) },
    { record: REQUESTS.name, expr: `sum(${own(VERSION_REQUESTS.name)})` },
    // without a request there is no share; a NaN would stay in every average over it
    { record: VERSION_SHARE.name, expr: `sum by (${VERSION_LABEL}) (${own(VERSION_REQUESTS.name)}) / on () group_left () (sum(${own(REQUESTS.name)}) > 0)` },
  ];
  if (source.failed === undefined) return rules;
  return [
    ...rules,
    { record: VERSION_FAILURES.name, expr: failureRate(source, source.failed, '5m', [VERSION_LABEL]) },
    { record: FAILURES.name, expr: `sum(${own(VERSION_FAILURES.name)})` },
    { record: FAILURE_RATIO.name, expr: `sum(${own(FAILURES.name)}) / (sum(${own(REQUESTS.name)}) > 0)` },
  ];
};

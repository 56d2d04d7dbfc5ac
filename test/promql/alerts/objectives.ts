import { Duration } from 'cdk8s';
import { Objective } from 'cdk8s-serving';
import { AlertProof, without } from '../../support/alert-proof';
import { TestSeries } from '../../support/promtool';
import { watch, Watched } from '../../support/watched';
import { POD, replicas } from './exposed';

/** MLServer 1.7: what it counts of its model, and of its HTTP answers. https://github.com/SeldonIO/MLServer/blob/1.7.1/mlserver/handlers/dataplane.py */
const LABELS = `namespace="ml",inference_service="iris",model_version="v1",pod="${POD}"`;
const all = (values: string): TestSeries => ({ series: `model_infer_request_duration_count{${LABELS},model="iris",version=""}`, values });
const failed = (values: string): TestSeries => ({ series: `model_infer_request_failure_total{${LABELS},model="iris",version=""}`, values });
const PATH = 'method="POST",path="/v2/models/{model_name}/infer",status_code="200",app_name="mlserver"';
const answers = (values: string): TestSeries => ({ series: `rest_server_request_duration_seconds_count{${LABELS},${PATH}}`, values });
const bucket = (le: string, values: string): TestSeries => ({ series: `rest_server_request_duration_seconds_bucket{${LABELS},${PATH},le="${le}"}`, values });

const available = (): Watched => watch({ objectives: [Objective.availability(99.9)] });
const fast = (): Watched => watch({ objectives: [Objective.latency({ p: 99, below: Duration.millis(250) })] });
const LOW_TRAFFIC = / and sum_over_time\([^[]*\[\w+\]\) \* 60 >= 5/g;

export const burn: AlertProof = {
  alert: 'InferenceServiceErrorBudgetBurn', severity: 'critical', on: available, interval: '1m', until: '8h',
  fires: [
    { what: '2 % of the requests fail for an hour', series: [all('0+100x400'), failed('0+0x60 2+2x60 120+0x280')], at: ['110m', '118m'], silent: ['60m', '160m'] },
    { what: 'all of what little there is fails', series: [all('0+1x60 60+1x300'), failed('0+0x60 1+1x60 60+0x240')], at: ['110m'], silent: ['60m', '300m'] },
    { what: 'answers become slow', on: fast, series: [answers('0+100x400'), bucket('0.25', '0+100x60 6000+70x60 10200+100x280'), bucket('+Inf', '0+100x400')], at: ['110m'], silent: ['60m', '300m'] },
  ],
  calm: [
    { what: 'two failures in a quiet hour', series: [all('0+0x59 0+1x10 10+0x400'), failed('0+0x62 2+0x400')], guard: without(LOW_TRAFFIC) },
    { what: '1 % for some minutes', series: [all('0+100x480'), failed('0+0x60 1+1x5 6+0x400')], guard: without(/.*/, 'inference_service:slo_bad:ratio_rate5m{namespace="ml",inference_service="iris",objective="availability"} > 0.006') },
    { what: 'the failures are over, and an hour ago is still in the window', series: [all('0+100x480'), failed('0+0x60 3+3x12 39+0x400')], guard: without(/.*/, 'inference_service:slo_bad:ratio_rate1h{namespace="ml",inference_service="iris",objective="availability"} > 0.0144 / 3 unless inference_service:slo_bad:ratio_rate5m{namespace="ml",inference_service="iris",objective="availability"} > 0.0144') },
    { what: 'its servers restart', series: [all('0+100x200 0+100x280'), failed('3+0x200 0+0x280')] },
    { what: 'no request comes', series: [all('100+0x480'), failed('0+0x480')] }, { what: 'its counter is NaN', series: [all(Array(480).fill('NaN').join(' ')), failed(Array(480).fill('NaN').join(' '))] },
    { what: 'nothing tells anything', series: [] },
  ],
};

export const slowBurn: AlertProof = {
  alert: 'InferenceServiceErrorBudgetBurn', severity: 'warning', on: available, interval: '5m', until: '30h',
  fires: [{ what: '0.4 % fail for hours', series: [all('0+500x900'), failed('0+0x60 2+2x120 242+0x720')], at: ['14h'], silent: ['4h', '24h'] }],
  calm: [
    { what: 'what may fail, fails', series: [all('0+1000x400'), failed('0+0.5x400')], guard: without(/> 0.003|> 0.001/g, '> 0.0001') },
    { what: 'two failures in a quiet day', series: [all('0+0x100 0+1x20 20+0x240'), failed('0+0x110 2+0x250')], guard: without(LOW_TRAFFIC) }, { what: 'nothing tells anything', series: [] },
  ],
};

export const noData: AlertProof = {
  alert: 'InferenceServiceObjectiveNoData', on: available, interval: '1m', until: '6h',
  fires: [
    { what: 'its series go, and come again', series: [all('0+100x60 _x120 12000+100x180'), failed('0+0x60 _x120 0+0x180'), replicas('2x360')], at: ['110m', '180m'], silent: ['60m', '90m', '190m'] },
    { what: 'nobody tells how many copies are wanted', series: [all('0+100x60 _x300')], at: ['110m'], silent: ['90m'] },
    { what: 'answers are counted, and the bucket of the objective is not there', on: fast, series: [answers('0+100x360'), bucket('+Inf', '0+100x360'), replicas('2x360')], at: ['60m'], silent: ['20m'] },
  ],
  calm: [
    { what: 'it sleeps, as its scaling has it', series: [all('0+100x60 stale'), failed('0+0x60 stale'), replicas('2x60 0x300')], guard: without(/ unless on \(namespace, inference_service\).*/) },
    { what: 'new copies of a service with few requests count from their first', series: [all('0+0.1x60 stale'), failed('0+0x60 stale'), replicas('2x360')], guard: without('>= 10', '>= 1') },
    { what: 'no failure was ever counted', series: [all('0+100x360')], guard: without(/ unless inference_service:slo_bad:rate5m\{[^}]*\}/) },
    { what: 'some scrapes fail', series: [all(Array(30).fill('0+100x8 _x3').join(' ')), failed('0+0x360')] },
    { what: 'it was never measured', series: [replicas('2x360')] },
  ],
};

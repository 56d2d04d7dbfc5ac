import { Duration } from 'cdk8s';
import { Hold, Rollout, RolloutController, Scaling } from 'cdk8s-serving';
import { AlertProof, without } from '../../support/alert-proof';
import { TestSeries } from '../../support/promtool';
import { watch, Watched } from '../../support/watched';
import { ofDeployment } from './exposed';
import { flagged, iris } from './pods';

const canary = (stepDuration?: Duration) => (): Watched => watch({ scaling: Scaling.fixed(4), rollout: Rollout.canary({ steps: [25, 50], stepDuration }) }, {}, { rollouts: RolloutController.argo({}), version: '1.34' });

/**
 * A Rollout's phase, of which there is one series at a time, as the controller 1.9 tells it:
 * https://github.com/argoproj/argo-rollouts/blob/v1.9.0/controller/metrics/rollouts.go. Its labels are kept, or give way to those of its own pod.
 */
function rolloutInfo(phase: string, values: string, honor = true, name = 'iris'): TestSeries {
  const own = honor ? 'namespace="ml"' : 'namespace="argo-rollouts",pod="argo-rollouts-6c4-x2x4z",exported_namespace="ml"';
  return { series: `rollout_info{job="argo-rollouts-metrics",${own},name="${name}",strategy="canary",traffic_router="",phase="${phase}"}`, values };
}

/** A Deployment's condition: three series, one of them 1. */
const condition = (name: string, status: string, values: string, deployment = 'iris'): TestSeries => ofDeployment('kube_deployment_status_condition', values, `condition="${name}",status="${status}"`, deployment);

/** Flagger 1.36: 0 is going on, 1 is good, 2 is failed; by the name of the Deployment. https://github.com/fluxcd/flagger/blob/v1.36.1/pkg/metrics/recorder.go */
const canaryStatus = (values: string, honor = true): TestSeries => ({ series: `flagger_canary_status{job="flagger",${honor ? 'namespace="ml"' : 'namespace="flagger-system",exported_namespace="ml"'},name="iris"}`, values });

export const rolloutStuck: AlertProof = {
  alert: 'InferenceServiceRolloutStuck', on: iris,
  fires: [
    { what: 'a Deployment makes no progress, until it is rolled back', series: [condition('Progressing', 'false', '0x20 1x60 0x160'), condition('Progressing', 'true', '1x20 0x60 1x160')], at: ['13m', '40m'], silent: ['10m', '43m'] },
    { what: 'Argo Rollouts aborts, and the next version is good', on: canary(), series: [rolloutInfo('Progressing', '1x20 stale'), rolloutInfo('Abort', '_x21 1x60 stale'), rolloutInfo('Completed', '_x82 1x150')], at: ['13m', '40m'], silent: ['10m', '43m'] },
    { what: 'a Rollout runs out of time, and its labels were overruled', on: canary(), series: [rolloutInfo('Timeout', '_x21 1x60 stale', false)], at: ['13m'], silent: ['10m', '43m'] },
    { what: 'a Rollout that its controller refuses', on: canary(), series: [rolloutInfo('InvalidSpec', '_x21 1x60 stale')], at: ['13m'], silent: ['10m'] },
    { what: 'Flagger takes a canary back', on: flagged, series: [canaryStatus('1x10 0x10 2x60 1x160')], at: ['13m', '40m'], silent: ['10m', '43m'] },
    { what: 'Flagger, whose labels were overruled', on: flagged, series: [canaryStatus('1x10 0x10 2x60 1x160', false)], at: ['13m'], silent: ['10m', '43m'] },
    { what: "Flagger's primary makes no progress", on: flagged, series: [canaryStatus('1x240'), condition('Progressing', 'false', '0x20 1x60 0x160', 'iris-primary')], at: ['13m'], silent: ['10m', '43m'] },
  ],
  calm: [
    { what: 'a Deployment is replaced', series: [condition('Progressing', 'true', '1x240'), condition('Progressing', 'false', '0x240')], guard: without(',status="false"') },
    { what: 'a Deployment lacks copies, and goes on', series: [condition('Available', 'false', '1x240'), condition('Progressing', 'false', '0x240')], guard: without('condition="Progressing",') },
    { what: 'Argo Rollouts goes on, waits and ends', on: canary(), series: [rolloutInfo('Progressing', '1x40 stale'), rolloutInfo('Paused', '_x41 1x60 stale'), rolloutInfo('Completed', '_x102 1x130')], guard: without(/,phase=~"[^"]*"/g) },
    { what: 'Flagger goes on, and ends well', on: flagged, series: [canaryStatus('0x100 1x140')], guard: without('== 2', '== 1') },
    { what: 'another Rollout aborts', on: canary(), series: [rolloutInfo('Abort', '1x240', true, 'iris-b')] }, { what: 'nothing tells anything', series: [] },
  ],
};

const paused = (values: string): TestSeries => ofDeployment('kube_deployment_spec_paused', values);
export const rolloutPaused: AlertProof = {
  alert: 'InferenceServiceRolloutPaused', on: iris, interval: '5m', until: '12h',
  fires: [
    { what: 'a Rollout waits for a person over night', on: canary(), series: [rolloutInfo('Paused', '_x12 1x120 stale'), rolloutInfo('Completed', '_x133 1x100')], at: ['310m', '600m'], silent: ['60m', '290m', '680m'] },
    { what: 'a Deployment was paused by hand', series: [paused('0x12 1x120 0x100')], at: ['310m'], silent: ['290m', '680m'] },
  ],
  calm: [
    { what: 'a person decides after an hour', on: canary(), series: [rolloutInfo('Paused', '_x12 1x12 stale'), rolloutInfo('Completed', '_x25 1x150')] },
    { what: 'a step takes six hours by itself', on: canary(Duration.hours(6)), series: [rolloutInfo('Progressing', '1x5 stale'), rolloutInfo('Paused', '_x6 1x72 stale'), rolloutInfo('Progressing', '_x79 1x100')] },
    { what: 'nothing is paused', series: [paused('0x150')], guard: without(' == 1') },
    { what: 'a release goes on for long', on: canary(), series: [rolloutInfo('Progressing', '1x150')], guard: without(/,phase="Paused"/g) }, { what: 'nothing tells anything', series: [] },
  ],
};

export const holdPast: AlertProof = {
  alert: 'InferenceServiceHoldPast', on: () => watch({ hold: Hold.frozen({ reason: "the auditors' week: {{ .Values }}", until: '1970-01-01' }) }), interval: '10m', until: '24h',
  fires: [
    { what: 'its last day ends', series: [], at: ['1451m', '30h'], silent: ['23h', '1439m'] },
    { what: 'a service that is stopped, and was forgotten', on: () => watch({ hold: Hold.stopped({ reason: 'no budget', until: '1970-01-01' }) }), series: [], at: ['30h'], silent: ['23h'] },
  ],
  calm: [{ what: 'its last day goes on', series: [], guard: without('> 86400', '> 0') }],
};

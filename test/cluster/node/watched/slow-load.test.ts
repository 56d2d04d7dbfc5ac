import { join } from 'node:path';
import { Duration } from 'cdk8s';
import { EnvValue } from 'cdk8s-plus-28';
import { InferenceService, Model, PythonCode, Scaling } from 'cdk8s-serving';
import { apply, isReady, type Manifest } from '../../../support/cluster/kubectl';
import { createNamespace, removeNamespaces, setNamespace } from '../../../support/cluster/namespaces';
import { measured } from '../../../support/cluster/report';
import { synthesized, without } from '../../../support/cluster/synthesized';
import { podsOf, restarts } from '../../../support/cluster/workloads';
import { waitFor } from '../../../support/cluster/wait';

const LOAD_SECONDS = 60;

/** A runtime class that sleeps as it loads, as the library serves it; or without the startup probe. */
function manifests(startupProbe: boolean): Manifest[] {
  const made = synthesized((chart) => {
    new InferenceService(chart, 'Slow', {
      model: Model.custom({ implementation: 'slow_model.SlowModel', code: PythonCode.mount(join(__dirname, '../../../support/cluster/python/slow')), version: 'v1', loadTime: Duration.seconds(LOAD_SECONDS) }),
      env: { SLOW_MODEL_SECONDS: EnvValue.fromValue(String(LOAD_SECONDS)) },
      scaling: Scaling.fixed(1),
    });
  });
  return startupProbe ? made : without(made, (deployment) => { delete deployment.spec.template.spec.containers[0].startupProbe; });
}

describe(`a model that takes ${LOAD_SECONDS} s to load`, () => {
  const namespaces: Record<'with' | 'without', string> = { with: '', without: '' };
  const pod = async (namespace: string) => (await podsOf('slow', namespace))[0];
  const began = Date.now();

  // Both at once: each mostly sleeps.
  beforeAll(async () => {
    for (const which of ['with', 'without'] as const) {
      namespaces[which] = await createNamespace(`slow-${which}`);
      await apply(await setNamespace(manifests(which === 'with'), namespaces[which]));
    }
  });

  afterAll(removeNamespaces);

  test('is never restarted', async () => {
    const ready = await waitFor(
      async () => { const found = await pod(namespaces.with); return isReady(found) ? found : undefined; },
      { what: 'the slow model to be Ready', timeout: 150_000, namespace: namespaces.with },
    );
    const seconds = (Date.parse(ready.status.conditions.find((one: any) => one.type === 'Ready').lastTransitionTime) - Date.parse(ready.status.containerStatuses[0].state.running.startedAt)) / 1000;
    measured('slow model with the startup probe', { secondsToReady: seconds, restarts: restarts(ready) });
    expect(restarts(ready)).toBe(0);
    expect(seconds).toBeGreaterThanOrEqual(LOAD_SECONDS);
  });

  test('is restarted again and again without the startup probe', async () => {
    const killed = await waitFor(
      async () => { const found = await pod(namespaces.without); return restarts(found) > 0 ? found : undefined; },
      { what: 'a restart of the slow model without startup probe', timeout: 150_000, namespace: namespaces.without },
    );
    measured('slow model without the startup probe', { restarts: restarts(killed), afterSeconds: (Date.now() - began) / 1000 });
    expect(isReady(killed)).toBe(false);
  });
});

import { alertmanagerConfigs } from '../../../lib/watch/routing/alertmanager-config';
import { planRouting } from '../../../lib/watch/routing/plan';
import { vmAlertmanagerConfigs } from '../../../lib/watch/routing/vm-alertmanager-config';
import { everyReceiver } from '../../support/alerting';
import { apply, get } from '../../support/cluster/kubectl';
import { createNamespace, removeNamespaces } from '../../support/cluster/namespaces';

describe('objects of alert routing', () => {
  let namespace: string;

  beforeAll(async () => { namespace = await createNamespace('routing'); });
  afterAll(removeNamespaces);

  test.each([['AlertmanagerConfig.monitoring.coreos.com', alertmanagerConfigs], ['VMAlertmanagerConfig.operator.victoriametrics.com', vmAlertmanagerConfigs]])('the API server takes %s of every kind of receiver, strictly', async (kind, render) => {
    const plan = planRouting(everyReceiver());
    const manifests = render(plan, { name: 'serving', labels: { release: 'monitoring' }, namespaces: [{ name: namespace, owners: ['risk', 'shop', undefined] }] })
      .map(({ apiVersion, kind: of, name, labels, content }) => ({ apiVersion, kind: of, metadata: { name, namespace, labels: { ...labels } }, ...content }));
    expect(await apply(manifests)).toEqual([]);
    expect((await get(kind, 'serving', namespace))?.spec.receivers).toHaveLength(plan.receivers.length);
  });
});

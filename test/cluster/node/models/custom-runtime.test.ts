import { Client } from '../../../support/cluster/client';
import { apply } from '../../../support/cluster/kubectl';
import { createNamespace, removeNamespaces, setNamespace } from '../../../support/cluster/namespaces';
import { app } from '../../../support/cluster/synthesized';
import { rolledOut, serviceAddress } from '../../../support/cluster/workloads';

describe('a runtime class of one\'s own on a real node', () => {
  afterAll(removeNamespaces);

  test("the app's own manifests mount it into MLServer, and it answers right", async () => {
    const client = await Client.start(await createNamespace('client'));
    const namespace = await createNamespace('sentiment');
    expect(await apply(await setNamespace(app('custom-runtime'), namespace))).toEqual([]);
    await rolledOut('sentiment', namespace);
    const body = { inputs: [{ name: 'text', shape: [3], datatype: 'BYTES', parameters: { content_type: 'str' }, data: ['a great day', 'bad and awful', 'nothing'] }] };
    const address = await serviceAddress('sentiment', namespace, 'http');
    await client.reach(address);
    const answer = await client.python('post.py', `http://${address}/v2/models/sentiment/infer`, JSON.stringify(body));
    expect(JSON.parse(answer).outputs[0].data).toEqual([2, -4, 0]);
  });
});

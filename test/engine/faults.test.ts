import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { TestStack, operations } from './local';

describe('a bring-up that is interrupted', () => {
  for (const { what, fault } of [
    {
      what: 'the cloud refuses a tunnel',
      fault: {
        operation: 'create',
        type: 'gcp:compute/vPNTunnel:VPNTunnel',
        action: 'fail',
        message: 'quota exceeded',
      },
    },
    {
      what: 'the provider crashes before the cluster is made',
      fault: { operation: 'create', type: 'gcp:container/cluster:Cluster', action: 'crash' },
    },
  ]) {
    it(`is finished by the next one when ${what}`, async () => {
      const stack = new TestStack();
      const faults = stack.file('faults.json', [fault]);
      assert.equal((await stack.up({ SANDBOX_FAULTS: faults })).code, 1);
      const again = await stack.up({ SANDBOX_FAULTS: faults });
      assert.equal(again.code, 0, again.stdout + again.stderr);
      const preview = await stack.pulumi(['preview', '--json']);
      assert.deepEqual(
        operations(preview).filter(({ op }) => op !== 'same'),
        [],
      );
      await stack.remove();
    });
  }

  it('is finished after a killed engine, once what it was making is imported or taken over', async () => {
    const stack = new TestStack();
    const network = 'gcp:compute/network:Network';
    const late = (type: string) => ({ operation: 'create', type, action: 'stallAfter', seconds: 600 });
    const faults = stack.file('faults.json', [late(network), late('kubernetes:core/v1:Namespace')]);
    const killed = stack.up({ SANDBOX_FAULTS: faults });
    const struck = () =>
      (JSON.parse(fs.readFileSync(faults, 'utf8')) as { times?: number }[]).every(({ times }) => times === 0);
    // Whatever else can be made has been by then, so that these two alone are pending.
    await atRest(async () => struck() && (await stack.clouds(['list'])).stdout);
    stack.killEngine();
    assert.equal((await killed).code, 1);
    const again = await stack.up();
    assert.match(again.stdout, /with 2 pending operations/);
    assert.match(again.stdout, /alreadyExists/);

    const parent = stack.exported().find(({ type }) => type === 'multicloud-cassandra:gcp:Network');
    const provider = stack.exported().find(({ type }) => type === 'pulumi:providers:gcp');
    const id = 'projects/cassandra-dev-123456/global/networks/xcloud-gcp-europe-west4-network';
    const owners = ['--parent', `parent=${parent?.urn}`, '--provider', `provider=${provider?.urn}`];
    const imported = await stack.pulumi([
      ...['import', network, 'gcp-europe-west4-network', id, ...owners],
      ...['--protect=false', '--generate-code=false', '--yes', '--skip-preview'],
    ]);
    assert.equal(imported.code, 0, imported.stdout + imported.stderr);
    const takenOver = await stack.up({ PULUMI_K8S_UPSERT_EXISTING_OBJECTS: 'true' });
    assert.equal(takenOver.code, 0, takenOver.stdout + takenOver.stderr);
    assert.equal((await stack.pulumi(['refresh', '--yes', '--skip-preview', '--clear-pending-creates'])).code, 0);
    assert.equal((await stack.up()).code, 0);
    assert.deepEqual(
      operations(await stack.pulumi(['preview', '--json'])).filter(({ op }) => op !== 'same'),
      [],
    );
    await stack.remove();
  });
});

/** Waits until something has been the same for ten seconds; false is not yet anything. */
async function atRest(look: () => Promise<string | false>): Promise<void> {
  let seen: string | false = false;
  for (let [seconds, same] = [0, 0]; same < 10; seconds += 1) {
    assert.ok(seconds < 120, 'not within two minutes');
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const now = await look();
    same = now !== false && now === seen ? same + 1 : 0;
    seen = now;
  }
}

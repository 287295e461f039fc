import assert from 'node:assert/strict';
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
});

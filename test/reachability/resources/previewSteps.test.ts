import assert from 'node:assert/strict';
import { UnusableInput, readResources } from '../../../reachability';

const urn = 'urn:pulumi:s::p::aws:eks/cluster:Cluster::c';
const type = 'aws:eks/cluster:Cluster';

function read(step: object, preview: object = {}) {
  return readResources(JSON.stringify({ steps: [{ urn, ...step }], ...preview }))[0];
}

const oldState = {
  urn,
  type,
  id: 'c-1',
  inputs: { version: '1', tags: { a: 'x' }, vpcConfig: { subnetIds: ['s'] } },
  outputs: {
    version: '1',
    tags: { a: 'x' },
    vpcConfig: { subnetIds: ['s'], clusterSecurityGroupId: 'sg-1' },
    endpoint: 'https://c',
  },
};

describe('a later preview', () => {
  it('keeps the id and what the cloud computed of a resource that stays', () => {
    const newState = { urn, type, inputs: { version: '2', vpcConfig: { subnetIds: ['t'] } } };
    const resource = read({ op: 'update', oldState, newState });
    assert.equal(resource?.id, 'c-1');
    assert.deepEqual(resource?.inputs, {
      version: '2',
      vpcConfig: { subnetIds: ['t'], clusterSecurityGroupId: 'sg-1' },
      endpoint: 'https://c',
    });
  });

  it('keeps nothing of a resource that is replaced', () => {
    const newState = { urn, type, inputs: { version: '2' } };
    const resource = read({ op: 'create-replacement', oldState, newState });
    assert.deepEqual([resource?.id, resource?.inputs], [undefined, { version: '2' }]);
  });

  it('is refused when it leaves unchanged resources out, because a verdict needs them all', () => {
    const newState = { urn, type, inputs: {} };
    assert.throws(
      () => read({ op: 'update', oldState, newState }, { changeSummary: { same: 5 } }),
      (error: unknown) =>
        error instanceof UnusableInput && /leaves 5 unchanged resources out.*--show-sames/.test(error.message),
    );
  });
});

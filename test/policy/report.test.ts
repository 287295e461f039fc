import assert from 'node:assert/strict';
import { type PackConfig, fails, judgeAll } from '../../policy/report';
import { rules } from '../../policy/rules';
import { Stack } from '../../policy/stack';
import { planned, ref, set } from './resources';
import { shop } from './shop';

const wide = set(shop(), 'eks', 'vpcConfig.publicAccessCidrs', ['0.0.0.0/0']);
const unknown = set(shop(), 'west', 'spec.size', ref('gke'));

function judged(resources: typeof wide, config: PackConfig = {}) {
  return judgeAll(rules, new Stack(planned(resources)), config);
}

describe('the findings of all rules', () => {
  it('stop an update by a mandatory rule', () => {
    assert.equal(fails(judged(wide)), true);
  });

  it('do not by a rule that is configured to be advisory, by its name or for all', () => {
    const configs: PackConfig[] = [{ 'control-plane-not-public': 'advisory' }, { all: 'advisory' }];
    for (const config of configs) {
      const found = judged(wide, config);
      assert.deepEqual([found.length, fails(found)], [1, false]);
    }
  });

  it('are none by a rule that is disabled', () => {
    assert.deepEqual(judged(wide, { 'control-plane-not-public': { enforcementLevel: 'disabled' } }), []);
  });

  it('do not stop an update when they are undetermined, unless that is configured', () => {
    assert.deepEqual([judged(unknown).length, fails(judged(unknown))], [1, false]);
    assert.equal(fails(judged(unknown, { undetermined: 'mandatory' })), true);
  });
});

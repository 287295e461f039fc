import assert from 'node:assert/strict';
import { policiesOf } from '../../policy/adapter';
import { rules } from '../../policy/rules';
import { judgeAsEngine } from './engine';
import { planned, ref, res, secret, set } from './resources';
import { shop } from './shop';

describe('the pack under the engine', () => {
  it('finds nothing on a first preview, where Kubernetes objects have inputs alone', async () => {
    assert.deepEqual(await judgeAsEngine(policiesOf(rules), planned(shop())), []);
  });

  it('reports what fails at the rule, with the resource', async () => {
    const mistaken = set(shop(), 'west', 'spec.additionalSeeds', ['seeds.example']);
    const violations = await judgeAsEngine(policiesOf(rules), planned(mistaken));
    const seeds = violations.filter(({ policy }) => policy === 'seeds-planned');
    assert.equal(seeds.length, 1);
    assert.match(seeds[0]?.urn ?? '', /::west$/);
    assert.match(seeds[0]?.message ?? '', /is a name, not an address; use the planned address/);
  });

  it('reports what cannot be decided by a policy of its own, so that it stops no first preview', async () => {
    const mistaken = set(shop(), 'vpc', 'cidrBlock', ref('eks-key'));
    const violations = await judgeAsEngine(policiesOf(rules), planned(mistaken));
    const overlap = violations.filter(({ message }) => message.startsWith('cidr-overlap: undetermined: '));
    assert.deepEqual(
      overlap.map(({ policy }) => policy),
      ['undetermined'],
    );
    assert.equal(
      violations.some(({ policy }) => policy === 'cidr-overlap'),
      false,
    );
  });

  it('hands a rule its configuration', async () => {
    const config = { 'control-plane-not-public': { widest: 28 } };
    const violations = await judgeAsEngine(policiesOf(rules), planned(shop()), { config });
    assert.deepEqual(
      violations.map(({ policy, urn }) => [policy, urn?.split('::').at(-1)]),
      [
        ['control-plane-not-public', 'eks'],
        ['control-plane-not-public', 'gke'],
      ],
    );
  });

  it('tells secrets from plain values, although stack policies are handed both in the clear', async () => {
    const key = (value: unknown) =>
      set(set(shop(), 'connection-0', 'tunnel1PresharedKey', value), 'tunnel-0', 'sharedSecret', value);
    assert.deepEqual(await judgeAsEngine(policiesOf(rules), planned(key(secret('k123456789')))), []);
    const violations = await judgeAsEngine(policiesOf(rules), planned(key('k123456789')));
    assert.deepEqual(
      violations.map(({ policy }) => policy),
      ['secrets-secret', 'secrets-secret'],
    );
  });

  it('says that it cannot tell secrets where its configuration takes the means away', async () => {
    const stack = [...shop(), res('pulumi:pulumi:Stack', 'shop-test', {})];
    const violations = await judgeAsEngine(policiesOf(rules), planned(stack), {
      levels: { 'record-inputs': 'mandatory' },
    });
    assert.deepEqual(
      violations.map(({ policy, message }) => [policy, message.split(':')[0]]),
      [['undetermined', 'secrets-secret']],
    );
  });

  it('judges a second stack afresh', async () => {
    const policies = policiesOf(rules);
    const mistaken = planned(set(shop(), 'vpc', 'cidrBlock', ref('eks-key')));
    assert.notDeepEqual(await judgeAsEngine(policies, mistaken), []);
    assert.deepEqual(await judgeAsEngine(policies, planned(shop())), []);
  });

  it('finds the same in the same order, whatever order resources are registered in', async () => {
    const mistaken = planned(set(set(shop(), 'vpc', 'cidrBlock', '10.50.0.5/16'), 'west', 'spec.size', 4));
    const forward = await judgeAsEngine(policiesOf(rules), mistaken);
    assert.ok(forward.length > 3);
    assert.deepEqual(await judgeAsEngine(policiesOf(rules), [...mistaken].reverse()), forward);
  });
});

import assert from 'node:assert/strict';
import { mustRange, parseAddress } from '../../../reachability/ip';
import { type FirewallRule, type InstanceTraits, judgeFirewall } from '../../../reachability/model/gcp/firewall';

const rule = (over: Partial<FirewallRule>): FirewallRule => ({
  urn: 'urn:rule',
  direction: 'INGRESS',
  priority: 1000,
  allow: true,
  disabled: false,
  matches: [{ protocol: 'tcp', from: 7000, to: 7000 }],
  ranges: [mustRange('10.0.0.0/8')],
  sources: [],
  targets: [],
  unknown: undefined,
  note: undefined,
  ...over,
});
const instance: InstanceTraits = { labels: ['node'], assumed: false, unknown: false };
const judge = (rules: readonly FirewallRule[], target = instance, direction: FirewallRule['direction'] = 'INGRESS') =>
  judgeFirewall(rules, direction, { address: parseAddress('10.1.1.1') ?? 0, traits: undefined }, target, {
    protocol: 'tcp',
    port: 7000,
  });

describe('Google firewall rules', () => {
  it('deny ingress and allow egress that nothing speaks of', () => {
    assert.equal(judge([]).verdict, 'deny');
    assert.equal(judge([], instance, 'EGRESS').verdict, 'allow');
  });

  it('skip rules that are disabled, for other ports, other sources or other targets', () => {
    for (const other of [
      { disabled: true },
      { matches: [{ protocol: 'udp', from: 7000, to: 7000 }] as const },
      { ranges: [mustRange('10.2.0.0/16')] },
      { targets: ['database'] },
    ]) {
      assert.equal(judge([rule(other)]).verdict, 'deny');
    }
  });

  it('apply to an instance by any of its tags', () => {
    assert.equal(judge([rule({ targets: ['database', 'node'] })]).verdict, 'allow');
  });

  it('assume a tag only for an instance of which nothing is known, and never to deny', () => {
    const anything: InstanceTraits = { labels: [], assumed: true, unknown: false };
    assert.match(judge([rule({ targets: ['database'] })], anything).assumed ?? '', /database/);
    assert.equal(judge([rule({ allow: false, targets: ['x'] }), rule({})], anything).verdict, 'allow');
  });

  it('are undecided when a range that is not known yet could change the outcome', () => {
    assert.equal(judge([rule({ ranges: [], unknown: 'sourceRanges' })]).verdict, 'unknown');
    assert.equal(judge([rule({ ranges: [], unknown: 'sourceRanges' }), rule({})]).verdict, 'allow');
    assert.equal(judge([rule({ allow: false, ranges: [], unknown: 'sourceRanges' }), rule({})]).verdict, 'unknown');
  });

  it('are undecided when the tags of the instance are not known yet', () => {
    const pending: InstanceTraits = { labels: [], assumed: false, unknown: true };
    assert.equal(judge([rule({ targets: ['node'] })], pending).verdict, 'unknown');
  });
});

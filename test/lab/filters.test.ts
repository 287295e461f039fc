import assert from 'node:assert/strict';
import { filterRules, ingressFrom } from '../../lab/network/filters';
import type { Profile, VirtualNetwork } from '../../lab/network/model';

const rule = (ranges: string[], ports: string[], action: 'accept' | 'drop' = 'accept') => ({
  ...{ action, ranges, sets: [], protocol: 'tcp', ports, urn: 'u' },
});

const profile: Profile = {
  name: 'profile_a',
  memberOf: [],
  ingress: [rule(['10.0.0.0/8'], ['7000']), rule(['10.150.0.0/16'], ['9042'])],
  egress: [],
  otherwise: { ingress: 'drop', egress: 'accept' },
};

const network: VirtualNetwork = {
  ...{ name: 'n', cloud: 'aws', urn: 'u', localRanges: [], routingTables: [], memberSets: [], acls: [], tunnels: [] },
  ...{ profiles: [profile], multipath: false, mtu: 1500 },
};

describe('filters of a network', () => {
  it('judge replies by their connection and new packets by the profile of each end', () => {
    const rules = filterRules(network);
    const order = ['ct state established', 'ip saddr @profile_a jump out_', 'ip daddr @profile_a jump in_'];
    const places = order.map((text) => rules.indexOf(text));
    assert.ok(places.every((place) => place >= 0));
    assert.deepEqual(
      places,
      [...places].sort((a, b) => a - b),
    );
  });

  it('drop what no rule admits where the cloud does, and admit it where the cloud does', () => {
    const rules = filterRules(network);
    assert.match(
      rules,
      /chain in_profile_a \{[^}]*\{[^}]*\}[^}]*\{[^}]*\}[^}]*\{[^}]*\}[^}]*\{[^}]*\}[^}]*counter drop/s,
    );
    assert.doesNotMatch(/chain out_profile_a \{[^}]*\}/s.exec(rules)?.[0] ?? '', /drop/);
  });

  it('judge a load balancer that opens connections itself by its own address', () => {
    assert.deepEqual(ingressFrom(profile, '10.100.19.250'), ['tcp dport { 7000 } return', 'counter drop']);
    assert.deepEqual(ingressFrom(profile, '192.0.2.1'), ['counter drop']);
  });
});

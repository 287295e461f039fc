import assert from 'node:assert/strict';
import type { FilterRule } from '../../lab/network/model';
import type { State } from '../../lab/mistakes/state';
import { modelOf } from './network/stacks';

const FIREWALL = 'gcp:compute/firewall:Firewall';

/** What the nodes of GKE let in, in order. */
function nodeRules(change?: (state: State) => void): readonly FilterRule[] {
  const model = modelOf('virtualPrivate', change);
  const [machine] = model.clusters.flatMap(({ cloud, machines }) => (cloud === 'gcp' ? machines : []));
  const profiles = model.networks.flatMap((network) => network.profiles);
  return profiles.find(({ name }) => name === machine?.profile)?.ingress ?? [];
}

const own = (rules: readonly FilterRule[]): FilterRule[] => rules.filter(({ urn }) => urn.includes('cluster:Cluster'));

describe('GKE’s own firewall rules', () => {
  it('let a cluster’s pods, nodes and control plane in without a rule of the stack', () => {
    const rules = own(nodeRules((state) => state.remove(FIREWALL, /./)));
    assert.deepEqual(
      rules.map(({ protocol, ports }) => `${protocol} ${ports.join(',')}`.trim()),
      ['tcp', 'udp', 'icmp', 'tcp 1-65535', 'udp 1-65535', 'icmp', 'tcp 443,10250'],
    );
    assert.ok(rules.every(({ action, ranges }) => action === 'accept' && ranges.length === 1));
  });

  it('come after what the stack denies at the same priority', () => {
    const rules = nodeRules((state) =>
      state.edit(FIREWALL, /admit-internal$/, (properties) => {
        properties['denies'] = properties['allows'] as unknown;
        delete properties['allows'];
        properties['priority'] = 1000;
      }),
    );
    const denied = rules.findIndex(({ action }) => action === 'drop');
    const first = rules.findIndex((rule) => own(rules).includes(rule));
    assert.ok(denied >= 0 && denied < first);
    assert.deepEqual(
      rules.map(({ priority }) => priority ?? 0),
      [...rules.map(({ priority }) => priority ?? 0)].sort((a, b) => a - b),
    );
  });
});

import assert from 'node:assert/strict';
import { balancerRules } from '../../lab/agent/balancerRules';
import { balance } from '../../lab/agent/endpoints';
import { balancers } from '../../lab/agent/loadBalancers';
import type { Cluster, VirtualNetwork } from '../../lab/network/model';

const network: VirtualNetwork = {
  ...{
    name: 'n',
    cloud: 'aws',
    urn: 'u',
    localRanges: ['10.0.0.0/16'],
    profiles: [],
    memberSets: [],
    acls: [],
    tunnels: [],
  },
  routingTables: [
    { table: 100, urn: 'pods', sources: ['10.0.1.0/24'], learns: true, members: [], routes: [] },
    { table: 101, urn: 'balancers', sources: ['10.0.9.0/24'], learns: true, members: [], routes: [] },
  ],
  ...{ multipath: false, mtu: 1500 },
};

const cluster: Cluster = {
  ...{ name: 'eks0', cloud: 'aws', urn: 'u', network: 'u', serviceRange: '172.20.0.0/16' },
  ...{ controlPlane: '10.0.0.5', controlPlaneProfile: 'p', machines: [], subnets: [], managedCorefile: undefined },
  enforcesPolicies: false,
};

const PREFIX = 'service.beta.kubernetes.io/aws-load-balancer';

function rulesFor(annotations: Record<string, string>, protocol: 'tcp' | 'udp' = 'tcp'): string {
  const service = {
    ...{ apiVersion: 'v1', kind: 'Service' },
    metadata: { name: 's', annotations: { [`${PREFIX}-private-ipv4-addresses`]: '10.0.9.250', ...annotations } },
    spec: { type: 'LoadBalancer', ports: [{ protocol: protocol.toUpperCase() }] },
  };
  const targets = [{ address: '10.0.1.10', port: 7000 }];
  const all = balancers(cluster, [{ service, protocol, port: 7000, targets }]);
  return balancerRules(network, cluster, all, new Set());
}

describe('the targets of a port', () => {
  const target = (number: number) => ({ address: `10.0.1.${number}`, port: 7000 });
  /** The target of a source port, as the rule maps its bits. */
  const chosen = (rule: string, sourcePort: number): string | undefined => {
    const [, mask = '0', entries = ''] = /sport & (\d+) map \{ ([^}]*) \}/.exec(rule) ?? [];
    return new Map(entries.split(', ').map((entry) => entry.split(' : ') as [string, string])).get(
      String(sourcePort & Number(mask)),
    );
  };

  for (const count of [2, 3, 5, 8]) {
    it(`are reached in turn by source ports two apart: ${count} of them`, () => {
      const targets = Array.from({ length: count }, (_, index) => target(index + 10));
      const rule = balance(targets, 'tcp');
      const reached = targets.map((_, index) => chosen(rule, 32_768 + 2 * index));
      assert.deepEqual(
        reached,
        targets.map(({ address, port }) => `${address} . ${port}`),
      );
    });
  }

  it('each serve some source port, however many there are', () => {
    const targets = Array.from({ length: 21 }, (_, index) => target(index + 10));
    const rule = balance(targets, 'udp');
    const reached = new Set(Array.from({ length: 100 }, (_, index) => chosen(rule, 40_000 + index)));
    assert.equal(reached.size, targets.length);
    assert.ok(!reached.has(undefined));
  });
});

describe('load balancers of the lab', () => {
  it('send answers by the route table of their own subnet', () => {
    assert.match(rulesFor({}), /ct direction reply ct original ip daddr 10\.0\.9\.250 meta mark set 101/);
  });

  it('connect from their own address for TCP, unless the client’s is kept', () => {
    const own = /ct original ip daddr 10\.0\.9\.250 snat to 10\.0\.9\.250/;
    assert.match(rulesFor({}), own);
    assert.doesNotMatch(rulesFor({ [`${PREFIX}-target-group-attributes`]: 'preserve_client_ip.enabled=true' }), own);
    assert.doesNotMatch(rulesFor({}, 'udp'), own);
  });
});

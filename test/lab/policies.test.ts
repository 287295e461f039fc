import assert from 'node:assert/strict';
import { type PolicyPod, type PolicyWorld, policyRules } from '../../lab/agent/policies';
import type { Json, KubernetesObject } from '../../lab/kubernetes/objects';

const pod = (address: string, labels: Record<string, string>, namespace = 'db'): PolicyPod => ({
  ...{ namespace, labels, address, ports: { internode: 7000 } },
});
const CASSANDRA = pod('10.0.1.10', { app: 'cassandra' });
const NEIGHBOUR = pod('10.0.2.10', { app: 'cassandra' });
const OPERATOR = pod('10.0.1.12', { app: 'operator' }, 'operators');

const policy = (spec: Json): KubernetesObject => ({
  ...{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'p', namespace: 'db' } },
  spec: { podSelector: {}, ...spec },
});

/** The chain of the Cassandra pod's direction, or nothing. */
function chain(direction: 'ingress' | 'egress', ...policies: KubernetesObject[]): string[] | undefined {
  const world: PolicyWorld = { policies, pods: [CASSANDRA, NEIGHBOUR, OPERATOR], namespaces: new Map() };
  const body = new RegExp(`chain ${direction}_10_0_1_10 \\{\\n([^}]*(?:\\{[^}]*\\}[^}]*)*?)\\n  \\}\\n`).exec(
    policyRules([CASSANDRA], world),
  );
  return body?.[1]?.split('\n').map((line) => line.trim());
}

const ingress = (...rules: Json[]): KubernetesObject => policy({ ingress: rules });

describe('NetworkPolicies in the lab', () => {
  it('leave a pod open that none selects', () => {
    assert.equal(chain('ingress', policy({ podSelector: { matchLabels: { app: 'other' } } })), undefined);
    assert.equal(chain('ingress', { ...ingress(), metadata: { name: 'p', namespace: 'elsewhere' } }), undefined);
  });

  it('let nothing in where the one that selects the pod has no rule', () => {
    assert.deepEqual(chain('ingress', ingress()), ['counter drop']);
  });

  it('add up: what one of them admits passes', () => {
    const port = { ports: [{ port: 9042 }] };
    assert.deepEqual(chain('ingress', ingress(), ingress(port)), ['tcp dport 9042 return', 'counter drop']);
  });

  it('are about egress only where they say so or have egress rules', () => {
    assert.equal(chain('egress', ingress()), undefined);
    assert.deepEqual(chain('egress', policy({ policyTypes: ['Egress'] })), ['counter drop']);
    assert.equal(chain('ingress', policy({ policyTypes: ['Egress'] })), undefined);
    assert.deepEqual(chain('egress', policy({ egress: [{}] })), ['return', 'counter drop']);
  });

  const peers: [string, Json, string[]][] = [
    [
      'a range but for a part',
      { ipBlock: { cidr: '10.9.0.0/16', except: ['10.9.1.0/24', '10.9.2.0/24'] } },
      ['ip saddr 10.9.0.0/16 ip saddr != { 10.9.1.0/24, 10.9.2.0/24 } return'],
    ],
    [
      'pods of its own namespace',
      { podSelector: { matchLabels: { app: 'cassandra' } } },
      ['ip saddr { 10.0.1.10, 10.0.2.10 } return'],
    ],
    [
      'all pods of a namespace by its name',
      { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'operators' } } },
      ['ip saddr { 10.0.1.12 } return'],
    ],
    ['pods of every namespace', { namespaceSelector: {} }, ['ip saddr { 10.0.1.10, 10.0.1.12, 10.0.2.10 } return']],
    [
      'certain pods of certain namespaces',
      { namespaceSelector: {}, podSelector: { matchLabels: { app: 'operator' } } },
      ['ip saddr { 10.0.1.12 } return'],
    ],
    ['pods that are not there', { podSelector: { matchLabels: { app: 'none' } } }, []],
  ];
  for (const [what, peer, lines] of peers) {
    it(`admit ${what}`, () => {
      assert.deepEqual(chain('ingress', ingress({ from: [peer] })), [...lines, 'counter drop']);
    });
  }

  const ports: [string, Json, string[]][] = [
    ['one port of TCP unless told otherwise', { port: 7000 }, ['tcp dport 7000 return']],
    ['a range of ports', { protocol: 'UDP', port: 5000, endPort: 5010 }, ['udp dport 5000-5010 return']],
    ['every port of a protocol', { protocol: 'UDP' }, ['ip protocol udp return']],
    ['a port by its name', { port: 'internode' }, ['tcp dport 7000 return']],
    ['nothing by a name that the pod does not have', { port: 'http' }, []],
  ];
  for (const [what, port, lines] of ports) {
    it(`admit ${what}`, () => {
      assert.deepEqual(chain('ingress', ingress({ ports: [port] })), [...lines, 'counter drop']);
    });
  }

  it('take a port’s name from the pod that is sent to', () => {
    const rule = { to: [{ podSelector: { matchLabels: { app: 'cassandra' } } }], ports: [{ port: 'internode' }] };
    assert.deepEqual(chain('egress', policy({ egress: [rule] })), [
      'ip daddr 10.0.1.10 tcp dport 7000 return',
      'ip daddr 10.0.2.10 tcp dport 7000 return',
      'counter drop',
    ]);
  });

  it('let answers pass, and ICMP', () => {
    const rules = policyRules([CASSANDRA], { policies: [ingress()], pods: [CASSANDRA], namespaces: new Map() });
    const order = ['ct state established,related accept', 'ip protocol icmp accept', 'ip daddr 10.0.1.10 jump'];
    const places = order.map((text) => rules.indexOf(text));
    assert.ok(places.every((place, index) => place > (places[index - 1] ?? -1)));
  });
});

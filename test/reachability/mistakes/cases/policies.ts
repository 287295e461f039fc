/** NetworkPolicy of the Cassandra pods, and who else reaches them. */
import type { Stack } from '../edit';
import type { Mistake } from '../mistake';
import * as n from '../names';

type Peer = Readonly<Record<string, Record<string, unknown>>>;
const rules = (s: Stack, site: string): { from: Peer[] }[] =>
  s.get(n.policy(site, 'cassandra'), 'spec.ingress') as { from: Peer[] }[];
const withoutBlocks = (s: Stack, site: string, rule: number, pattern: RegExp): unknown =>
  s.set(
    n.policy(site, 'cassandra'),
    `spec.ingress.${rule}.from`,
    (rules(s, site)[rule]?.from ?? []).filter((from) => !pattern.test(JSON.stringify(from))) as never,
  );

export const policies: readonly Mistake[] = [
  {
    name: 'the policy of AWS does not admit the pods of Google on the internode port',
    change: (s) => withoutBlocks(s, n.AWS, 0, /10\.250/),
    blocks: [[/^internode, dc2 to dc1/, 'network-policy', n.policy(n.AWS, 'cassandra'), 'no-policy-ingress']],
  },
  {
    name: 'the policy of AWS does not admit clients of Google',
    change: (s) => withoutBlocks(s, n.AWS, 1, /10\.250/),
    blocks: [[/^native protocol, dc2 to dc1/, 'network-policy', n.policy(n.AWS, 'cassandra'), 'no-policy-ingress']],
  },
  {
    name: 'the policy of AWS does not admit the load balancers',
    traps: ['network 11'],
    change: (s) => withoutBlocks(s, n.AWS, 0, /10\.100/),
    blocks: [[/^seeds, dc2 to dc1/, 'network-policy', n.policy(n.AWS, 'cassandra'), 'health-check']],
  },
  {
    name: 'the policy of AWS does not admit the nodes of Google',
    traps: ['network 11'],
    change: (s) => withoutBlocks(s, n.AWS, 0, /10\.150/),
    findings: [`nodes-not-admitted ${n.policy(n.AWS, 'cassandra')}`],
  },
  {
    name: 'the policy of Google does not admit the pods of AWS',
    change: (s) => withoutBlocks(s, n.GCP, 0, /10\.200/),
    blocks: [[/^(internode|seeds), dc1 to dc2/, 'network-policy', n.policy(n.GCP, 'cassandra'), 'no-policy-ingress']],
  },
  {
    name: 'the policy of Google admits an operator in another namespace',
    traps: ['cassandra 12'],
    change: (s) =>
      s.set(
        n.policy(n.GCP, 'cassandra'),
        ['spec', 'ingress', '2', 'from', '0', 'namespaceSelector', 'matchLabels', 'kubernetes.io/metadata.name'],
        'operators',
      ),
    blocks: [[/^management API, dc2/, 'network-policy', n.policy(n.GCP, 'cassandra'), 'no-policy-ingress']],
  },
  {
    name: 'the policy of AWS does not admit the scraper of one zone',
    change: (s) => withoutBlocks(s, n.AWS, 3, /10\.100\.32\.0/),
    blocks: [[/^metrics, dc1 \| 10\.100\.32\./, 'network-policy', n.policy(n.AWS, 'cassandra'), 'no-policy-ingress']],
  },
  {
    name: 'the policy of AWS admits the internode port under UDP',
    change: (s) => s.set(n.policy(n.AWS, 'cassandra'), 'spec.ingress.0.ports.0.protocol', 'UDP'),
    blocks: [
      [/^internode(, dc2 to dc1|, within dc1)/, 'network-policy', n.policy(n.AWS, 'cassandra'), 'no-policy-ingress'],
      [/^seeds, dc2 to dc1/, 'network-policy', n.policy(n.AWS, 'cassandra'), 'health-check'],
    ],
  },
  {
    name: 'a policy of Google lets its pods out to its own cluster only',
    change: (s) =>
      s.addBeside(n.policy(n.GCP, 'cassandra'), 'kubernetes:networking.k8s.io/v1:NetworkPolicy', 'egress', {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'egress', namespace: s.get(n.policy(n.GCP, 'cassandra'), 'metadata.namespace') as string },
        spec: { podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '10.250.0.0/16' } }] }] },
      }),
    blocks: [
      [/^(internode|native protocol|seeds), dc2 to dc1/, 'network-policy', 'NetworkPolicy::egress', 'no-policy-egress'],
    ],
  },
  {
    name: 'any pod reaches the management API',
    change: (s) => s.set(n.policy(n.AWS, 'cassandra'), 'spec.ingress.2.from', [{ namespaceSelector: {} }]),
    findings: [`management-open ${n.policy(n.AWS, 'cassandra')}`],
  },
  {
    name: 'the pods have no policy',
    change: (s) => s.remove(n.policy(n.GCP, 'cassandra'), n.policy(n.GCP, 'deny')),
    findings: [`management-open ${n.DC2}`],
  },
  {
    name: 'the security group admits clients from everywhere',
    change: (s) => s.set(n.peerRule('pods', 'native'), 'cidrIpv4', '0.0.0.0/0'),
    findings: [`public-access ${n.peerRule('pods', 'native')}`],
  },
  {
    name: 'the firewall admits everybody',
    change: (s) => s.set(n.ADMIT_PEERS, 'sourceRanges', ['0.0.0.0/0']),
    findings: [`public-access ${n.ADMIT_PEERS}`],
  },
  {
    name: 'the security group admits the management API to the other cloud',
    change: (s) =>
      s.set(n.peerRule('pods', 'native-tls'), 'fromPort', 8080).set(n.peerRule('pods', 'native-tls'), 'toPort', 8080),
    findings: [`management-exposed ${n.peerRule('pods', 'native-tls')}`],
  },
  {
    name: 'the firewall admits the management API to the other cloud',
    change: (s) => s.set(n.ADMIT_PEERS, 'allows.0.ports', ['7000', '9042', '9142', '53', '8080']),
    findings: [`management-exposed ${n.ADMIT_PEERS}`],
  },
];

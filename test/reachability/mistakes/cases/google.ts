/** Google's network: firewall rules, ranges, routes and the cluster's settings. */
import type { Stack } from '../edit';
import type { Mistake } from '../mistake';
import * as n from '../names';

const peerPorts = (s: Stack, ports: readonly string[]): unknown => s.set(n.ADMIT_PEERS, 'allows.0.ports', ports);

export const google: readonly Mistake[] = [
  {
    name: 'the firewall admits the pods of AWS, but not its nodes',
    traps: ['network 11'],
    change: (s) => s.set(n.ADMIT_PEERS, 'sourceRanges', ['10.200.0.0/16']),
    findings: [`nodes-not-admitted ${n.ADMIT_PEERS}`],
  },
  {
    name: 'the firewall admits the nodes of AWS, but not its pods',
    traps: ['network 11'],
    change: (s) => s.set(n.ADMIT_PEERS, 'sourceRanges', ['10.100.0.0/16']),
    blocks: [[/^(internode|native protocol|path MTU), dc1 to dc2/, 'firewall', n.ADMIT_PEERS, 'no-firewall-rule']],
  },
  {
    name: 'the firewall admits the pods of two zones only',
    change: (s) => s.set(n.ADMIT_PEERS, 'sourceRanges', ['10.100.0.0/16', '10.200.0.0/18']),
    blocks: [
      [
        /^(internode|native protocol|path MTU), dc1 to dc2.*10\.200\.64\.10 /,
        'firewall',
        n.ADMIT_PEERS,
        'no-firewall-rule',
      ],
    ],
  },
  {
    name: 'the firewall does not admit ICMP',
    traps: ['network 11'],
    change: (s) => s.set(n.ADMIT_PEERS, 'allows', (s.get(n.ADMIT_PEERS, 'allows') as string[]).slice(0, 2)),
    blocks: [[/^path MTU, dc1 to dc2/, 'firewall', n.ADMIT_PEERS, 'no-firewall-rule']],
  },
  {
    name: 'the firewall admits the internode port of Cassandra 3',
    change: (s) => peerPorts(s, ['7001', '9042', '9142', '53']),
    blocks: [[/^internode, dc1 to dc2/, 'firewall', n.ADMIT_PEERS, 'no-firewall-rule']],
  },
  {
    name: 'the firewall admits the port of an old proxy, 17001',
    change: (s) => peerPorts(s, ['17001', '9042', '9142', '53']),
    blocks: [[/^internode, dc1 to dc2/, 'firewall', n.ADMIT_PEERS, 'no-firewall-rule']],
  },
  {
    name: 'the firewall does not admit clients',
    change: (s) => peerPorts(s, ['7000', '9142', '53']),
    blocks: [[/^native protocol, dc1 to dc2/, 'firewall', n.ADMIT_PEERS, 'no-firewall-rule']],
  },
  {
    name: 'the firewall rule aims at another tag',
    change: (s) => s.set(n.ADMIT_PEERS, 'targetTags', ['cassandra']),
    blocks: [[/^(internode|native protocol|path MTU), dc1 to dc2/, 'firewall', n.ADMIT_PEERS, 'no-firewall-rule']],
  },
  {
    name: 'the nodes do not carry the tag',
    change: (s) => s.set(n.POOL, 'nodeConfig.tags', undefined),
    blocks: [
      [
        /^(internode, dc1 to dc2|native protocol, dc1 to dc2|path MTU, dc1 to dc2|webhook of cass-operator, dc2)/,
        'firewall',
        n.POOL,
        'no-firewall-rule',
      ],
    ],
  },
  {
    name: 'the firewall rule is switched off',
    change: (s) => s.set(n.ADMIT_PEERS, 'disabled', true),
    blocks: [[/^(internode|native protocol|path MTU), dc1 to dc2/, 'firewall', n.ADMIT_PEERS, 'no-firewall-rule']],
  },
  {
    name: 'there is no firewall rule for linked sites',
    change: (s) => s.remove(n.ADMIT_PEERS),
    blocks: [[/^(internode|native protocol|path MTU), dc1 to dc2/, 'firewall', n.NETWORK, 'no-firewall-rule']],
  },
  {
    name: 'a deny rule stands in front of the firewall rule',
    change: (s) =>
      deny(s, { priority: 900, sourceRanges: ['10.200.0.0/16'], denies: [{ protocol: 'tcp', ports: ['9000-9100'] }] }),
    blocks: [[/^native protocol, dc1 to dc2/, 'firewall', 'Firewall::deny', 'firewall-denied']],
  },
  {
    name: 'an egress rule keeps Google from calling',
    change: (s) =>
      deny(s, {
        direction: 'EGRESS',
        priority: 1000,
        destinationRanges: ['10.0.0.0/8'],
        denies: [{ protocol: 'tcp', ports: ['7000'] }],
      }),
    blocks: [
      [
        /^(internode, dc2 to dc1|seeds, dc2 to dc1|internode, within dc2)/,
        'firewall',
        'Firewall::deny',
        'firewall-denied',
      ],
    ],
  },
  {
    name: 'a deny rule keeps the health checks out',
    change: (s) => deny(s, { priority: 500, sourceRanges: ['35.191.0.0/16'], denies: [{ protocol: 'all' }] }),
    blocks: [[/^(seeds|DNS), dc1 to dc2/, 'firewall', 'Firewall::deny', 'health-check']],
  },
  {
    name: "the firewall does not admit the operator's webhook",
    traps: ['network 11', 'cassandra 12'],
    change: (s) => s.set(n.ADMIT_WEBHOOKS, 'allows.0.ports', ['10250']),
    blocks: [[/^webhook of cass-operator, dc2/, 'firewall', n.ADMIT_WEBHOOKS, 'no-firewall-rule']],
  },
  {
    name: 'the webhook rule admits another range than the control plane',
    change: (s) => s.set(n.ADMIT_WEBHOOKS, 'sourceRanges', ['10.150.254.240/28']),
    blocks: [[/^webhook of cass-operator, dc2/, 'firewall', n.ADMIT_WEBHOOKS, 'no-firewall-rule']],
  },
  {
    name: 'the pods of Google have the range of the pods of AWS',
    change: (s) => s.set(n.NODES, 'secondaryIpRanges.0.ipCidrRange', '10.200.0.0/16'),
    blocks: [
      [/^(internode|native protocol|path MTU), dc1 to dc2/, 'route-table', n.POD_RANGE, 'overlap'],
      [
        /^(seeds, dc1 to dc2|internode, dc2 to dc1|native protocol, dc2 to dc1|path MTU, dc2 to dc1|DNS, dc1 to dc2)/,
        'route',
        n.NODES,
        'overlap',
      ],
      [/^seeds, dc2 to dc1/, 'load-balancer', n.GATEWAY1, 'source-ranges'],
      [n.CROSSING, 'load-balancer', n.EKS_DNS, 'source-ranges'],
    ],
    findings: ['management-exposed Firewall::gcp-europe-west4-admit-internal', `overlap ${n.NODES}`],
  },
  {
    name: 'the services of Google overlap the VPC',
    change: (s) => s.set(n.NODES, 'secondaryIpRanges.1.ipCidrRange', '10.100.128.0/20'),
    findings: [`overlap ${n.NODES}`],
  },
  {
    name: 'both clusters have one service range',
    change: (s) => s.set(n.EKS, 'kubernetesNetworkConfig.serviceIpv4Cidr', '172.21.0.0/16'),
    findings: [`overlap ${n.EKS}`],
  },
  {
    name: 'the service range is left to Google',
    traps: ['network 14'],
    change: (s) => {
      s.set(n.GKE, 'ipAllocationPolicy.servicesSecondaryRangeName', undefined);
      // What Google then answers.
      if (s.find(n.GKE).outputs === undefined) return;
      s.set(n.GKE, 'ipAllocationPolicy.servicesIpv4CidrBlock', '34.118.224.0/20');
      s.set(n.GKE, 'servicesIpv4Cidr', '34.118.224.0/20');
    },
    findings: [`services-default-range ${n.GKE}`],
  },
  {
    name: 'the cluster keeps its deletion protection',
    traps: ['network 14'],
    change: (s) => s.set(n.GKE, 'deletionProtection', undefined),
    findings: [`deletion-protection-default ${n.GKE}`],
  },
  {
    name: 'the node count is meant for the region, but counts for each zone',
    traps: ['network 14'],
    change: (s) =>
      s.set(n.POOL, 'autoscaling', undefined).set(n.POOL, 'initialNodeCount', undefined).set(n.POOL, 'nodeCount', 300),
    policy: [`gke-capacity ${n.NODES}`],
  },
  {
    name: 'the zones of the nodes are left to Google',
    traps: ['network 14'],
    change: (s) => s.set(n.POOL, 'nodeLocations', undefined).set(n.GKE, 'nodeLocations', undefined),
    findings: [`node-locations-default ${n.GKE}`],
  },
  {
    name: 'the nodes are in two zones, the racks in three',
    change: (s) => s.set(n.POOL, 'nodeLocations', ['europe-west4-a', 'europe-west4-b']),
    blocks: [
      [n.from('pod in europe-west4-c'), 'source', n.DC2, 'no-nodes-in-zone'],
      [n.to('pod in europe-west4-c'), 'destination', n.DC2, 'no-nodes-in-zone'],
    ],
  },
  {
    name: 'NodeLocal DNSCache is left to the default',
    traps: ['network 14'],
    change: (s) => s.set(n.GKE, 'addonsConfig.dnsCacheConfig', undefined),
    findings: [`dns-cache-default ${n.GKE}`],
  },
  {
    name: 'an ip-masq-agent masks the pods from AWS',
    traps: ['network 4', 'cassandra 5'],
    change: (s) => {
      s.set(n.GKE, 'defaultSnatStatus', undefined);
      s.addBeside(n.STUB_DOMAINS, 'kubernetes:core/v1:ConfigMap', 'ip-masq-agent', {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'ip-masq-agent', namespace: 'kube-system' },
        data: { config: 'nonMasqueradeCIDRs:\n  - 10.150.0.0/16\n  - 10.250.0.0/16\n' },
      });
    },
    blocks: [[/^native protocol, dc2 to dc1/, 'snat', 'ConfigMap::ip-masq-agent', 'source-rewritten']],
    findings: ['source-rewritten ConfigMap::ip-masq-agent'],
  },
  {
    name: 'a static route takes the pods of AWS to the Internet',
    change: (s) => {
      const route = s.addBeside(n.NODES, 'gcp:compute/route:Route', 'stray', {
        destRange: '10.200.0.0/17',
        nextHopGateway: 'default-internet-gateway',
        priority: 1000,
      });
      s.point(route, 'network', n.NETWORK);
    },
    blocks: [[n.AT_AWS_PODS, 'route', 'Route::stray', 'route-elsewhere']],
  },
  {
    name: 'network policies are not enforced',
    change: (s) => s.set(n.GKE, 'datapathProvider', undefined),
    findings: [`policies-inert ${n.GKE}`],
  },
];

function deny(s: Stack, inputs: Record<string, unknown>): void {
  s.point(s.addBeside(n.ADMIT_PEERS, 'gcp:compute/firewall:Firewall', 'deny', inputs), 'network', n.NETWORK);
}

/** Load balancers in front of Cassandra and of DNS, on both clouds. */
import type { Mistake } from '../mistake';
import * as n from '../names';

export const balancers: readonly Mistake[] = [
  {
    name: 'the gateway of AWS balances within each zone only',
    change: (s) => s.set(n.GATEWAY1, n.nlb('attributes'), undefined),
    findings: [`cross-zone-off ${n.GATEWAY1}`],
  },
  {
    name: 'the DNS balancer of AWS balances within each zone only, and has fewer servers than zones',
    change: (s) => s.set(n.EKS_DNS, n.nlb('attributes'), undefined),
    blocks: [[/^DNS, dc2 to dc1/, 'load-balancer', n.EKS_DNS, 'cross-zone']],
    findings: [`cross-zone-off ${n.EKS_DNS}`],
  },
  {
    name: 'two of the pinned addresses are of one subnet',
    change: (s) => s.set(n.EKS_DNS, n.nlb('private-ipv4-addresses'), '10.100.19.251,10.100.19.252,10.100.83.251'),
    blocks: [
      [/^DNS, dc2 to dc1.*> 10\.100\.51\.251 /, 'dns', n.STUB_DOMAINS, 'no-server'],
      [/^DNS, dc2 to dc1/, 'load-balancer', n.EKS_DNS, 'address-not-in-subnet'],
    ],
    findings: [`forward-incomplete ${n.STUB_DOMAINS}`],
  },
  {
    name: 'an address is missing for the third subnet',
    change: (s) => s.set(n.GATEWAY1, n.nlb('private-ipv4-addresses'), '10.100.19.250,10.100.51.250'),
    blocks: [
      [/^seeds, dc2 to dc1.*10\.100\.(19|51)\./, 'load-balancer', n.GATEWAY1, 'address-count'],
      [/^seeds, dc2 to dc1/, 'destination', n.SEEDS2, 'no-server'],
    ],
    findings: [`seed-not-gateway ${n.SEEDS2}`],
  },
  {
    name: 'a subnet of the balancer has another name',
    change: (s) => s.rewrite(n.EKS_DNS, n.nlb('subnets'), (text) => text.replace('eu-west-1b', 'eu-west-1d')),
    blocks: [[/^DNS, dc2 to dc1/, 'load-balancer', n.EKS_DNS, 'no-such-subnet']],
  },
  {
    name: 'the gateway of AWS faces the Internet',
    change: (s) => s.set(n.GATEWAY1, n.nlb('scheme'), 'internet-facing'),
    blocks: [[/^seeds, dc2 to dc1/, 'load-balancer', n.GATEWAY1, 'internet-facing']],
    findings: [`public-load-balancer ${n.GATEWAY1}`],
  },
  {
    name: 'the source ranges of the gateway of AWS leave the pods of Google out',
    change: (s) => s.set(n.GATEWAY1, 'spec.loadBalancerSourceRanges', ['10.150.0.0/16']),
    blocks: [[/^seeds, dc2 to dc1/, 'load-balancer', n.GATEWAY1, 'source-ranges']],
  },
  {
    name: 'the source ranges of the DNS balancer of AWS leave the pods of Google out',
    change: (s) => s.set(n.EKS_DNS, 'spec.loadBalancerSourceRanges', ['10.150.0.0/16']),
    blocks: [[/^DNS, dc2 to dc1/, 'load-balancer', n.EKS_DNS, 'source-ranges']],
  },
  {
    name: 'TCP and UDP are not joined in one listener',
    traps: ['network 13'],
    change: (s) => s.set(n.EKS_DNS, n.nlb('enable-tcp-udp-listener'), undefined),
    blocks: [[/^DNS, dc2 to dc1/, 'load-balancer', n.EKS_DNS, 'mixed-protocols']],
  },
  {
    name: 'the DNS balancer of AWS has no TCP',
    traps: ['network 13'],
    change: (s) => s.set(n.EKS_DNS, 'spec.ports', (s.get(n.EKS_DNS, 'spec.ports') as string[]).slice(0, 1)),
    blocks: [[/^DNS, dc2 to dc1.*tcp$/, 'load-balancer', n.EKS_DNS, 'no-listener']],
  },
  {
    name: 'the health check asks a port that is closed',
    change: (s) => s.set(n.EKS_DNS, n.nlb('healthcheck-port'), '8080'),
    blocks: [[/^DNS, dc2 to dc1/, 'security-group', n.EKS, 'health-check']],
  },
  {
    name: 'two load balancers ask for one address',
    change: (s) => s.set(n.EKS_DNS, n.nlb('private-ipv4-addresses'), '10.100.19.250,10.100.51.251,10.100.83.251'),
    blocks: [
      [/^seeds, dc2 to dc1.*10\.100\.19\./, 'load-balancer', n.GATEWAY1, 'address-taken'],
      [n.toBalancers('eu-west-1a'), 'dns', n.STUB_DOMAINS, 'no-server'],
    ],
    findings: [`forward-incomplete ${n.STUB_DOMAINS}`],
  },
  {
    name: 'the gateway of AWS selects another datacenter',
    change: (s) => s.set(n.GATEWAY1, ['spec', 'selector', 'cassandra.datastax.com/datacenter'], 'dc2'),
    blocks: [[/^seeds, dc2 to dc1/, 'load-balancer', n.GATEWAY1, 'no-targets']],
  },
  {
    name: 'the gateway of AWS listens on the port of an old proxy, 17001',
    change: (s) => s.set(n.GATEWAY1, 'spec.ports.0.port', 17001),
    blocks: [[/^seeds, dc2 to dc1/, 'load-balancer', n.GATEWAY1, 'no-listener']],
  },
  {
    name: 'the gateway of AWS leads to the port of Cassandra 3',
    change: (s) => s.set(n.GATEWAY1, 'spec.ports.0.targetPort', 7001),
    blocks: [[/^seeds, dc2 to dc1/, 'load-balancer', n.GATEWAY1, 'target-port']],
  },
  {
    name: 'the gateway of Google faces the Internet',
    change: (s) => s.set(n.GATEWAY2, n.gke('load-balancer-type'), undefined),
    blocks: [[/^seeds, dc1 to dc2/, 'load-balancer', n.GATEWAY2, 'external']],
    findings: [`public-load-balancer ${n.GATEWAY2}`],
  },
  {
    name: 'the gateway of Google has an address of the pods',
    change: (s) => s.set(n.GATEWAY2, 'spec.loadBalancerIP', '10.250.127.250'),
    blocks: [[/^seeds, dc1 to dc2/, 'destination', n.SEEDS1, 'no-server']],
    findings: [`seed-not-gateway ${n.SEEDS1}`, `seeds-missing ${n.SEEDS1}`],
  },
  {
    name: 'the address of the gateway of Google is reserved in another region',
    change: (s) => s.set(n.GATEWAY_ADDRESS, 'region', 'europe-west1'),
    blocks: [[/^seeds, dc1 to dc2/, 'load-balancer', n.GATEWAY_ADDRESS, 'address-region']],
  },
  {
    name: 'the DNS address of Google is not reserved for sharing',
    traps: ['network 13'],
    change: (s) => s.set(n.DNS_ADDRESS, 'purpose', 'GCE_ENDPOINT'),
    blocks: [[/^DNS, dc1 to dc2/, 'load-balancer', n.DNS_ADDRESS, 'address-not-shared']],
  },
  {
    name: 'the DNS balancer of Google has no TCP',
    traps: ['network 13'],
    change: (s) => s.remove(n.gkeDns('tcp')),
    blocks: [[/^DNS, dc1 to dc2.*tcp$/, 'load-balancer', n.gkeDns('udp'), 'no-listener']],
  },
  {
    name: 'one Service of Google carries TCP and UDP',
    traps: ['network 13'],
    change: (s) => {
      const ports = ['udp', 'tcp'].map((name) => s.get(n.gkeDns(name as 'udp' | 'tcp'), 'spec.ports.0') as string);
      s.remove(n.gkeDns('tcp')).set(n.gkeDns('udp'), 'spec.ports', ports);
    },
    blocks: [[/^DNS, dc1 to dc2/, 'load-balancer', n.gkeDns('udp'), 'mixed-protocols']],
  },
  {
    name: 'the source ranges of the gateway of Google leave the pods of AWS out',
    change: (s) => s.set(n.GATEWAY2, 'spec.loadBalancerSourceRanges', ['10.100.0.0/16']),
    blocks: [[/^seeds, dc1 to dc2/, 'load-balancer', n.GATEWAY2, 'source-ranges']],
  },
  {
    name: 'the gateway of Google hides its clients behind the node',
    change: (s) => s.set(n.GATEWAY2, 'spec.externalTrafficPolicy', 'Cluster'),
    blocks: [[/^seeds, dc1 to dc2/, 'network-policy', n.policy(n.GCP, 'cassandra'), 'no-policy-ingress']],
  },
  {
    name: 'the gateway of Google selects pods that do not exist',
    change: (s) => s.set(n.GATEWAY2, ['spec', 'selector', 'cassandra.datastax.com/cluster'], 'cloud'),
    blocks: [[/^seeds, dc1 to dc2/, 'load-balancer', n.GATEWAY2, 'no-targets']],
  },
];

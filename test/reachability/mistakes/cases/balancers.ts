/** Load balancers in front of Cassandra and of DNS, on both clouds. */
import type { Mistake } from '../mistake';
import * as n from '../names';

export const balancers: readonly Mistake[] = [
  { name: 'the gateway of AWS balances within each zone only', change: (s) => s.set(n.GATEWAY1, n.nlb('attributes'), undefined) },
  { name: 'the DNS balancer of AWS balances within each zone only, and has fewer servers than zones', change: (s) => s.set(n.EKS_DNS, n.nlb('attributes'), undefined) },
  {
    name: 'the pinned addresses stand in another order than the subnets',
    change: (s) => s.set(n.GATEWAY1, n.nlb('private-ipv4-addresses'), '10.100.51.250,10.100.19.250,10.100.83.250'),
  },
  { name: 'an address is missing for the third subnet', change: (s) => s.set(n.GATEWAY1, n.nlb('private-ipv4-addresses'), '10.100.19.250,10.100.51.250') },
  { name: 'a subnet of the balancer has another name', change: (s) => s.rewrite(n.EKS_DNS, n.nlb('subnets'), (text) => text.replace('eu-west-1b', 'eu-west-1d')) },
  { name: 'the gateway of AWS faces the Internet', change: (s) => s.set(n.GATEWAY1, n.nlb('scheme'), 'internet-facing') },
  {
    name: 'the source ranges of the gateway of AWS leave the pods of Google out',
    change: (s) => s.set(n.GATEWAY1, 'spec.loadBalancerSourceRanges', ['10.150.0.0/16']),
  },
  {
    name: 'the source ranges of the DNS balancer of AWS leave the pods of Google out',
    change: (s) => s.set(n.EKS_DNS, 'spec.loadBalancerSourceRanges', ['10.150.0.0/16']),
  },
  { name: 'TCP and UDP are not joined in one listener', traps: ['network 13'], change: (s) => s.set(n.EKS_DNS, n.nlb('enable-tcp-udp-listener'), undefined) },
  {
    name: 'the DNS balancer of AWS has no TCP',
    traps: ['network 13'],
    change: (s) => s.set(n.EKS_DNS, 'spec.ports', (s.get(n.EKS_DNS, 'spec.ports') as string[]).slice(0, 1)),
  },
  { name: 'the health check asks a port that is closed', change: (s) => s.set(n.EKS_DNS, n.nlb('healthcheck-port'), '8080') },
  {
    name: 'two load balancers ask for one address',
    change: (s) => s.set(n.EKS_DNS, n.nlb('private-ipv4-addresses'), '10.100.19.250,10.100.51.251,10.100.83.251'),
  },
  {
    name: 'the gateway of AWS selects another datacenter',
    change: (s) => s.set(n.GATEWAY1, ['spec', 'selector', 'cassandra.datastax.com/datacenter'], 'dc2'),
  },
  { name: 'the gateway of AWS listens on the port of an old proxy, 17001', change: (s) => s.set(n.GATEWAY1, 'spec.ports.0.port', 17001) },
  { name: 'the gateway of AWS leads to the port of Cassandra 3', change: (s) => s.set(n.GATEWAY1, 'spec.ports.0.targetPort', 7001) },
  { name: 'the gateway of Google faces the Internet', change: (s) => s.set(n.GATEWAY2, n.gke('load-balancer-type'), undefined) },
  { name: 'the gateway of Google has an address of the pods', change: (s) => s.set(n.GATEWAY2, 'spec.loadBalancerIP', '10.250.127.250') },
  { name: 'the address of the gateway of Google is reserved in another region', change: (s) => s.set(n.GATEWAY_ADDRESS, 'region', 'europe-west1') },
  { name: 'the DNS address of Google is not reserved for sharing', traps: ['network 13'], change: (s) => s.set(n.DNS_ADDRESS, 'purpose', 'GCE_ENDPOINT') },
  { name: 'the DNS balancer of Google has no TCP', traps: ['network 13'], change: (s) => s.remove(n.gkeDns('tcp')) },
  {
    name: 'one Service of Google carries TCP and UDP',
    traps: ['network 13'],
    change: (s) => {
      const ports = ['udp', 'tcp'].map((name) => s.get(n.gkeDns(name as 'udp' | 'tcp'), 'spec.ports.0') as string);
      s.remove(n.gkeDns('tcp')).set(n.gkeDns('udp'), 'spec.ports', ports);
    },
  },
  {
    name: 'the source ranges of the gateway of Google leave the pods of AWS out',
    change: (s) => s.set(n.GATEWAY2, 'spec.loadBalancerSourceRanges', ['10.100.0.0/16']),
  },
  { name: 'the gateway of Google hides its clients behind the node', change: (s) => s.set(n.GATEWAY2, 'spec.externalTrafficPolicy', 'Cluster') },
  { name: 'the gateway of Google selects pods that do not exist', change: (s) => s.set(n.GATEWAY2, ['spec', 'selector', 'cassandra.datastax.com/cluster'], 'cloud') },
];

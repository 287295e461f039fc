/** Rules for the first part of a range only: the addresses that come first get through, the others do not. */
import type { Mistake } from '../mistake';
import * as n from '../names';

const advertise = [{ range: '10.150.0.0/16' }, { range: '10.250.0.0/17' }];

export const parts: readonly Mistake[] = [
  {
    name: 'a security group rule admits the first of the pods only',
    change: (s) => s.set(n.peerRule('pods', 'internode'), 'cidrIpv4', '10.250.0.0/24'),
    blocks: [[/^internode, dc2 to dc1/, 'security-group', n.peerRule('pods', 'internode'), 'no-ingress-rule']],
  },
  {
    name: 'a security group rule admits the first of the nodes only',
    change: (s) => s.set(n.peerRule('nodes', 'internode'), 'cidrIpv4', '10.150.0.0/20'),
    findings: [`nodes-not-admitted ${n.peerRule('nodes', 'internode')}`],
  },
  {
    name: 'the firewall admits the first pods of the first zone only',
    change: (s) => s.set(n.ADMIT_PEERS, 'sourceRanges', ['10.100.0.0/16', '10.200.0.0/24']),
    blocks: [[/^(internode|native protocol|path MTU), dc1 to dc2/, 'firewall', n.ADMIT_PEERS, 'no-firewall-rule']],
  },
  {
    name: 'the webhook rule admits half of the control plane',
    change: (s) => s.set(n.ADMIT_WEBHOOKS, 'sourceRanges', ['10.150.255.248/29']),
    blocks: [[/^webhook of cass-operator, dc2/, 'firewall', n.ADMIT_WEBHOOKS, 'no-firewall-rule']],
  },
  {
    name: 'the Cloud Router advertises the first half of the pods',
    change: (s) => s.set(n.ROUTER, 'bgp.advertisedIpRanges', advertise),
    blocks: [[n.AT_GOOGLE_PODS, 'bgp', n.ROUTER, 'not-advertised']],
  },
  {
    name: 'a VPC route table leads to the first half of the pods',
    on: 'transit',
    change: (s) => s.set(n.transitRoute('pods', 'eu-west-1b'), 'destinationCidrBlock', '10.250.0.0/17'),
    blocks: [[n.toGooglePods('eu-west-1b'), 'route-table', n.privateRoutes('eu-west-1b'), 'no-route']],
  },
  {
    name: 'a static route takes the last pods of the first zone to the Internet',
    change: (s) => {
      const route = s.addBeside(n.NODES, 'gcp:compute/route:Route', 'stray', {
        destRange: '10.200.16.0/20',
        nextHopGateway: 'default-internet-gateway',
        priority: 1000,
      });
      s.point(route, 'network', n.NETWORK);
    },
    blocks: [[n.ofPods('eu-west-1a'), 'route', 'Route::stray', 'route-elsewhere']],
  },
  {
    name: 'source address translation spares the first half of the pods of Google',
    change: (s) =>
      s.rewrite(n.CNI, 'configurationValues', (text) =>
        text.replace('10.150.0.0/16,10.250.0.0/16', '10.150.0.0/16,10.250.0.0/17'),
      ),
    blocks: [[/^native protocol, dc1 to dc2/, 'snat', n.CNI, 'source-rewritten']],
    findings: [`source-rewritten ${n.CNI}`],
  },
  {
    name: 'a policy admits the first of the pods only',
    change: (s) => s.set(n.policy(n.AWS, 'cassandra'), 'spec.ingress.0.from.2.ipBlock.cidr', '10.250.0.0/20'),
    blocks: [[/^internode, dc2 to dc1/, 'network-policy', n.policy(n.AWS, 'cassandra'), 'no-policy-ingress']],
  },
  {
    name: 'a policy makes an exception of half of the pods',
    change: (s) => s.set(n.policy(n.AWS, 'cassandra'), 'spec.ingress.0.from.2.ipBlock.except', ['10.250.128.0/17']),
    blocks: [[/^internode, dc2 to dc1/, 'network-policy', n.policy(n.AWS, 'cassandra'), 'no-policy-ingress']],
  },
  {
    name: 'the source ranges of the gateway of AWS hold the first of the pods only',
    change: (s) => s.set(n.GATEWAY1, 'spec.loadBalancerSourceRanges', ['10.250.0.0/24']),
    blocks: [[/^seeds, dc2 to dc1/, 'load-balancer', n.GATEWAY1, 'source-ranges']],
  },
  {
    name: 'the source ranges of the gateway of Google hold the first pods of the first zone only',
    change: (s) =>
      s.set(n.GATEWAY2, 'spec.loadBalancerSourceRanges', ['10.200.0.0/24', '10.200.32.0/19', '10.200.64.0/19']),
    blocks: [[/^seeds, dc1 to dc2 \| 10\.200\.0\.10/, 'load-balancer', n.GATEWAY2, 'source-ranges']],
  },
];

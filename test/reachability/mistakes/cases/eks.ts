/** EKS: where pods get addresses, what others see of them, and its security group. */
import type { Stack } from '../edit';
import type { Mistake } from '../mistake';
import * as n from '../names';

const cni = (s: Stack, edit: (text: string) => string): unknown => s.rewrite(n.CNI, 'configurationValues', edit);

export const eks: readonly Mistake[] = [
  {
    name: 'source address translation is left on',
    traps: ['network 3', 'cassandra 5'],
    change: (s) => cni(s, (text) => text.replace(/,"AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS":"[^"]*"/, '')),
    blocks: [[/^native protocol, dc1 to dc2/, 'snat', n.CNI, 'source-rewritten']],
    findings: [`source-rewritten ${n.CNI}`],
  },
  {
    name: 'source address translation spares the nodes of Google, but not its pods',
    traps: ['network 3'],
    change: (s) => cni(s, (text) => text.replace('10.150.0.0/16,10.250.0.0/16', '10.150.0.0/16')),
    blocks: [[/^native protocol, dc1 to dc2/, 'snat', n.CNI, 'source-rewritten']],
    findings: [`source-rewritten ${n.CNI}`],
  },
  {
    name: 'custom networking is off',
    change: (s) => cni(s, (text) => text.replace('CUSTOM_NETWORK_CFG":"true', 'CUSTOM_NETWORK_CFG":"false')),
    blocks: [[/^native protocol, dc1 to dc2/, 'network-policy', n.policy(n.GCP, 'cassandra'), 'no-policy-ingress']],
    findings: [`eni-config-inert ${n.CNI}`],
  },
  {
    name: 'a zone has no ENIConfig',
    change: (s) => s.remove(n.eniConfig('eu-west-1b')),
    blocks: [
      [
        /^(internode, dc1 to dc2|native protocol, dc1 to dc2|path MTU, dc1 to dc2|seeds, dc1 to dc2|DNS, dc1 to dc2|internode, within dc1).*\| pod in eu-west-1b >/,
        'source',
        n.CNI,
        'no-eni-config',
      ],
      [
        /^(internode, dc2 to dc1|native protocol, dc2 to dc1|path MTU, dc2 to dc1|internode, within dc1|management API, dc1|metrics, dc1).*pod in eu-west-1b /,
        'destination',
        n.CNI,
        'no-eni-config',
      ],
    ],
  },
  {
    name: 'an ENIConfig has the name of no zone',
    change: (s) => s.set(n.eniConfig('eu-west-1b'), 'metadata.name', 'zone-b'),
    blocks: [
      [
        /^(internode, dc1 to dc2|native protocol, dc1 to dc2|path MTU, dc1 to dc2|seeds, dc1 to dc2|DNS, dc1 to dc2|internode, within dc1).*\| pod in eu-west-1b >/,
        'source',
        n.CNI,
        'no-eni-config',
      ],
      [
        /^(internode, dc2 to dc1|native protocol, dc2 to dc1|path MTU, dc2 to dc1|internode, within dc1|management API, dc1|metrics, dc1).*pod in eu-west-1b /,
        'destination',
        n.CNI,
        'no-eni-config',
      ],
    ],
  },
  {
    name: 'an ENIConfig names a subnet of another zone',
    change: (s) => {
      s.set(n.eniConfig('eu-west-1a'), 'spec.subnet', s.get(n.eniConfig('eu-west-1b'), 'spec.subnet') as string);
      s.setSources(n.eniConfig('eu-west-1a'), 'spec', [s.urn(n.podSubnet('eu-west-1b')), s.urn(n.EKS)]);
    },
    blocks: [
      [n.from('pod in eu-west-1a'), 'source', n.eniConfig('eu-west-1a'), 'eni-config-zone'],
      [n.to('pod in eu-west-1a'), 'destination', n.eniConfig('eu-west-1a'), 'eni-config-zone'],
    ],
  },
  {
    name: "an ENIConfig names the VPC's default security group",
    change: (s) => {
      const group = `DefaultSecurityGroup::${n.AWS}-network-default-security-group`;
      s.set(
        n.eniConfig('eu-west-1c'),
        'spec.securityGroups.0',
        s.find(group).id ?? '04da6b54-80e4-46f7-96ec-b56ff0331ba9',
      );
      s.setSources(n.eniConfig('eu-west-1c'), 'spec', [s.urn(n.podSubnet('eu-west-1c')), s.urn(group)]);
    },
    blocks: [
      [
        /^(internode, dc1 to dc2|native protocol, dc1 to dc2|path MTU, dc1 to dc2|seeds, dc1 to dc2|DNS, dc1 to dc2|internode, within dc1).*\| 10\.200\.64\.10 >/,
        'security-group',
        'DefaultSecurityGroup::aws-eu-west-1-network-default-security-group',
        'no-egress-rule',
      ],
      [
        /^(internode, dc2 to dc1|native protocol, dc2 to dc1|path MTU, dc2 to dc1|internode, within dc1|management API, dc1|metrics, dc1).*10\.200\.64\.10 /,
        'security-group',
        'DefaultSecurityGroup::aws-eu-west-1-network-default-security-group',
        'no-ingress-rule',
      ],
    ],
  },
  {
    name: 'the network plugin does not enforce policies',
    change: (s) => cni(s, (text) => text.replace(',"enableNetworkPolicy":"true"', '')),
    findings: [`policies-inert ${n.CNI}`],
  },
  {
    name: 'the security group does not admit the pods of Google on the internode port',
    change: (s) => s.remove(n.peerRule('pods', 'internode')),
    blocks: [[/^internode, dc2 to dc1/, 'security-group', n.EKS, 'no-ingress-rule']],
  },
  {
    name: 'the security group does not admit clients of Google',
    change: (s) => s.remove(n.peerRule('pods', 'native')),
    blocks: [[/^native protocol, dc2 to dc1/, 'security-group', n.EKS, 'no-ingress-rule']],
  },
  {
    name: 'the security group does not admit ICMP',
    traps: ['network 11'],
    change: (s) => s.remove(n.peerRule('pods', 'icmp')),
    blocks: [[/^path MTU, dc2 to dc1/, 'security-group', n.EKS, 'no-ingress-rule']],
  },
  {
    name: 'the security group does not admit the nodes of Google',
    traps: ['network 11'],
    change: (s) => s.remove(n.peerRule('nodes', 'internode')),
    findings: [`nodes-not-admitted ${n.EKS}`],
  },
  {
    name: 'the security group does not admit DNS over UDP from the pods of Google',
    traps: ['network 13'],
    change: (s) => s.remove(n.peerRule('pods', 'dns-udp')),
    blocks: [[/^DNS, dc2 to dc1.*udp$/, 'security-group', n.EKS, 'no-ingress-rule']],
  },
  {
    name: 'the security group does not admit DNS over TCP from the pods of Google',
    traps: ['network 13'],
    change: (s) => s.remove(n.peerRule('pods', 'dns-tcp')),
    blocks: [[/^DNS, dc2 to dc1.*tcp$/, 'security-group', n.EKS, 'no-ingress-rule']],
  },
  {
    name: 'the security group does not admit the load balancer of one zone',
    traps: ['network 11'],
    change: (s) => s.remove(n.balancerRule('eu-west-1a', 'internode')),
    blocks: [[/^seeds, dc2 to dc1.*10\.100\.19\./, 'security-group', n.EKS, 'health-check']],
  },
  {
    name: 'the security group does not admit the health checks of DNS',
    change: (s) => s.remove(...n.ZONES.map((zone) => n.balancerRule(zone, 'dns-health'))),
    blocks: [[/^DNS, dc2 to dc1/, 'security-group', n.EKS, 'health-check']],
  },
  {
    name: 'a security group rule has the internode port of Cassandra 3',
    change: (s) =>
      s.set(n.peerRule('pods', 'internode'), 'fromPort', 7001).set(n.peerRule('pods', 'internode'), 'toPort', 7001),
    blocks: [[/^internode, dc2 to dc1/, 'security-group', n.peerRule('pods', 'internode'), 'no-ingress-rule']],
  },
  {
    name: 'a security group rule is for UDP',
    change: (s) => s.set(n.peerRule('pods', 'native'), 'ipProtocol', 'udp'),
    blocks: [[/^native protocol, dc2 to dc1/, 'security-group', n.peerRule('pods', 'native'), 'no-ingress-rule']],
  },
  {
    name: 'a security group rule admits half of the pods',
    change: (s) => s.set(n.peerRule('pods', 'internode'), 'cidrIpv4', '10.250.128.0/17'),
    blocks: [[/^internode, dc2 to dc1/, 'security-group', n.peerRule('pods', 'internode'), 'no-ingress-rule']],
  },
  {
    name: 'a security group rule is on another group',
    change: (s) =>
      s.point(
        n.peerRule('pods', 'internode'),
        'securityGroupId',
        `DefaultSecurityGroup::${n.AWS}-network-default-security-group`,
      ),
    blocks: [[/^internode, dc2 to dc1/, 'security-group', n.EKS, 'no-ingress-rule']],
  },
];

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
  },
  {
    name: 'source address translation spares the nodes of Google, but not its pods',
    traps: ['network 3'],
    change: (s) => cni(s, (text) => text.replace('10.150.0.0/16,10.250.0.0/16', '10.150.0.0/16')),
  },
  { name: 'custom networking is off', change: (s) => cni(s, (text) => text.replace('CUSTOM_NETWORK_CFG":"true', 'CUSTOM_NETWORK_CFG":"false')) },
  { name: 'a zone has no ENIConfig', change: (s) => s.remove(n.eniConfig('eu-west-1b')) },
  { name: 'an ENIConfig has the name of no zone', change: (s) => s.set(n.eniConfig('eu-west-1b'), 'metadata.name', 'zone-b') },
  {
    name: 'an ENIConfig names a subnet of another zone',
    change: (s) => {
      s.set(n.eniConfig('eu-west-1a'), 'spec.subnet', s.get(n.eniConfig('eu-west-1b'), 'spec.subnet') as string);
      s.setSources(n.eniConfig('eu-west-1a'), 'spec', [s.urn(n.podSubnet('eu-west-1b')), s.urn(n.EKS)]);
    },
  },
  {
    name: "an ENIConfig names the VPC's default security group",
    change: (s) => {
      const group = `DefaultSecurityGroup::${n.AWS}-network-default-security-group`;
      s.set(n.eniConfig('eu-west-1c'), 'spec.securityGroups.0', s.find(group).id ?? '04da6b54-80e4-46f7-96ec-b56ff0331ba9');
      s.setSources(n.eniConfig('eu-west-1c'), 'spec', [s.urn(n.podSubnet('eu-west-1c')), s.urn(group)]);
    },
  },
  { name: 'the network plugin does not enforce policies', change: (s) => cni(s, (text) => text.replace(',"enableNetworkPolicy":"true"', '')) },
  { name: 'the security group does not admit the pods of Google on the internode port', change: (s) => s.remove(n.peerRule('pods', 'internode')) },
  { name: 'the security group does not admit clients of Google', change: (s) => s.remove(n.peerRule('pods', 'native')) },
  { name: 'the security group does not admit ICMP', traps: ['network 11'], change: (s) => s.remove(n.peerRule('pods', 'icmp')) },
  { name: 'the security group does not admit the nodes of Google', traps: ['network 11'], change: (s) => s.remove(n.peerRule('nodes', 'internode')) },
  {
    name: 'the security group does not admit DNS over UDP from the pods of Google',
    traps: ['network 13'],
    change: (s) => s.remove(n.peerRule('pods', 'dns-udp')),
  },
  { name: 'the security group does not admit DNS over TCP from the pods of Google', traps: ['network 13'], change: (s) => s.remove(n.peerRule('pods', 'dns-tcp')) },
  {
    name: 'the security group does not admit the load balancer of one zone',
    traps: ['network 11'],
    change: (s) => s.remove(n.balancerRule('eu-west-1a', 'internode')),
  },
  { name: 'the security group does not admit the health checks of DNS', change: (s) => s.remove(...n.ZONES.map((zone) => n.balancerRule(zone, 'dns-health'))) },
  {
    name: 'a security group rule has the internode port of Cassandra 3',
    change: (s) => s.set(n.peerRule('pods', 'internode'), 'fromPort', 7001).set(n.peerRule('pods', 'internode'), 'toPort', 7001),
  },
  { name: 'a security group rule is for UDP', change: (s) => s.set(n.peerRule('pods', 'native'), 'ipProtocol', 'udp') },
  { name: 'a security group rule admits half of the pods', change: (s) => s.set(n.peerRule('pods', 'internode'), 'cidrIpv4', '10.250.128.0/17') },
  {
    name: 'a security group rule is on another group',
    change: (s) => s.point(n.peerRule('pods', 'internode'), 'securityGroupId', `DefaultSecurityGroup::${n.AWS}-network-default-security-group`),
  },
];

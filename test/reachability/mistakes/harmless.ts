/** Changes that break nothing: a finding on any of them is a false alarm. */
import { vpnElsewhere } from './cases/bgp';
import type { Stack } from './edit';
import { stringify } from 'yaml';
import { HARMLESS_PLATFORM } from './harmlessPlatform';
import type { Harmless } from './mistake';
import * as n from './names';

export const HARMLESS: readonly Harmless[] = [
  ...HARMLESS_PLATFORM,
  { name: 'nothing is changed', change: () => undefined },
  { name: 'resources stand in another order', change: (s) => s.resources.reverse() },
  { name: 'a VPC has another tag', change: (s) => s.set(n.VPC, 'tags', { Name: 'production', owner: 'platform' }) },
  {
    name: 'a security group rule has another description',
    change: (s) => s.set(n.peerRule('pods', 'internode'), 'description', 'gossip'),
  },
  {
    name: 'the firewall lists its source ranges in another order',
    change: (s) =>
      s.set(n.ADMIT_PEERS, 'sourceRanges', [...(s.get(n.ADMIT_PEERS, 'sourceRanges') as string[])].reverse()),
  },
  {
    name: 'the external gateway lists its interfaces in another order, by the same numbers',
    change: (s) => s.set(n.EXTERNAL, 'interfaces', [...(s.get(n.EXTERNAL, 'interfaces') as string[])].reverse()),
  },
  {
    name: 'the Cloud Router lists its ranges in another order',
    change: (s) => s.set(n.ROUTER, 'bgp.advertisedIpRanges', [{ range: '10.250.0.0/16' }, { range: '10.150.0.0/16' }]),
  },
  {
    name: 'the Cloud Router advertises a larger private range',
    change: (s) => s.set(n.ROUTER, 'bgp.advertisedIpRanges', [{ range: '10.150.0.0/16' }, { range: '10.248.0.0/13' }]),
  },
  {
    name: 'the BGP peers advertise the ranges themselves',
    change: (s) => peersAdvertise(s, { advertisedIpRanges: ['10.150.0.0/16', '10.250.0.0/16'] }),
  },
  {
    name: 'the BGP peers advertise all subnets',
    change: (s) => peersAdvertise(s, { advertisedGroups: ['ALL_SUBNETS'] }),
  },
  {
    name: 'the Cloud Router advertises by default',
    change: (s) => s.set(n.ROUTER, 'bgp', { asn: 65010, advertiseMode: 'DEFAULT' }),
  },
  {
    name: 'an unrelated security group rule is added',
    change: (s) =>
      s
        .set(s.addLike(n.peerRule('pods', 'icmp'), 'https'), 'ipProtocol', 'tcp')
        .set('SecurityGroupIngressRule::https', 'fromPort', 443)
        .set('SecurityGroupIngressRule::https', 'toPort', 443),
  },
  {
    name: 'a security group rule admits a larger private range',
    change: (s) => s.set(n.peerRule('pods', 'internode'), 'cidrIpv4', '10.240.0.0/12'),
  },
  {
    name: 'the firewall admits larger private ranges',
    change: (s) => s.set(n.ADMIT_PEERS, 'sourceRanges', ['10.96.0.0/12', '10.192.0.0/12']),
  },
  {
    name: 'DNS is left to the rule that GKE makes for the Service',
    change: (s) =>
      s.set(n.ADMIT_PEERS, 'allows', [{ protocol: 'tcp', ports: ['7000', '9042', '9142'] }, { protocol: 'icmp' }]),
  },
  { name: 'a firewall rule is added that denies SSH', change: (s) => deny(s, '22') },
  { name: 'a deny rule stands behind the firewall rules', change: (s) => deny(s, undefined, 65000) },
  {
    name: 'the network routes within its region, where everything is',
    change: (s) => s.set(n.NETWORK, 'routingMode', 'REGIONAL'),
  },
  { name: 'the VPN ends in another region, with global routing', change: (s) => vpnElsewhere(s) },
  {
    name: 'a network firewall policy denies behind the VPC firewall rules',
    change: (s) => {
      const policy = 'gcp:compute/networkFirewallPolicy';
      s.addBeside(n.NETWORK, `${policy}:NetworkFirewallPolicy`, 'guard', { name: 'guard' });
      s.addBeside(n.NETWORK, `${policy}Rule:NetworkFirewallPolicyRule`, 'guard-rule', {
        firewallPolicy: 'guard',
        priority: 10,
        direction: 'INGRESS',
        action: 'deny',
        match: { srcIpRanges: ['0.0.0.0/0'], layer4Configs: [{ ipProtocol: 'all' }] },
      });
      const inputs = { firewallPolicy: 'guard' };
      const link = s.addBeside(
        n.NETWORK,
        `${policy}Association:NetworkFirewallPolicyAssociation`,
        'guard-network',
        inputs,
      );
      s.point(link, 'attachmentTarget', n.NETWORK);
    },
  },
  { name: 'references are full URLs', change: (s) => fullUrls(s) },
  { name: 'both ends of every tunnel use Diffie-Hellman group 18', change: (s) => group18(s) },
  { name: 'the tunnels have other inside ranges', change: (s) => [0, 1, 2, 3].forEach((k) => insideRange(s, k)) },
  {
    name: 'the sites have other private AS numbers',
    change: (s) => {
      s.set(n.ROUTER, 'bgp.asn', 4200000001);
      [0, 1].forEach((k) => s.set(n.customer(k), 'bgpAsn', '4200000001'));
    },
  },
  { name: 'BGP asks for a longer keepalive', change: (s) => s.set(n.ROUTER, 'bgp.keepaliveInterval', 40) },
  {
    name: 'a subnet is added to the VPC',
    change: (s) =>
      s
        .set(s.addLike(n.nodeSubnet('eu-west-1a'), 'spare'), 'cidrBlock', '10.100.200.0/24')
        .set('Subnet::spare', 'tags', { Name: 'spare' }),
  },
  {
    name: 'a subnet is added to the network of Google',
    change: (s) =>
      s
        .set(s.addLike(n.NODES, 'spare'), 'ipCidrRange', '10.150.192.0/20')
        .set('Subnetwork::spare', 'secondaryIpRanges', [])
        .set('Subnetwork::spare', 'name', 'spare'),
  },
  {
    name: 'the nodes of AWS scale further',
    change: (s) =>
      n.ZONES.forEach((zone) =>
        s.set(`NodeGroup::${n.AWS}-nodes-${zone}`, 'scalingConfig', { minSize: 2, desiredSize: 3, maxSize: 6 }),
      ),
  },
  { name: 'the nodes of Google scale further', change: (s) => s.set(n.POOL, 'autoscaling.maxNodeCount', 6) },
  {
    name: 'the datacenters have more nodes',
    change: (s) => [n.DC1, n.DC2].forEach((key) => s.set(key, 'spec.size', 6)),
  },
  {
    name: 'the network plugin excludes a larger range from translation',
    change: (s) =>
      s.rewrite(n.CNI, 'configurationValues', (text) =>
        text.replace('10.150.0.0/16,10.250.0.0/16', '10.250.0.0/16,10.128.0.0/11'),
      ),
  },
  {
    name: 'source address translation is left to the NAT gateways',
    change: (s) =>
      s.rewrite(n.CNI, 'configurationValues', (text) => text.replace('EXTERNALSNAT":"false', 'EXTERNALSNAT":"true')),
  },
  {
    name: "GKE's default translation is on, which spares private ranges",
    change: (s) => s.set(n.GKE, 'defaultSnatStatus', undefined),
  },
  {
    name: 'NodeLocal DNSCache is switched on',
    change: (s) => s.set(n.GKE, 'addonsConfig.dnsCacheConfig.enabled', true),
  },
  {
    name: 'the pinned addresses stand in another order than the subnets, which the controller does not mind',
    change: (s) => s.set(n.GATEWAY1, n.nlb('private-ipv4-addresses'), '10.100.51.250,10.100.19.250,10.100.83.250'),
  },
  {
    name: 'the gateway of AWS finds its subnets by their tags',
    change: (s) => s.set(n.GATEWAY1, n.nlb('subnets'), undefined),
  },
  {
    name: 'the gateway of AWS names its target port',
    change: (s) => s.set(n.GATEWAY1, 'spec.ports.0.targetPort', 'internode'),
  },
  {
    name: 'the gateway of Google is internal by its class',
    change: (s) =>
      s
        .set(n.GATEWAY2, n.gke('load-balancer-type'), undefined)
        .set(n.GATEWAY2, 'spec.loadBalancerClass', 'networking.gke.io/l4-regional-internal'),
  },
  {
    name: 'the address of the gateway of Google is not reserved',
    change: (s) => s.remove(n.GATEWAY_ADDRESS),
  },
  {
    name: 'switches of the network plugin are written in capitals',
    change: (s) =>
      s.rewrite(n.CNI, 'configurationValues', (text) =>
        text.replace('CUSTOM_NETWORK_CFG":"true', 'CUSTOM_NETWORK_CFG":"True').replace('SNAT":"false', 'SNAT":"TRUE'),
      ),
  },
  {
    name: "the network plugin's configuration is YAML",
    change: (s) => s.rewrite(n.CNI, 'configurationValues', (text) => stringify(JSON.parse(text))),
  },
  {
    name: 'the node groups name their ENIConfigs by the default label',
    change: (s) => {
      s.rewrite(n.CNI, 'configurationValues', (text) => text.replace(/"ENI_CONFIG_LABEL_DEF":"[^"]*",?/, ''));
      for (const zone of n.ZONES)
        s.set(`NodeGroup::${n.AWS}-nodes-${zone}`, ['labels', 'k8s.amazonaws.com/eniConfig'], zone);
    },
  },
  {
    name: 'the gateway of AWS keeps client addresses',
    change: (s) => s.set(n.GATEWAY1, n.nlb('target-group-attributes'), 'preserve_client_ip.enabled=true'),
  },
  {
    name: 'the gateway of AWS also offers clients a port',
    change: (s) =>
      s
        .set(n.GATEWAY1, 'spec.ports.1', { name: 'native', port: 9042, targetPort: 9042, protocol: 'TCP' })
        .set(n.peerRule('nodes', 'native'), 'description', 'clients'),
  },
  {
    name: 'CoreDNS of EKS caches longer',
    change: (s) => s.rewrite(n.COREDNS, 'configurationValues', (text) => text.replace('cache 5', 'cache 10')),
  },
  {
    name: 'CoreDNS of EKS forwards over TCP',
    change: (s) =>
      s.rewrite(n.COREDNS, 'configurationValues', (text) =>
        text.replace('forward . 10.150.127.251', 'forward . 10.150.127.251 {\\n        force_tcp\\n    }'),
      ),
  },
  {
    name: 'the block of the other zone also has hosts, and falls through',
    change: (s) =>
      s.rewrite(n.COREDNS, 'configurationValues', (text) =>
        text.replace(
          'errors\\n    cache 5',
          'errors\\n    hosts {\\n        192.0.2.1 x.example\\n        fallthrough\\n    }\\n    cache 5',
        ),
      ),
  },
  {
    name: 'the zone of the other cluster is written with its last dot',
    change: (s) =>
      s.rewrite(n.COREDNS, 'configurationValues', (text) =>
        text.replace('europe-west4.svc.cluster.local:53', 'europe-west4.svc.cluster.local.:53'),
      ),
  },
  {
    name: 'upstreams are written with their port',
    change: (s) =>
      s
        .rewrite(n.COREDNS, 'configurationValues', (text) => text.replace('10.150.127.251', 'dns://10.150.127.251:53'))
        .rewrite(n.STUB_DOMAINS, 'data.stubDomains', (text) => text.replace('10.100.19.251', '10.100.19.251:53')),
  },
  {
    name: 'kube-dns also forwards a corporate zone',
    change: (s) =>
      s.rewrite(n.STUB_DOMAINS, 'data.stubDomains', (text) => text.replace(/}$/, ',"corp.example":["10.100.19.251"]}')),
  },
  { name: "Google's own CoreDNS has three replicas", change: (s) => s.set(n.SITE_DNS, 'spec.replicas', 3) },
  {
    name: 'the seeds stand in another order',
    change: (s) =>
      s.set(
        n.SEEDS2,
        'subsets.0.addresses',
        ['10.100.83.250', '10.100.19.250', '10.100.51.250'].map((ip) => ({ ip })),
      ),
  },
  {
    name: 'a policy for other pods is added',
    change: (s) =>
      s.addBeside(n.policy(n.AWS, 'cassandra'), 'kubernetes:networking.k8s.io/v1:NetworkPolicy', 'web', {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'web', namespace: s.get(n.policy(n.AWS, 'cassandra'), 'metadata.namespace') as string },
        spec: { podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Ingress', 'Egress'] },
      }),
  },
  {
    name: 'an application keyspace is replicated too',
    change: (s) =>
      s.rewrite(
        n.REPLICATION,
        'spec.template.spec.containers.0.env.3.value',
        (text) =>
          `${text}\nALTER KEYSPACE "shop" WITH replication = {'class': 'NetworkTopologyStrategy', 'dc1': 3, 'dc2': 3};`,
      ),
  },
  {
    name: 'the pods of Cassandra have another version',
    change: (s) => [n.DC1, n.DC2].forEach((key) => s.set(key, 'spec.serverVersion', '5.0.10')),
  },
  {
    name: 'the VPC route tables lead to all of Google by one route',
    on: 'transit',
    change: (s) =>
      n.ZONES.forEach((zone) =>
        s
          .set(n.transitRoute('pods', zone), 'destinationCidrBlock', '10.128.0.0/9')
          .remove(n.transitRoute('nodes', zone)),
      ),
  },
  {
    name: 'a static route leads to the virtual private gateway',
    on: 'virtualPrivate',
    change: (s) => {
      s.remove(n.propagation('eu-west-1b'));
      for (const range of ['10.150.0.0/16', '10.250.0.0/16']) {
        const route = s.addBeside(n.privateRoutes('eu-west-1b'), 'aws:ec2/route:Route', `to-${range}`, {
          destinationCidrBlock: range,
        });
        s.point(route, 'routeTableId', n.privateRoutes('eu-west-1b')).point(route, 'gatewayId', n.VGW);
      }
    },
  },
];

function peersAdvertise(
  s: Stack,
  { advertisedIpRanges = [], advertisedGroups = [] }: { advertisedIpRanges?: string[]; advertisedGroups?: string[] },
): void {
  for (const key of n.PEERS)
    s.set(key, 'advertiseMode', 'CUSTOM')
      .set(key, 'advertisedGroups', advertisedGroups)
      .set(
        key,
        'advertisedIpRanges',
        advertisedIpRanges.map((range) => ({ range })),
      );
}

function deny(s: Stack, port: string | undefined, priority = 100): void {
  const denies = [port === undefined ? { protocol: 'all' } : { protocol: 'tcp', ports: [port] }];
  const rule = s.addBeside(n.ADMIT_PEERS, 'gcp:compute/firewall:Firewall', 'deny', {
    priority,
    sourceRanges: ['0.0.0.0/0'],
    denies,
  });
  s.point(rule, 'network', n.NETWORK);
}

function fullUrls(s: Stack): void {
  for (const key of [n.ROUTER, n.HA_GATEWAY, n.NODES, n.ADMIT_PEERS]) {
    const network = s.get(key, 'network') as string;
    if (network.startsWith('projects/')) s.set(key, 'network', `https://www.googleapis.com/compute/v1/${network}`);
  }
}

function group18(s: Stack): void {
  for (const key of n.CONNECTIONS)
    for (const name of ['tunnel1', 'tunnel2'])
      s.set(key, `${name}Phase1DhGroupNumbers`, [18]).set(key, `${name}Phase2DhGroupNumbers`, [18]);
  for (const key of n.TUNNELS)
    s.set(key, 'cipherSuite.phase1.dhs', ['Group-18']).set(key, 'cipherSuite.phase2.pfs', ['Group-18']);
}

function insideRange(s: Stack, k: number): void {
  s.set(n.connection(Math.floor(k / 2)), `tunnel${(k % 2) + 1}InsideCidr`, `169.254.77.${k * 4}/30`);
  s.set(n.routerInterface(k), 'ipRange', `169.254.77.${k * 4 + 2}/30`);
  s.set(n.peer(k), 'ipAddress', `169.254.77.${k * 4 + 2}`).set(n.peer(k), 'peerIpAddress', `169.254.77.${k * 4 + 1}`);
}

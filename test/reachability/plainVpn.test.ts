/** A plain AWS and Google Cloud VPN stack that this program did not make, written from the providers' documents. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { prove } from '../../reachability';
import { Stack } from './mistakes/edit';
import { type Harmless, type Mistake, runSuite } from './mistakes/suite';

const stack = Stack.read(join(__dirname, 'fixtures', 'plain-vpn.json'));

const flows = {
  internode: '10.10.1.10,10.20.0.10,7000/tcp',
  internodeBack: '10.20.0.10,10.10.1.10,7000/tcp',
  native: '10.20.0.10,10.10.1.10,9042/tcp',
  ping: '10.20.0.10,10.10.1.10,icmp',
  zoneB: '10.10.2.77,10.20.0.10,7000/tcp',
};
type Stop = readonly [string, string, string?];
const all = (...stop: Stop): Record<string, Stop> => Object.fromEntries(Object.keys(flows).map((name) => [name, stop]));
const only = (names: readonly (keyof typeof flows)[], ...stop: Stop): Record<string, Stop> =>
  Object.fromEntries(names.map((name) => [name, stop]));
const connections = ['VpnConnection::vpn-0', 'VpnConnection::vpn-1'];
const peers = [0, 1, 2, 3].map((k) => `RouterPeer::peer-${k}`);
const tunnels = [0, 1, 2, 3].map((k) => `VPNTunnel::tunnel-${k}`);
const bothTunnels = (edit: (key: string, prefix: string) => void): void =>
  connections.forEach((key) => ['tunnel1', 'tunnel2'].forEach((prefix) => edit(key, prefix)));

const mistakes: readonly Mistake[] = [
  {
    name: 'the private route table does not propagate the virtual private gateway',
    change: (s) => s.remove('VpnGatewayRoutePropagation::private'),
    blocks: all('route-table', 'RouteTable::private', 'no-propagation'),
  },
  {
    name: 'a subnet is associated with another route table',
    change: (s) => s.set('RouteTableAssociation::private-b', 'routeTableId', 'rtb-0public0000000001'),
    blocks: only(['zoneB'], 'route-table', 'RouteTable::public'),
  },
  {
    name: 'a subnet has no association and falls back to the main table',
    change: (s) => s.remove('RouteTableAssociation::private-b'),
    blocks: only(['zoneB'], 'route-table', 'Vpc::main'),
  },
  {
    name: 'the virtual private gateway is attached to no VPC',
    change: (s) => s.set('VpnGateway::vgw', 'vpcId', undefined).setSources('VpnGateway::vgw', 'vpcId', []),
    blocks: all('virtual-private-gateway', 'VpnGateway::vgw', 'not-attached'),
  },
  {
    name: 'a more specific static route takes the peer to the NAT gateway',
    change: (s) =>
      s.add({
        urn: 'urn:pulumi:prod::hybrid::aws:ec2/route:Route::stray',
        type: 'aws:ec2/route:Route',
        id: 'r-stray',
        inputs: {
          routeTableId: 'rtb-0private000000001',
          destinationCidrBlock: '10.20.0.0/21',
          natGatewayId: 'nat-0123456789abcdef0',
        },
      }),
    blocks: all('route-table', 'Route::stray', 'route-elsewhere'),
  },
  {
    name: 'the security group admits another range on the internode port',
    change: (s) => s.set('SecurityGroup::database', 'ingress.0.cidrBlocks', ['10.30.0.0/20']),
    blocks: only(['internodeBack'], 'security-group', 'SecurityGroup::database', 'no-ingress-rule'),
  },
  {
    name: 'the security group admits the internode port under UDP',
    change: (s) => s.set('SecurityGroup::database', 'ingress.0.protocol', 'udp'),
    blocks: only(['internodeBack'], 'security-group', 'SecurityGroup::database'),
  },
  {
    name: 'the security group has no ICMP rule',
    change: (s) => s.set('SecurityGroup::database', 'ingress.2.protocol', 'tcp'),
    blocks: only(['ping'], 'security-group', 'SecurityGroup::database'),
  },
  {
    name: 'the security group lets nothing out',
    change: (s) => s.set('SecurityGroup::database', 'egress', []),
    blocks: only(['internode', 'zoneB'], 'security-group', 'SecurityGroup::database', 'no-egress-rule'),
  },
  {
    name: 'a network ACL forgets the ephemeral ports of the reply',
    change: (s) =>
      s.add({
        urn: 'urn:pulumi:prod::hybrid::aws:ec2/networkAcl:NetworkAcl::strict',
        type: 'aws:ec2/networkAcl:NetworkAcl',
        id: 'acl-strict',
        inputs: {
          vpcId: 'vpc-0a1b2c3d4e5f60718',
          subnetIds: ['subnet-0aaaaaaaaaaaaaaaa'],
          ingress: [{ ruleNo: 100, action: 'allow', protocol: '-1', fromPort: 0, toPort: 0, cidrBlock: '0.0.0.0/0' }],
          egress: [
            { ruleNo: 100, action: 'allow', protocol: 'tcp', fromPort: 0, toPort: 10000, cidrBlock: '0.0.0.0/0' },
          ],
        },
      }),
    blocks: only(['internodeBack', 'native', 'ping'], 'network-acl', 'NetworkAcl::strict'),
  },
  {
    name: 'the firewall rule is disabled',
    change: (s) => s.set('Firewall::from-aws', 'disabled', true),
    blocks: only(['internode', 'zoneB'], 'firewall', 'Firewall::from-aws', 'no-firewall-rule'),
  },
  {
    name: 'the firewall rule targets another tag',
    change: (s) => s.set('Firewall::from-aws', 'targetTags', ['database']),
    blocks: only(['internode', 'zoneB'], 'firewall', 'Firewall::from-aws'),
  },
  {
    name: 'the firewall rule admits only one zone of AWS',
    change: (s) => s.set('Firewall::from-aws', 'sourceRanges', ['10.10.1.0/24']),
    blocks: only(['zoneB'], 'firewall', 'Firewall::from-aws'),
  },
  {
    name: 'the firewall rule has a mistyped port',
    change: (s) => s.set('Firewall::from-aws', 'allows.0.ports', ['7001', '9042']),
    blocks: only(['internode', 'zoneB'], 'firewall', 'Firewall::from-aws'),
  },
  {
    name: 'the network has no firewall rule',
    change: (s) => s.remove('Firewall::from-aws'),
    blocks: only(['internode', 'zoneB'], 'firewall', 'Network::main', 'no-firewall-rule'),
  },
  {
    name: 'a deny rule of the same priority wins',
    change: (s) =>
      s.add({
        urn: 'urn:pulumi:prod::hybrid::gcp:compute/firewall:Firewall::no-aws',
        type: 'gcp:compute/firewall:Firewall',
        inputs: {
          network: 'projects/hybrid-prod/global/networks/main',
          priority: 1000,
          sourceRanges: ['10.0.0.0/8'],
          denies: [{ protocol: 'all' }],
        },
      }),
    blocks: only(['internode', 'zoneB'], 'firewall', 'Firewall::no-aws', 'firewall-denied'),
  },
  {
    name: 'an egress deny rule keeps Google from calling',
    change: (s) =>
      s.add({
        urn: 'urn:pulumi:prod::hybrid::gcp:compute/firewall:Firewall::no-egress',
        type: 'gcp:compute/firewall:Firewall',
        inputs: {
          network: 'projects/hybrid-prod/global/networks/main',
          direction: 'EGRESS',
          destinationRanges: ['10.0.0.0/8'],
          denies: [{ protocol: 'tcp' }],
        },
      }),
    blocks: only(['internodeBack', 'native'], 'firewall', 'Firewall::no-egress', 'firewall-denied'),
  },
  {
    name: 'the Cloud Router is of another region, with regional routing',
    change: (s) => s.set('Subnetwork::db', 'region', 'europe-west1'),
    blocks: {
      ...only(['internode', 'zoneB'], 'bgp', 'Network::main', 'regional-routing'),
      ...only(['internodeBack', 'native', 'ping'], 'route', 'Network::main', 'regional-routing'),
    },
  },
  {
    name: 'the Cloud Router advertises a custom range that leaves the subnet out',
    change: (s) =>
      s
        .set('Router::router', 'bgp.advertiseMode', 'CUSTOM')
        .set('Router::router', 'bgp.advertisedIpRanges', [{ range: '10.21.0.0/20' }]),
    blocks: all('bgp', 'Router::router', 'not-advertised'),
  },
  {
    name: 'every BGP peer advertises nothing',
    change: (s) => peers.forEach((key) => s.set(key, 'advertiseMode', 'CUSTOM')),
    blocks: all('bgp', 'RouterPeer::peer-0', 'not-advertised'),
  },
  {
    name: 'every BGP peer expects another AWS side ASN',
    change: (s) => s.set('VpnGateway::vgw', 'amazonSideAsn', '64512'),
    blocks: all('bgp', 'VpnGateway::vgw', 'asn-mismatch'),
  },
  {
    name: 'the Cloud Router has another ASN than the customer gateways',
    change: (s) => s.set('Router::router', 'bgp.asn', 65121),
    blocks: all('bgp', 'Router::router', 'asn-mismatch'),
  },
  {
    name: 'both sides have the same ASN',
    change: (s) => {
      s.set('VpnGateway::vgw', 'amazonSideAsn', '65120');
      peers.forEach((key) => s.set(key, 'peerAsn', 65120));
    },
    blocks: all('bgp', 'Router::router', 'asn-equal'),
  },
  {
    name: 'the connections have static routes only',
    change: (s) => connections.forEach((key) => s.set(key, 'staticRoutesOnly', true)),
    blocks: all('bgp', 'VpnConnection::vpn-0', 'static-routes-only'),
  },
  {
    name: 'the connections keep the default transforms',
    change: (s) => bothTunnels((key, prefix) => s.set(key, `${prefix}Phase1DhGroupNumbers`, undefined)),
    blocks: all('tunnel', 'VpnConnection::vpn-0', 'rekey'),
  },
  {
    name: 'Google proposes another Diffie-Hellman group',
    change: (s) => tunnels.forEach((key) => s.set(key, 'cipherSuite.phase1.dhs', ['Group-18'])),
    blocks: all('tunnel', 'VPNTunnel::tunnel-0', 'transform-mismatch'),
  },
  {
    name: 'Google speaks IKEv1',
    change: (s) => tunnels.forEach((key) => s.set(key, 'ikeVersion', 1)),
    blocks: all('tunnel', 'VpnConnection::vpn-0', 'ike-version'),
  },
  {
    name: "every tunnel takes its key from another resource on Google's side",
    change: (s) =>
      tunnels.forEach((key, k) => s.setSources(key, 'sharedSecret', [s.urn(`RandomPassword::psk-${(k + 1) % 4}`)])),
    blocks: all('tunnel', 'VPNTunnel::tunnel-0', 'pre-shared-key'),
  },
  {
    name: 'the pre-shared keys have a hyphen',
    change: (s) => bothTunnels((key, prefix) => s.set(key, `${prefix}PresharedKey`, 'abcdefgh-ijkl')),
    blocks: all('tunnel', 'VpnConnection::vpn-0', 'pre-shared-key'),
  },
  {
    name: 'the external interfaces are crossed between the HA interfaces',
    change: (s) => tunnels.forEach((key, k) => s.set(key, 'peerExternalGatewayInterface', (k + 2) % 4)),
    blocks: all('tunnel', 'VPNTunnel::tunnel-0', 'interface-mapping'),
  },
  {
    name: 'both customer gateways have addresses of nobody',
    change: (s) => [0, 1].forEach((k) => s.set(`CustomerGateway::cgw-${k}`, 'ipAddress', '198.51.100.7')),
    blocks: all('tunnel', 'CustomerGateway::cgw-0', 'gateway-interface'),
  },
  {
    name: 'the external gateway lists addresses of nobody',
    change: (s) =>
      [0, 1, 2, 3].forEach((k) => s.set('ExternalVpnGateway::aws', `interfaces.${k}.ipAddress`, `198.51.100.${k + 1}`)),
    blocks: all('tunnel', 'ExternalVpnGateway::aws', 'peer-address'),
  },
  {
    name: "the router interfaces use AWS's own inside addresses",
    change: (s) =>
      [0, 1, 2, 3].forEach((k) => s.set(`RouterInterface::if-${k}`, 'ipRange', `169.254.10.${k * 4 + 1}/30`)),
    blocks: all('bgp', 'RouterInterface::if-0', 'inside-address'),
  },
  {
    name: 'the inside ranges are ones that AWS keeps',
    change: (s) => {
      connections.forEach((key, c) =>
        [1, 2].forEach((t) => {
          const base = `169.254.${c * 2 + t}`;
          s.set(key, `tunnel${t}InsideCidr`, `${base}.0/30`);
          s.set(`RouterInterface::if-${c * 2 + t - 1}`, 'ipRange', `${base}.2/30`);
          s.set(`RouterPeer::peer-${c * 2 + t - 1}`, 'peerIpAddress', `${base}.1`).set(
            `RouterPeer::peer-${c * 2 + t - 1}`,
            'ipAddress',
            `${base}.2`,
          );
        }),
      );
    },
    blocks: all('bgp', 'VpnConnection::vpn-0', 'inside-range'),
  },
  {
    name: 'the BGP peers are switched off',
    change: (s) => peers.forEach((key) => s.set(key, 'enable', false)),
    blocks: all('bgp', 'RouterPeer::peer-0', 'router-peer'),
  },
  {
    name: 'no router interface was made',
    change: (s) => s.remove(...[0, 1, 2, 3].map((k) => `RouterInterface::if-${k}`)),
    blocks: all('bgp', 'VPNTunnel::tunnel-0', 'router-interface'),
  },
  {
    name: "no tunnel was made on Google's side",
    change: (s) => s.remove(...tunnels),
    blocks: {
      ...only(['internode', 'zoneB'], 'tunnel', 'VpnGateway::vgw', 'no-tunnel'),
      ...only(['internodeBack', 'native', 'ping'], 'route', 'Network::main', 'no-route'),
    },
  },
  {
    name: 'the two networks overlap',
    change: (s) => s.set('Subnetwork::db', 'ipCidrRange', '10.10.0.0/20'),
    blocks: {
      internode: ['source', 'Subnetwork::db', 'overlap'],
      internodeBack: ['source', ''],
      native: ['source', ''],
      ping: ['source', ''],
      zoneB: ['source', 'Subnetwork::db', 'overlap'],
    },
  },
];

const harmless: readonly Harmless[] = [
  { name: 'nothing is changed', change: () => undefined },
  { name: 'resources stand in another order', change: (s) => s.resources.reverse() },
  { name: 'the network routes globally', change: (s) => s.set('Network::main', 'routingMode', 'GLOBAL') },
  {
    name: 'references are full URLs',
    change: (s) =>
      s.set(
        'Router::router',
        'network',
        'https://www.googleapis.com/compute/v1/projects/hybrid-prod/global/networks/main',
      ),
  },
  { name: 'the firewall rule admits more', change: (s) => s.set('Firewall::from-aws', 'sourceRanges', ['10.0.0.0/8']) },
  { name: 'the gateway is attached by a resource of its own', change: (s) => attachApart(s) },
  {
    name: 'the peers advertise the subnet by themselves',
    change: (s) =>
      peers.forEach((key) => s.set(key, 'advertiseMode', 'CUSTOM').set(key, 'advertisedGroups', ['ALL_SUBNETS'])),
  },
  { name: 'a static route leads to the gateway', change: (s) => staticRoute(s) },
  { name: 'both phases use Diffie-Hellman group 18', change: (s) => group18(s) },
  { name: 'the keys are shown and equal', change: (s) => showKeys(s) },
  {
    name: 'a policy-free subnet is added',
    change: (s) =>
      s.add({
        urn: 'urn:pulumi:prod::hybrid::aws:ec2/subnet:Subnet::spare',
        type: 'aws:ec2/subnet:Subnet',
        id: 'subnet-spare',
        inputs: { vpcId: 'vpc-0a1b2c3d4e5f60718', cidrBlock: '10.10.9.0/24' },
      }),
  },
];

function attachApart(s: Stack): void {
  s.set('VpnGateway::vgw', 'vpcId', undefined).setSources('VpnGateway::vgw', 'vpcId', []);
  s.add({
    urn: 'urn:pulumi:prod::hybrid::aws:ec2/vpnGatewayAttachment:VpnGatewayAttachment::vgw',
    type: 'aws:ec2/vpnGatewayAttachment:VpnGatewayAttachment',
    inputs: { vpcId: 'vpc-0a1b2c3d4e5f60718', vpnGatewayId: 'vgw-0123456789abcdef0' },
  });
}

function staticRoute(s: Stack): void {
  s.remove('VpnGatewayRoutePropagation::private');
  s.add({
    urn: 'urn:pulumi:prod::hybrid::aws:ec2/route:Route::to-gcp',
    type: 'aws:ec2/route:Route',
    inputs: {
      routeTableId: 'rtb-0private000000001',
      destinationCidrBlock: '10.20.0.0/16',
      gatewayId: 'vgw-0123456789abcdef0',
    },
  });
}

function group18(s: Stack): void {
  bothTunnels((key, prefix) =>
    s.set(key, `${prefix}Phase1DhGroupNumbers`, [18]).set(key, `${prefix}Phase2DhGroupNumbers`, [18]),
  );
  tunnels.forEach((key) =>
    s.set(key, 'cipherSuite.phase1.dhs', ['Group-18']).set(key, 'cipherSuite.phase2.pfs', ['Group-18']),
  );
}

function showKeys(s: Stack): void {
  tunnels.forEach((key, k) => {
    s.set(key, 'sharedSecret', `keyOfTunnel${k}`);
    s.set(`VpnConnection::vpn-${Math.floor(k / 2)}`, `tunnel${(k % 2) + 1}PresharedKey`, `keyOfTunnel${k}`);
  });
}

describe('the proof on a plain AWS and Google Cloud VPN stack', () => {
  const tally = runSuite({ stack, flows, mistakes, harmless });

  it('decides every flow from a first preview, where nothing has an id', () => {
    const preview = stack.copy().asFirstPreview();
    const asked = Object.values(flows).map((text) => {
      const [source, destination, service] = text.split(',') as [string, string, string];
      const [port, protocol] = service.includes('/') ? service.split('/') : ['0', service];
      return { source, destination, port: Number(port), protocol: protocol as 'tcp' | 'icmp' };
    });
    const report = prove(preview.resources, { flows: asked });
    assert.deepEqual(
      report.flows.map((flow) => flow.verdict),
      asked.map(() => 'reachable'),
      JSON.stringify(
        report.flows.map((flow) => [flow.blockedAt, flow.path.at(-1)]),
        undefined,
        1,
      ),
    );
    assert.ok(
      report.flows[0]?.assumed.some((text) => text.includes('customer gateway cgw-0 has the address of interface 0')),
    );
  });

  after(() => {
    console.log(
      `      caught ${tally.caught}/${tally.total} mistakes, ${tally.falseAlarms} false alarms in ${tally.harmless} harmless changes`,
    );
  });
});

import assert from 'node:assert/strict';
import { UNKNOWN, type Props } from '../../../sandbox/core/values';
import { Cloud, makeNetwork } from './cloud';

const FOUR = [0, 1, 2, 3].map((id) => ({ id, ipAddress: `192.0.2.${id + 1}` }));
const SUITE: Props = {
  phase1: {
    encryptions: ['AES-CBC-256'],
    integrities: ['HMAC-SHA2-256-128'],
    prves: ['PRF-HMAC-SHA2-256'],
    dhs: ['Group-14'],
  },
  phase2: { encryptions: ['AES-CBC-256'], integrities: ['HMAC-SHA2-256-128'], pfs: ['Group-14'] },
};

async function makeGateways(): Promise<Cloud> {
  const cloud = await Cloud.ready();
  await makeNetwork(cloud);
  await cloud.create('HaVpnGateway', 'ha', { name: 'ha', network: 'net' });
  await cloud.create('ExternalVpnGateway', 'ext', {
    name: 'ext',
    redundancyType: 'FOUR_IPS_REDUNDANCY',
    interfaces: FOUR,
  });
  await cloud.create('Router', 'router', { name: 'router', network: 'net', bgp: { asn: 65010 } });
  return cloud;
}

function tunnel(external: number, more: Props = {}): Props {
  return {
    name: `tunnel-${external}`,
    vpnGateway: 'ha',
    vpnGatewayInterface: external < 2 ? 0 : 1,
    peerExternalGateway: 'ext',
    peerExternalGatewayInterface: external,
    router: 'router',
    sharedSecret: `secret${external}`,
    cipherSuite: SUITE,
    ...more,
  };
}

async function makeLink(cloud: Cloud, external: number): Promise<void> {
  await cloud.create('VPNTunnel', `tunnel-${external}`, tunnel(external));
  await cloud.create('RouterInterface', `if-${external}`, {
    name: `if-${external}`,
    router: 'router',
    ipRange: `169.254.100.${4 * external + 2}/30`,
    vpnTunnel: `tunnel-${external}`,
  });
  await cloud.create('RouterPeer', `peer-${external}`, {
    name: `peer-${external}`,
    router: 'router',
    interface: `if-${external}`,
    peerIpAddress: `169.254.100.${4 * external + 1}`,
    peerAsn: 64512,
  });
}

describe('local GCP VPN gateways', () => {
  let cloud: Cloud;
  before(async () => {
    cloud = await makeGateways();
  });

  it('of high availability have two interfaces with addresses, unknown at preview', async () => {
    assert.equal(cloud.preview('HaVpnGateway', 'ha2', { name: 'ha2', network: 'net' }).vpnInterfaces, UNKNOWN);
    const made = await cloud.create('HaVpnGateway', 'ha2', { name: 'ha2', network: 'net' });
    const interfaces = made.vpnInterfaces as { id: number; ipAddress: string }[];
    assert.deepEqual(
      interfaces.map(({ id }) => id),
      [0, 1],
    );
    const other = (await cloud.read('ha'))?.outputs.vpnInterfaces as { ipAddress: string }[];
    const all = [...interfaces, ...other].map(({ ipAddress }) => ipAddress);
    assert.equal(new Set(all).size, 4);
  });

  const bad: [string, Props, RegExp][] = [
    [
      'two interfaces for four',
      { redundancyType: 'FOUR_IPS_REDUNDANCY', interfaces: FOUR.slice(0, 2) },
      /requires exactly 4 interfaces/,
    ],
    [
      'four interfaces for two',
      { redundancyType: 'TWO_IPS_REDUNDANCY', interfaces: FOUR },
      /requires exactly 2 interfaces/,
    ],
    [
      'ids with a gap',
      { redundancyType: 'TWO_IPS_REDUNDANCY', interfaces: [FOUR[0], FOUR[2]] as Props[] },
      /Interface ids are 0 to 1/,
    ],
    [
      'one address twice',
      { redundancyType: 'TWO_IPS_REDUNDANCY', interfaces: [FOUR[0], { id: 1, ipAddress: '192.0.2.1' }] as Props[] },
      /distinct addresses/,
    ],
    ['an unknown redundancy', { redundancyType: 'THREE', interfaces: FOUR }, /FOUR_IPS_REDUNDANCY/],
    [
      'no address',
      { redundancyType: 'SINGLE_IP_INTERNALLY_REDUNDANT', interfaces: [{ id: 0 }] },
      /An address is required/,
    ],
  ];
  for (const [what, inputs, message] of bad) {
    it(`of the peer are refused with ${what}`, () =>
      cloud.refuses('ExternalVpnGateway', { name: 'e', ...inputs }, message));
  }
});

describe('local GCP VPN tunnels', () => {
  let cloud: Cloud;
  beforeEach(async () => {
    cloud = await makeGateways();
  });

  const bad: [string, Props, RegExp][] = [
    ['no secret', tunnel(0, { sharedSecret: null }), /one of `sharedSecret,sharedSecretWo` must be specified/],
    ['an empty secret', tunnel(0, { sharedSecret: '' }), /one of `sharedSecret,sharedSecretWo`/],
    ['a gateway interface 2', tunnel(0, { vpnGatewayInterface: 2 }), /interfaces 0 and 1/],
    ['a peer interface beyond the last', tunnel(0, { peerExternalGatewayInterface: 4 }), /interfaces 0 to 3/],
    ['no peer', tunnel(0, { peerExternalGateway: null, peerExternalGatewayInterface: null }), /names its peer gateway/],
    ['no router', tunnel(0, { router: null }), /require a router/],
    ['a missing router', tunnel(0, { router: 'nowhere' }), /routers\/nowhere' was not found/],
    ['a missing gateway', tunnel(0, { vpnGateway: 'nowhere' }), /vpnGateways\/nowhere' was not found/],
    ['IKE version 3', tunnel(0, { ikeVersion: 3 }), /range \(1 - 2\)/],
    [
      'an unknown cipher',
      tunnel(0, { cipherSuite: { phase1: { encryptions: ['AES256'] } } }),
      /cipherSuite\.phase1\.encryptions.*AES-CBC-256/,
    ],
    ['an unknown group', tunnel(0, { cipherSuite: { phase2: { pfs: ['modp2048'] } } }), /Must be one of Group-2/],
    [
      'integrity beside GCM',
      tunnel(0, { cipherSuite: { phase2: { encryptions: ['AES-GCM-16-256'], integrities: ['HMAC-SHA2-256-128'] } } }),
      /takes no integrity/,
    ],
    [
      'another region than its gateway',
      tunnel(0, { region: 'europe-west1' }),
      /europe-west1\/routers\/router' was not found/,
    ],
  ];
  for (const [what, inputs, message] of bad) {
    it(`are refused with ${what}`, () => cloud.refuses('VPNTunnel', withoutNulls(inputs), message));
  }

  it('connect two interfaces once', async () => {
    await cloud.create('VPNTunnel', 't', tunnel(0));
    await cloud.refuses(
      'VPNTunnel',
      tunnel(0, { name: 'again' }),
      /between the same two gateway interfaces already exists/,
    );
    await cloud.create('VPNTunnel', 'u', tunnel(1));
  });

  it('use a router of their own network', async () => {
    await cloud.create('Network', 'other', { name: 'other' });
    await cloud.create('Router', 'r2', { name: 'r2', network: 'other', bgp: { asn: 65011 } });
    await cloud.refuses('VPNTunnel', tunnel(0, { router: 'r2' }), /router must be in the gateway's network 'net'/);
  });

  it('are IKEv2, know their peer address and hide their secret behind a hash', async () => {
    const made = await cloud.create('VPNTunnel', 't', tunnel(2));
    assert.equal(made.ikeVersion, 2);
    assert.equal(made.peerIp, '192.0.2.3');
    assert.match(String(made.sharedSecretHash), /^[0-9a-f]{27}$/);
    assert.equal((await cloud.update('t', { labels: { a: 'b' } })).tunnelId, made.tunnelId);
    assert.deepEqual(cloud.replaces('t', { sharedSecret: 'another' }), ['sharedSecret']);
  });

  it('hold gateways and router', async () => {
    await cloud.create('VPNTunnel', 't', tunnel(0));
    const inUse = /is already being used by '.*\/vpnTunnels\/tunnel-0', resourceInUseByAnotherResource/;
    for (const name of ['ha', 'ext', 'router']) await assert.rejects(cloud.delete(name), inUse, name);
    for (const name of ['t', 'ha', 'ext', 'router']) await cloud.delete(name);
  });
});

describe('local GCP routers', () => {
  let cloud: Cloud;
  beforeEach(async () => {
    cloud = await makeGateways();
    await makeLink(cloud, 0);
  });

  const router = (bgp: Props): Props => ({ name: 'r', network: 'net', bgp });
  const badRouters: [string, Props, RegExp][] = [
    ['a public ASN', router({ asn: 1299 }), /RFC6996-compliant/],
    ['ASN 65535', router({ asn: 65535 }), /RFC6996-compliant/],
    ['a keepalive of 10 s', router({ asn: 65010, keepaliveInterval: 10 }), /range \(20 - 60\)/],
    [
      'ranges in DEFAULT mode',
      router({ asn: 65010, advertisedIpRanges: [{ range: '10.0.0.0/8' }] }),
      /advertise mode CUSTOM/,
    ],
    ['an unknown group', router({ asn: 65010, advertiseMode: 'CUSTOM', advertisedGroups: ['SUBNETS'] }), /ALL_SUBNETS/],
    [
      'one range twice',
      router({
        asn: 65010,
        advertiseMode: 'CUSTOM',
        advertisedIpRanges: [{ range: '10.0.0.0/8' }, { range: '10.0.0.0/8' }],
      }),
      /advertised twice/,
    ],
    [
      'identifiers of no link-local range',
      router({ asn: 65010, identifierRange: '10.0.0.0/30' }),
      /169\.254\.0\.0\/16/,
    ],
  ];
  for (const [what, inputs, message] of badRouters)
    it(`are refused with ${what}`, () => cloud.refuses('Router', inputs, message));

  it('are at most five in a network and region', async () => {
    for (const i of [2, 3, 4, 5]) await cloud.create('Router', `r${i}`, { name: `r${i}`, network: 'net' });
    await cloud.refuses('Router', { name: 'r6', network: 'net' }, /Quota limit exceeded/);
  });

  const link = (more: Props): Props => ({
    name: 'if-1',
    router: 'router',
    ipRange: '169.254.100.6/30',
    vpnTunnel: 'tunnel-1',
    ...more,
  });
  const badInterfaces: [string, Props, RegExp][] = [
    ['no link-local range', link({ ipRange: '10.0.0.2/30' }), /must be in 169\.254\.0\.0\/16/],
    ['a /29', link({ ipRange: '169.254.100.10/29' }), /is a \/30/],
    ["the range's own address", link({ ipRange: '169.254.100.4/30' }), /no address of a host/],
    ['the metadata server', link({ ipRange: '169.254.169.253/30' }), /metadata server/],
    [
      'the range of another',
      link({ ipRange: '169.254.100.1/30' }),
      /overlaps the range of interface 'if-0' of router 'router'/,
    ],
    ['a missing tunnel', link({ vpnTunnel: 'nowhere' }), /notFound/],
    ['a tunnel that has one', link({ vpnTunnel: 'tunnel-0' }), /vpn_tunnel resource .* is already being used/],
    ['a missing router', link({ router: 'nowhere' }), /notFound/],
    ['two links', link({ subnetwork: 'nodes' }), /but `vpnTunnel,subnetwork` were specified/],
  ];
  for (const [what, inputs, message] of badInterfaces) {
    it(`refuse an interface with ${what}`, async () => {
      await cloud.create('VPNTunnel', 'tunnel-1', tunnel(1));
      await cloud.refuses('RouterInterface', inputs, message);
    });
  }

  it('refuse an interface to a tunnel of another router', async () => {
    await cloud.create('Router', 'r2', { name: 'r2', network: 'net', bgp: { asn: 65011 } });
    await cloud.create('VPNTunnel', 'tunnel-1', tunnel(1, { router: 'r2' }));
    await cloud.refuses('RouterInterface', link({}), /The tunnel does not use router 'router'/);
    await cloud.refuses(
      'RouterInterface',
      link({ router: 'r2', ipRange: '169.254.100.2/30' }),
      /overlaps the range of interface 'if-0'/,
    );
  });

  const peer = (more: Props): Props => ({
    name: 'p',
    router: 'router',
    interface: 'if-0',
    peerIpAddress: '169.254.100.1',
    peerAsn: 64512,
    ...more,
  });
  const badPeers: [string, Props, RegExp][] = [
    ['a missing interface', peer({ interface: 'if-9' }), /has no such interface/],
    [
      "an address outside the interface's range",
      peer({ peerIpAddress: '169.254.100.5' }),
      /no address of a host in the interface's 169\.254\.100\.0\/30/,
    ],
    ["the router's own address", peer({ peerIpAddress: '169.254.100.2' }), /router's own address/],
    ['the address of another peer', peer({}), /Peer 'peer-0' has it/],
    [
      'a range with host bits',
      peer({ advertiseMode: 'CUSTOM', advertisedIpRanges: [{ range: '10.0.0.1/8' }] }),
      /network CIDR, expected 10\.0\.0\.0\/8/,
    ],
    ['ASN 0', peer({ peerAsn: 0 }), /range \(1 - /],
  ];
  for (const [what, inputs, message] of badPeers)
    it(`refuse a session with ${what}`, () => cloud.refuses('RouterPeer', inputs, message));

  it('refuse a session with their own number, or with BFD over a tunnel, or ranges in DEFAULT mode', async () => {
    await cloud.delete('peer-0');
    await cloud.refuses('RouterPeer', peer({ peerAsn: 65010 }), /It is the router's own ASN/);
    await cloud.refuses(
      'RouterPeer',
      peer({ bfd: { sessionInitializationMode: 'ACTIVE' } }),
      /BFD is not supported over VPN/,
    );
    await cloud.refuses('RouterPeer', peer({ advertisedGroups: ['ALL_SUBNETS'] }), /require the advertise mode CUSTOM/);
  });

  it('give a session the address of its interface', async () => {
    const outputs = (await cloud.read('peer-0'))?.outputs;
    assert.equal(outputs?.ipAddress, '169.254.100.2');
    assert.equal(outputs?.managementType, 'MANAGED_BY_USER');
    assert.equal(cloud.preview('RouterPeer', 'p', peer({})).ipAddress, UNKNOWN);
  });

  it('lose an interface after its session only', async () => {
    await assert.rejects(cloud.delete('if-0'), /is already being used by '.*\/peer-0'/);
    for (const name of ['peer-0', 'if-0', 'tunnel-0', 'router']) await cloud.delete(name);
  });

  it('take their NAT with them', async () => {
    await cloud.create('Router', 'r2', { name: 'r2', network: 'net' });
    await cloud.create('RouterNat', 'nat', {
      name: 'nat',
      router: 'r2',
      natIpAllocateOption: 'AUTO_ONLY',
      sourceSubnetworkIpRangesToNat: 'ALL_SUBNETWORKS_ALL_IP_RANGES',
    });
    await cloud.delete('r2');
    assert.equal(await cloud.read('nat'), undefined);
  });
});

describe('local GCP NAT', () => {
  let cloud: Cloud;
  beforeEach(async () => {
    cloud = await Cloud.ready();
    await makeNetwork(cloud);
    await cloud.create('Router', 'router', { name: 'router', network: 'net' });
  });

  const nat = (more: Props): Props => ({
    name: 'nat',
    router: 'router',
    natIpAllocateOption: 'AUTO_ONLY',
    sourceSubnetworkIpRangesToNat: 'ALL_SUBNETWORKS_ALL_IP_RANGES',
    ...more,
  });
  const listed = (item: Props): Props =>
    nat({ sourceSubnetworkIpRangesToNat: 'LIST_OF_SUBNETWORKS', subnetworks: [item] });
  const bad: [string, Props, RegExp][] = [
    ['MANUAL_ONLY without addresses', nat({ natIpAllocateOption: 'MANUAL_ONLY' }), /At least one address is required/],
    ['addresses with AUTO_ONLY', nat({ natIps: ['a'] }), /notFound|must be empty/],
    [
      'an empty list of subnetworks',
      nat({ sourceSubnetworkIpRangesToNat: 'LIST_OF_SUBNETWORKS' }),
      /listed with LIST_OF_SUBNETWORKS/,
    ],
    [
      'subnetworks that are not asked for',
      nat({ subnetworks: [{ name: 'nodes', sourceIpRangesToNats: ['ALL_IP_RANGES'] }] }),
      /with it only/,
    ],
    [
      'a missing secondary range',
      listed({ name: 'nodes', sourceIpRangesToNats: ['LIST_OF_SECONDARY_IP_RANGES'], secondaryIpRangeNames: ['x'] }),
      /has no such range/,
    ],
    [
      'secondary names out of place',
      listed({ name: 'nodes', sourceIpRangesToNats: ['ALL_IP_RANGES'], secondaryIpRangeNames: ['pods'] }),
      /LIST_OF_SECONDARY_IP_RANGES/,
    ],
    [
      'dynamic ports and endpoint-independent mapping',
      nat({ enableDynamicPortAllocation: true, enableEndpointIndependentMapping: true }),
      /mutually exclusive/,
    ],
    ['a maximum of ports without dynamic ports', nat({ maxPortsPerVm: 128 }), /enableDynamicPortAllocation is true/],
    ['ports that are no power of two', nat({ enableDynamicPortAllocation: true, minPortsPerVm: 100 }), /power of two/],
    ['an unknown log filter', nat({ logConfig: { enable: true, filter: 'SOME' } }), /ERRORS_ONLY/],
  ];
  for (const [what, inputs, message] of bad)
    it(`is refused with ${what}`, () => cloud.refuses('RouterNat', inputs, message));

  it('serves a range once, and holds listed subnetworks', async () => {
    await cloud.create('RouterNat', 'nat', listed({ name: 'nodes', sourceIpRangesToNats: ['ALL_IP_RANGES'] }));
    await cloud.refuses('RouterNat', nat({ name: 'nat2' }), /already served by NAT '.*\/router\/nat'/);
    await cloud.create('Router', 'r2', { name: 'r2', network: 'net' });
    await cloud.refuses('RouterNat', nat({ name: 'nat2', router: 'r2' }), /already served by NAT '.*\/router\/nat'/);
    await assert.rejects(cloud.delete('nodes'), /is already being used by '.*\/routers\/router'/);
  });
});

function withoutNulls(inputs: Props): Props {
  return Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== null));
}

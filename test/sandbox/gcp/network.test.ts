import assert from 'node:assert/strict';
import { UNKNOWN, type Props } from '../../../sandbox/core/values';
import { Cloud, PROJECT, REGION, makeNetwork } from './cloud';

describe('local GCP networks', () => {
  let cloud: Cloud;
  beforeEach(async () => {
    cloud = await Cloud.ready();
    await makeNetwork(cloud);
  });

  it('are refused while the Compute Engine API is not enabled', async () => {
    const fresh = await Cloud.with();
    await fresh.refuses(
      'Network',
      { name: 'net' },
      /Error 403: Compute Engine API has not been used.*accessNotConfigured/,
    );
  });

  it('get a selfLink, a number and the defaults of the API', async () => {
    const made = await cloud.create('Network', 'other', { name: 'other', autoCreateSubnetworks: false });
    assert.equal(made.id, `projects/${PROJECT}/global/networks/other`);
    assert.equal(made.selfLink, `https://www.googleapis.com/compute/v1/projects/${PROJECT}/global/networks/other`);
    assert.match(String(made.networkId), /^\d{19}$/);
    assert.equal(made.routingMode, 'REGIONAL');
    assert.equal(made.mtu, 1460);
  });

  it('know at preview what the provider fills in, and nothing the API computes', () => {
    const outputs = cloud.preview('Network', 'n', { name: 'n' });
    assert.equal(outputs.project, PROJECT);
    assert.equal(outputs.autoCreateSubnetworks, true);
    for (const computed of ['selfLink', 'networkId', 'mtu', 'gatewayIpv4'])
      assert.equal(outputs[computed], UNKNOWN, computed);
  });

  const badNetworks: [string, Props, RegExp][] = [
    ['a name in capitals', { name: 'Net' }, /doesn't match regexp/],
    ['a name of 64 characters', { name: 'n'.repeat(64) }, /doesn't match regexp/],
    ['an MTU below 1300', { name: 'n', mtu: 1200 }, /range \(1300 - 8896\)/],
    ['an unknown routing mode', { name: 'n', routingMode: 'LOCAL' }, /"REGIONAL" "GLOBAL"/],
    ['an unknown property', { name: 'n', routing: 'GLOBAL' }, /unknown property/],
    [
      'a name in use',
      { name: 'net' },
      /Error 409: The resource 'projects\/.*\/networks\/net' already exists, alreadyExists/,
    ],
  ];
  for (const [what, inputs, message] of badNetworks) {
    it(`refuse ${what}`, () => cloud.refuses('Network', inputs, message));
  }

  const subnet = (ipCidrRange: string, more: Props = {}): Props => ({
    name: 's',
    network: 'net',
    ipCidrRange,
    ...more,
  });
  const secondary = (...ranges: [string, string][]): Props => ({
    secondaryIpRanges: ranges.map(([rangeName, ipCidrRange]) => ({ rangeName, ipCidrRange })),
  });
  const badSubnets: [string, Props, RegExp][] = [
    ['host bits', subnet('10.0.0.5/24'), /Error 400: Invalid value for field 'resource.ipCidrRange'.*10\.0\.0\.0\/24/],
    ['a /30', subnet('10.0.0.0/30'), /smallest range of a subnetwork is a \/29/],
    ['a /3', subnet('0.0.0.0/3'), /largest range of a subnetwork is a \/4/],
    ['no CIDR', subnet('10.0.0.0'), /invalid CIDR address/],
    ['a leading zero', subnet('010.0.0.0/24'), /invalid CIDR address/],
    ['loopback addresses', subnet('127.0.0.0/24'), /127\.0\.0\.0\/8, which subnetworks cannot use/],
    ['link-local addresses', subnet('169.254.10.0/24'), /169\.254\.0\.0\/16/],
    ['multicast addresses', subnet('224.1.0.0/24'), /224\.0\.0\.0\/4/],
    ['health check addresses', subnet('35.191.0.0/20'), /35\.191\.0\.0\/16/],
    ["Cloud DNS's forwarders", subnet('35.199.192.0/24'), /35\.199\.192\.0\/19/],
    ['private access addresses', subnet('199.36.153.0/24'), /199\.36\.153\.4\/30/],
    ["GKE's managed services", subnet('34.118.224.0/20'), /34\.118\.224\.0\/20/],
    [
      'a primary range in use',
      subnet('10.150.8.0/24'),
      /Invalid IPCidrRange: 10\.150\.8\.0\/24 conflicts with existing subnetwork 'nodes' in region 'europe-west4'/,
    ],
    ['a secondary range in use', subnet('10.250.1.0/24'), /conflicts with secondary range 'pods'/],
    [
      'a secondary that meets a primary',
      subnet('10.0.0.0/24', secondary(['a', '10.150.0.0/24'])),
      /conflicts with existing subnetwork 'nodes'/,
    ],
    [
      'a secondary that meets its primary',
      subnet('10.0.0.0/24', secondary(['a', '10.0.0.128/25'])),
      /of the same subnetwork/,
    ],
    [
      'one secondary name twice',
      subnet('10.0.0.0/24', secondary(['a', '10.1.0.0/24'], ['a', '10.2.0.0/24'])),
      /names must be unique/,
    ],
    ['a bad secondary name', subnet('10.0.0.0/24', secondary(['A_b', '10.1.0.0/24'])), /doesn't match regexp/],
    [
      'a missing network',
      { ...subnet('10.0.0.0/24'), network: 'nowhere' },
      /Error 404: The resource 'projects\/.*\/networks\/nowhere' was not found, notFound/,
    ],
    [
      'a reference of another kind',
      { ...subnet('10.0.0.0/24'), network: `projects/${PROJECT}/regions/${REGION}/routers/r` },
      /The URL is malformed/,
    ],
    ['an unknown region', subnet('10.0.0.0/24', { region: 'europe-west99' }), /Unknown region/],
  ];
  for (const [what, inputs, message] of badSubnets) {
    it(`refuse a subnetwork with ${what}`, () => cloud.refuses('Subnetwork', inputs, message));
  }

  it('take class E and shared address space in subnetworks', async () => {
    await cloud.create('Subnetwork', 'e', subnet('240.0.0.0/20', { name: 'e' }));
    await cloud.create('Subnetwork', 's', subnet('100.64.0.0/20', { name: 's' }));
  });

  it('keep the auto mode range from subnetworks of auto mode networks', async () => {
    await cloud.create('Network', 'auto', { name: 'auto' });
    await cloud.refuses('Subnetwork', { ...subnet('10.130.0.0/20'), network: 'auto' }, /10\.128\.0\.0\/9/);
  });

  it('compute a gateway address and resolve references by selfLink', async () => {
    const network = `https://www.googleapis.com/compute/v1/projects/${PROJECT}/global/networks/net`;
    const made = await cloud.create('Subnetwork', 's', { ...subnet('10.9.0.0/24'), network });
    assert.equal(made.gatewayAddress, '10.9.0.1');
    assert.equal(made.region, REGION);
    assert.equal(typeof made.subnetworkId, 'number');
    assert.equal((await cloud.update('s', { privateIpGoogleAccess: true })).subnetworkId, made.subnetworkId);
  });

  it('grow a primary range in place and replace a subnetwork for another one', () => {
    assert.deepEqual(cloud.replaces('nodes', { ipCidrRange: '10.150.0.0/19' }), []);
    assert.deepEqual(cloud.replaces('nodes', { ipCidrRange: '10.150.0.0/21' }), ['ipCidrRange']);
    assert.deepEqual(cloud.replaces('nodes', { network: 'other' }), ['network']);
  });

  it('are deleted after what is in them', async () => {
    await cloud.create('Firewall', 'fw', {
      name: 'fw',
      network: 'net',
      allows: [{ protocol: 'tcp' }],
      sourceRanges: ['10.0.0.0/8'],
    });
    await assert.rejects(
      cloud.delete('net'),
      /Error 400: The network resource '.*\/networks\/net' is already being used by '.*', resourceInUseByAnotherResource/,
    );
    for (const name of ['fw', 'nodes', 'control', 'net']) await cloud.delete(name);
    assert.equal(await cloud.read('net'), undefined);
  });

  it('stay in the cloud when abandoned and resist when protected', async () => {
    await cloud.create('Network', 'kept', { name: 'kept', deletionPolicy: 'ABANDON' });
    await cloud.delete('kept');
    await cloud.refuses('Network', { name: 'kept' }, /alreadyExists/);
    await cloud.create('Network', 'safe', { name: 'safe', deletionPolicy: 'PREVENT' });
    await assert.rejects(cloud.delete('safe'), /deletionPolicy is PREVENT/);
  });
});

describe('local GCP firewall rules', () => {
  let cloud: Cloud;
  before(async () => {
    cloud = await Cloud.ready();
    await makeNetwork(cloud);
  });

  const rule = (more: Props): Props => ({
    name: 'fw',
    network: 'net',
    sourceRanges: ['10.0.0.0/8'],
    allows: [{ protocol: 'tcp', ports: ['7000'] }],
    ...more,
  });
  const bad: [string, Props, RegExp][] = [
    [
      'neither allow nor deny',
      { name: 'fw', network: 'net', sourceRanges: ['10.0.0.0/8'] },
      /one of `allows,denies` must be specified/,
    ],
    ['both', rule({ denies: [{ protocol: 'udp' }] }), /only one of `allows,denies`/],
    ['no source', { name: 'fw', network: 'net', allows: [{ protocol: 'tcp' }] }, /one of source_tags, source_ranges/],
    ['an unknown protocol', rule({ allows: [{ protocol: 'quic' }] }), /"quic" is not one of tcp/],
    ['a port beyond 65535', rule({ allows: [{ protocol: 'tcp', ports: ['70000'] }] }), /neither a port nor a range/],
    ['a reversed port range', rule({ allows: [{ protocol: 'tcp', ports: ['20-10'] }] }), /neither a port nor a range/],
    [
      'ports of ICMP',
      rule({ allows: [{ protocol: 'icmp', ports: ['7'] }] }),
      /only be specified for TCP, UDP and SCTP/,
    ],
    ['no range as source', rule({ sourceRanges: ['everywhere'] }), /Must be a CIDR range/],
    ['source tags at egress', rule({ direction: 'EGRESS', sourceTags: ['a'] }), /apply to INGRESS only/],
    [
      'tags and accounts as targets',
      rule({ targetTags: ['a'], targetServiceAccounts: ['b@c.d'] }),
      /Not together with target service accounts/,
    ],
    ['an unknown direction', rule({ direction: 'IN' }), /"INGRESS" "EGRESS"/],
    ['a priority beyond 65535', rule({ priority: 70000 }), /range \(0 - 65535\)/],
    ['a missing network', rule({ network: 'nowhere' }), /notFound/],
  ];
  for (const [what, inputs, message] of bad)
    it(`are refused with ${what}`, () => cloud.refuses('Firewall', inputs, message));

  it('are ingress rules of priority 1000 unless told otherwise, and change in place', async () => {
    const made = await cloud.create('Firewall', 'fw', rule({}));
    assert.equal(made.priority, 1000);
    assert.equal(made.direction, 'INGRESS');
    assert.deepEqual(cloud.replaces('fw', { sourceRanges: ['10.1.0.0/16'] }), []);
    assert.deepEqual(cloud.replaces('fw', { direction: 'EGRESS' }), ['direction']);
  });
});

describe('local GCP addresses', () => {
  let cloud: Cloud;
  beforeEach(async () => {
    cloud = await Cloud.ready({ defaultLabels: '{"site":"gcp"}' });
    await makeNetwork(cloud);
  });

  const internal = (address: string, more: Props = {}): Props => ({
    name: 'a',
    addressType: 'INTERNAL',
    subnetwork: 'nodes',
    address,
    ...more,
  });
  const bad: [string, Props, RegExp][] = [
    ['outside the subnetwork', internal('10.151.0.10'), /not within the primary range 10\.150\.0\.0\/20/],
    ['in a secondary range', internal('10.250.0.10'), /not within the primary range/],
    ['that is the first', internal('10.150.0.0'), /first two and the last two/],
    ['of the gateway', internal('10.150.0.1'), /first two and the last two/],
    ['that is the last but one', internal('10.150.15.254'), /first two and the last two/],
    ['that is the last', internal('10.150.15.255'), /first two and the last two/],
    ['without a subnetwork', { name: 'a', addressType: 'INTERNAL' }, /names its subnetwork/],
    ['with a network tier', internal('10.150.0.9', { networkTier: 'PREMIUM' }), /no network tier/],
    ['that is external and chosen', { name: 'a', address: '203.0.113.9' }, /cannot be chosen/],
    ['that is none', internal('10.150.0.300'), /valid IPv4 address/],
    ['of an unknown purpose', internal('10.150.0.9', { purpose: 'VIP' }), /SHARED_LOADBALANCER_VIP/],
    ['in a missing subnetwork', internal('10.150.0.9', { subnetwork: 'nowhere' }), /notFound/],
  ];
  for (const [what, inputs, message] of bad) it(`refuse one ${what}`, () => cloud.refuses('Address', inputs, message));

  it('are reserved once', async () => {
    await cloud.create('Address', 'a', internal('10.150.0.9'));
    await cloud.refuses('Address', internal('10.150.0.9', { name: 'b' }), /IP '10\.150\.0\.9' is already being used/);
  });

  it('are chosen by the cloud where the program does not: the lowest free one', async () => {
    await cloud.create('Address', 'a', internal('10.150.0.2'));
    const made = await cloud.create('Address', 'b', { name: 'b', addressType: 'INTERNAL', subnetwork: 'nodes' });
    assert.equal(made.address, '10.150.0.3');
    assert.equal(made.purpose, 'GCE_ENDPOINT');
    const external = await cloud.create('Address', 'c', { name: 'c' });
    assert.match(String(external.address), /^198\.1[89]\./);
  });

  it('hold their subnetwork', async () => {
    await cloud.create('Address', 'a', internal('10.150.0.9'));
    await assert.rejects(cloud.delete('nodes'), /subnetwork resource .* is already being used by '.*\/addresses\/a'/);
  });

  it("carry the provider's labels over their own, known at preview", async () => {
    const labels = { team: 'db' };
    const preview = cloud.preview('Address', 'a', internal('10.150.0.9', { labels }));
    const wanted = { site: 'gcp', team: 'db' };
    assert.deepEqual(preview.pulumiLabels, wanted);
    assert.deepEqual(preview.effectiveLabels, { ...wanted, 'goog-pulumi-provisioned': 'true' });
    const made = await cloud.create('Address', 'a', internal('10.150.0.9', { labels }));
    assert.deepEqual(made.effectiveLabels, preview.effectiveLabels);
    await cloud.refuses('Address', internal('10.150.0.10', { labels: { Team: 'db' } }), /label key "Team"/);
  });
});

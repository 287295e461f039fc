import assert from 'node:assert/strict';
import { UNKNOWN, at, type Props } from '../../../sandbox/core/values';
import {
  createForwardingRule,
  deleteForwardingRule,
  findGkeCluster,
  leftovers,
} from '../../../sandbox/gcp/forKubernetes';
import { projectNumber } from '../../../sandbox/gcp/session';
import { CLUSTER, Cloud, PROJECT, REGION, makeNetwork, tokenOf } from './cloud';

const KEPT = ['Service', 'KeyRing', 'CryptoKey'].map((kind) => tokenOf(kind as 'Service'));

/** A whole site: network, VPN, encrypted cluster, nodes, load balancer addresses. */
async function makeSite(cloud: Cloud): Promise<void> {
  await makeNetwork(cloud);
  await makeCluster(cloud);
  await makeVpn(cloud);
}

async function makeCluster(cloud: Cloud): Promise<void> {
  const agent = `serviceAccount:service-${projectNumber(PROJECT)}@container-engine-robot.iam.gserviceaccount.com`;
  const ring = await cloud.create('KeyRing', 'ring', { location: REGION });
  const key = await cloud.create('CryptoKey', 'key', { keyRing: ring.id });
  await cloud.create('CryptoKeyIAMMember', 'use', {
    cryptoKeyId: key.id,
    role: 'roles/cloudkms.cryptoKeyEncrypterDecrypter',
    member: agent,
  });
  const account = await cloud.create('Account', 'nodes-account', { accountId: 'xcloud-node' });
  const cluster = await cloud.create('Cluster', 'gke', {
    ...CLUSTER,
    databaseEncryption: { state: 'ENCRYPTED', keyName: key.id },
    workloadIdentityConfig: { workloadPool: `${PROJECT}.svc.id.goog` },
    nodeConfig: { serviceAccount: account.email ?? '' },
  });
  await cloud.create('NodePool', 'pool', {
    cluster: cluster.name ?? '',
    location: REGION,
    nodeCount: 1,
    nodeConfig: { serviceAccount: account.email ?? '', workloadMetadataConfig: { mode: 'GKE_METADATA' } },
  });
  await cloud.create('Address', 'vip', { addressType: 'INTERNAL', subnetwork: 'nodes', address: '10.150.15.250' });
}

async function makeVpn(cloud: Cloud): Promise<void> {
  await cloud.create('HaVpnGateway', 'ha', { name: 'ha', network: 'net' });
  await cloud.create('Router', 'router', {
    name: 'router',
    network: 'net',
    bgp: { asn: 65010, advertiseMode: 'CUSTOM', advertisedIpRanges: [{ range: '10.150.0.0/16' }] },
  });
  await cloud.create('ExternalVpnGateway', 'ext', {
    name: 'ext',
    redundancyType: 'FOUR_IPS_REDUNDANCY',
    interfaces: [0, 1, 2, 3].map((id) => ({ id, ipAddress: `192.0.2.${id + 1}` })),
  });
  for (const i of [0, 1, 2, 3]) {
    await cloud.create('VPNTunnel', `tunnel-${i}`, {
      name: `tunnel-${i}`,
      vpnGateway: 'ha',
      vpnGatewayInterface: i < 2 ? 0 : 1,
      peerExternalGateway: 'ext',
      peerExternalGatewayInterface: i,
      router: 'router',
      sharedSecret: `secret${i}`,
    });
    await cloud.create('RouterInterface', `if-${i}`, {
      name: `if-${i}`,
      router: 'router',
      ipRange: `169.254.100.${4 * i + 2}/30`,
      vpnTunnel: `tunnel-${i}`,
    });
    await cloud.create('RouterPeer', `peer-${i}`, {
      router: 'router',
      interface: `if-${i}`,
      peerIpAddress: `169.254.100.${4 * i + 1}`,
      peerAsn: 64512,
    });
  }
}

describe('a site on the local Google Cloud', () => {
  it('comes up, goes away without a trace, and comes up again', async () => {
    const cloud = await Cloud.ready();
    const endpoints: unknown[] = [];
    for (const life of [1, 2]) {
      if (life === 2)
        for (const api of ['compute', 'container'])
          await cloud.create('Service', api, { service: `${api}.googleapis.com` });
      await makeSite(cloud);
      endpoints.push((await cloud.read('gke'))?.outputs.endpoint);
      const { name } = createForwardingRule(cloud.world, {
        clusterName: 'gke',
        name: 'lb',
        address: '10.150.15.250',
        protocol: 'TCP',
        ports: [7000],
        sharedVip: false,
      });
      await assert.rejects(cloud.delete('vip'), /is already being used by '.*\/forwardingRules\/lb'/);
      deleteForwardingRule(cloud.world, name);
      await cloud.destroy();
      assert.deepEqual(leftovers(cloud.world), []);
      const rest = cloud.world.gcp.everything().filter(({ token }) => !KEPT.includes(token));
      assert.deepEqual(rest, []);
    }
    assert.notEqual(endpoints[0], endpoints[1]);
  });

  it('is still there for a process that starts later', async () => {
    const cloud = await Cloud.ready();
    await makeSite(cloud);
    const { endpoint } = (await cloud.read('gke'))?.outputs ?? {};
    const later = await Cloud.with({}, cloud.reopened());
    assert.equal(findGkeCluster(later.world, String(endpoint))?.nodePools.length, 1);
    await later.refuses('Network', { name: 'net' }, /alreadyExists/);
  });

  it('shows what was changed behind the back of the program', async () => {
    const cloud = await Cloud.ready();
    await makeNetwork(cloud);
    const stored = cloud.world.gcp.find(tokenOf('Network'), () => true);
    assert.ok(stored);
    const regional = { routingMode: 'REGIONAL' };
    cloud.world.gcp.put(stored.token, stored.id, { ...stored.inputs, ...regional }, { ...stored.outputs, ...regional });
    const read = await cloud.read('net');
    assert.equal(read?.inputs.routingMode, 'REGIONAL');
    assert.equal(read?.outputs.routingMode, 'REGIONAL');
  });
});

describe('a preview on the local Google Cloud', () => {
  let cloud: Cloud;
  before(async () => {
    cloud = await Cloud.with({ deletionPolicy: 'ABANDON' });
  });

  it('leaves absent what is neither given nor computed', () => {
    const outputs = cloud.preview('Firewall', 'fw', {
      network: 'net',
      allows: [{ protocol: 'tcp' }],
      sourceRanges: ['10.0.0.0/8'],
    });
    for (const absent of ['denies', 'description', 'disabled', 'targetTags', 'sourceTags'])
      assert.equal(absent in outputs, false, absent);
    for (const computed of ['selfLink', 'creationTimestamp', 'direction', 'enableLogging'])
      assert.equal(outputs[computed], UNKNOWN, computed);
    assert.equal(outputs.priority, 1000);
    assert.equal(outputs.deletionPolicy, 'ABANDON');
  });

  const blocks: [Parameters<Cloud['preview']>[0], Props, (string | number)[], Props][] = [
    [
      'Router',
      { network: UNKNOWN, bgp: { asn: 65010 } },
      ['bgp'],
      { asn: 65010, advertiseMode: 'DEFAULT', keepaliveInterval: 20, identifierRange: UNKNOWN },
    ],
    [
      'Subnetwork',
      { network: UNKNOWN, ipCidrRange: '10.0.0.0/24', logConfig: { flowSampling: 0.1 } },
      ['logConfig'],
      {
        aggregationInterval: 'INTERVAL_5_SEC',
        filterExpr: 'true',
        flowSampling: 0.1,
        metadata: 'INCLUDE_ALL_METADATA',
      },
    ],
    [
      'NodePool',
      { cluster: UNKNOWN, management: { autoUpgrade: true } },
      ['management'],
      { autoRepair: true, autoUpgrade: true },
    ],
    [
      'NodePool',
      { cluster: UNKNOWN, networkConfig: { createPodRange: false } },
      ['networkConfig'],
      {
        createPodRange: false,
        enablePrivateNodes: UNKNOWN,
        podIpv4CidrBlock: UNKNOWN,
        podRange: UNKNOWN,
        subnetwork: UNKNOWN,
      },
    ],
    [
      'AlertPolicy',
      { displayName: 'a', combiner: 'OR', conditions: [{ displayName: 'c' }] },
      ['conditions', 0],
      { displayName: 'c', name: UNKNOWN },
    ],
  ];
  for (const [kind, inputs, path, expected] of blocks) {
    it(`completes ${path.join('.')} of a ${kind} as far as the provider knows it`, () => {
      assert.deepEqual(at(cloud.preview(kind, 'x', inputs), ...path), expected);
    });
  }

  it('passes unknown values in every place', () => {
    const unknown = (kind: Parameters<Cloud['preview']>[0], inputs: Props) =>
      assert.equal(cloud.preview(kind, 'x', inputs).deletionPolicy, 'ABANDON');
    unknown('Subnetwork', { network: UNKNOWN, ipCidrRange: UNKNOWN, secondaryIpRanges: UNKNOWN });
    unknown('VPNTunnel', {
      sharedSecret: UNKNOWN,
      vpnGateway: UNKNOWN,
      vpnGatewayInterface: UNKNOWN,
      cipherSuite: UNKNOWN,
    });
    unknown('ExternalVpnGateway', { redundancyType: UNKNOWN, interfaces: [{ id: 0, ipAddress: UNKNOWN }, UNKNOWN] });
    unknown('Firewall', { network: UNKNOWN, allows: UNKNOWN, sourceRanges: UNKNOWN, direction: UNKNOWN });
    unknown('Cluster', {
      name: UNKNOWN,
      privateClusterConfig: UNKNOWN,
      masterAuthorizedNetworksConfig: { cidrBlocks: [{ cidrBlock: UNKNOWN }] },
      maintenancePolicy: UNKNOWN,
      resourceLabels: UNKNOWN,
    });
    unknown('Address', { name: UNKNOWN, address: UNKNOWN, labels: UNKNOWN, addressType: UNKNOWN });
    unknown('Account', { accountId: UNKNOWN });
    unknown('RouterPeer', {
      router: UNKNOWN,
      interface: UNKNOWN,
      peerAsn: UNKNOWN,
      peerIpAddress: UNKNOWN,
      advertisedIpRanges: [UNKNOWN],
    });
    unknown('RouterNat', {
      router: UNKNOWN,
      sourceSubnetworkIpRangesToNat: UNKNOWN,
      minPortsPerVm: UNKNOWN,
      subnetworks: UNKNOWN,
    });
  });
});

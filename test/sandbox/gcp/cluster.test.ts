import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { UNKNOWN, at, type Props, type Value } from '../../../sandbox/core/values';
import { projectNumber } from '../../../sandbox/gcp/session';
import { CLUSTER, Cloud, PROJECT, REGION, makeNetwork } from './cloud';

const AGENT = `serviceAccount:service-${projectNumber(PROJECT)}@container-engine-robot.iam.gserviceaccount.com`;
const KEY = `projects/${PROJECT}/locations/${REGION}/keyRings/ring/cryptoKeys/key`;
const encrypted: Props = { databaseEncryption: { state: 'ENCRYPTED', keyName: KEY } };

function window(recurrence: string, hours: number): Props {
  const endTime = new Date(Date.UTC(2026, 0, 1, hours)).toISOString().replace('.000', '');
  return { maintenancePolicy: { recurringWindow: { startTime: '2026-01-01T00:00:00Z', endTime, recurrence } } };
}

describe('local GKE clusters', () => {
  let cloud: Cloud;
  beforeEach(async () => {
    cloud = await Cloud.ready();
    await makeNetwork(cloud);
  });

  const inRange = (more: Props): Props => ({
    ipAllocationPolicy: { clusterSecondaryRangeName: 'pods', servicesSecondaryRangeName: 'services', ...more },
  });
  const bad: [string, Props, RegExp][] = [
    ['a name of 41 characters', { name: 'g'.repeat(41) }, /doesn't match regexp/],
    ['a name in use', {}, /Error 409: Already exists: projects\/.*\/clusters\/gke/],
    ['an unknown location', { location: 'europe-west99' }, /Location "europe-west99" does not exist/],
    ['a missing network', { network: 'nowhere' }, /networks\/nowhere' was not found/],
    ['a missing subnetwork', { subnetwork: 'nowhere' }, /subnetworks\/nowhere' was not found/],
    ['a subnetwork of another region', { location: 'europe-west1' }, /subnetworks\/nodes' was not found/],
    [
      'a missing pod range',
      inRange({ clusterSecondaryRangeName: 'x' }),
      /Pod secondary range "x" does not exist in subnetwork "nodes"/,
    ],
    [
      'a missing service range',
      inRange({ servicesSecondaryRangeName: 'x' }),
      /Services secondary range "x" does not exist/,
    ],
    [
      'one range for pods and services',
      inRange({ servicesSecondaryRangeName: 'pods' }),
      /must not be the same or overlap/,
    ],
    ['a range by name and by block', inRange({ clusterIpv4CidrBlock: '10.0.0.0/16' }), /conflicts with/],
    [
      'a control plane block that is no /28',
      { privateClusterConfig: { masterIpv4CidrBlock: '10.1.0.0/27' } },
      /between 28 and 28 significant bits/,
    ],
    [
      'a control plane block in use',
      { privateClusterConfig: { masterIpv4CidrBlock: '10.150.0.0/28' } },
      /Conflicting IP cidr range.*existing subnetwork 'nodes'/,
    ],
    [
      'a control plane block on the Docker bridge',
      { privateClusterConfig: { masterIpv4CidrBlock: '172.17.0.0/28' } },
      /172\.17\.0\.0\/16, which is reserved/,
    ],
    [
      'a block beside an endpoint subnetwork',
      { privateClusterConfig: { masterIpv4CidrBlock: '10.1.0.0/28', privateEndpointSubnetwork: 'control' } },
      /exclude one another/,
    ],
    ['a missing endpoint subnetwork', { privateClusterConfig: { privateEndpointSubnetwork: 'nowhere' } }, /notFound/],
    ['no first node', { initialNodeCount: 0 }, /initial_node_count must be greater than zero/],
    ['an unsupported version', { minMasterVersion: '1.21' }, /Master version "1\.21" is unsupported/],
    [
      'a version beyond the channel',
      { minMasterVersion: '1.36', releaseChannel: { channel: 'STABLE' } },
      /unsupported in release channel STABLE/,
    ],
    ['an unknown channel', { releaseChannel: { channel: 'FAST' } }, /"RAPID" "REGULAR"/],
    ['an unknown datapath', { datapathProvider: 'EBPF' }, /"ADVANCED_DATAPATH"/],
    [
      'network policy beside Dataplane V2',
      { datapathProvider: 'ADVANCED_DATAPATH', networkPolicy: { enabled: true } },
      /is not allowed/,
    ],
    [
      'a DNS scope under kube-dns',
      { dnsConfig: { clusterDns: 'KUBE_DNS', clusterDnsScope: 'CLUSTER_SCOPE' } },
      /requires cluster DNS provider CLOUD_DNS/,
    ],
    [
      'VPC scope without a domain',
      { dnsConfig: { clusterDns: 'CLOUD_DNS', clusterDnsScope: 'VPC_SCOPE' } },
      /requires a cluster DNS domain/,
    ],
    ['an unknown DNS provider', { dnsConfig: { clusterDns: 'COREDNS' } }, /"KUBE_DNS"/],
    [
      'the workload pool of another project',
      { workloadIdentityConfig: { workloadPool: 'other.svc.id.goog' } },
      /is not available/,
    ],
    [
      'an authorized range with host bits',
      { masterAuthorizedNetworksConfig: { cidrBlocks: [{ cidrBlock: '203.0.113.5/24' }] } },
      /expected 203\.0\.113\.0\/24/,
    ],
    [
      'an authorized range twice',
      {
        masterAuthorizedNetworksConfig: {
          cidrBlocks: [{ cidrBlock: '203.0.113.0/24' }, { cidrBlock: '203.0.113.0/24' }],
        },
      },
      /Duplicate CIDR block/,
    ],
    [
      'neither DNS nor IP endpoints',
      { controlPlaneEndpointsConfig: { ipEndpointsConfig: { enabled: false } } },
      /must be enabled/,
    ],
    ['node locations elsewhere', { nodeLocations: ['europe-west1-b'] }, /not a zone of region europe-west4/],
    ['7 pods per node', { defaultMaxPodsPerNode: 7 }, /between 8 and 256/],
    [
      'a service account that does not exist',
      { nodeConfig: { serviceAccount: `x@${PROJECT}.iam.gserviceaccount.com` } },
      /Service account "x@.*" does not exist/,
    ],
    ['a key that does not exist', encrypted, /notFound/],
    ['encryption without a key', { databaseEncryption: { state: 'ENCRYPTED' } }, /a key name is required/],
    ['a maintenance window without hours enough', window('FREQ=WEEKLY;BYDAY=SU', 6), /at least 48 hours/],
    ['a maintenance window of two hours', window('FREQ=DAILY', 2), /at least 4 hours long/],
    ['an unknown frequency', window('FREQ=YEARLY', 6), /DAILY, WEEKLY or MONTHLY/],
    [
      'a maintenance time that is none',
      { maintenancePolicy: { dailyMaintenanceWindow: { startTime: '25:00' } } },
      /HH:MM/,
    ],
    [
      'two kinds of windows',
      {
        maintenancePolicy: {
          dailyMaintenanceWindow: { startTime: '03:00' },
          recurringWindow: {
            startTime: '2026-01-01T00:00:00Z',
            endTime: '2026-01-01T06:00:00Z',
            recurrence: 'FREQ=DAILY',
          },
        },
      },
      /only one of/,
    ],
    ['an unknown property', { datapath: 'x' }, /unknown property/],
  ];
  for (const [what, change, message] of bad) {
    it(`are refused with ${what}`, async () => {
      if (what === 'a name in use') await cloud.create('Cluster', 'first', CLUSTER);
      await cloud.refuses('Cluster', { ...CLUSTER, ...change }, message);
    });
  }

  it('are refused in a project without the API', async () => {
    const fresh = await Cloud.with();
    await fresh.refuses('Cluster', CLUSTER, /Kubernetes Engine API has not been used in project/);
  });

  it('leave nothing behind when they are refused', async () => {
    const before = cloud.world.gcp.everything().length;
    await cloud.refuses(
      'Cluster',
      { ...CLUSTER, nodeConfig: { machineType: 'e2-huge' } },
      /Machine type with name 'e2-huge'/,
    );
    assert.equal(cloud.world.gcp.everything().length, before);
  });

  it('compute endpoints, ranges and a certificate authority', async () => {
    const made = await cloud.create('Cluster', 'gke', { ...CLUSTER, minMasterVersion: '1.34' });
    assert.equal(made.id, `projects/${PROJECT}/locations/${REGION}/clusters/gke`);
    assert.match(String(made.masterVersion), /^1\.34\.\d+-gke\.\d+$/);
    assert.equal(made.servicesIpv4Cidr, '172.21.0.0/20');
    assert.equal(made.clusterIpv4Cidr, '10.250.0.0/16');
    assert.equal(at(made, 'privateClusterConfig', 'privateEndpoint'), '10.150.255.242');
    assert.equal(at(made, 'privateClusterConfig', 'publicEndpoint'), made.endpoint);
    assert.match(
      String(at(made, 'controlPlaneEndpointsConfig', 'dnsEndpointConfig', 'endpoint')),
      /^gke-[0-9a-f]+-\d{12}\.europe-west4\.gke\.goog$/,
    );
    const pem = Buffer.from(String(at(made, 'masterAuth', 'clusterCaCertificate')), 'base64').toString();
    assert.equal(new X509Certificate(pem).ca, true);
    assert.deepEqual(made.nodeLocations, ['europe-west4-a', 'europe-west4-b', 'europe-west4-c']);
  });

  it('have a private endpoint only where asked', async () => {
    const privateClusterConfig = { ...(CLUSTER.privateClusterConfig as Props), enablePrivateEndpoint: true };
    const made = await cloud.create('Cluster', 'gke', { ...CLUSTER, privateClusterConfig });
    assert.equal(made.endpoint, '10.150.255.242');
    assert.equal(at(made, 'privateClusterConfig', 'publicEndpoint'), '');
  });

  it('know at preview what was given and leave unknown what GKE answers inside of it', () => {
    const dns: Props = { dnsEndpointConfig: { allowExternalTraffic: true } };
    const outputs = cloud.preview('Cluster', 'gke', { ...CLUSTER, controlPlaneEndpointsConfig: dns });
    for (const computed of ['endpoint', 'masterVersion', 'masterAuth', 'servicesIpv4Cidr', 'selfLink', 'nodePools']) {
      assert.equal(outputs[computed], UNKNOWN, computed);
    }
    assert.deepEqual(at(outputs, 'controlPlaneEndpointsConfig', 'dnsEndpointConfig'), {
      allowExternalTraffic: true,
      endpoint: UNKNOWN,
    });
    assert.equal(at(outputs, 'privateClusterConfig', 'privateEndpoint'), UNKNOWN);
    assert.equal(at(outputs, 'privateClusterConfig', 'enablePrivateNodes'), true);
    assert.equal(at(outputs, 'ipAllocationPolicy', 'clusterSecondaryRangeName'), 'pods');
    assert.equal(outputs.project, PROJECT);
  });

  it('keep at the preview of an update what GKE answered', async () => {
    const made = await cloud.create('Cluster', 'gke', CLUSTER);
    const urn = cloud.driver.urn('gcp:container/cluster:Cluster', 'gke');
    const old: Props = { ...CLUSTER, enableShieldedNodes: true };
    const change: Props = {
      privateClusterConfig: { ...(CLUSTER.privateClusterConfig as Props), masterGlobalAccessConfig: { enabled: true } },
    };
    const outputs = cloud.driver.engine.previewUpdate(urn, made, old, { ...old, ...change });
    assert.equal(outputs.endpoint, made.endpoint);
    assert.equal(at(outputs, 'privateClusterConfig', 'privateEndpoint'), '10.150.255.242');
    assert.deepEqual(outputs.masterAuth, made.masterAuth as Value);
  });

  it('keep their DNS name while their addresses are switched off and on', async () => {
    const made = await cloud.create('Cluster', 'gke', CLUSTER);
    const dnsName = (cluster: Props) => at(cluster, 'controlPlaneEndpointsConfig', 'dnsEndpointConfig', 'endpoint');
    const off = await cloud.update('gke', {
      ...CLUSTER,
      controlPlaneEndpointsConfig: {
        dnsEndpointConfig: { allowExternalTraffic: true },
        ipEndpointsConfig: { enabled: false },
      },
    });
    assert.equal(off.endpoint, '');
    const on = await cloud.update('gke', { controlPlaneEndpointsConfig: null });
    assert.match(String(on.endpoint), /^[\d.]+$/);
    assert.deepEqual([dnsName(off), dnsName(on)], [dnsName(made), dnsName(made)]);
  });

  it('choose ranges of their own where the program gives none, and give them back', async () => {
    const made = await cloud.create('Cluster', 'gke', {
      ...CLUSTER,
      ipAllocationPolicy: { clusterIpv4CidrBlock: '/18' },
    });
    assert.equal(made.servicesIpv4Cidr, '34.118.224.0/20');
    assert.match(String(made.clusterIpv4Cidr), /^10\.\d+\.\d+\.0\/18$/);
    const ranges = (await cloud.read('nodes'))?.outputs.secondaryIpRanges as Props[];
    assert.equal(ranges.length, 3);
    await cloud.delete('gke');
    assert.equal(((await cloud.read('nodes'))?.outputs.secondaryIpRanges as Props[]).length, 2);
  });

  it('do not share a service range, nor one of pods as services', async () => {
    await cloud.create('Cluster', 'gke', CLUSTER);
    await cloud.refuses('Cluster', { ...CLUSTER, name: 'gke2' }, /already in use by another cluster/);
  });

  it('keep the control plane block for themselves', async () => {
    const block: Props = { privateClusterConfig: { enablePrivateNodes: true, masterIpv4CidrBlock: '10.1.0.0/28' } };
    const made = await cloud.create('Cluster', 'gke', { ...CLUSTER, ...block });
    assert.equal(at(made, 'privateClusterConfig', 'privateEndpoint'), '10.1.0.2');
    await cloud.refuses(
      'Subnetwork',
      { name: 's', network: 'net', ipCidrRange: '10.1.0.0/24' },
      /conflicts with existing subnetwork 'gke-gke-.*-pe-subnet'/,
    );
  });

  it('are protected from deletion unless told otherwise', async () => {
    const { deletionProtection: _, ...inputs } = CLUSTER;
    await cloud.create('Cluster', 'gke', inputs);
    await assert.rejects(
      cloud.delete('gke'),
      /Cannot destroy cluster because deletion_protection is set to true\. Set it to false to proceed with cluster deletion\./,
    );
    await cloud.update('gke', { deletionProtection: false });
    await cloud.delete('gke');
  });

  it('hold their network, and their endpoint subnetwork', async () => {
    await cloud.create('Cluster', 'gke', CLUSTER);
    for (const name of ['nodes', 'control']) {
      await assert.rejects(cloud.delete(name), /subnetwork resource .* is already being used by .*gke/, name);
    }
    await assert.rejects(
      cloud.update('nodes', { secondaryIpRanges: [{ rangeName: 'services', ipCidrRange: '172.21.0.0/20' }] }),
      /secondary range resource '.*\/pods' is already being used/,
    );
    for (const name of ['gke', 'nodes', 'control', 'net']) await cloud.delete(name);
  });

  it('make their first pool, remove it where asked, and take all nodes with them', async () => {
    const machines = () => cloud.world.gcp.all('gcp:compute/instance:Instance').length;
    await cloud.create('Cluster', 'gke', { ...CLUSTER, removeDefaultNodePool: false });
    assert.equal(machines(), 3);
    await cloud.delete('gke');
    assert.equal(machines(), 0);
    await cloud.create('Cluster', 'again', CLUSTER);
    assert.equal(machines(), 0);
  });

  it('upgrade by one minor version, and stay where an older one is asked for', async () => {
    await cloud.create('Cluster', 'gke', { ...CLUSTER, minMasterVersion: '1.33' });
    await assert.rejects(cloud.update('gke', { minMasterVersion: '1.35' }), /more than a minor version at a time/);
    assert.match(String((await cloud.update('gke', { minMasterVersion: '1.34' })).masterVersion), /^1\.34\./);
    assert.match(String((await cloud.update('gke', { minMasterVersion: '1.33' })).masterVersion), /^1\.34\./);
  });

  it('are replaced for another network, not for another channel', async () => {
    await cloud.create('Cluster', 'gke', CLUSTER);
    assert.deepEqual(cloud.replaces('gke', { subnetwork: 'other', datapathProvider: 'ADVANCED_DATAPATH' }), [
      'datapathProvider',
      'subnetwork',
    ]);
    assert.deepEqual(cloud.replaces('gke', { releaseChannel: { channel: 'RAPID' }, resourceLabels: { a: 'b' } }), []);
  });

  describe('with encrypted secrets', () => {
    beforeEach(async () => {
      const ring = await cloud.create('KeyRing', 'ring', { name: 'ring', location: REGION });
      await cloud.create('CryptoKey', 'key', { name: 'key', keyRing: ring.id });
    });
    const grant = (role: string) =>
      cloud.create('CryptoKeyIAMMember', 'grant', { cryptoKeyId: KEY, role, member: AGENT });

    it('need the right of GKE to use the key', async () => {
      await cloud.refuses(
        'Cluster',
        { ...CLUSTER, ...encrypted },
        /missing permission "cloudkms\.cryptoKeyVersions\.useToEncrypt"/,
      );
      await grant('roles/cloudkms.viewer');
      await cloud.refuses('Cluster', { ...CLUSTER, ...encrypted }, /missing permission/);
      await grant('roles/cloudkms.cryptoKeyEncrypterDecrypter');
      await cloud.create('Cluster', 'gke', { ...CLUSTER, ...encrypted });
    });

    it('take the right given by the project too', async () => {
      await cloud.create('IAMMember', 'grant', {
        project: PROJECT,
        role: 'roles/cloudkms.cryptoKeyEncrypterDecrypter',
        member: AGENT,
      });
      await cloud.create('Cluster', 'gke', { ...CLUSTER, ...encrypted });
    });

    it('need a key that lives, in their region', async () => {
      await grant('roles/cloudkms.cryptoKeyEncrypterDecrypter');
      const elsewhere = await cloud.create('KeyRing', 'far', { name: 'far', location: 'europe-west1' });
      const far = await cloud.create('CryptoKey', 'farKey', { name: 'key', keyRing: elsewhere.id });
      await cloud.refuses(
        'Cluster',
        { ...CLUSTER, databaseEncryption: { state: 'ENCRYPTED', keyName: far.id } },
        /must be in the region/,
      );
      await cloud.delete('key');
      await cloud.refuses('Cluster', { ...CLUSTER, ...encrypted }, /no enabled version/);
    });
  });
});

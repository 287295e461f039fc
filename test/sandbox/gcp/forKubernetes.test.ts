import assert from 'node:assert/strict';
import type { Props } from '../../../sandbox/core/values';
import {
  createDisk,
  createForwardingRule,
  deleteDisk,
  deleteForwardingRule,
  findGkeCluster,
  leftovers,
} from '../../../sandbox/gcp/forKubernetes';
import { CLUSTER, Cloud, REGION, makeNetwork } from './cloud';

describe('local GKE for its Kubernetes server', () => {
  let cloud: Cloud;
  let made: Props;
  beforeEach(async () => {
    cloud = await Cloud.ready();
    await makeNetwork(cloud);
    made = await cloud.create('Cluster', 'gke', {
      ...CLUSTER,
      datapathProvider: 'ADVANCED_DATAPATH',
      dnsConfig: { clusterDns: 'KUBE_DNS' },
    });
    const nodeConfig = { machineType: 'e2-standard-8', labels: { pool: 'a' }, tags: ['node'] };
    await cloud.create('NodePool', 'pool', {
      name: 'pool',
      cluster: 'gke',
      location: REGION,
      nodeCount: 2,
      nodeConfig,
    });
  });

  it('shows a cluster by any of its endpoints', () => {
    const view = findGkeCluster(cloud.world, `https://${String(made.endpoint)}`);
    assert.ok(view);
    assert.equal(view.name, 'gke');
    assert.equal(view.podsCidr, '10.250.0.0/16');
    assert.equal(view.servicesCidr, '172.21.0.0/20');
    assert.equal(view.controlPlaneRange, '10.150.255.240/28');
    assert.equal(view.datapathProvider, 'ADVANCED_DATAPATH');
    assert.equal(view.managedPrometheus, true);
    assert.deepEqual(view.dnsConfig, { clusterDns: 'KUBE_DNS' });
    assert.deepEqual(view.nodePools, [
      {
        name: 'pool',
        zones: ['europe-west4-a', 'europe-west4-b', 'europe-west4-c'],
        nodesPerZone: 2,
        machineType: 'e2-standard-8',
        labels: { pool: 'a' },
      },
    ]);
    assert.equal(findGkeCluster(cloud.world, '10.150.255.242')?.name, 'gke');
    assert.equal(findGkeCluster(cloud.world, 'https://203.0.113.250'), undefined);
    assert.equal(findGkeCluster(cloud.world, ''), undefined);
  });

  it('admits the control plane on 443 and 10250, and where a rule of the network does', async () => {
    const admits = (port: number) => findGkeCluster(cloud.world, String(made.endpoint))?.firewallAdmits(port);
    assert.deepEqual([443, 10250, 9443].map(admits), [true, true, false]);
    const rule = (name: string, more: Props): Props => ({
      name,
      network: 'net',
      sourceRanges: ['10.150.255.240/28'],
      allows: [{ protocol: 'tcp', ports: ['9440-9443'] }],
      ...more,
    });
    const ineffective: Props[] = [
      { targetTags: ['other'] },
      { sourceRanges: ['10.150.255.240/29'] },
      { disabled: true },
      { direction: 'EGRESS', sourceRanges: null, destinationRanges: ['0.0.0.0/0'] },
      { allows: [{ protocol: 'udp' }] },
    ];
    for (const [i, change] of ineffective.entries()) {
      await cloud.create('Firewall', `no${i}`, rule(`no${i}`, change));
      assert.equal(admits(9443), false, JSON.stringify(change));
    }
    await cloud.create('Firewall', 'yes', rule('yes', { targetTags: ['node'] }));
    assert.deepEqual([9439, 9440, 9443].map(admits), [false, true, true]);
    const deny = { allows: null, denies: [{ protocol: 'all' }] };
    await cloud.create('Firewall', 'late', rule('late', { ...deny, priority: 2000 }));
    assert.equal(admits(9443), true);
    await cloud.create('Firewall', 'no', rule('no', { ...deny, sourceRanges: ['10.0.0.0/8'] }));
    assert.equal(admits(9443), false);
  });

  describe('load balancers', () => {
    const rule = (name: string, more: object = {}) =>
      createForwardingRule(cloud.world, {
        clusterName: 'gke',
        name,
        protocol: 'TCP',
        ports: [7000],
        sharedVip: false,
        ...more,
      });
    const reserve = (name: string, address: string, purpose: string) =>
      cloud.create('Address', name, { name, addressType: 'INTERNAL', subnetwork: 'nodes', address, purpose });

    it('take any free address unless one is planned', async () => {
      assert.deepEqual(rule('a'), { ip: '10.150.0.8', name: 'a' });
      await reserve('vip', '10.150.15.10', 'GCE_ENDPOINT');
      assert.deepEqual(rule('b', { address: '10.150.15.10' }), { ip: '10.150.15.10', name: 'b' });
      assert.deepEqual((await cloud.read('vip'))?.outputs.users, [
        'https://www.googleapis.com/compute/v1/projects/cassandra-dev-123456/regions/europe-west4/forwardingRules/b',
      ]);
    });

    it('share an address only where it was reserved for that, and not a port', async () => {
      await reserve('own', '10.150.15.10', 'GCE_ENDPOINT');
      await reserve('vip', '10.150.15.11', 'SHARED_LOADBALANCER_VIP');
      rule('a', { address: '10.150.15.10' });
      assert.throws(
        () => rule('b', { address: '10.150.15.10', protocol: 'UDP' }),
        /IP '10\.150\.15\.10' is already being used by another resource/,
      );
      rule('c', { address: '10.150.15.11', ports: [53] });
      rule('d', { address: '10.150.15.11', ports: [53], protocol: 'UDP' });
      assert.throws(() => rule('e', { address: '10.150.15.11', ports: [53] }), /already serves TCP port 53/);
      assert.throws(() => rule('f', { address: '10.150.15.12', sharedVip: true }), /SHARED_LOADBALANCER_VIP/);
    });

    it('are refused outside the subnetwork, on nodes, with a name in use or for another cluster', () => {
      rule('a');
      assert.throws(() => rule('b', { address: '10.160.0.5' }), /not within the primary range/);
      assert.throws(
        () => rule('b', { address: '10.150.0.2' }),
        /is already being used by another resource: '.*\/instances\//,
      );
      assert.throws(() => rule('a'), /alreadyExists/);
      assert.throws(() => rule('b', { protocol: 'SCTP' }), /carry TCP, UDP/);
      assert.throws(() => rule('b', { ports: [1, 2, 3, 4, 5, 6] }), /at most 5 ports/);
      assert.throws(() => rule('b', { clusterName: 'other' }), /Not found: clusters\/other/);
    });

    it('hold their address and their subnetwork until they are deleted', async () => {
      await reserve('vip', '10.150.15.10', 'GCE_ENDPOINT');
      rule('a', { address: '10.150.15.10' });
      await assert.rejects(
        cloud.delete('vip'),
        /address resource .* is already being used by '.*\/forwardingRules\/a'/,
      );
      for (const name of ['pool', 'gke']) await cloud.delete(name);
      await assert.rejects(cloud.delete('nodes'), /is already being used by/);
      assert.deepEqual(leftovers(cloud.world), [
        'projects/cassandra-dev-123456/regions/europe-west4/forwardingRules/a',
      ]);
      deleteForwardingRule(cloud.world, 'a');
      for (const name of ['vip', 'nodes', 'control', 'net']) await cloud.delete(name);
      assert.deepEqual(leftovers(cloud.world), []);
    });
  });

  it('makes disks of known types and sizes, which outlive the cluster', async () => {
    const disk = (more: object = {}) =>
      createDisk(cloud.world, { clusterName: 'gke', zone: 'europe-west4-a', sizeGiB: 100, type: 'pd-ssd', ...more });
    const { name } = disk();
    assert.match(name, /^pvc-[0-9a-f]{32}$/);
    assert.notEqual(disk().name, name);
    assert.throws(() => disk({ type: 'gp3' }), /Must be one of pd-standard/);
    assert.throws(() => disk({ sizeGiB: 5 }), /have 10 to 65536 GB/);
    assert.throws(() => disk({ zone: 'europe-west4-z' }), /Unknown zone/);
    deleteDisk(cloud.world, name);
    assert.equal(leftovers(cloud.world).length, 1);
  });
});

import assert from 'node:assert/strict';
import { type Props } from '../../../sandbox/core/values';
import { machineType } from '../../../sandbox/gcp/container/machineTypes';
import { CLUSTER, Cloud, PROJECT, REGION, makeNetwork } from './cloud';

const POOL: Props = { name: 'pool', cluster: 'gke', location: REGION, nodeCount: 1 };

describe('local GKE node pools', () => {
  let cloud: Cloud;
  beforeEach(async () => {
    cloud = await Cloud.ready();
    await makeNetwork(cloud);
    await cloud.create('Cluster', 'gke', { ...CLUSTER, minMasterVersion: '1.34' });
  });
  const machines = () => cloud.world.gcp.all('gcp:compute/instance:Instance');

  const bad: [string, Props, RegExp][] = [
    ['a missing cluster', { cluster: 'nowhere' }, /Error 404: Not found: projects\/.*\/clusters\/nowhere/],
    [
      'a machine type that does not exist',
      { nodeConfig: { machineType: 'e2-standard-3' } },
      /Machine type with name 'e2-standard-3' does not exist/,
    ],
    ['a disk type that does not exist', { nodeConfig: { diskType: 'gp3' } }, /Disk type with name 'gp3'/],
    ['a disk of 5 GB', { nodeConfig: { diskSizeGb: 5 } }, /range \(10 - /],
    [
      'an image type that does not exist',
      { nodeConfig: { imageType: 'AL2023' } },
      /"AL2023" is not one of COS_CONTAINERD/,
    ],
    [
      'an account that does not exist',
      { nodeConfig: { serviceAccount: `x@${PROJECT}.iam.gserviceaccount.com` } },
      /does not exist/,
    ],
    [
      'no upgrades in a channel',
      { management: { autoUpgrade: false } },
      /Auto_upgrade must be true when release_channel REGULAR is set/,
    ],
    ['no repairs in a channel', { management: { autoRepair: false } }, /Auto_repair must be true/],
    ['zones elsewhere', { nodeLocations: ['europe-west1-b'] }, /not a zone of the cluster's region europe-west4/],
    [
      'a minimum above the maximum',
      { autoscaling: { minNodeCount: 3, maxNodeCount: 2 } },
      /minimum node count exceeds the maximum/,
    ],
    ['limits per zone and in total', { autoscaling: { maxNodeCount: 2, totalMaxNodeCount: 3 } }, /not both/],
    ['no maximum', { autoscaling: { minNodeCount: 1 } }, /maximum node count must be at least 1/],
    ['no node to upgrade with', { upgradeSettings: { maxSurge: 0, maxUnavailable: 0 } }, /must be greater than 0/],
    ['1,001 nodes in a zone', { nodeCount: 1001 }, /at most 1000 nodes per zone/],
    ['7 pods per node', { maxPodsPerNode: 7 }, /between 8 and 256/],
    ['nodes newer than the control plane', { version: '1.35' }, /must not be greater than master version/],
    [
      'GKE metadata without workload identity',
      { nodeConfig: { workloadMetadataConfig: { mode: 'GKE_METADATA' } } },
      /requires Workload Identity/,
    ],
    ['spot and preemptible', { nodeConfig: { spot: true, preemptible: true } }, /exclude one another/],
    ['a reserved label', { nodeConfig: { labels: { 'kubernetes.io/rack': 'a' } } }, /is not allowed/],
    [
      'an unknown taint effect',
      { nodeConfig: { taints: [{ key: 'a', value: 'b', effect: 'NoSchedule' }] } },
      /"NO_SCHEDULE"/,
    ],
  ];
  for (const [what, change, message] of bad) {
    it(`are refused with ${what}`, () => cloud.refuses('NodePool', { ...POOL, ...change }, message));
  }

  it('have nodes in every zone, with addresses of the subnetwork, and groups', async () => {
    const made = await cloud.create('NodePool', 'pool', { ...POOL, nodeCount: 2 });
    assert.equal(made.id, `projects/${PROJECT}/locations/${REGION}/clusters/gke/nodePools/pool`);
    assert.equal(machines().length, 6);
    assert.deepEqual(
      machines()
        .map(({ outputs }) => outputs.networkIp)
        .sort(),
      ['10.150.0.2', '10.150.0.3', '10.150.0.4', '10.150.0.5', '10.150.0.6', '10.150.0.7'],
    );
    const urls = made.instanceGroupUrls as string[];
    assert.equal(urls.length, 3);
    assert.match(urls[0] ?? '', /\/zones\/europe-west4-a\/instanceGroupManagers\/gke-gke-pool-[0-9a-f]{8}-grp$/);
    assert.deepEqual(made.management, { autoRepair: true, autoUpgrade: true });
    assert.match(String(made.version), /^1\.34\./);
  });

  it('take addresses that can then not be reserved, and leave those that are', async () => {
    const reserve = (address: string): Props => ({ name: 'a', addressType: 'INTERNAL', subnetwork: 'nodes', address });
    await cloud.create('Address', 'vip', reserve('10.150.0.2'));
    await cloud.create('NodePool', 'pool', POOL);
    assert.deepEqual(
      machines()
        .map(({ outputs }) => outputs.networkIp)
        .sort(),
      ['10.150.0.3', '10.150.0.4', '10.150.0.5'],
    );
    await cloud.refuses(
      'Address',
      { ...reserve('10.150.0.4'), name: 'b' },
      /IP '10\.150\.0\.4' is already being used.*\/instances\/gke-gke-pool-/,
    );
  });

  it('follow their count and their zones', async () => {
    await cloud.create('NodePool', 'pool', POOL);
    await cloud.update('pool', { nodeCount: 3 });
    assert.equal(machines().length, 9);
    await cloud.update('pool', { nodeCount: 1, nodeLocations: ['europe-west4-a'] });
    assert.deepEqual(
      machines().map(({ inputs }) => inputs.zone),
      ['europe-west4-a'],
    );
    await cloud.delete('pool');
    assert.equal(machines().length, 0);
  });

  it('keep their count between the limits of the autoscaler', async () => {
    const autoscaling = { minNodeCount: 1, maxNodeCount: 2 };
    const { nodeCount: _, ...pool } = POOL;
    const made = await cloud.create('NodePool', 'pool', { ...pool, initialNodeCount: 1, autoscaling });
    assert.equal(made.nodeCount, 1);
    await cloud.update('pool', { autoscaling: { minNodeCount: 2, maxNodeCount: 3 } });
    assert.equal(machines().length, 6);
  });

  it('keep their version while the control plane moves on', async () => {
    const made = await cloud.create('NodePool', 'pool', POOL);
    await cloud.update('gke', { minMasterVersion: '1.35' });
    assert.equal((await cloud.update('pool', { nodeCount: 2 })).version, made.version);
    assert.match(String((await cloud.update('pool', { version: '1.35' })).version), /^1\.35\./);
  });

  it('stop where the pod range is full: a /22 has room for four nodes of 110 pods', async () => {
    await makeCluster('small', '10.9.0.0/24', '10.10.0.0/22');
    const pool = { ...POOL, cluster: 'small' };
    await cloud.create('NodePool', 'pool', pool);
    const full =
      /IP_SPACE_EXHAUSTED: the pod range 'p' \(10\.10\.0\.0\/22\) has 256 of 1024 addresses free; 3 nodes of pool 'more' take a \/24 each for 110 pods/;
    await cloud.refuses('NodePool', { ...pool, name: 'more' }, full);
    await cloud.create('NodePool', 'less', { ...pool, name: 'less', maxPodsPerNode: 32 });
    await assert.rejects(cloud.update('pool', { nodeCount: 2 }), /IP_SPACE_EXHAUSTED/);
    await cloud.refuses(
      'NodePool',
      { ...pool, name: 'x', networkConfig: { podRange: 'nowhere' } },
      /Pod secondary range 'nowhere' does not exist/,
    );
  });

  it('stop where the subnetwork is full: a /28 has room for 12 nodes', async () => {
    await makeCluster('tiny', '10.9.0.0/28', '10.10.0.0/16');
    await cloud.refuses(
      'NodePool',
      { ...POOL, cluster: 'tiny', nodeCount: 5 },
      /IP_SPACE_EXHAUSTED: the primary range 10\.9\.0\.0\/28/,
    );
    await cloud.create('NodePool', 'fits', { ...POOL, cluster: 'tiny', nodeCount: 4 });
  });

  async function makeCluster(name: string, ipCidrRange: string, pods: string): Promise<void> {
    const secondaryIpRanges = [
      { rangeName: 'p', ipCidrRange: pods },
      { rangeName: 's', ipCidrRange: '10.11.0.0/20' },
    ];
    await cloud.create('Subnetwork', name, { name, network: 'net', ipCidrRange, secondaryIpRanges });
    const ipAllocationPolicy = { clusterSecondaryRangeName: 'p', servicesSecondaryRangeName: 's' };
    await cloud.create('Cluster', name, { ...CLUSTER, name, subnetwork: name, ipAllocationPolicy });
  }

  it('name their cluster by its id too, and are replaced for another account, not for other labels', async () => {
    await cloud.create('NodePool', 'pool', {
      ...POOL,
      nodeConfig: { spot: true },
      cluster: `projects/${PROJECT}/locations/${REGION}/clusters/gke`,
    });
    assert.deepEqual(cloud.replaces('pool', { nodeConfig: { spot: true, serviceAccount: 'x' } }), ['nodeConfig']);
    assert.deepEqual(cloud.replaces('pool', { nodeConfig: { spot: true, labels: { a: 'b' } }, nodeCount: 2 }), []);
  });

  it('know the sizes of machine types', () => {
    assert.deepEqual(machineType('e2-standard-4'), { cpus: 4, memoryGiB: 16 });
    assert.deepEqual(machineType('n2-highmem-8'), { cpus: 8, memoryGiB: 64 });
    assert.deepEqual(machineType('n2-custom-6-20480'), { cpus: 6, memoryGiB: 20 });
    assert.deepEqual(machineType('e2-medium'), { cpus: 2, memoryGiB: 4 });
    for (const unknown of ['m5.large', 'e2-standard-3', 'n2-mega-4', 'n2-custom-5-20480'])
      assert.equal(machineType(unknown), undefined);
  });
});

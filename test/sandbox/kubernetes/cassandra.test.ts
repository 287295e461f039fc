import * as assert from 'node:assert/strict';
import { at, object, texts, type Props } from '../../../sandbox/core/values';
import {
  TOKENS,
  installCertManager,
  installController,
  installOperator,
  namespace,
  refusal,
  setting,
  type Driver,
  type Kept,
  type Setting,
} from './harness';

const GATEWAY = '10.100.9.10';

/** Everything a datacenter needs on one site: operators, namespace, class, secrets. */
async function prepare(driver: Driver, site: 'eks' | 'gke', password = 'secret'): Promise<void> {
  await installCertManager(driver);
  await installOperator(driver);
  await namespace(driver, site);
  const provisioner = site === 'eks' ? 'ebs.csi.aws.com' : 'pd.csi.storage.gke.io';
  await driver.create(TOKENS.storageClass, 'data', {
    metadata: { name: 'data' },
    provisioner,
    allowVolumeExpansion: true,
    parameters: { type: site === 'eks' ? 'gp3' : 'pd-ssd' },
    volumeBindingMode: 'WaitForFirstConsumer',
  });
  const metadata = { name: 'superuser', namespace: site };
  await driver.create(TOKENS.secret, 'superuser', { metadata, stringData: { username: 'admin', password } });
}

function datacenter(site: 'eks' | 'gke', name: string, spec: Props = {}, annotations: Props = {}): Props {
  const region = site === 'eks' ? 'eu-west-1' : 'europe-west4-';
  return {
    metadata: { name, namespace: site, annotations: { 'pulumi.com/waitFor': 'condition=Ready', ...annotations } },
    spec: {
      clusterName: 'shop',
      serverType: 'cassandra',
      serverVersion: '5.0.9',
      size: 3,
      racks: ['a', 'b', 'c'].map((zone) => ({
        name: `rack-${zone}`,
        nodeAffinityLabels: { 'topology.kubernetes.io/zone': `${region}${zone}` },
      })),
      storageConfig: {
        cassandraDataVolumeClaimSpec: {
          storageClassName: 'data',
          accessModes: ['ReadWriteOnce'],
          resources: { requests: { storage: '100Gi' } },
        },
      },
      superuserSecretName: 'superuser',
      ...spec,
    },
  };
}

const SKIPPING = { 'cassandra.datastax.com/skip-user-creation': 'true' };

/** Tells a datacenter on GKE of seeds as a program does: own Endpoints under the name of the operator's service. */
async function publishSeeds(all: Setting, addresses: readonly string[] = [GATEWAY], cluster = 'shop'): Promise<void> {
  await all.gke.create(TOKENS.endpoints, 'seeds', {
    metadata: { name: `${cluster}-dc2-additional-seed-service`, namespace: 'gke' },
    subsets: [{ addresses: addresses.map((ip) => ({ ip })) }],
  });
}

/** dc1 on EKS behind its gateway, and the VPN. */
async function firstDatacenter(all: Setting): Promise<Kept> {
  const { eks, world } = all;
  await prepare(eks, 'eks');
  const first = await eks.create(TOKENS.datacenter, 'dc1', datacenter('eks', 'dc1'));
  await installController(eks);
  await eks.create(TOKENS.service, 'gateway', {
    metadata: {
      name: 'gateway',
      namespace: 'eks',
      annotations: {
        'service.beta.kubernetes.io/aws-load-balancer-subnets': 'lb-a',
        'service.beta.kubernetes.io/aws-load-balancer-private-ipv4-addresses': GATEWAY,
      },
    },
    spec: {
      type: 'LoadBalancer',
      loadBalancerClass: 'service.k8s.aws/nlb',
      selector: { 'cassandra.datastax.com/cluster': 'shop', 'cassandra.datastax.com/seed-node': 'true' },
      ports: [{ port: 7000 }],
    },
  });
  world.gcp.put('gcp:compute/vPNTunnel:VPNTunnel', 't', {}, {});
  world.gcp.put('gcp:compute/routerPeer:RouterPeer', 'p', {}, {});
  world.aws.put('aws:ec2/vpnConnection:VpnConnection', 'c', {}, {});
  return first;
}

describe('a CassandraDatacenter', () => {
  it('becomes Ready with its services, stateful sets, claims and disks', async () => {
    const { eks, clouds, world } = setting();
    await prepare(eks, 'eks');
    const made = await eks.create(TOKENS.datacenter, 'dc1', datacenter('eks', 'dc1'));
    assert.equal(at(made.outputs, 'status', 'cassandraOperatorProgress'), 'Ready');
    assert.deepEqual(at(made.outputs, 'metadata', 'finalizers'), ['finalizer.cassandra.datastax.com']);
    const names = (token: string) =>
      world.kubernetes
        .all(token)
        .map(({ id }) => id.split('|')[1])
        .filter((id) => id?.startsWith('eks/'));
    assert.deepEqual(names(TOKENS.service).sort(), [
      'eks/shop-dc1-additional-seed-service',
      'eks/shop-dc1-all-pods-service',
      'eks/shop-dc1-service',
      'eks/shop-seed-service',
    ]);
    assert.deepEqual(names('kubernetes:apps/v1:StatefulSet'), [
      'eks/shop-dc1-rack-a-sts',
      'eks/shop-dc1-rack-b-sts',
      'eks/shop-dc1-rack-c-sts',
    ]);
    assert.equal(names('kubernetes:core/v1:PersistentVolumeClaim')[0], 'eks/server-data-shop-dc1-rack-a-sts-0');
    assert.equal(clouds.disks.size, 3);
    await eks.delete(made);
    assert.equal(clouds.disks.size, 0);
    assert.deepEqual(names(TOKENS.service), []);
  });

  it('gets a superuser of its own when it names none', async () => {
    const { eks, world } = setting();
    await prepare(eks, 'eks');
    const given = datacenter('eks', 'dc1');
    delete (given.spec as Props).superuserSecretName;
    await eks.create(TOKENS.datacenter, 'dc1', given);
    assert.ok(world.kubernetes.all(TOKENS.secret).some(({ id }) => id.endsWith('|eks/shop-superuser')));
  });

  it('keeps its disks where the class retains them or the driver has gone', async () => {
    const { eks, clouds } = setting();
    await prepare(eks, 'eks');
    const made = await eks.create(TOKENS.datacenter, 'dc1', datacenter('eks', 'dc1'));
    if (clouds.eks) clouds.eks.addons = clouds.eks.addons.filter(({ name }) => name !== 'aws-ebs-csi-driver');
    await eks.delete(made);
    assert.equal(clouds.disks.size, 3);
  });

  it('cannot be deleted when its operator has gone first', async () => {
    const { eks, clouds } = setting();
    await installCertManager(eks);
    const operator = await installOperator(eks);
    await namespace(eks, 'eks');
    await eks.create(TOKENS.storageClass, 'data', { metadata: { name: 'data' }, provisioner: 'ebs.csi.aws.com' });
    await eks.create(TOKENS.secret, 's', { metadata: { name: 'superuser', namespace: 'eks' }, stringData: { a: 'b' } });
    const made = await eks.create(TOKENS.datacenter, 'dc1', datacenter('eks', 'dc1'));
    await eks.delete(operator);
    assert.match(
      await refusal(eks.delete(made)),
      /finalizers might be preventing deletion \(finalizer\.cassandra\.datastax\.com\)/,
    );
    assert.equal(clouds.disks.size, 3);
  });

  for (const [what, spec, complaint] of [
    [
      'a storage class that is not there',
      { storageConfig: claim('fast') },
      /storageclass\.storage\.k8s\.io "fast" not found/,
    ],
    ['a superuser secret that is not there', { superuserSecretName: 'absent' }, /Secret "absent" not found/],
    ['a configuration that is not there', { configSecret: 'absent' }, /Secret "absent" not found/],
    [
      'a configuration that is no JSON',
      { configSecret: 'superuser' },
      /invalid config secret superuser: config key is missing/,
    ],
    [
      'more nodes in a rack than its zone has',
      { size: 6 },
      /pod shop-dc1-rack-a-sts-1 is unschedulable: 0\/3 nodes are available: 1 of them are in rack rack-a, which wants 2/,
    ],
    [
      'a rack in a zone without nodes',
      { racks: [{ name: 'rack-z', nodeAffinityLabels: { 'topology.kubernetes.io/zone': 'eu-west-1z' } }] },
      /0 of them are in rack rack-z/,
    ],
    [
      'a volume from a secret that is not there',
      {
        storageConfig: {
          ...claim('data'),
          additionalVolumes: [{ name: 'v', mountPath: '/v', volumeSource: { secret: { secretName: 'absent' } } }],
        },
      },
      /secret "absent" not found/,
    ],
    ['a service account that is not there', { serviceAccountName: 'absent' }, /serviceaccount "absent" not found/],
    [
      'no amount of storage',
      { storageConfig: { cassandraDataVolumeClaimSpec: { storageClassName: 'data', accessModes: ['ReadWriteOnce'] } } },
      /asks for no amount of storage/,
    ],
    [
      'shared volumes',
      {
        storageConfig: {
          cassandraDataVolumeClaimSpec: {
            ...object(claim('data'), 'cassandraDataVolumeClaimSpec'),
            accessModes: ['ReadWriteMany'],
          },
        },
      },
      /no access mode of ReadWriteMany fits a block device/,
    ],
    [
      'additional seeds where nothing answers',
      { additionalSeeds: [GATEWAY] },
      /Unable to contact any seeds: no seed answers at 10\.100\.9\.10/,
    ],
    [
      'additional seeds that are names',
      { additionalSeeds: ['dc1.example'] },
      /Unable to contact any seeds: no additional seed of dc1\.example resolves to an address/,
    ],
  ] as [string, Props, RegExp][]) {
    it(`never becomes Ready with ${what}`, async () => {
      const { eks } = setting();
      await prepare(eks, 'eks');
      const message = await refusal(eks.create(TOKENS.datacenter, 'dc1', datacenter('eks', 'dc1', spec)));
      assert.match(message, /'dc1' timed out waiting to be Ready\nWaiting for condition=Ready/);
      assert.match(message, complaint);
    });
  }

  for (const [what, spec, complaint] of [
    [
      'a field that is not declared',
      { clusterNme: 'shop' },
      /Kind=CassandraDatacenter\): \.spec\.clusterNme: field not declared in schema/,
    ],
    [
      'a nested field that is not declared',
      { racks: [{ name: 'rack-a', nodeAffinity: {} }] },
      /\.spec\.racks\[0\]\.nodeAffinity: field not declared/,
    ],
    ['a cluster name of one letter', { clusterName: 's' }, /spec\.clusterName in body should be at least 2 chars long/],
    ['a server type of its own', { serverType: 'scylla' }, /spec\.serverType: Unsupported value: "scylla"/],
    ['a version of old', { serverVersion: '2.2.0' }, /spec\.serverVersion: Invalid value: "2\.2\.0"/],
    ['no nodes', { size: 0 }, /spec\.size: Invalid value: 0/],
    [
      'JVM options of Cassandra 3',
      { config: { 'jvm-options': {} } },
      /attempted to define config jvm-options with cassandra-5\.0\.9/,
    ],
    [
      'nodes that share workers without limits',
      { allowMultipleNodesPerWorker: true },
      /attempted to use multiple nodes per worker without cpu and memory requests and limits/,
    ],
    [
      'a volume of two kinds',
      {
        storageConfig: {
          ...claim('data'),
          additionalVolumes: [{ name: 'v', mountPath: '/v', pvcSpec: {}, volumeSource: {} }],
        },
      },
      /attempted to create a volume with both PVCSpec and VolumeSource/,
    ],
    [
      'reserved labels',
      { additionalServiceConfig: { seedService: { additionalLabels: { 'cassandra.datastax.com/x': 'y' } } } },
      /attempted to configure seedService with reserved annotations/,
    ],
    [
      'a request above its limit',
      { resources: { requests: { memory: '8Gi' }, limits: { memory: '4Gi' } } },
      /must be less than or equal to memory limit/,
    ],
  ] as [string, Props, RegExp][]) {
    it(`is refused with ${what}`, async () => {
      const { eks } = setting();
      await prepare(eks, 'eks');
      assert.match(await refusal(eks.create(TOKENS.datacenter, 'dc1', datacenter('eks', 'dc1', spec))), complaint);
    });
  }

  for (const [what, spec, complaint] of [
    ['its cluster', { clusterName: 'other' }, /attempted to change clusterName/],
    ['its name in Cassandra', { datacenterName: 'other' }, /attempted to change datacenterName/],
    ['its superuser secret', { superuserSecretName: 'other' }, /attempted to change superuserSecretName/],
    [
      'the name of a rack',
      { racks: ['x', 'b', 'c'].map((name) => ({ name: `rack-${name}` })) },
      /attempted to change rack name from 'rack-a' to 'rack-x'/,
    ],
    ['fewer racks', { racks: [{ name: 'rack-a' }] }, /attempted to remove rack/],
    [
      'more racks of the same size',
      { racks: ['a', 'b', 'c', 'd'].map((name) => ({ name: `rack-${name}` })) },
      /attempted to add rack without increasing size/,
    ],
    [
      'its storage',
      { storageConfig: claim('data', '200Gi') },
      /attempted to change storageConfig\.CassandraDataVolumeClaimSpec/,
    ],
    [
      'its storage to less',
      { storageConfig: claim('data', '50Gi') },
      /attempted to shrink storageConfig\.CassandraDataVolumeClaimSpec from 100Gi to 50Gi/,
    ],
    [
      'its racks by more than its size',
      { racks: ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name: `rack-${name}` })), size: 4 },
      /attempted to add racks without increasing size enough/,
    ],
  ] as [string, Props, RegExp][]) {
    it(`cannot change ${what}`, async () => {
      const { eks } = setting();
      await prepare(eks, 'eks');
      const made = await eks.create(TOKENS.datacenter, 'dc1', datacenter('eks', 'dc1'));
      assert.deepEqual(eks.diff(made, datacenter('eks', 'dc1', spec)).replaces, []);
      assert.match(await refusal(eks.update(made, datacenter('eks', 'dc1', spec))), complaint);
    });
  }

  it('grows in place', async () => {
    const { eks, clouds } = setting();
    await prepare(eks, 'eks');
    const made = await eks.create(TOKENS.datacenter, 'dc1', datacenter('eks', 'dc1'));
    if (clouds.eks) clouds.eks.nodeGroups = clouds.eks.nodeGroups.map((group) => ({ ...group, desiredSize: 2 }));
    const grown = await eks.update(made, datacenter('eks', 'dc1', { size: 6 }));
    assert.equal(at(grown.outputs, 'status', 'cassandraOperatorProgress'), 'Ready');
    assert.equal(clouds.disks.size, 6);
  });

  it('gets larger volumes in place where its annotation allows it and their class grows', async () => {
    const { eks, world } = setting();
    await prepare(eks, 'eks');
    const growing = { 'cassandra.datastax.com/allow-storage-changes': 'true' };
    const made = await eks.create(TOKENS.datacenter, 'dc1', datacenter('eks', 'dc1', {}, growing));
    const larger = datacenter('eks', 'dc1', { storageConfig: claim('data', '200Gi') }, growing);
    const capacities = () =>
      world.kubernetes
        .all('kubernetes:core/v1:PersistentVolumeClaim')
        .map(({ outputs }) => at(outputs, 'status', 'capacity', 'storage'));
    await eks.update(made, larger);
    assert.deepEqual(capacities(), ['200Gi', '200Gi', '200Gi']);
  });

  it('runs on while a secret is gone', async () => {
    const { eks } = setting();
    await prepare(eks, 'eks');
    const secret = await eks.create(TOKENS.secret, 'roots', {
      metadata: { name: 'roots', namespace: 'eks' },
      stringData: { username: 'admin', password: 'secret' },
    });
    const own = { superuserSecretName: 'roots' };
    const made = await eks.create(TOKENS.datacenter, 'dc1', datacenter('eks', 'dc1', own));
    await eks.delete(secret);
    const without = await eks.update(made, datacenter('eks', 'dc1', own, { note: 'a' }));
    assert.equal(at(without.outputs, 'status', 'cassandraOperatorProgress'), 'Ready');
  });

  it('is nothing to an operator that watches its own namespace only', async () => {
    const { eks } = setting();
    await installCertManager(eks);
    await installOperator(eks, {});
    await namespace(eks, 'eks');
    const made = eks.create(TOKENS.datacenter, 'dc1', datacenter('eks', 'dc1'));
    assert.match(await refusal(made), /no running cass-operator watches namespace eks/);
  });

  it('is not admitted where the control plane does not reach the operator', async () => {
    const { gke, clouds } = setting();
    await prepare(gke, 'gke');
    clouds.openPorts = [443, 10250];
    assert.match(
      await refusal(gke.create(TOKENS.datacenter, 'dc2', datacenter('gke', 'dc2'))),
      /failed calling webhook "vcassandradatacenter\.kb\.io": failed to call webhook: Post "https:\/\/cass-operator-webhook-service\.cass-operator\.svc:443\/.*": context deadline exceeded/,
    );
  });

  it('is unknown before the operator is installed', async () => {
    const { eks } = setting();
    await namespace(eks, 'eks');
    assert.match(
      await refusal(eks.create(TOKENS.datacenter, 'dc1', datacenter('eks', 'dc1'))),
      /no matches for kind "CassandraDatacenter"/,
    );
  });
});

describe('a second datacenter', () => {
  const joining = (all: Setting, spec: Props = {}, annotations: Props = SKIPPING): Promise<Kept> =>
    all.gke.create(TOKENS.datacenter, 'dc2', datacenter('gke', 'dc2', spec, annotations));

  it('joins the first one through its gateway, of which its own Endpoints tell', async () => {
    const all = setting();
    await firstDatacenter(all);
    await prepare(all.gke, 'gke');
    await publishSeeds(all);
    const made = await joining(all);
    assert.equal(at(made.outputs, 'status', 'cassandraOperatorProgress'), 'Ready');
    assert.equal(all.clouds.disks.size, 6);
    assert.deepEqual(joinedBy(all), ['eks/dc1']);
  });

  it('never becomes Ready where its additional seeds are the gateway, though that answers', async () => {
    const all = setting();
    await firstDatacenter(all);
    await prepare(all.gke, 'gke');
    await publishSeeds(all);
    assert.match(
      await refusal(joining(all, { additionalSeeds: [GATEWAY] })),
      /Unable to contact any seeds: no node has the address of a load balancer \(10\.100\.9\.10\), and with additionalSeeds no node is a local seed/,
    );
  });

  for (const [what, arrange] of [
    ['nothing tells it of the first', async () => undefined],
    ['no seed answers', async (all) => publishSeeds(all, ['10.100.9.99'])],
    [
      'no link leads to the seeds',
      async (all) => {
        await publishSeeds(all);
        all.world.gcp.remove('gcp:compute/vPNTunnel:VPNTunnel', 't');
      },
    ],
  ] as [string, (all: Setting) => Promise<void>][]) {
    it(`becomes Ready as a second ring where ${what}`, async () => {
      const all = setting();
      await firstDatacenter(all);
      await prepare(all.gke, 'gke');
      await arrange(all);
      const made = await joining(all);
      assert.equal(at(made.outputs, 'status', 'cassandraOperatorProgress'), 'Ready');
      assert.deepEqual(joinedBy(all), []);
    });
  }

  it('does not join a cluster of another name', async () => {
    const all = setting();
    await firstDatacenter(all);
    await prepare(all.gke, 'gke');
    await publishSeeds(all, [GATEWAY], 'other');
    await joining(all, { clusterName: 'other' });
    assert.deepEqual(joinedBy(all), []);
  });

  it('does not make the roles again', async () => {
    const all = setting();
    await firstDatacenter(all);
    await prepare(all.gke, 'gke');
    await publishSeeds(all);
    assert.match(await refusal(joining(all, {}, {})), /the role exists in the ring already/);
  });

  it('does not join with another password', async () => {
    const all = setting();
    await firstDatacenter(all);
    await prepare(all.gke, 'gke', 'another');
    await publishSeeds(all);
    assert.match(await refusal(joining(all)), /superuser secret superuser is not that of datacenter dc1/);
  });

  it('stays in the ring when the link goes', async () => {
    const all = setting();
    await firstDatacenter(all);
    await prepare(all.gke, 'gke');
    await publishSeeds(all);
    const made = await joining(all);
    all.world.gcp.remove('gcp:compute/vPNTunnel:VPNTunnel', 't');
    const seen = await all.gke.read(made);
    assert.deepEqual(seen?.outputs, made.outputs);
    assert.deepEqual(joinedBy(all), ['eks/dc1']);
  });
});

/** Whom dc2 has joined. */
function joinedBy({ world }: Setting): (string | undefined)[] {
  const joined = world.kubernetes.all('kubernetes:cassandraRing').find(({ id }) => id.endsWith('|gke/dc2'));
  return texts(joined?.inputs, 'with').map((member) => member.split('|')[1]);
}

describe('a CassandraTask', () => {
  const rebuild = (source?: string, name = 'dc2'): Props => ({
    metadata: { name: 'rebuild', namespace: 'gke', annotations: { 'pulumi.com/waitFor': 'condition=Complete' } },
    spec: {
      datacenter: { name, namespace: 'gke' },
      jobs: [{ name: 'rebuild', command: 'rebuild', ...(source ? { args: { source_datacenter: source } } : {}) }],
      ttlSecondsAfterFinished: 0,
    },
  });

  async function ring(told = true): Promise<Setting> {
    const all = setting();
    await firstDatacenter(all);
    await prepare(all.gke, 'gke');
    if (told) await publishSeeds(all);
    await all.gke.create(TOKENS.datacenter, 'dc2', datacenter('gke', 'dc2', {}, SKIPPING));
    return all;
  }

  it('rebuilds from the other datacenter of the ring', async () => {
    const { gke } = await ring();
    const made = await gke.create(TOKENS.task, 't', rebuild('dc1'));
    assert.equal(at(made.outputs, 'status', 'succeeded'), 3);
    assert.ok(at(made.outputs, 'status', 'completionTime'));
  });

  it('does not rebuild from a datacenter of another ring', async () => {
    const { gke } = await ring(false);
    assert.match(await refusal(gke.create(TOKENS.task, 't', rebuild('dc1'))), /'dc1' is not a valid datacenter/);
  });

  it('needs a source, a datacenter and a command', async () => {
    const { gke } = await ring();
    assert.match(await refusal(gke.create(TOKENS.task, 't', rebuild())), /rebuild needs args\.source_datacenter/);
    const other = {
      ...rebuild('dc1', 'dc9'),
      metadata: { name: 'x', namespace: 'gke', annotations: { 'pulumi.com/waitFor': 'condition=Complete' } },
    };
    assert.match(await refusal(gke.create(TOKENS.task, 't2', other)), /"dc9" not found/);
    const wrong = rebuild('dc1');
    const spec = { ...(wrong.spec as Props), jobs: [{ name: 'j', command: 'restore' }] };
    assert.match(
      await refusal(gke.create(TOKENS.task, 't3', { ...wrong, spec, metadata: { name: 'y', namespace: 'gke' } })),
      /unknown job command/,
    );
  });
});

function claim(storageClassName: string, storage = '100Gi'): Props {
  return {
    cassandraDataVolumeClaimSpec: {
      storageClassName,
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage } },
    },
  };
}

import assert from 'node:assert/strict';
import * as pulumi from '@pulumi/pulumi';
import { GcpSite } from '../../../components/gcp/site';
import type { GcpSiteSettings, Settings } from '../../../plan/settings';
import { gcpPlan, gcpSettings, linkedSettings } from '../fixturesGcp';
import { register, type Recording, type Registered } from '../recorder';
import { computedByGcp } from './computed';

const CLUSTER = 'gcp:container/cluster:Cluster';
const POOL = 'gcp:container/nodePool:NodePool';

interface Run {
  readonly recording: Recording;
  readonly site: GcpSite;
}

async function run(options: { stack?: Settings; settings?: GcpSiteSettings; preview?: boolean } = {}): Promise<Run> {
  const made: GcpSite[] = [];
  const recording = await register(
    () => {
      const stack = options.stack ?? linkedSettings;
      made.push(
        new GcpSite('site', {
          plan: gcpPlan,
          settings: options.settings ?? gcpSettings,
          stack,
          unchanged: pulumi.output({}),
        }),
      );
    },
    { computed: computedByGcp, preview: options.preview },
  );
  const [site] = made;
  assert.ok(site);
  return { recording, site };
}

/** Value of a settled output. */
async function settled<Value>(output: { promise?: () => Promise<Value> }): Promise<Value> {
  assert.ok(output.promise);
  return output.promise();
}

describe('a Google Cloud site', () => {
  let recording: Recording;
  let site: GcpSite;
  let cluster: Registered;
  let pool: Registered;
  before(async () => {
    ({ recording, site } = await run());
    cluster = recording.one(CLUSTER);
    pool = recording.one(POOL);
  });

  it('is a private regional cluster with its nodes in the planned zones', () => {
    const { inputs } = cluster;
    assert.equal(inputs.location, 'europe-west4');
    assert.deepEqual(inputs.nodeLocations, ['europe-west4-a', 'europe-west4-b', 'europe-west4-c']);
    assert.deepEqual(inputs.privateClusterConfig, {
      enablePrivateNodes: true,
      enablePrivateEndpoint: false,
      privateEndpointSubnetwork: 'site-control-plane-id',
    });
  });

  it('takes pods and services from the named secondary ranges, the planned number for each node', () => {
    assert.deepEqual(cluster.inputs.ipAllocationPolicy, {
      clusterSecondaryRangeName: 'pods',
      servicesSecondaryRangeName: 'services',
    });
    assert.equal(cluster.inputs.defaultMaxPodsPerNode, gcpPlan.podsPerNode);
    assert.equal(pool.inputs.maxPodsPerNode, gcpPlan.podsPerNode);
  });

  it('rewrites no source address', () => {
    assert.deepEqual(cluster.inputs.defaultSnatStatus, { disabled: true });
  });

  it('has Dataplane V2, kube-dns without NodeLocal cache, and subsetting with the add-on it needs', () => {
    const { inputs } = cluster;
    assert.equal(inputs.datapathProvider, 'ADVANCED_DATAPATH');
    assert.deepEqual(inputs.dnsConfig, { clusterDns: 'KUBE_DNS' });
    assert.equal(inputs.enableL4IlbSubsetting, true);
    assert.deepEqual(inputs.addonsConfig, {
      dnsCacheConfig: { enabled: false },
      gcePersistentDiskCsiDriverConfig: { enabled: true },
      httpLoadBalancing: { disabled: false },
    });
  });

  it('admits the ranges of the settings to its control plane and nobody else', () => {
    assert.deepEqual(cluster.inputs.masterAuthorizedNetworksConfig, {
      cidrBlocks: [{ cidrBlock: '203.0.113.0/24', displayName: '203.0.113.0/24' }],
      gcpPublicCidrsAccessEnabled: false,
    });
    assert.equal(cluster.inputs.controlPlaneEndpointsConfig, undefined);
  });

  it('encrypts its secrets with a key that GKE may use before the cluster is made', () => {
    assert.deepEqual(cluster.inputs.databaseEncryption, { state: 'ENCRYPTED', keyName: 'site-secrets-key-id' });
    const grant = recording.one('gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember');
    assert.equal(grant.inputs.member, 'serviceAccount:agent@container-engine-robot');
    assert.ok(recording.waitsFor(cluster, grant));
  });

  it('names no key ring, because Cloud KMS never frees a name', () => {
    assert.equal(recording.one('gcp:kms/keyRing:KeyRing').inputs.name, undefined);
  });

  it('is protected from deletion exactly where the stack is', async () => {
    assert.equal(cluster.inputs.deletionProtection, false);
    assert.equal(cluster.protect, false);
    const guarded = (await run({ stack: { ...linkedSettings, protect: true } })).recording;
    assert.equal(guarded.one(CLUSTER).inputs.deletionProtection, true);
    assert.equal(guarded.one(CLUSTER).protect, true);
  });

  it('keeps one StorageClass, whose disks go with their claims, whether the stack is protected or not', async () => {
    const guarded = (await run({ stack: { ...linkedSettings, protect: true } })).recording;
    for (const { inputs } of [recording, guarded].map((one) => one.one('kubernetes:storage.k8s.io/v1:StorageClass'))) {
      assert.equal(inputs.reclaimPolicy, 'Delete');
    }
  });

  it('counts nodes for each zone, and leaves the count to autoscaling afterwards', () => {
    const { inputs, ignoreChanges } = pool;
    assert.deepEqual(inputs.nodeLocations, gcpSettings.zones);
    assert.equal(inputs.initialNodeCount, 1);
    assert.deepEqual(inputs.autoscaling, { minNodeCount: 1, maxNodeCount: 2, locationPolicy: 'BALANCED' });
    assert.deepEqual(ignoreChanges, ['initialNodeCount']);
  });

  it('puts the tag that the firewall aims at on every node', () => {
    const { tags } = pool.inputs.nodeConfig as { tags: string[] };
    for (const { inputs } of recording.ofType('gcp:compute/firewall:Firewall')) {
      assert.deepEqual(inputs.targetTags, tags);
    }
  });

  it('runs nodes as their own account, shielded, with the metadata server of workload identity', () => {
    const node = pool.inputs.nodeConfig as Record<string, unknown>;
    assert.equal(node.serviceAccount, 'node@example-project.iam.gserviceaccount.com');
    assert.deepEqual(node.workloadMetadataConfig, { mode: 'GKE_METADATA' });
    assert.deepEqual(node.shieldedInstanceConfig, { enableSecureBoot: true, enableIntegrityMonitoring: true });
    assert.deepEqual(cluster.inputs.workloadIdentityConfig, { workloadPool: 'example-project.svc.id.goog' });
    assert.equal(
      recording.one('gcp:projects/iAMMember:IAMMember').inputs.role,
      'roles/container.defaultNodeServiceAccount',
    );
  });

  it('lets nodes join after NAT, without which their pods pull no image', () => {
    assert.ok(recording.waitsFor(pool, recording.one('gcp:compute/routerNat:RouterNat')));
  });

  it('waits for no firewall rule, address or NAT before it makes the control plane', () => {
    for (const type of [
      'gcp:compute/firewall:Firewall',
      'gcp:compute/address:Address',
      'gcp:compute/routerNat:RouterNat',
    ]) {
      for (const resource of recording.ofType(type)) {
        assert.ok(!recording.waitsFor(cluster, resource), `the cluster waits for ${resource.name}`);
      }
    }
  });

  it('makes a StorageClass of its own beside those of GKE, bound where the pod is', () => {
    const [storageClass] = recording.ofType('kubernetes:storage.k8s.io/v1:StorageClass');
    assert.deepEqual(storageClass?.inputs.metadata, { name: 'cassandra-data' });
    assert.equal(storageClass?.inputs.volumeBindingMode, 'WaitForFirstConsumer');
    assert.deepEqual(storageClass?.inputs.parameters, { type: 'pd-ssd' });
    assert.equal(site.storageClass, 'cassandra-data');
  });

  it('takes the StorageClass of the settings where they name one', async () => {
    const cassandra = { ...gcpSettings.cassandra, storageClass: 'hyperdisk' };
    const own = await run({ settings: { ...gcpSettings, cassandra } });
    assert.equal(own.site.storageClass, 'hyperdisk');
  });

  it('puts every Google Cloud resource under its own provider, with labels', () => {
    const provider = recording.one('pulumi:providers:gcp');
    const ours = recording.resources.filter(({ type }) => type.startsWith('gcp:'));
    assert.ok(ours.length > 20);
    for (const resource of ours) {
      assert.ok(resource.provider.startsWith(provider.urn), `${resource.name} is under another provider`);
    }
    assert.deepEqual(JSON.parse(provider.inputs.defaultLabels as string), {
      team: 'data',
      'cassandra-cluster': 'xcloud',
      'cassandra-datacenter': 'dc2',
      site: 'gcp-europe-west4',
      'managed-by': 'pulumi',
    });
  });

  it('identifies its cluster to the Kubernetes provider by what outlives a rotated certificate', () => {
    assert.equal(recording.one('pulumi:providers:kubernetes').inputs.clusterIdentifier, 'site-cluster-id');
  });

  it('registers the same resources at the first preview', async () => {
    const preview = await run({ preview: true });
    const registered = ({ resources }: Recording) => resources.map(({ type, name }) => `${type} ${name}`).sort();
    assert.deepEqual(registered(preview.recording), registered(recording));
  });

  it('gives a secret kubeconfig that holds no credential', async () => {
    assert.equal(await (site.kubeconfig as unknown as { isSecret: Promise<boolean> }).isSecret, true);
    const config = JSON.parse(await settled(site.kubeconfig as never)) as {
      clusters: { cluster: Record<string, string> }[];
      users: { user: Record<string, unknown> }[];
    };
    assert.deepEqual(config.clusters[0]?.cluster, {
      server: 'https://198.51.100.7',
      'certificate-authority-data': 'Y2VydGlmaWNhdGU=',
    });
    assert.deepEqual(Object.keys(config.users[0]?.user ?? {}), ['exec']);
  });

  it('is reached by its DNS endpoint alone where the settings say so', async () => {
    const dns = await run({ stack: { ...linkedSettings, access: { ...linkedSettings.access, gkeDnsEndpoint: true } } });
    const { inputs } = dns.recording.one(CLUSTER);
    assert.deepEqual(inputs.controlPlaneEndpointsConfig, {
      dnsEndpointConfig: { allowExternalTraffic: true },
      ipEndpointsConfig: { enabled: false },
    });
    assert.equal(inputs.masterAuthorizedNetworksConfig, undefined);
    const config = JSON.parse(await settled(dns.site.kubeconfig as never)) as { clusters: { cluster: unknown }[] };
    assert.deepEqual(config.clusters[0]?.cluster, { server: 'https://gke-0123.europe-west4.gke.goog' });
  });

  it('gives each load balancer its planned address, one protocol each', () => {
    for (const role of ['gateway', 'dns'] as const) {
      const balancer = site.internalLoadBalancer(role);
      assert.equal(balancer.loadBalancerIP, gcpPlan[role].addresses[0]);
      assert.equal(balancer.mixedProtocols, false);
      assert.equal(balancer.annotations['networking.gke.io/load-balancer-type'], 'Internal');
    }
  });
});

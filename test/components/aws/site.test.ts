import assert from 'node:assert/strict';
import * as pulumi from '@pulumi/pulumi';
import { parse } from 'yaml';
import { AwsSite } from '../../../components/aws/site';
import type { AwsSiteSettings, Settings } from '../../../plan/settings';
import type { AwsSitePlan } from '../../../plan/types';
import { awsPlan, awsSettings, stackSettings } from '../fixtures';
import { register, type Computed, type Recording, type Registered } from '../recorder';

const clusterSecurityGroup = 'sg-cluster';

/** What AWS computes and other resources refer to. */
const computed: Computed = (type) =>
  type === 'aws:eks/cluster:Cluster'
    ? {
        endpoint: 'https://cluster.example',
        certificateAuthority: { data: 'Y2E=' },
        vpcConfig: { clusterSecurityGroupId: clusterSecurityGroup },
      }
    : type === 'aws:ec2/launchTemplate:LaunchTemplate'
      ? { latestVersion: 7 }
      : {};

interface Variation {
  readonly plan?: Partial<AwsSitePlan>;
  readonly settings?: Partial<AwsSiteSettings>;
  readonly stack?: Partial<Settings>;
  readonly preview?: boolean;
}

async function registerSite(variation: Variation = {}): Promise<{ recording: Recording; site: AwsSite }> {
  let site: AwsSite | undefined;
  const recording = await register(
    () => {
      site = new AwsSite('aws-eu-west-1', {
        plan: { ...awsPlan, ...variation.plan },
        settings: { ...awsSettings, ...variation.settings },
        stack: { ...stackSettings, ...variation.stack },
        unchanged: pulumi.output({}),
      });
    },
    { computed, preview: variation.preview },
  );
  assert.ok(site, 'the program has run');
  return { recording, site };
}

function text(value: unknown): string {
  assert.equal(typeof value, 'string');
  return value as string;
}

function tags(resource: Registered): Record<string, string> {
  return (resource.inputs.tags ?? {}) as Record<string, string>;
}

/** Names of those that a resource should wait for and does not. */
function notAwaited(recording: Recording, later: Registered, earlier: readonly Registered[]): string[] {
  return earlier.filter((resource) => !recording.waitsFor(later, resource)).map(({ name }) => name);
}

function addon(recording: Recording, addonName: string): Registered {
  const found = recording.ofType('aws:eks/addon:Addon').find(({ inputs }) => inputs.addonName === addonName);
  assert.ok(found, `add-on ${addonName}`);
  return found;
}

function configuration(resource: Registered): Record<string, unknown> {
  return JSON.parse(text(resource.inputs.configurationValues)) as Record<string, unknown>;
}

describe('AwsSite', () => {
  let recording: Recording;
  let site: AwsSite;
  before(async () => ({ recording, site } = await registerSite()));

  describe('network', () => {
    it('has the planned node range and, before any pod subnet, the planned pod range', () => {
      const vpc = recording.one('aws:ec2/vpc:Vpc');
      assert.equal(vpc.inputs.cidrBlock, awsPlan.nodes);
      assert.equal(vpc.inputs.enableDnsHostnames, true);
      assert.equal(vpc.inputs.enableDnsSupport, true);
      const podRange = recording.one('aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation');
      assert.equal(podRange.inputs.cidrBlock, awsPlan.pods);
      for (const { zone } of awsPlan.zones) {
        const subnet = recording.one('aws:ec2/subnet:Subnet', `aws-eu-west-1-network-${zone}-pod-subnet`);
        assert.deepEqual(notAwaited(recording, subnet, [podRange]), [], zone);
      }
    });

    it('has every planned subnet in its zone, and no other', () => {
      const registered = recording
        .ofType('aws:ec2/subnet:Subnet')
        .map(({ inputs }) => `${text(inputs.availabilityZone)} ${text(inputs.cidrBlock)}`);
      const planned = awsPlan.zones.flatMap((zone) =>
        [zone.nodeSubnet, zone.podSubnet, zone.loadBalancerSubnet, zone.publicSubnet].map(
          (cidr) => `${zone.zone} ${cidr}`,
        ),
      );
      assert.deepEqual(registered.sort(), planned.sort());
    });

    it('offers load-balancer subnets alone to internal load balancers', () => {
      const offered = recording
        .ofType('aws:ec2/subnet:Subnet')
        .filter((subnet) => tags(subnet)['kubernetes.io/role/internal-elb'] === '1');
      assert.deepEqual(
        offered.map(({ inputs }) => inputs.cidrBlock).sort(),
        awsPlan.zones.map((zone) => zone.loadBalancerSubnet).sort(),
      );
      assert.deepEqual(
        offered.map((subnet) => tags(subnet)['kubernetes.io/cluster/xcloud-aws-eu-west-1']),
        awsPlan.zones.map(() => 'shared'),
      );
    });

    it('keeps the planned load-balancer addresses from being given away', () => {
      const reservations = recording.ofType('aws:ec2/subnetCidrReservation:SubnetCidrReservation');
      assert.deepEqual(
        reservations.map(({ inputs }) => [inputs.reservationType, inputs.cidrBlock]).sort(),
        awsPlan.zones.map((zone) => ['explicit', zone.loadBalancerReservation]).sort(),
      );
    });

    it("routes each zone's nodes, pods and load balancers through that zone's own table and NAT gateway", () => {
      const associations = recording.ofType('aws:ec2/routeTableAssociation:RouteTableAssociation');
      for (const { zone } of awsPlan.zones) {
        const prefix = `aws-eu-west-1-network-${zone}`;
        for (const role of ['node', 'pod', 'load-balancer']) {
          const tables = associations
            .filter(({ inputs }) => inputs.subnetId === `${prefix}-${role}-subnet-id`)
            .map(({ inputs }) => inputs.routeTableId);
          assert.deepEqual(tables, [`${prefix}-private-routes-id`], `${zone} ${role}`);
        }
        const route = recording.one('aws:ec2/route:Route', `${prefix}-default-route`);
        assert.equal(route.inputs.routeTableId, `${prefix}-private-routes-id`);
        assert.equal(route.inputs.natGatewayId, `${prefix}-nat-id`);
        const nat = recording.one('aws:ec2/natGateway:NatGateway', `${prefix}-nat`);
        assert.equal(nat.inputs.subnetId, `${prefix}-public-subnet-id`);
      }
    });

    it('gives the link every route table that serves a workload', async () => {
      const tables = await Promise.all(
        site.network.workloadRouteTables.map(
          ({ zone, id }) => new Promise<string>((resolve) => id.apply((value) => resolve(`${zone} ${value}`))),
        ),
      );
      assert.deepEqual(
        tables,
        awsPlan.zones.map(({ zone }) => `${zone} aws-eu-west-1-network-${zone}-private-routes-id`),
      );
    });

    it('deletes public addresses and NAT gateways before the internet gateway', () => {
      const gateway = recording.one('aws:ec2/internetGateway:InternetGateway');
      const users = [...recording.ofType('aws:ec2/natGateway:NatGateway'), ...recording.ofType('aws:ec2/eip:Eip')];
      assert.equal(users.length, 2 * awsPlan.zones.length);
      assert.deepEqual(
        users.flatMap((user) => notAwaited(recording, user, [gateway])),
        [],
      );
    });

    it('leaves the default security group without rules', () => {
      const group = recording.one('aws:ec2/defaultSecurityGroup:DefaultSecurityGroup');
      assert.deepEqual([group.inputs.ingress, group.inputs.egress], [[], []]);
    });

    it('makes transit subnets, with a table of their own, for a transit gateway only', async () => {
      assert.deepEqual(site.network.transitSubnetIds, []);
      const transit = await registerSite({ stack: { link: { awsGateway: 'transit' } } });
      assert.equal(transit.site.network.transitSubnetIds.length, awsPlan.zones.length);
      for (const { zone, transitSubnet } of awsPlan.zones) {
        const name = `aws-eu-west-1-network-${zone}-transit`;
        assert.equal(transit.recording.one('aws:ec2/subnet:Subnet', `${name}-subnet`).inputs.cidrBlock, transitSubnet);
        const association = transit.recording.one(
          'aws:ec2/routeTableAssociation:RouteTableAssociation',
          `${name}-association`,
        );
        assert.equal(association.inputs.routeTableId, 'aws-eu-west-1-network-transit-routes-id');
      }
      assert.equal(transit.site.network.workloadRouteTables.length, awsPlan.zones.length);
    });
  });

  describe('cluster', () => {
    it('admits the admitted ranges alone to its public endpoint, and has a private one', () => {
      const { vpcConfig } = recording.one('aws:eks/cluster:Cluster').inputs as { vpcConfig: Record<string, unknown> };
      assert.deepEqual(vpcConfig.publicAccessCidrs, ['203.0.113.0/24']);
      assert.equal(vpcConfig.endpointPrivateAccess, true);
      assert.deepEqual(
        vpcConfig.subnetIds,
        awsPlan.zones.map(({ zone }) => `aws-eu-west-1-network-${zone}-node-subnet-id`),
      );
    });

    it('has the planned service range and encrypts its secrets', () => {
      const { inputs } = recording.one('aws:eks/cluster:Cluster');
      assert.deepEqual(inputs.kubernetesNetworkConfig, { ipFamily: 'ipv4', serviceIpv4Cidr: awsPlan.services });
      assert.deepEqual(inputs.encryptionConfig, {
        provider: { keyArn: 'arn:aws-eu-west-1-eks-secrets-key' },
        resources: ['secrets'],
      });
    });

    it('comes after the pod subnets, its permissions and its log group', () => {
      const cluster = recording.one('aws:eks/cluster:Cluster');
      const earlier = [
        ...awsPlan.zones.map(({ zone }) =>
          recording.one('aws:ec2/subnet:Subnet', `aws-eu-west-1-network-${zone}-pod-subnet`),
        ),
        recording.one(
          'aws:iam/rolePolicyAttachment:RolePolicyAttachment',
          'aws-eu-west-1-eks-role-AmazonEKSClusterPolicy',
        ),
        recording.one('aws:cloudwatch/logGroup:LogGroup', 'aws-eu-west-1-eks-logs'),
      ];
      assert.deepEqual(notAwaited(recording, cluster, earlier), []);
    });

    it('waits for nothing of the internet path, which is built meanwhile', () => {
      const cluster = recording.one('aws:eks/cluster:Cluster');
      const gateways = recording.ofType('aws:ec2/natGateway:NatGateway');
      assert.deepEqual(notAwaited(recording, cluster, gateways).length, gateways.length);
    });

    it('makes each listed principal an administrator by an access entry', () => {
      const principalArn = stackSettings.access.awsAdmins[0];
      assert.equal(recording.one('aws:eks/accessEntry:AccessEntry').inputs.principalArn, principalArn);
      const policy = recording.one('aws:eks/accessPolicyAssociation:AccessPolicyAssociation');
      assert.equal(policy.inputs.principalArn, principalArn);
      assert.deepEqual(policy.inputs.accessScope, { type: 'cluster' });
    });

    it('is protected with its network when the settings say so, and not otherwise', async () => {
      const guarded = ['aws:eks/cluster:Cluster', 'aws:ec2/vpc:Vpc'];
      assert.deepEqual(
        guarded.map((type) => recording.one(type).protect),
        [false, false],
      );
      const { recording: protectedSite } = await registerSite({ stack: { protect: true } });
      assert.deepEqual(
        guarded.map((type) => protectedSite.one(type).protect),
        [true, true],
      );
      assert.equal(protectedSite.one('aws:eks/cluster:Cluster').inputs.deletionProtection, true);
    });
  });

  describe('firewall', () => {
    const ingress = 'aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule';
    const admitted = (source: string): string[] =>
      recording
        .ofType(ingress)
        .filter(({ inputs }) => inputs.cidrIpv4 === source)
        .map(({ inputs }) => `${text(inputs.ipProtocol)} ${String(inputs.fromPort)}-${String(inputs.toPort)}`)
        .sort();

    it("admits each of the peers' ranges to Cassandra, DNS and ICMP, and to nothing else", () => {
      for (const source of awsPlan.firewallSources) {
        assert.deepEqual(admitted(source), [
          'icmp -1--1',
          'tcp 53-53',
          'tcp 7000-7000',
          'tcp 9042-9042',
          'tcp 9142-9142',
          'udp 53-53',
        ]);
      }
    });

    it('admits its own load balancers to what they forward and check', () => {
      for (const { loadBalancerSubnet } of awsPlan.zones) {
        assert.deepEqual(admitted(loadBalancerSubnet), ['tcp 53-53', 'tcp 7000-7000', 'tcp 8181-8181', 'udp 53-53']);
      }
    });

    it('admits nobody else, and opens the cluster security group alone', () => {
      const rules = recording.ofType(ingress);
      const sources = new Set([...awsPlan.firewallSources, ...awsPlan.zones.map((zone) => zone.loadBalancerSubnet)]);
      assert.deepEqual(new Set(rules.map(({ inputs }) => inputs.cidrIpv4)), sources);
      assert.deepEqual(new Set(rules.map(({ inputs }) => inputs.securityGroupId)), new Set([clusterSecurityGroup]));
    });
  });

  describe('pods and nodes', () => {
    it('keep their address towards the peers, and take pod addresses by zone', () => {
      const { env, enableNetworkPolicy } = configuration(addon(recording, 'vpc-cni')) as {
        env: Record<string, string>;
        enableNetworkPolicy: string;
      };
      assert.equal(env.AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS, awsPlan.snatExclusions.join(','));
      assert.equal(env.AWS_VPC_K8S_CNI_EXTERNALSNAT, 'false');
      assert.equal(env.AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG, 'true');
      assert.equal(env.ENI_CONFIG_LABEL_DEF, 'topology.kubernetes.io/zone');
      assert.equal(env.ENABLE_PREFIX_DELEGATION, 'true');
      assert.equal(enableNetworkPolicy, 'true');
    });

    it('have an ENIConfig per zone, after the add-on that brings its definition', () => {
      const cni = addon(recording, 'vpc-cni');
      for (const { zone } of awsPlan.zones) {
        const config = recording.one(
          'kubernetes:crd.k8s.amazonaws.com/v1alpha1:ENIConfig',
          `aws-eu-west-1-pods-${zone}-eni-config`,
        );
        assert.deepEqual((config.inputs.metadata as { name: string }).name, zone);
        assert.deepEqual(config.inputs.spec, {
          subnet: `aws-eu-west-1-network-${zone}-pod-subnet-id`,
          securityGroups: [clusterSecurityGroup],
        });
        assert.deepEqual(notAwaited(recording, config, [cni]), []);
      }
    });

    it('have a node group per zone, in that zone', () => {
      for (const { zone } of awsPlan.zones) {
        const { inputs } = recording.one('aws:eks/nodeGroup:NodeGroup', `aws-eu-west-1-nodes-${zone}`);
        assert.deepEqual(inputs.subnetIds, [`aws-eu-west-1-network-${zone}-node-subnet-id`]);
        assert.deepEqual(inputs.scalingConfig, { desiredSize: 1, minSize: 1, maxSize: 2 });
        assert.deepEqual(inputs.launchTemplate, { id: 'aws-eu-west-1-nodes-template-id', version: '7' });
      }
      assert.equal(recording.ofType('aws:eks/nodeGroup:NodeGroup').length, awsPlan.zones.length);
    });

    it('join only when the CNI, the ENIConfigs, kube-proxy and the internet path are there', () => {
      const earlier = [
        ...['vpc-cni', 'kube-proxy', 'eks-pod-identity-agent'].map((name) => addon(recording, name)),
        ...recording.ofType('kubernetes:crd.k8s.amazonaws.com/v1alpha1:ENIConfig'),
        ...recording.ofType('aws:ec2/route:Route'),
        ...recording
          .ofType('aws:ec2/routeTableAssociation:RouteTableAssociation')
          .filter(({ name }) => !name.endsWith('-public-association')),
      ];
      for (const group of recording.ofType('aws:eks/nodeGroup:NodeGroup')) {
        assert.deepEqual(notAwaited(recording, group, earlier), []);
      }
    });

    it('have their instance type in the template, where another one rolls', () => {
      const { inputs } = recording.one('aws:ec2/launchTemplate:LaunchTemplate');
      assert.equal(inputs.instanceType, 'm6i.2xlarge');
      for (const group of recording.ofType('aws:eks/nodeGroup:NodeGroup')) {
        assert.equal(group.inputs.instanceTypes, undefined);
      }
    });

    it('are renewed rack by rack', () => {
      const groups = awsPlan.zones.map(({ zone }) =>
        recording.one('aws:eks/nodeGroup:NodeGroup', `aws-eu-west-1-nodes-${zone}`),
      );
      for (const [index, group] of groups.entries()) {
        assert.deepEqual(notAwaited(recording, group, groups.slice(0, index)), []);
      }
    });

    it('reach instance metadata with a token and from the node itself only', () => {
      const { inputs } = recording.one('aws:ec2/launchTemplate:LaunchTemplate');
      assert.deepEqual(inputs.metadataOptions, {
        httpEndpoint: 'enabled',
        httpTokens: 'required',
        httpPutResponseHopLimit: 1,
      });
    });

    it('come before the add-ons that become active only on nodes', () => {
      const groups = recording.ofType('aws:eks/nodeGroup:NodeGroup');
      for (const name of ['coredns', 'aws-ebs-csi-driver']) {
        assert.deepEqual(notAwaited(recording, addon(recording, name), groups), [], name);
      }
    });

    it('take add-on versions from the settings, by name', async () => {
      const { recording: pinned } = await registerSite({
        settings: { addonVersions: { coredns: 'v1.12.1-eksbuild.2' } },
      });
      assert.equal(addon(pinned, 'coredns').inputs.addonVersion, 'v1.12.1-eksbuild.2');
      assert.equal(addon(pinned, 'vpc-cni').inputs.addonVersion, undefined);
    });
  });

  describe('cluster DNS', () => {
    it("forwards each peer's zone to that peer's planned addresses, and stays ready to be checked", () => {
      const corefile = text(configuration(addon(recording, 'coredns')).corefile);
      assert.match(corefile, /^\s*ready\b/m);
      for (const { dnsZone, dnsAddresses } of awsPlan.peers) {
        for (const part of [dnsZone, ...dnsAddresses]) {
          assert.ok(corefile.includes(part), `${part} in the Corefile`);
        }
      }
    });
  });

  describe('storage', () => {
    it('makes encrypted gp3 disks in the zone of their pod and deletes them with their claim', () => {
      const { inputs } = recording.one('kubernetes:storage.k8s.io/v1:StorageClass');
      assert.equal(inputs.provisioner, 'ebs.csi.aws.com');
      assert.equal(inputs.volumeBindingMode, 'WaitForFirstConsumer');
      assert.equal(inputs.reclaimPolicy, 'Delete');
      assert.equal((inputs.parameters as Record<string, string>).encrypted, 'true');
      assert.equal((inputs.metadata as { name: string }).name, site.storageClass);
    });

    it('names the StorageClass of the settings where there is one', async () => {
      const cassandra = { ...awsSettings.cassandra, storageClass: 'io2' };
      assert.equal((await registerSite({ settings: { cassandra } })).site.storageClass, 'io2');
    });
  });

  describe('load balancer controller', () => {
    const release = () => recording.one('kubernetes:helm.sh/v3:Release');

    it('is installed from the chart of the settings, without the webhook that would block Services', () => {
      const { inputs } = release();
      assert.equal(inputs.chart, 'aws-load-balancer-controller');
      assert.equal(inputs.version, stackSettings.operators.awsLoadBalancerController.version);
      assert.deepEqual(inputs.repositoryOpts, { repo: 'https://aws.github.io/eks-charts' });
      const values = inputs.values as Record<string, unknown>;
      assert.equal(values.enableServiceMutatorWebhook, false);
      assert.equal(values.clusterName, 'xcloud-aws-eu-west-1');
      assert.equal(values.vpcId, 'aws-eu-west-1-network-vpc-id');
    });

    it('has nodes and its permissions as long as it lives', () => {
      const earlier = [
        ...recording.ofType('aws:eks/nodeGroup:NodeGroup'),
        addon(recording, 'coredns'),
        recording.one('aws:eks/podIdentityAssociation:PodIdentityAssociation'),
        recording.one('aws:iam/rolePolicy:RolePolicy', 'aws-eu-west-1-lbc-role-policy'),
      ];
      assert.deepEqual(notAwaited(recording, release(), earlier), []);
    });

    it('may change load balancers of its own cluster only', () => {
      const { inputs } = recording.one('aws:iam/rolePolicy:RolePolicy', 'aws-eu-west-1-lbc-role-policy');
      const { Statement: statements } = JSON.parse(text(inputs.policy)) as {
        Statement: { Action: string[]; Condition?: { StringEquals?: Record<string, unknown> } }[];
      };
      for (const action of ['DeleteLoadBalancer', 'SetSubnets', 'ModifyTargetGroup', 'DeleteTargetGroup']) {
        const granting = statements.filter(({ Action }) => Action.includes(`elasticloadbalancing:${action}`));
        assert.deepEqual(
          granting.map(({ Condition }) => Condition?.StringEquals?.['aws:ResourceTag/elbv2.k8s.aws/cluster']),
          ['xcloud-aws-eu-west-1'],
          action,
        );
      }
    });
  });

  describe('metrics', () => {
    it("are scraped from the site's namespace, through the node subnets and the cluster security group", () => {
      const { inputs } = recording.one('aws:amp/scraper:Scraper');
      assert.deepEqual((inputs.source as { eks: { securityGroupIds: string[] } }).eks.securityGroupIds, [
        clusterSecurityGroup,
      ]);
      assert.match(text(inputs.scrapeConfiguration), new RegExp(`- ${awsPlan.namespace}$`, 'm'));
    });

    it('are scraped at the port that every supported Cassandra serves, and at no other', () => {
      const { scrape_configs: jobs } = parse(
        text(recording.one('aws:amp/scraper:Scraper').inputs.scrapeConfiguration),
      ) as {
        scrape_configs: { relabel_configs: { action?: string; regex?: string }[] }[];
      };
      const kept = new RegExp(`^(?:${jobs[0]?.relabel_configs.find(({ action }) => action === 'keep')?.regex})$`);
      assert.deepEqual(
        [7000, 8080, 9000, 9042, 9103].filter((port) => kept.test(`xcloud;${port}`)),
        [9000],
      );
    });
  });

  describe('providers', () => {
    it("guard the account, tag everything and are the site's own", () => {
      const provider = recording.one('pulumi:providers:aws');
      assert.equal(provider.inputs.region, 'eu-west-1');
      assert.deepEqual(JSON.parse(text(provider.inputs.allowedAccountIds)), ['123456789012']);
      assert.deepEqual(JSON.parse(text(provider.inputs.defaultTags)), {
        tags: {
          team: 'data',
          'cassandra-cluster': 'xcloud',
          'cassandra-datacenter': 'dc1',
          site: 'aws-eu-west-1',
          'managed-by': 'pulumi',
        },
      });
      for (const resource of recording.resources) {
        const own = resource.type.startsWith('aws:')
          ? 'aws-eu-west-1-aws'
          : resource.type.startsWith('kubernetes:')
            ? 'aws-eu-west-1-kubernetes'
            : undefined;
        if (own !== undefined) {
          assert.ok(
            resource.provider.includes(`::${own}::`),
            `${resource.type} ${resource.name}: ${resource.provider}`,
          );
        }
      }
    });

    it('reach the cluster with a token of the moment, and keep it secret', async () => {
      const kubeconfig = await new Promise<string>((resolve) => site.kubeconfig.apply(resolve));
      const parsed = JSON.parse(kubeconfig) as {
        clusters: { cluster: { server: string } }[];
        users: { user: { exec: { command: string; args: string[] }; token?: string } }[];
      };
      assert.equal(parsed.clusters[0]?.cluster.server, 'https://cluster.example');
      assert.equal(parsed.users[0]?.user.exec.command, 'aws');
      assert.equal(
        parsed.users[0]?.user.exec.args.join(' '),
        '--region eu-west-1 eks get-token --cluster-name xcloud-aws-eu-west-1 --output json',
      );
      assert.equal(await (site.kubeconfig as unknown as { isSecret: Promise<boolean> }).isSecret, true);
    });
  });

  describe('on the first preview', () => {
    it('knows every range, every firewall source and every add-on configuration', async () => {
      const { recording: preview } = await registerSite({ preview: true });
      const ofSite = (from: Recording) =>
        from.resources.flatMap(({ type, name, inputs }) =>
          ['cidrBlock', 'cidrIpv4', 'destinationCidrBlock', 'configurationValues', 'policy', 'availabilityZone']
            .filter((key) => inputs[key] !== undefined && !`${type} ${name}`.endsWith('secrets-key-policy'))
            .map((key) => `${type} ${name} ${key} ${text(inputs[key])}`),
        );
      assert.deepEqual(ofSite(preview).sort(), ofSite(recording).sort());
    });
  });
});

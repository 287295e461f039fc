import assert from 'node:assert/strict';
import {
  createNetworkLoadBalancer,
  createVolume,
  deleteNetworkLoadBalancer,
  deleteVolume,
  findEksCluster,
  leftovers,
} from '../../../sandbox/aws/forKubernetes';
import { World } from '../../../sandbox/core/world';
import { aNodeGroup, aSite, anAddon, type Site } from './cluster';
import { refuses } from './localAws';
import { aRole, aSubnet } from './network';

const refused = (code: string, words: RegExp, operation: () => unknown) =>
  refuses(code, words, async () => operation());

async function withBalancerSubnets(): Promise<Site> {
  const site = await aSite();
  await aSubnet(site.aws, site.vpc, '10.100.64.0/24', 'a', 'balancers-a');
  await aSubnet(site.aws, site.vpc, '10.100.65.0/24', 'b', 'balancers-b');
  return site;
}

const BALANCER = {
  clusterName: 'site',
  name: 'gateway',
  scheme: 'internal',
  subnets: ['balancers-a', 'balancers-b'],
} as const;

describe('local AWS: what the Kubernetes server sees of EKS', () => {
  it('is the cluster behind an endpoint, with its nodes, add-ons and identities', async () => {
    const site = await aSite();
    await anAddon(site, 'vpc-cni', { configurationValues: '{"enableNetworkPolicy":"true"}' });
    const group = await aNodeGroup(site);
    const role = await aRole(site.aws, 'pods.eks.amazonaws.com', [], 'sts:TagSession');
    const association = {
      namespace: 'kube-system',
      serviceAccount: 'controller',
      roleArn: String(role.outputs['arn']),
    };
    await site.aws.create('eks/podIdentityAssociation:PodIdentityAssociation', { clusterName: 'site', ...association });
    const view = findEksCluster(site.aws.world, String(site.cluster.outputs['endpoint']));
    assert.deepEqual(view, {
      name: 'site',
      region: 'eu-west-1',
      vpcId: site.vpc.id,
      subnetIds: site.subnets.map(({ id }) => id),
      clusterSecurityGroupId: (site.cluster.outputs['vpcConfig'] as Record<string, unknown>)['clusterSecurityGroupId'],
      version: '1.34',
      serviceCidr: '10.101.0.0/20',
      nodeGroups: [
        {
          name: 'rack-a',
          zoneNames: ['eu-west-1a'],
          desiredSize: 2,
          instanceType: 'm7i.xlarge',
          labels: { rack: 'a' },
          subnetIds: group.inputs['subnetIds'],
        },
      ],
      addons: [{ name: 'vpc-cni', configuration: { enableNetworkPolicy: 'true' } }],
      podIdentityAssociations: [association],
    });
  });

  it('is the same after the process starts again, and nothing at another endpoint', async () => {
    const site = await aSite();
    const again = new World(site.aws.directory);
    assert.equal(findEksCluster(again, String(site.cluster.outputs['endpoint']))?.name, 'site');
    assert.equal(findEksCluster(again, 'https://elsewhere.example'), undefined);
  });
});

describe('local AWS: network load balancers of a cluster', () => {
  it('hold the planned addresses, and their subnets until they are deleted', async () => {
    const { aws } = await withBalancerSubnets();
    const made = createNetworkLoadBalancer(aws.world, {
      ...BALANCER,
      privateAddresses: ['10.100.64.16', '10.100.65.16'],
    });
    assert.deepEqual(made.addresses, ['10.100.64.16', '10.100.65.16']);
    assert.match(made.dnsName, /^gateway-[0-9a-f]{16}\.elb\.eu-west-1\.amazonaws\.com$/);
    assert.match(leftovers(aws.world).join(), /load balancer gateway in vpc-/);
    await refuses('DependencyViolation', /has dependencies/, () => aws.destroy());
    deleteNetworkLoadBalancer(aws.world, made.arn);
    deleteNetworkLoadBalancer(aws.world, made.arn);
    assert.deepEqual(leftovers(aws.world), []);
    await aws.destroy();
    assert.deepEqual(aws.world.aws.everything(), []);
  });

  it('take the lowest free address of each subnet where none is planned', async () => {
    const { aws } = await withBalancerSubnets();
    assert.deepEqual(createNetworkLoadBalancer(aws.world, BALANCER).addresses, ['10.100.64.4', '10.100.65.4']);
  });

  for (const [what, change, code, words] of [
    [
      'an address outside the subnet',
      { privateAddresses: ['10.100.65.16', '10.100.65.17'] },
      'InvalidConfigurationRequest',
      /'10\.100\.65\.16' cannot be used/,
    ],
    [
      "one of AWS's first four",
      { privateAddresses: ['10.100.64.3', '10.100.65.16'] },
      'InvalidConfigurationRequest',
      /'10\.100\.64\.3'/,
    ],
    [
      "AWS's last address",
      { privateAddresses: ['10.100.64.255', '10.100.65.16'] },
      'InvalidConfigurationRequest',
      /'10\.100\.64\.255'/,
    ],
    [
      'one address for two subnets',
      { privateAddresses: ['10.100.64.16'] },
      'ValidationError',
      /expected 2 private IPv4 addresses/,
    ],
    ['a subnet that does not exist', { subnets: ['balancers-c'] }, 'SubnetNotFound', /'balancers-c' does not exist/],
    ['no subnet', { subnets: [] }, 'ValidationError', /At least one subnet/],
    ['a name of 33 characters', { name: 'n'.repeat(33) }, 'ValidationError', /1 to 32/],
    ['a name with an underscore', { name: 'dns_gateway' }, 'ValidationError', /letters, digits and hyphens/],
    [
      'planned addresses facing the internet',
      { scheme: 'internet-facing', privateAddresses: ['10.100.64.16', '10.100.65.16'] },
      'InvalidConfigurationRequest',
      /internal load balancers only/,
    ],
  ] as const) {
    it(`refuse ${what}`, async () => {
      const { aws } = await withBalancerSubnets();
      await refused(code, words, () => createNetworkLoadBalancer(aws.world, { ...BALANCER, ...change }));
      assert.deepEqual(leftovers(aws.world), []);
    });
  }

  it('face the internet in a VPC with an internet gateway', async () => {
    const { aws } = await withBalancerSubnets();
    createNetworkLoadBalancer(aws.world, { ...BALANCER, scheme: 'internet-facing' });
    const [gateway] = aws.world.aws.all('aws:ec2/internetGateway:InternetGateway');
    assert.ok(gateway);
    aws.world.aws.remove(gateway.token, gateway.id);
    await refused('InvalidSubnet', /has no internet gateway/, () =>
      createNetworkLoadBalancer(aws.world, { ...BALANCER, name: 'other', scheme: 'internet-facing' }),
    );
  });

  it('refuse a name that two subnets have', async () => {
    const { aws, vpc } = await withBalancerSubnets();
    await aSubnet(aws, vpc, '10.100.67.0/24', 'c', 'balancers-a');
    await refused('InvalidConfigurationRequest', /2 subnets of VPC vpc-.* are named 'balancers-a'/, () =>
      createNetworkLoadBalancer(aws.world, BALANCER),
    );
  });

  it('refuse an address that something else has taken, and a name in use', async () => {
    const { aws } = await withBalancerSubnets();
    createNetworkLoadBalancer(aws.world, BALANCER);
    await refused('InvalidConfigurationRequest', /InvalidIPAddress\.InUse/, () =>
      createNetworkLoadBalancer(aws.world, {
        ...BALANCER,
        name: 'dns',
        privateAddresses: ['10.100.64.4', '10.100.65.20'],
      }),
    );
    await refused('DuplicateLoadBalancerName', /'gateway' exists/, () =>
      createNetworkLoadBalancer(aws.world, BALANCER),
    );
  });

  it('refuse two subnets of one zone, and a subnet without eight free addresses', async () => {
    const { aws, vpc, subnets } = await withBalancerSubnets();
    await refused('InvalidConfigurationRequest', /same Availability Zone/, () =>
      createNetworkLoadBalancer(aws.world, { ...BALANCER, subnets: ['balancers-a', subnets[0].id] }),
    );
    const small = await aSubnet(aws, vpc, '10.100.66.0/28', 'a', 'small');
    await aws.create('ec2/subnetCidrReservation:SubnetCidrReservation', {
      subnetId: small.id,
      cidrBlock: '10.100.66.8/29',
      reservationType: 'explicit',
    });
    await refused('InvalidSubnet', /at least 8 free IP addresses/, () =>
      createNetworkLoadBalancer(aws.world, { ...BALANCER, subnets: ['small'] }),
    );
  });
});

describe('local AWS: volumes of a cluster', () => {
  it('exist until they are deleted', async () => {
    const { aws } = await aSite();
    const { volumeId } = createVolume(aws.world, {
      clusterName: 'site',
      zone: 'eu-west-1a',
      sizeGiB: 100,
      encrypted: true,
    });
    assert.match(volumeId, /^vol-0[0-9a-f]{16}$/);
    assert.match(leftovers(aws.world).join(), /volume vol-.* of 100 GiB in eu-west-1a/);
    deleteVolume(aws.world, volumeId);
    assert.deepEqual(leftovers(aws.world), []);
  });

  it('are of a zone of the region and of a size that gp3 has', async () => {
    const { aws } = await aSite();
    const volume = { clusterName: 'site', zone: 'eu-west-1a', sizeGiB: 10, encrypted: true };
    await refused('InvalidZone.NotFound', /'eu-west-1d' does not exist/, () =>
      createVolume(aws.world, { ...volume, zone: 'eu-west-1d' }),
    );
    await refused('InvalidParameterValue', /0GiB is not in the range/, () =>
      createVolume(aws.world, { ...volume, sizeGiB: 0 }),
    );
  });
});

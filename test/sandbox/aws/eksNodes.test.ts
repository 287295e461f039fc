import assert from 'node:assert/strict';
import { at, type Props } from '../../../sandbox/core/values';
import { aNodeGroup, aSite, anAddon, nodeGroupInputs, type Site } from './cluster';
import { LocalAws, reasons, refuses, unready } from './localAws';
import { aRole, aSubnet, aVpc } from './network';

const GROUP = 'eks/nodeGroup:NodeGroup';
const TEMPLATE = 'ec2/launchTemplate:LaunchTemplate';

async function withCni(change: Props = {}): Promise<Site> {
  const site = await aSite(change);
  await anAddon(site, 'vpc-cni');
  return site;
}

/** Removes from the account, behind everyone's back, what matches. */
function lose(site: Site, token: string, matches: (outputs: Props) => boolean): void {
  for (const stored of site.aws.world.aws.all(token)) {
    if (matches(stored.outputs)) site.aws.world.aws.remove(token, stored.id);
  }
}

describe('local AWS: EKS node groups', () => {
  it('become active with networking, policies and a way out, and hold their subnets', async () => {
    const site = await withCni();
    const group = await aNodeGroup(site);
    assert.equal(group.outputs['status'], 'ACTIVE');
    assert.equal(group.id, 'site:rack-a');
    assert.equal(group.outputs['amiType'], 'AL2023_x86_64_STANDARD');
    await refuses('ResourceInUseException', /NodeGroup already exists with name rack-a/, () => aNodeGroup(site));
    await site.aws.destroy();
    assert.deepEqual(site.aws.world.aws.everything(), []);
  });

  for (const [what, breakIt, words] of [
    ['the CNI', (site: Site) => lose(site, 'aws:eks/addon:Addon', () => true), /Unhealthy nodes/],
    [
      'the CNI policy',
      (site: Site) =>
        lose(site, 'aws:iam/rolePolicyAttachment:RolePolicyAttachment', ({ policyArn }) =>
          String(policyArn).endsWith('CNI_Policy'),
        ),
      /Unhealthy nodes/,
    ],
    [
      'the worker policy',
      (site: Site) =>
        lose(site, 'aws:iam/rolePolicyAttachment:RolePolicyAttachment', ({ policyArn }) =>
          String(policyArn).endsWith('WorkerNodePolicy'),
        ),
      /failed to join/,
    ],
    [
      'the registry policy',
      (site: Site) =>
        lose(site, 'aws:iam/rolePolicyAttachment:RolePolicyAttachment', ({ policyArn }) =>
          String(policyArn).endsWith('PullOnly'),
        ),
      /failed to join/,
    ],
    [
      'the default route',
      (site: Site) => lose(site, 'aws:ec2/route:Route', ({ natGatewayId }) => natGatewayId !== undefined),
      /failed to join/,
    ],
    [
      "the public subnet's route",
      (site: Site) => lose(site, 'aws:ec2/route:Route', ({ gatewayId }) => gatewayId !== undefined),
      /failed to join/,
    ],
  ] as const) {
    it(`fail without ${what}`, async () => {
      const site = await withCni();
      breakIt(site);
      await refuses('NodeCreationFailure', words, () => aNodeGroup(site));
    });
  }

  it('join without a NAT gateway where the VPC has the endpoints', async () => {
    const site = await withCni();
    lose(site, 'aws:ec2/route:Route', ({ natGatewayId }) => natGatewayId !== undefined);
    for (const name of ['ec2', 'ecr.api', 'ecr.dkr', 'sts']) {
      await site.aws.create('ec2/vpcEndpoint:VpcEndpoint', {
        vpcId: site.vpc.id,
        serviceName: `com.amazonaws.eu-west-1.${name}`,
        vpcEndpointType: 'Interface',
      });
    }
    await refuses('NodeCreationFailure', /failed to join/, () => aNodeGroup(site));
    await site.aws.create('ec2/vpcEndpoint:VpcEndpoint', {
      vpcId: site.vpc.id,
      serviceName: 'com.amazonaws.eu-west-1.s3',
    });
    await aNodeGroup(site);
  });

  it('do not reach a public endpoint that does not admit their NAT gateway', async () => {
    const site = await withCni();
    const nat = site.aws.world.aws.all('aws:ec2/natGateway:NatGateway')[0]?.outputs['publicIp'];
    const vpcConfig = { ...(site.clusterInputs['vpcConfig'] as Props), endpointPrivateAccess: false };
    const restricted = await site.aws.update(site.cluster, {
      ...site.clusterInputs,
      vpcConfig: { ...vpcConfig, publicAccessCidrs: ['203.0.113.0/24'] },
    });
    await refuses('NodeCreationFailure', /failed to join/, () => aNodeGroup(site));
    await site.aws.update(restricted, {
      ...site.clusterInputs,
      vpcConfig: { ...vpcConfig, publicAccessCidrs: [`${String(nat)}/32`] },
    });
    await aNodeGroup(site);
  });

  for (const [what, change, code, words] of [
    [
      'a minimum above the maximum',
      { scalingConfig: { desiredSize: 2, minSize: 4, maxSize: 3 } },
      'InvalidParameterException',
      /can't be greater than max size/,
    ],
    [
      'a desired size above the maximum',
      { scalingConfig: { desiredSize: 4, minSize: 1, maxSize: 3 } },
      'InvalidParameterException',
      /can't be greater than max size/,
    ],
    [
      'a desired size below the minimum',
      { scalingConfig: { desiredSize: 0, minSize: 1, maxSize: 3 } },
      'InvalidParameterException',
      /can't be less than min size/,
    ],
    [
      'an instance type nobody has',
      { instanceTypes: ['m7i.gigantic'] },
      'InvalidParameterException',
      /do not exist: \[m7i\.gigantic\]/,
    ],
    [
      'an ARM instance with an x86 image',
      { instanceTypes: ['m7g.xlarge'] },
      'InvalidParameterException',
      /not a valid instance type for requested amiType AL2023_x86_64/,
    ],
    [
      'an x86 instance with an ARM image',
      { amiType: 'AL2023_ARM_64_STANDARD' },
      'InvalidParameterException',
      /not a valid instance type/,
    ],
    [
      'Amazon Linux 2 from 1.33 on',
      { amiType: 'AL2_x86_64' },
      'InvalidParameterException',
      /not supported for kubernetes version 1\.34/,
    ],
    [
      'a version above the cluster',
      { version: '1.35' },
      'InvalidParameterException',
      /not compatible with cluster version 1\.34/,
    ],
    [
      'a subnet that does not exist',
      { subnetIds: ['subnet-1'] },
      'InvalidParameterException',
      /'subnet-1' does not exist/,
    ],
    [
      'a role that does not exist',
      { nodeRoleArn: 'arn:aws:iam::123456789012:role/nobody' },
      'InvalidParameterException',
      /role with name nobody/,
    ],
    [
      'a cluster that does not exist',
      { clusterName: 'other' },
      'ResourceNotFoundException',
      /No cluster found for name: other/,
    ],
    [
      'a template that does not exist',
      { launchTemplate: { id: 'lt-1', version: '1' } },
      'InvalidRequestException',
      /lt-1/,
    ],
  ] as const) {
    it(`refuse ${what}`, async () => {
      const site = await withCni();
      await refuses(code, words, () => aNodeGroup(site, change as Props));
    });
  }

  it('refuse subnets of another VPC', async () => {
    const site = await withCni();
    const foreign = await aSubnet(site.aws, await aVpc(site.aws, '10.101.0.0/16'), '10.101.0.0/24');
    await refuses('InvalidParameterException', /not in the same VPC as the cluster/, () =>
      aNodeGroup(site, { subnetIds: [foreign.id] }),
    );
  });

  it('refuse a role that EC2 cannot assume', async () => {
    const site = await withCni();
    const role = await aRole(site.aws, 'eks.amazonaws.com', []);
    await refuses('InvalidParameterException', /service principals \[ec2\.amazonaws\.com\]/, () =>
      aNodeGroup(site, { nodeRoleArn: role.outputs['arn'] ?? '' }),
    );
  });

  const launchTemplates: readonly [what: string, template: Props, change: Props, words: RegExp][] = [
    ['a version it does not have', {}, { launchTemplate: { version: '7' } }, /specified version 7/],
    ['an instance type in both', { instanceType: 'm7i.xlarge' }, {}, /both the launch template and the API request/],
    ['a disk size beside it', {}, { diskSize: 100 }, /Disk size must be specified within the launch template/],
    ['an instance profile', { iamInstanceProfile: { name: 'p' } }, {}, /should not specify an instance profile/],
    ['user data that is a script', { userData: Buffer.from('#!/bin/bash\n').toString('base64') }, {}, /MIME multipart/],
    ['subnets of its own', { networkInterfaces: [{ subnetId: 'subnet-1' }] }, {}, /should not specify subnets/],
  ];
  for (const [what, template, change, words] of launchTemplates) {
    it(`refuse a launch template with ${what}`, async () => {
      const site = await withCni();
      const made = await site.aws.create(TEMPLATE, template);
      const launchTemplate = { id: made.id, version: '1', ...(change['launchTemplate'] as Props) };
      await assert.rejects(() => aNodeGroup(site, { ...change, launchTemplate }), words);
    });
  }

  it('take nodeadm configuration as MIME parts', async () => {
    const site = await withCni();
    const userData = Buffer.from('MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="//"\n\n--//--').toString(
      'base64',
    );
    const template = await site.aws.create(TEMPLATE, { userData });
    const group = await aNodeGroup(site, { launchTemplate: { id: template.id, version: '1' } });
    assert.equal(at(group.outputs, 'launchTemplate', 'name'), template.inputs['name']);
  });

  it('scale in place and are replaced for instance types and subnets', async () => {
    const site = await withCni();
    const group = await aNodeGroup(site);
    const scaled = nodeGroupInputs(site, { scalingConfig: { desiredSize: 3, minSize: 1, maxSize: 3 } });
    assert.deepEqual(site.aws.diff(group, scaled).replaces, []);
    await site.aws.update(group, scaled);
    const nodes = site.aws.world.aws
      .all('aws:ec2:NetworkInterface')
      .filter(({ outputs }) => outputs['owner'] === 'eks-nodegroup:site:rack-a');
    assert.equal(nodes.length, 3);
    const other = nodeGroupInputs(site, { instanceTypes: ['m7i.2xlarge'], subnetIds: [site.subnets[1].id] });
    assert.deepEqual([...site.aws.diff(group, other).replaces].sort(), ['instanceTypes', 'subnetIds']);
  });

  it('refuse more nodes than the subnet has addresses', async () => {
    const site = await withCni();
    const small = await site.aws.create('ec2/subnet:Subnet', {
      vpcId: site.vpc.id,
      cidrBlock: '10.100.48.0/28',
      availabilityZone: 'eu-west-1a',
    });
    await site.aws.create('ec2/routeTableAssociation:RouteTableAssociation', {
      subnetId: small.id,
      routeTableId: site.tables[0].id,
    });
    const scalingConfig = { desiredSize: 12, minSize: 1, maxSize: 12 };
    const before = site.aws.world.aws.everything();
    await refuses('InsufficientFreeAddressesInSubnet', /not have enough free addresses/, () =>
      aNodeGroup(site, { subnetIds: [small.id], scalingConfig }),
    );
    assert.deepEqual(site.aws.world.aws.everything(), before, 'the nodes that did fit are gone as well');
  });

  it('check their shape at preview', () => {
    const aws = new LocalAws();
    const base = {
      clusterName: 'c',
      nodeRoleArn: 'arn:aws:iam::123456789012:role/r',
      subnetIds: [],
      scalingConfig: { desiredSize: 1, minSize: 1, maxSize: 1 },
    };
    for (const [change, words] of [
      [{ amiType: 'AL3' }, /"AL2023_x86_64_STANDARD"/],
      [{ capacityType: 'CHEAP' }, /"SPOT"/],
      [{ taints: [{ key: 'a', effect: 'NoSchedule' }] }, /"NO_SCHEDULE"/],
      [{ scalingConfig: { desiredSize: 1, minSize: 1, maxSize: 0 } }, /maxSize/],
      [{ updateConfig: { maxUnavailable: 0 } }, /maxUnavailable/],
    ] as const) {
      assert.match(reasons(aws.check(GROUP, { ...base, ...(change as Props) })), words);
    }
  });
});

describe('local AWS: EKS add-ons', () => {
  it('have a version that goes with the cluster', async () => {
    const site = await aSite();
    const proxy = await anAddon(site, 'kube-proxy');
    assert.match(String(proxy.outputs['addonVersion']), /^v1\.34\./);
    await refuses('ResourceInUseException', /Addon already exists/, () => anAddon(site, 'kube-proxy'));
    await refuses('InvalidParameterException', /Addon version specified is not supported/, () =>
      anAddon(site, 'vpc-cni', { addonVersion: 'latest' }),
    );
    await refuses('InvalidParameterException', /Addon calico specified is not supported in 1\.34/, () =>
      anAddon(site, 'calico'),
    );
  });

  for (const [addonName, configuration, words] of [
    ['vpc-cni', { environment: {} }, /\$\.environment: is not defined in the schema/],
    ['vpc-cni', { env: { AWS_VPC_CNI_EXTERNALSNAT: 'true' } }, /\$\.env\.AWS_VPC_CNI_EXTERNALSNAT: is not defined/],
    ['vpc-cni', { env: { WARM_PREFIX_TARGET: 1 } }, /WARM_PREFIX_TARGET: number found, string expected/],
    ['vpc-cni', { nodeAgent: { logLevel: 1 } }, /\$\.nodeAgent\.logLevel/],
    ['coredns', { coreFile: '.:53 {}' }, /\$\.coreFile/],
    ['kube-proxy', { proxyMode: 'ipvs' }, /\$\.proxyMode/],
    ['aws-ebs-csi-driver', { storageClass: {} }, /\$\.storageClass/],
    ['eks-pod-identity-agent', { replicas: 2 }, /\$\.replicas/],
  ] as const) {
    it(`${addonName} refuses the configuration ${JSON.stringify(configuration)}`, async () => {
      const site = await aSite();
      await refuses('InvalidParameterException', words, () =>
        anAddon(site, addonName, { configurationValues: JSON.stringify(configuration) }),
      );
    });
  }

  it('refuse a role that does not exist', async () => {
    const site = await aSite();
    const serviceAccountRoleArn = 'arn:aws:iam::123456789012:role/nobody';
    await refuses('InvalidParameterException', /role\/nobody does not exist/, () =>
      anAddon(site, 'vpc-cni', { serviceAccountRoleArn }),
    );
  });

  it('refuse configuration that is no JSON', async () => {
    const site = await aSite();
    await refuses('InvalidParameterException', /neither valid JSON/, () =>
      anAddon(site, 'coredns', { configurationValues: '{corefile' }),
    );
  });

  it('CoreDNS waits for nodes, is kept meanwhile, and recovers', async () => {
    const site = await withCni();
    await unready(/to become 'ACTIVE' \(last state: 'DEGRADED', timeout: 20m0s\)\. InsufficientNumberOfReplicas/, () =>
      anAddon(site, 'coredns'),
    );
    const kept = site.aws.world.aws.find('aws:eks/addon:Addon', ({ outputs }) => outputs['addonName'] === 'coredns');
    assert.ok(kept);
    await aNodeGroup(site);
    const made = {
      urn: site.aws.urn('eks/addon:Addon'),
      id: 'site:coredns',
      inputs: kept.inputs,
      outputs: kept.outputs,
    };
    await site.aws.update(made, kept.inputs);
  });

  it('the EBS driver needs a role and the agent that hands it out', async () => {
    const site = await withCni();
    await aNodeGroup(site);
    const role = await aRole(
      site.aws,
      'pods.eks.amazonaws.com',
      ['service-role/AmazonEBSCSIDriverPolicy'],
      'sts:TagSession',
    );
    const podIdentityAssociations = [{ serviceAccount: 'ebs-csi-controller-sa', roleArn: role.outputs['arn'] ?? '' }];
    await unready(/InsufficientNumberOfReplicas/, () =>
      anAddon(site, 'aws-ebs-csi-driver', { podIdentityAssociations }),
    );
    site.aws.world.aws.remove('aws:eks/addon:Addon', 'eu-west-1/site:aws-ebs-csi-driver');
    lose(site, 'aws:eks/podIdentityAssociation:PodIdentityAssociation', () => true);
    await anAddon(site, 'eks-pod-identity-agent');
    const driver = await anAddon(site, 'aws-ebs-csi-driver', { podIdentityAssociations });
    await site.aws.delete(driver);
    assert.deepEqual(
      site.aws.world.aws.all('aws:eks/podIdentityAssociation:PodIdentityAssociation'),
      [],
      'the association goes with its add-on',
    );
  });

  it('do not overwrite what the cluster brought along unless asked', async () => {
    const site = await aSite({ bootstrapSelfManagedAddons: true });
    const configurationValues = JSON.stringify({ env: { WARM_PREFIX_TARGET: '1' } });
    await refuses('ConfigurationConflict', /resolve conflicts mode/, () =>
      anAddon(site, 'vpc-cni', { configurationValues }),
    );
    await anAddon(site, 'vpc-cni', { configurationValues, resolveConflictsOnCreate: 'OVERWRITE' });
  });
});

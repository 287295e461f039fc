import assert from 'node:assert/strict';
import { UNKNOWN, at, type Props } from '../../../sandbox/core/values';
import { aNodeGroup, aSite, anAddon } from './cluster';
import { LocalAws, reasons, refuses } from './localAws';
import { aNetwork, aRole, aSubnet, aVpc } from './network';

const CLUSTER = 'eks/cluster:Cluster';
const ENTRY = 'eks/accessEntry:AccessEntry';
const POLICY = 'eks/accessPolicyAssociation:AccessPolicyAssociation';
const ASSOCIATION = 'eks/podIdentityAssociation:PodIdentityAssociation';

describe('local AWS: EKS clusters', () => {
  it('have an endpoint, an issuer, a certificate authority and a security group of their own', async () => {
    const { aws, cluster, vpc } = await aSite();
    assert.match(String(cluster.outputs['endpoint']), /^https:\/\/[0-9A-F]{32}\.gr7\.eu-west-1\.eks\.amazonaws\.com$/);
    assert.match(String(at(cluster.outputs, 'identities', 0, 'oidcs', 0, 'issuer')), /^https:\/\/oidc\.eks\.eu-west-1/);
    const authority = Buffer.from(String(at(cluster.outputs, 'certificateAuthority', 'data')), 'base64').toString();
    assert.match(authority, /^-----BEGIN CERTIFICATE-----/);
    assert.equal(at(cluster.outputs, 'vpcConfig', 'vpcId'), vpc.id);
    const group = String(at(cluster.outputs, 'vpcConfig', 'clusterSecurityGroupId'));
    assert.ok(aws.world.aws.get('aws:ec2/securityGroup:SecurityGroup', group));
  });

  it('leave their security group, VPC, endpoint and issuer unknown at preview, and nothing of what was asked', () => {
    const outputs = new LocalAws().preview(CLUSTER, {
      name: 'site',
      roleArn: UNKNOWN,
      kubernetesNetworkConfig: { serviceIpv4Cidr: '10.101.0.0/20' },
      vpcConfig: { subnetIds: [UNKNOWN], endpointPrivateAccess: true },
    });
    for (const name of ['endpoint', 'identities', 'certificateAuthority', 'arn', 'status']) {
      assert.equal(outputs[name], UNKNOWN, name);
    }
    assert.equal(at(outputs, 'vpcConfig', 'clusterSecurityGroupId'), UNKNOWN);
    assert.equal(at(outputs, 'vpcConfig', 'endpointPrivateAccess'), true);
    assert.equal(at(outputs, 'kubernetesNetworkConfig', 'serviceIpv4Cidr'), '10.101.0.0/20');
  });

  it('keep what was asked of their service network, at preview and after', async () => {
    const asked = { serviceIpv4Cidr: '10.101.0.0/20', elasticLoadBalancing: { enabled: true } };
    const { aws, cluster, clusterInputs } = await aSite({ kubernetesNetworkConfig: asked });
    for (const outputs of [aws.preview(CLUSTER, clusterInputs), cluster.outputs]) {
      assert.equal(at(outputs, 'kubernetesNetworkConfig', 'elasticLoadBalancing', 'enabled'), true);
      assert.equal(at(outputs, 'kubernetesNetworkConfig', 'ipFamily'), 'ipv4');
    }
  });

  it('keep their security group at the preview of a change to their network', async () => {
    const { aws, cluster, clusterInputs } = await aSite();
    const vpcConfig = { ...(clusterInputs['vpcConfig'] as Props), publicAccessCidrs: ['203.0.113.0/24'] };
    const before = at(cluster.outputs, 'vpcConfig', 'clusterSecurityGroupId');
    const previewed = aws.previewUpdate(cluster, { ...clusterInputs, vpcConfig });
    assert.equal(at(previewed, 'vpcConfig', 'clusterSecurityGroupId'), before);
    const updated = await aws.update(cluster, { ...clusterInputs, vpcConfig });
    assert.equal(at(updated.outputs, 'vpcConfig', 'clusterSecurityGroupId'), before);
    assert.deepEqual(at(updated.outputs, 'vpcConfig', 'publicAccessCidrs'), ['203.0.113.0/24']);
  });

  for (const [what, change, words] of [
    [
      'a service range above /24',
      { kubernetesNetworkConfig: { serviceIpv4Cidr: '10.101.0.0/25' } },
      /between 12 and 24/,
    ],
    ['a service range below /12', { kubernetesNetworkConfig: { serviceIpv4Cidr: '10.0.0.0/11' } }, /between 12 and 24/],
    [
      'a public service range',
      { kubernetesNetworkConfig: { serviceIpv4Cidr: '8.8.0.0/20' } },
      /must be within 10\.0\.0\.0\/8/,
    ],
    [
      'a carrier service range',
      { kubernetesNetworkConfig: { serviceIpv4Cidr: '100.64.0.0/20' } },
      /must be within 10\.0\.0\.0\/8/,
    ],
    ['an unknown log', { enabledClusterLogTypes: ['apis'] }, /"api" "audit"/],
    ['an unknown authentication mode', { accessConfig: { authenticationMode: 'IAM' } }, /"CONFIG_MAP"/],
    [
      'encryption of anything but secrets',
      { encryptionConfig: { provider: { keyArn: UNKNOWN }, resources: ['all'] } },
      /"secrets"/,
    ],
    ['a role that is no ARN', { roleArn: 'cluster-role' }, /invalid ARN/],
    ['a name with a dot', { name: 'my.cluster' }, /alphanumeric/],
    [
      'a public range with host bits',
      { vpcConfig: { subnetIds: [], publicAccessCidrs: ['203.0.113.1/24'] } },
      /203\.0\.113\.0\/24/,
    ],
  ] as const) {
    it(`refuse ${what} at preview`, () => {
      const base = { name: 'site', roleArn: 'arn:aws:iam::123456789012:role/r', vpcConfig: { subnetIds: [] } };
      assert.match(reasons(new LocalAws().check(CLUSTER, { ...base, ...(change as Props) })), words);
    });
  }

  for (const [what, change, words] of [
    ['a version EKS does not offer', { version: '1.10' }, /unsupported Kubernetes version 1\.10/],
    [
      'a service range that overlaps the VPC',
      { kubernetesNetworkConfig: { serviceIpv4Cidr: '10.96.0.0/12' } },
      /overlaps with a CIDR block/,
    ],
    [
      'a key that does not exist',
      {
        encryptionConfig: { provider: { keyArn: 'arn:aws:kms:eu-west-1:123456789012:key/k' }, resources: ['secrets'] },
      },
      /key\/k does not exist/,
    ],
    ['a role that does not exist', { roleArn: 'arn:aws:iam::123456789012:role/nobody' }, /could not be assumed/],
    ['subnets that do not exist', { vpcConfig: { subnetIds: ['subnet-1', 'subnet-2'] } }, /'subnet-1' does not exist/],
  ] as const) {
    it(`refuse ${what}`, async () => {
      await refuses('InvalidParameterException', words, () => aSite(change as Props));
    });
  }

  it('refuse a role that EC2 assumes', async () => {
    const aws = new LocalAws();
    const role = await aRole(aws, 'ec2.amazonaws.com', []);
    await refuses('InvalidParameterException', /trusted entity is not correct/, () =>
      aSite({ roleArn: role.outputs['arn'] ?? '' }, aws),
    );
  });

  it('refuse an endpoint nobody reaches, and private ranges at the public one', async () => {
    const { aws, cluster, clusterInputs } = await aSite();
    const change = (more: Props) =>
      aws.update(cluster, { ...clusterInputs, vpcConfig: { ...(clusterInputs['vpcConfig'] as Props), ...more } });
    await refuses('InvalidParameterException', /cannot be false/, () =>
      change({ endpointPrivateAccess: false, endpointPublicAccess: false }),
    );
    await refuses('InvalidParameterException', /not allowed in publicAccessCidrs: \[10\.0\.0\.0\/16\]/, () =>
      change({ publicAccessCidrs: ['10.0.0.0/16'] }),
    );
  });

  it('need two zones and six free addresses in each subnet', async () => {
    const { aws, vpc, subnets } = await aNetwork();
    const role = await aRole(aws, 'eks.amazonaws.com', ['AmazonEKSClusterPolicy']);
    const create = (subnetIds: string[]) =>
      aws.create(CLUSTER, { name: 'site', roleArn: role.outputs['arn'] ?? '', vpcConfig: { subnetIds } });
    const sameZone = await aSubnet(aws, vpc, '10.100.32.0/20', 'a');
    await refuses('InvalidParameterException', /at least two different AZs/, () =>
      create([subnets[0].id, sameZone.id]),
    );
    const small = await aSubnet(aws, vpc, '10.100.48.0/28', 'b');
    await aws.create('ec2/subnetCidrReservation:SubnetCidrReservation', {
      subnetId: small.id,
      cidrBlock: '10.100.48.0/29',
      reservationType: 'explicit',
    });
    await refuses('InvalidParameterException', /does not have enough free IP addresses/, () =>
      create([subnets[0].id, small.id]),
    );
  });

  it('stay in one VPC', async () => {
    const { aws, subnets, cluster, clusterInputs } = await aSite();
    const foreign = await aSubnet(aws, await aVpc(aws, '10.110.0.0/16'), '10.110.0.0/24', 'b');
    const vpcConfig = { subnetIds: [subnets[0].id, foreign.id] };
    const other = { ...clusterInputs, name: 'other', vpcConfig };
    await refuses('InvalidParameterException', /must belong to the same VPC/, () => aws.create(CLUSTER, other));
    await refuses('InvalidParameterException', /must belong to the same VPC/, () =>
      aws.update(cluster, { ...clusterInputs, vpcConfig }),
    );
    const vpc = String(foreign.inputs['vpcId']);
    const second = await aws.create('ec2/subnet:Subnet', {
      vpcId: vpc,
      cidrBlock: '10.110.1.0/24',
      availabilityZone: 'eu-west-1a',
    });
    await refuses('InvalidParameterException', /different VPC than the one of the cluster/, () =>
      aws.update(cluster, { ...clusterInputs, vpcConfig: { subnetIds: [second.id, foreign.id] } }),
    );
  });

  it('have one name in a region', async () => {
    const { aws, clusterInputs } = await aSite();
    await refuses('ResourceInUseException', /already exists with name: site/, () => aws.create(CLUSTER, clusterInputs));
  });

  it('choose a service range away from the VPC where none is given', async () => {
    const { cluster } = await aSite({ kubernetesNetworkConfig: {} });
    assert.equal(at(cluster.outputs, 'kubernetesNetworkConfig', 'serviceIpv4Cidr'), '172.20.0.0/16');
  });

  it('are upgraded by one version in place, and replaced for a service range or the creator as administrator', async () => {
    const { aws, cluster, clusterInputs } = await aSite();
    const upgraded = await aws.update(cluster, { ...clusterInputs, version: '1.35' });
    assert.equal(upgraded.outputs['version'], '1.35');
    await refuses('InvalidParameterException', /from 1\.35 to 1\.34/, () =>
      aws.update(upgraded, { ...clusterInputs, version: '1.34' }),
    );
    const replaced = aws.diff(cluster, {
      ...clusterInputs,
      kubernetesNetworkConfig: { serviceIpv4Cidr: '10.102.0.0/20' },
      accessConfig: { authenticationMode: 'API', bootstrapClusterCreatorAdminPermissions: false },
    });
    assert.deepEqual([...replaced.replaces].sort(), ['accessConfig', 'kubernetesNetworkConfig']);
    assert.ok(replaced.deleteBeforeReplace, 'its name stays');
  });

  it('do not go back from access entries to the ConfigMap', async () => {
    const { aws, cluster, clusterInputs } = await aSite();
    await refuses('InvalidParameterException', /authentication mode update from API to CONFIG_MAP/, () =>
      aws.update(cluster, { ...clusterInputs, accessConfig: { authenticationMode: 'CONFIG_MAP' } }),
    );
  });

  it('hold their subnets, and give them back', async () => {
    const { aws, cluster, subnets } = await aSite();
    await refuses('DependencyViolation', /has dependencies/, () => aws.delete(subnets[0]));
    await aws.delete(cluster);
    await aws.destroy();
    assert.deepEqual(aws.world.aws.everything(), []);
  });

  it('cannot be deleted with node groups, nor while protected', async () => {
    const site = await aSite();
    await anAddon(site, 'vpc-cni');
    const group = await aNodeGroup(site);
    await refuses('ResourceInUseException', /Cluster has nodegroups attached/, () => site.aws.delete(site.cluster));
    await site.aws.delete(group);
    const locked = await site.aws.update(site.cluster, { ...site.clusterInputs, deletionProtection: true });
    await refuses('InvalidRequestException', /deletion protection/, () => site.aws.delete(locked));
    await site.aws.delete(await site.aws.update(locked, site.clusterInputs));
  });

  it('leave interfaces behind when their role loses its policy first', async () => {
    const { aws, cluster, subnets } = await aSite();
    for (const attachment of aws.world.aws.all('aws:iam/rolePolicyAttachment:RolePolicyAttachment')) {
      if (String(attachment.outputs['policyArn']).endsWith('AmazonEKSClusterPolicy')) {
        aws.world.aws.remove(attachment.token, attachment.id);
      }
    }
    await aws.delete(cluster);
    await refuses('DependencyViolation', /has dependencies/, () => aws.delete(subnets[0]));
  });

  it('make the log group of the control plane where the program has not', async () => {
    const { aws } = await aSite({ enabledClusterLogTypes: ['audit'] });
    await refuses('ResourceAlreadyExistsException', /already exists/, () =>
      aws.create('cloudwatch/logGroup:LogGroup', { name: '/aws/eks/site/cluster' }),
    );
  });
});

describe('local AWS: access to EKS clusters', () => {
  const admin = 'arn:aws:iam::123456789012:role/admin';
  const policyArn = 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy';

  it('entries are one per principal; the creator and node roles have theirs', async () => {
    const site = await aSite();
    const entry = (principalArn: string) => site.aws.create(ENTRY, { clusterName: site.cluster.id, principalArn });
    assert.equal((await entry(admin)).id, `site:${admin}`);
    await refuses('ResourceInUseException', /already in use on this cluster/, () => entry(admin));
    await refuses('ResourceInUseException', /already in use/, () => entry('arn:aws:iam::123456789012:user/pulumi'));
    await anAddon(site, 'vpc-cni');
    await aNodeGroup(site);
    await refuses('ResourceInUseException', /already in use/, () => entry(String(site.nodeRole.outputs['arn'])));
    await refuses('InvalidParameterException', /invalid principal/, () =>
      entry('arn:aws:sts::123456789012:assumed-role/a/b'),
    );
  });

  it('need a cluster whose mode has them', async () => {
    const site = await aSite({ accessConfig: { authenticationMode: 'CONFIG_MAP' } });
    await refuses('InvalidRequestException', /authentication mode must be set to one of/, () =>
      site.aws.create(ENTRY, { clusterName: site.cluster.id, principalArn: admin }),
    );
    await refuses('ResourceNotFoundException', /No cluster found for name: other/, () =>
      site.aws.create(ENTRY, { clusterName: 'other', principalArn: admin }),
    );
  });

  it('a policy goes to a principal that has an entry', async () => {
    const { aws, cluster } = await aSite();
    const associate = (policy = policyArn) =>
      aws.create(POLICY, {
        clusterName: cluster.id,
        principalArn: admin,
        policyArn: policy,
        accessScope: { type: 'cluster' },
      });
    await refuses('ResourceNotFoundException', /principalArn could not be found/, () => associate());
    await aws.create(ENTRY, { clusterName: cluster.id, principalArn: admin });
    await refuses('InvalidParameterException', /policyArn/, () =>
      associate('arn:aws:iam::aws:policy/AdministratorAccess'),
    );
    await associate();
    assert.match(
      reasons(
        aws.check(POLICY, { clusterName: 'c', principalArn: admin, policyArn, accessScope: { type: 'namespace' } }),
      ),
      /namespaces/,
    );
  });

  it('groups of the system are refused', () => {
    const inputs = { clusterName: 'c', principalArn: admin, kubernetesGroups: ['system:masters'] };
    assert.match(reasons(new LocalAws().check(ENTRY, inputs)), /system:masters is invalid/);
  });

  it('pod identity needs a role that the agent can assume and tag, once for a service account', async () => {
    const { aws, cluster } = await aSite();
    const associate = (roleArn: unknown) =>
      aws.create(ASSOCIATION, {
        clusterName: cluster.id,
        namespace: 'kube-system',
        serviceAccount: 'controller',
        roleArn: String(roleArn),
      });
    const untagged = await aRole(aws, 'pods.eks.amazonaws.com', []);
    await refuses('InvalidParameterException', /sts:TagSession/, () => associate(untagged.outputs['arn']));
    await refuses('InvalidParameterException', /does not exist/, () =>
      associate('arn:aws:iam::123456789012:role/nobody'),
    );
    const role = await aRole(aws, 'pods.eks.amazonaws.com', [], 'sts:TagSession');
    const made = await associate(role.outputs['arn']);
    assert.match(made.id, /^a-[0-9a-f]{17}$/);
    await refuses('ResourceInUseException', /Association already exists: a-/, () => associate(role.outputs['arn']));
  });
});

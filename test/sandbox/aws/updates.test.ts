import assert from 'node:assert/strict';
import { at, type Props } from '../../../sandbox/core/values';
import { aNodeGroup, aSite, anAddon, nodeGroupInputs } from './cluster';
import { LocalAws, refuses } from './localAws';
import { TRUST, aNetwork, aRole, aVpc } from './network';

const document = (Action: string, more: Props = { Resource: '*' }) =>
  JSON.stringify({ Statement: [{ Effect: 'Allow', Action, ...more }] });

describe('local AWS: an update is judged as a creation is', () => {
  it('of roles and policies', async () => {
    const aws = new LocalAws();
    const assumeRolePolicy = TRUST('ec2.amazonaws.com');
    const role = await aws.create('iam/role:Role', { name: 'r', assumeRolePolicy });
    const unsound = document('sts:AssumeRole');
    await refuses('MalformedPolicyDocument', /Principal/, () =>
      aws.update(role, { name: 'r', assumeRolePolicy: unsound }),
    );
    const managedPolicyArns = ['arn:aws:iam::aws:policy/Nothing'];
    await refuses('NoSuchEntity', /Nothing does not exist/, () =>
      aws.update(role, { name: 'r', assumeRolePolicy, managedPolicyArns }),
    );
    await refuses('NoSuchEntity', /Nothing does not exist/, () =>
      aws.create('iam/role:Role', { name: 's', assumeRolePolicy, managedPolicyArns }),
    );
    const policy = await aws.create('iam/policy:Policy', { name: 'p', policy: document('ec2:*') });
    await refuses('MalformedPolicyDocument', /resources/, () =>
      aws.update(policy, { name: 'p', policy: document('ec2:*', {}) }),
    );
    const endless = document(`ec2:${'x'.repeat(7000)}`);
    await refuses('LimitExceeded', /PolicySize/, () => aws.update(policy, { name: 'p', policy: endless }));
    const inline = (more: Props) => ({ name: 'i', role: 'r', policy: document('ec2:*', more) });
    await refuses('MalformedPolicyDocument', /resources/, () => aws.create('iam/rolePolicy:RolePolicy', inline({})));
    const made = await aws.create('iam/rolePolicy:RolePolicy', inline({ Resource: '*' }));
    await refuses('MalformedPolicyDocument', /resources/, () => aws.update(made, inline({})));
  });

  it('of keys and alarms', async () => {
    const aws = new LocalAws();
    const key = await aws.create('kms/key:Key', {});
    await refuses('MalformedPolicyDocumentException', /invalid principals/, () => aws.update(key, { policy: '{}' }));
    const alias = await aws.create('kms/alias:Alias', { name: 'alias/a', targetKeyId: key.id });
    await refuses('NotFoundException', /none/, () => aws.update(alias, { name: 'alias/a', targetKeyId: 'none' }));
    const inputs = {
      name: 'a',
      comparisonOperator: 'LessThanThreshold',
      evaluationPeriods: 1,
      metricName: 'm',
      namespace: 'n',
      period: 60,
      statistic: 'Sum',
      threshold: 1,
    };
    const alarm = await aws.create('cloudwatch/metricAlarm:MetricAlarm', inputs);
    await refuses('ValidationError', /Invalid arn/, () => aws.update(alarm, { ...inputs, okActions: ['topic'] }));
  });

  it('of launch templates', async () => {
    const aws = new LocalAws();
    const template = await aws.create('ec2/launchTemplate:LaunchTemplate', { name: 'nodes' });
    await refuses('InvalidGroup.NotFound', /sg-9/, () =>
      aws.update(template, { name: 'nodes', vpcSecurityGroupIds: ['sg-9'] }),
    );
  });

  it('of route tables and their associations', async () => {
    const { aws, vpc, subnets, tables } = await aNetwork();
    const table = await aws.create('ec2/routeTable:RouteTable', { vpcId: vpc.id });
    const routes = [{ cidrBlock: '10.150.0.0/16', natGatewayId: 'nat-9' }];
    await refuses('InvalidNatGatewayID.NotFound', /nat-9/, () => aws.update(table, { vpcId: vpc.id, routes }));
    const [association] = aws.all.filter(
      (made) => made.inputs['subnetId'] === subnets[0].id && made.inputs['routeTableId'] === tables[0].id,
    );
    assert.ok(association);
    const foreign = await aws.create('ec2/routeTable:RouteTable', { vpcId: (await aVpc(aws, '10.101.0.0/16')).id });
    await refuses('InvalidParameterValue', /different networks/, () =>
      aws.update(association, { subnetId: subnets[0].id, routeTableId: foreign.id }),
    );
  });

  it('of internet gateways, which move between VPCs', async () => {
    const aws = new LocalAws();
    const [first, second] = [await aVpc(aws), await aVpc(aws, '10.101.0.0/16')];
    const gateway = await aws.create('ec2/internetGateway:InternetGateway', { vpcId: first.id });
    await aws.create('ec2/internetGateway:InternetGateway', { vpcId: second.id });
    await refuses('InvalidParameterValue', /already has an internet gateway/, () =>
      aws.update(gateway, { vpcId: second.id }),
    );
    const detached = await aws.update(gateway, {});
    assert.equal(detached.outputs['vpcId'], '');
    await aws.delete(first);
  });

  it('of virtual private gateways, which move between VPCs', async () => {
    const aws = new LocalAws();
    const [first, second] = [await aVpc(aws), await aVpc(aws, '10.101.0.0/16')];
    const gateway = await aws.create('ec2/vpnGateway:VpnGateway', { vpcId: first.id });
    await aws.update(gateway, { vpcId: second.id });
    await aws.delete(first);
    await refuses('DependencyViolation', /has dependencies/, () => aws.delete(second));
  });

  it('of security group rules', async () => {
    const aws = new LocalAws();
    const group = await aws.create('ec2/securityGroup:SecurityGroup', { vpcId: (await aVpc(aws)).id });
    const rule = (port: number, more: Props = { cidrIpv4: '10.0.0.0/8' }): Props => ({
      securityGroupId: group.id,
      ipProtocol: 'tcp',
      fromPort: port,
      toPort: port,
      ...more,
    });
    const token = 'vpc/securityGroupIngressRule:SecurityGroupIngressRule';
    const [one] = [await aws.create(token, rule(1)), await aws.create(token, rule(2))];
    await refuses('InvalidPermission.Duplicate', /already exists/, () => aws.update(one, rule(2)));
    await refuses('InvalidGroup.NotFound', /sg-9/, () =>
      aws.update(one, rule(3, { referencedSecurityGroupId: 'sg-9' })),
    );
    await aws.update(one, rule(3));
  });

  it('of VPC endpoints and transit attachments, whose interfaces follow the subnets', async () => {
    const { aws, vpc, subnets } = await aNetwork();
    const [a, b] = [subnets[0].id, subnets[1].id];
    const inputs = (subnetIds: string[]): Props => ({
      vpcId: vpc.id,
      serviceName: 'com.amazonaws.eu-west-1.sts',
      vpcEndpointType: 'Interface',
      subnetIds,
    });
    const endpoint = await aws.create('ec2/vpcEndpoint:VpcEndpoint', inputs([a]));
    await refuses('InvalidSubnetID.NotFound', /subnet-9/, () => aws.update(endpoint, inputs(['subnet-9'])));
    await aws.update(endpoint, inputs([b]));
    const gateway = await aws.create('ec2transitgateway/transitGateway:TransitGateway', {});
    const ends = (subnetIds: string[]): Props => ({ transitGatewayId: gateway.id, vpcId: vpc.id, subnetIds });
    const attachment = await aws.create('ec2transitgateway/vpcAttachment:VpcAttachment', ends([a]));
    await refuses('InvalidSubnetID.NotFound', /subnet-9/, () => aws.update(attachment, ends(['subnet-9'])));
    await aws.update(attachment, ends([b]));
    const inSubnet = (id: string) =>
      aws.world.aws.all('aws:ec2:NetworkInterface').filter(({ outputs }) => outputs['subnetId'] === id).length;
    assert.deepEqual([inSubnet(a), inSubnet(b)], [0, 2]);
  });

  it('of VPN connections', async () => {
    const aws = new LocalAws();
    const customer = await aws.create('ec2/customerGateway:CustomerGateway', {
      type: 'ipsec.1',
      bgpAsn: '65010',
      ipAddress: '203.0.113.1',
    });
    const gateway = await aws.create('ec2/vpnGateway:VpnGateway', {});
    const inputs = { type: 'ipsec.1', customerGatewayId: customer.id, vpnGatewayId: gateway.id };
    const connection = await aws.create('ec2/vpnConnection:VpnConnection', inputs);
    await refuses('InvalidParameterValue', /less than the phase 1 lifetime/, () =>
      aws.update(connection, { ...inputs, tunnel1Phase1LifetimeSeconds: 900, tunnel1Phase2LifetimeSeconds: 900 }),
    );
    await refuses('InvalidVpnGatewayID.NotFound', /vgw-9/, () =>
      aws.update(connection, { ...inputs, vpnGatewayId: 'vgw-9' }),
    );
  });

  it('of transit gateways, whose default table comes and goes', async () => {
    const aws = new LocalAws();
    const off = { defaultRouteTableAssociation: 'disable', defaultRouteTablePropagation: 'disable' };
    const gateway = await aws.create('ec2transitgateway/transitGateway:TransitGateway', off);
    const on = await aws.update(gateway, { ...off, defaultRouteTableAssociation: 'enable' });
    assert.match(String(on.outputs['associationDefaultRouteTableId']), /^tgw-rtb-/);
    assert.equal(on.outputs['propagationDefaultRouteTableId'], '');
  });

  it('of node groups, add-ons and pod identities', async () => {
    const site = await aSite();
    const cni = await anAddon(site, 'vpc-cni');
    const addon = (configuration: Props): Props => ({
      clusterName: 'site',
      addonName: 'vpc-cni',
      configurationValues: JSON.stringify(configuration),
    });
    await refuses('InvalidParameterException', /\$\.environment/, () =>
      site.aws.update(cni, addon({ environment: {} })),
    );
    const configured = await site.aws.update(cni, addon({ enableNetworkPolicy: 'true' }));
    assert.equal(configured.outputs['addonVersion'], cni.outputs['addonVersion']);
    const group = await aNodeGroup(site);
    const scalingConfig = { desiredSize: 9, minSize: 1, maxSize: 3 };
    await refuses('InvalidParameterException', /can't be greater/, () =>
      site.aws.update(group, nodeGroupInputs(site, { scalingConfig })),
    );
    await refuses('InvalidParameterException', /not compatible with cluster version 1\.34/, () =>
      site.aws.update(group, nodeGroupInputs(site, { version: '1.35' })),
    );
    const role = await aRole(site.aws, 'pods.eks.amazonaws.com', [], 'sts:TagSession');
    const association = { clusterName: 'site', namespace: 'n', serviceAccount: 's' };
    const made = await site.aws.create('eks/podIdentityAssociation:PodIdentityAssociation', {
      ...association,
      roleArn: role.outputs['arn'] ?? '',
    });
    const nobody = 'arn:aws:iam::123456789012:role/nobody';
    await refuses('InvalidParameterException', /does not exist/, () =>
      site.aws.update(made, { ...association, roleArn: nobody }),
    );
  });

  it("of an add-on's identities, which follow its list", async () => {
    const site = await aSite();
    const role = await aRole(site.aws, 'pods.eks.amazonaws.com', [], 'sts:TagSession');
    const identity = (serviceAccount: string): Props => ({
      podIdentityAssociations: [{ serviceAccount, roleArn: role.outputs['arn'] ?? '' }],
    });
    const cni = await anAddon(site, 'vpc-cni', identity('aws-node'));
    const accounts = () =>
      site.aws.world.aws
        .all('aws:eks/podIdentityAssociation:PodIdentityAssociation')
        .map(({ outputs }) => at(outputs, 'serviceAccount'));
    assert.deepEqual(accounts(), ['aws-node']);
    await refuses('ResourceInUseException', /Association already exists/, () =>
      anAddon(site, 'kube-proxy', identity('aws-node')),
    );
    await site.aws.update(cni, { clusterName: 'site', addonName: 'vpc-cni', ...identity('other') });
    assert.deepEqual(accounts(), ['other']);
  });
});

describe('local AWS: clusters and the rules of their security group', () => {
  it('go together', async () => {
    const { aws, cluster } = await aSite();
    await aws.create('vpc/securityGroupIngressRule:SecurityGroupIngressRule', {
      securityGroupId: String(at(cluster.outputs, 'vpcConfig', 'clusterSecurityGroupId')),
      cidrIpv4: '10.150.0.0/16',
      ipProtocol: '-1',
    });
    await aws.delete(cluster);
    assert.deepEqual(aws.world.aws.all('aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule'), []);
  });

  it('a mode without access entries takes no policies', async () => {
    const { aws } = await aSite({ accessConfig: { authenticationMode: 'CONFIG_MAP' } });
    await refuses('InvalidRequestException', /authentication mode/, () =>
      aws.create('eks/accessPolicyAssociation:AccessPolicyAssociation', {
        clusterName: 'site',
        principalArn: 'arn:aws:iam::123456789012:role/admin',
        policyArn: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy',
        accessScope: { type: 'cluster' },
      }),
    );
  });
});

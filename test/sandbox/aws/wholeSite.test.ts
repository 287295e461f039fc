import assert from 'node:assert/strict';
import { loadSchema } from '../../../sandbox/core/schemaTypes';
import { Store } from '../../../sandbox/core/store';
import { UNKNOWN, at, isKnown, isProps, type Value } from '../../../sandbox/core/values';
import { tokens } from '../../../sandbox/schema/tokens';
import { aNodeGroup, aSite, anAddon, type Site } from './cluster';
import { LocalAws, type Made } from './localAws';
import { aRole, aSubnet } from './network';

/** A site with every resource type the local AWS has. */
async function everything(aws: LocalAws): Promise<void> {
  const site = await aSite({}, aws);
  await networkExtras(site);
  await clusterExtras(site);
  await virtualPrivate(site);
  await transit(site);
}

async function networkExtras({ aws, vpc, tables }: Site): Promise<void> {
  await aws.create('ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation', {
    vpcId: vpc.id,
    cidrBlock: '10.200.0.0/16',
  });
  await aSubnet(aws, vpc, '10.200.0.0/18', 'a');
  const balancers = await aSubnet(aws, vpc, '10.100.64.0/24', 'a');
  await aws.create('ec2/subnetCidrReservation:SubnetCidrReservation', {
    subnetId: balancers.id,
    cidrBlock: '10.100.64.240/28',
    reservationType: 'explicit',
  });
  await aws.create('ec2/defaultSecurityGroup:DefaultSecurityGroup', { vpcId: vpc.id, tags: { Name: 'unused' } });
  await aws.create('ec2/vpcEndpoint:VpcEndpoint', {
    vpcId: vpc.id,
    serviceName: 'com.amazonaws.eu-west-1.s3',
    routeTableIds: [tables[0].id],
  });
  const group = await aws.create('ec2/securityGroup:SecurityGroup', { vpcId: vpc.id });
  for (const direction of ['Ingress', 'Egress']) {
    await aws.create(`vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`, {
      securityGroupId: group.id,
      cidrIpv4: '10.150.0.0/16',
      ipProtocol: 'tcp',
      fromPort: 7000,
      toPort: 7000,
    });
  }
  const logs = await aws.create('cloudwatch/logGroup:LogGroup', { name: '/flow' });
  const role = await aRole(aws, 'vpc-flow-logs.amazonaws.com', []);
  const policy = JSON.stringify({ Statement: [{ Effect: 'Allow', Action: 'logs:PutLogEvents', Resource: '*' }] });
  await aws.create('iam/rolePolicy:RolePolicy', { role: role.id, policy });
  await aws.create('iam/policy:Policy', { policy });
  const delivery = { logDestination: logs.outputs['arn'] ?? '', iamRoleArn: role.outputs['arn'] ?? '' };
  await aws.create('ec2/flowLog:FlowLog', { vpcId: vpc.id, trafficType: 'ALL', ...delivery });
  const key = await aws.create('kms/key:Key', {});
  await aws.create('kms/alias:Alias', { targetKeyId: key.id });
}

async function clusterExtras(site: Site): Promise<void> {
  const { aws, cluster, subnets } = site;
  await anAddon(site, 'vpc-cni');
  const template = await aws.create('ec2/launchTemplate:LaunchTemplate', { instanceType: 'm7i.large' });
  await aNodeGroup(site, { instanceTypes: [], launchTemplate: { id: template.id, version: '1' } });
  const role = await aRole(aws, 'pods.eks.amazonaws.com', [], 'sts:TagSession');
  await aws.create('eks/podIdentityAssociation:PodIdentityAssociation', {
    clusterName: cluster.id,
    namespace: 'kube-system',
    serviceAccount: 'controller',
    roleArn: role.outputs['arn'] ?? '',
  });
  const principalArn = 'arn:aws:iam::123456789012:role/admin';
  await aws.create('eks/accessEntry:AccessEntry', { clusterName: cluster.id, principalArn });
  await aws.create('eks/accessPolicyAssociation:AccessPolicyAssociation', {
    clusterName: cluster.id,
    principalArn,
    policyArn: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy',
    accessScope: { type: 'cluster' },
  });
  const workspace = await aws.create('amp/workspace:Workspace', { alias: 'site' });
  await aws.create('amp/scraper:Scraper', {
    source: { eks: { clusterArn: cluster.outputs['arn'] ?? '', subnetIds: subnets.map(({ id }) => id) } },
    destination: { amp: { workspaceArn: workspace.outputs['arn'] ?? '' } },
    scrapeConfiguration: 'scrape_configs: []\n',
  });
}

async function virtualPrivate({ aws, vpc, tables }: Site): Promise<void> {
  const gateway = await aws.create('ec2/vpnGateway:VpnGateway', {});
  await aws.create('ec2/vpnGatewayAttachment:VpnGatewayAttachment', { vpcId: vpc.id, vpnGatewayId: gateway.id });
  await aws.create('ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation', {
    vpnGatewayId: gateway.id,
    routeTableId: tables[0].id,
  });
  const customer = await aws.create('ec2/customerGateway:CustomerGateway', {
    type: 'ipsec.1',
    bgpAsn: '65010',
    ipAddress: '203.0.113.1',
  });
  const connection = await aws.create('ec2/vpnConnection:VpnConnection', {
    type: 'ipsec.1',
    customerGatewayId: customer.id,
    vpnGatewayId: gateway.id,
  });
  await aws.create('cloudwatch/metricAlarm:MetricAlarm', {
    comparisonOperator: 'LessThanThreshold',
    dimensions: { TunnelIpAddress: connection.outputs['tunnel1Address'] ?? '' },
    evaluationPeriods: 1,
    metricName: 'TunnelState',
    namespace: 'AWS/VPN',
    period: 300,
    statistic: 'Maximum',
    threshold: 1,
  });
}

async function transit({ aws, vpc, subnets }: Site): Promise<void> {
  const off = { defaultRouteTableAssociation: 'disable', defaultRouteTablePropagation: 'disable' };
  const gateway = await aws.create('ec2transitgateway/transitGateway:TransitGateway', off);
  const table = await aws.create('ec2transitgateway/routeTable:RouteTable', { transitGatewayId: gateway.id });
  const attachment = await aws.create('ec2transitgateway/vpcAttachment:VpcAttachment', {
    transitGatewayId: gateway.id,
    vpcId: vpc.id,
    subnetIds: subnets.map(({ id }) => id),
  });
  const ends = { transitGatewayAttachmentId: attachment.id, transitGatewayRouteTableId: table.id };
  await aws.create('ec2transitgateway/routeTableAssociation:RouteTableAssociation', ends);
  await aws.create('ec2transitgateway/routeTablePropagation:RouteTablePropagation', ends);
}

/** Where a value that was known at preview turned out otherwise. */
function contradictions(previewed: Value | undefined, actual: Value | undefined, path: string): string[] {
  if (previewed === UNKNOWN || previewed === undefined) return [];
  if (isProps(previewed) && isProps(actual)) {
    return Object.keys(previewed).flatMap((key) => contradictions(previewed[key], actual[key], `${path}.${key}`));
  }
  if (!isKnown(previewed)) return [];
  return JSON.stringify(previewed) === JSON.stringify(actual)
    ? []
    : [`${path}: ${JSON.stringify(previewed)} became ${JSON.stringify(actual)}`];
}

describe('local AWS: a whole site', () => {
  const schema = loadSchema('aws');
  const aws = new LocalAws({ region: 'eu-west-1', defaultTags: '{"tags":{"stack":"dev"}}' });
  const tokenOf = (made: Made) => made.urn.split('::')[2] ?? '';
  const typeOf = (made: Made) => tokenOf(made).replace(/^aws:/, '');

  before(() => everything(aws));

  it('holds every type', () => {
    const made = new Set(aws.all.map(tokenOf));
    assert.deepEqual(
      tokens.aws.filter((token) => !made.has(token)),
      [],
    );
  });

  it('answers with every output that the real provider computes, and with none that it does not have', () => {
    const wrong = aws.all.flatMap((made) => {
      const shape = schema.types[tokenOf(made)];
      assert.ok(shape);
      const names = Object.keys(made.outputs);
      const computed = shape.outputs.filter((name) => !shape.optional.includes(name));
      const missing = computed.filter((name) => !names.includes(name)).map((name) => `${tokenOf(made)} lacks ${name}`);
      const strange = names.filter((name) => name !== 'id' && !shape.outputs.includes(name));
      return [...missing, ...strange.map((name) => `${tokenOf(made)} has no ${name}`)];
    });
    assert.deepEqual([...new Set(wrong)], []);
  });

  it('becomes what its preview said', () => {
    for (const made of aws.all) {
      assert.deepEqual(contradictions(aws.preview(typeOf(made), made.inputs), made.outputs, tokenOf(made)), []);
    }
  });

  it('is the same when read again, and needs no change', async () => {
    for (const made of aws.all) {
      const read = await aws.read(made);
      if (!/vpnGateway:VpnGateway$/.test(tokenOf(made))) assert.deepEqual(read, made.outputs, tokenOf(made));
      assert.deepEqual(aws.diff(made, made.inputs).changes, []);
    }
  });

  it('shows at refresh what was changed behind the program', async () => {
    const [vpc] = aws.all;
    assert.ok(vpc);
    const stored = aws.world.aws.get(tokenOf(vpc), vpc.id);
    assert.ok(stored);
    aws.world.aws.put(tokenOf(vpc), vpc.id, stored.inputs, { ...stored.outputs, enableDnsHostnames: false });
    assert.equal(at(await aws.read(vpc), 'enableDnsHostnames'), false);
    aws.world.aws.put(tokenOf(vpc), vpc.id, stored.inputs, stored.outputs);
  });

  it('outlives its process', () => {
    const again = new Store(aws.directory, 'aws');
    assert.deepEqual(again.everything(), aws.world.aws.everything());
  });

  it('leaves nothing when deleted in reverse order', async () => {
    await aws.destroy();
    assert.deepEqual(aws.world.aws.everything(), []);
  });
});

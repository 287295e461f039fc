import type { Props } from '../../../sandbox/core/values';
import type { Made } from './localAws';
import { LocalAws } from './localAws';

export interface Network {
  readonly aws: LocalAws;
  readonly vpc: Made;
  /** In zones a and b. */
  readonly subnets: readonly [Made, Made];
  readonly gateway: Made;
  readonly publicSubnet: Made;
  readonly tables: readonly [Made, Made];
}

export const TRUST = (service: string, ...more: string[]): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: ['sts:AssumeRole', ...more] }],
  });

export async function aVpc(aws: LocalAws, cidrBlock = '10.100.0.0/16'): Promise<Made> {
  return aws.create('ec2/vpc:Vpc', { cidrBlock, enableDnsHostnames: true });
}

export async function aSubnet(aws: LocalAws, vpc: Made, cidrBlock: string, zone = 'a', name?: string): Promise<Made> {
  const tags: Props = name === undefined ? {} : { tags: { Name: name } };
  return aws.create('ec2/subnet:Subnet', { vpcId: vpc.id, cidrBlock, availabilityZone: `eu-west-1${zone}`, ...tags });
}

/** Two private subnets with a way out through a NAT gateway in a public one. */
export async function aNetwork(aws = new LocalAws()): Promise<Network> {
  const vpc = await aVpc(aws);
  const gateway = await aws.create('ec2/internetGateway:InternetGateway', { vpcId: vpc.id });
  const subnets = [
    await aSubnet(aws, vpc, '10.100.0.0/20', 'a'),
    await aSubnet(aws, vpc, '10.100.16.0/20', 'b'),
  ] as const;
  const publicSubnet = await aSubnet(aws, vpc, '10.100.240.0/24', 'a');
  const publicTable = await aws.create('ec2/routeTable:RouteTable', { vpcId: vpc.id });
  await aws.create('ec2/route:Route', {
    routeTableId: publicTable.id,
    destinationCidrBlock: '0.0.0.0/0',
    gatewayId: gateway.id,
  });
  await aws.create('ec2/routeTableAssociation:RouteTableAssociation', {
    subnetId: publicSubnet.id,
    routeTableId: publicTable.id,
  });
  const address = await aws.create('ec2/eip:Eip', { domain: 'vpc' });
  const nat = await aws.create('ec2/natGateway:NatGateway', { subnetId: publicSubnet.id, allocationId: address.id });
  const tables: Made[] = [];
  for (const subnet of subnets) {
    const table = await aws.create('ec2/routeTable:RouteTable', { vpcId: vpc.id });
    await aws.create('ec2/route:Route', {
      routeTableId: table.id,
      destinationCidrBlock: '0.0.0.0/0',
      natGatewayId: nat.id,
    });
    await aws.create('ec2/routeTableAssociation:RouteTableAssociation', {
      subnetId: subnet.id,
      routeTableId: table.id,
    });
    tables.push(table);
  }
  const [first, second] = tables;
  if (!first || !second) throw new Error('a network has two private route tables');
  return { aws, vpc, subnets, gateway, publicSubnet, tables: [first, second] };
}

export async function aRole(
  aws: LocalAws,
  service: string,
  policies: readonly string[],
  ...actions: string[]
): Promise<Made> {
  const role = await aws.create('iam/role:Role', { assumeRolePolicy: TRUST(service, ...actions) });
  for (const policy of policies) {
    await aws.create('iam/rolePolicyAttachment:RolePolicyAttachment', {
      role: role.id,
      policyArn: `arn:aws:iam::aws:policy/${policy}`,
    });
  }
  return role;
}

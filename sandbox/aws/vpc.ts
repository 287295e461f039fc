import type { Stored } from '../core/store';
import { flag, text, type Props } from '../core/values';
import type { AwsType } from './awsType';
import { conflicts, network, oneOf, between } from './checks';
import { dependencyViolation, ec2Error } from './errors';
import { contains, overlaps, parseRange, range, type Range } from './ipv4';
import { requireVpc, subnetsOf, vpcRanges } from './lookups';
import { quotas } from './quotas';
import { createDefaultSecurityGroup } from './securityGroup';
import type { AwsSession } from './session';
import {
  INTERNET_GATEWAY,
  NETWORK_ACL,
  ROUTE,
  ROUTE_TABLE,
  SECURITY_GROUP,
  SUBNET,
  TRANSIT_VPC_ATTACHMENT,
  VPC,
  VPC_CIDR,
  VPC_ENDPOINT,
  VPN_GATEWAY_ATTACHMENT,
} from './tokens';
import { neverAllowed, restriction } from './vpcCidrRules';

const DHCP_OPTIONS = 'dopt-0a1b2c3d4e5f60718';

export const vpc: AwsType = {
  token: VPC,
  seconds: { create: 12, delete: 2 },
  immutable: ['cidrBlock', 'ipv4IpamPoolId', 'ipv4NetmaskLength'],
  defaults: () => ({ enableDnsSupport: true, instanceTenancy: 'default' }),
  check: (inputs) => [
    ...network(inputs, 'cidrBlock', 16, 28),
    ...between(inputs, 'ipv4NetmaskLength', 16, 28),
    ...conflicts(inputs, 'cidrBlock', 'ipv4NetmaskLength'),
    ...oneOf(inputs, 'instanceTenancy', ['default', 'dedicated']),
  ],
  create: (inputs, cloud) => {
    const cidr = requestedCidr('CreateVpc', inputs);
    if (neverAllowed(range(cidr))) throw invalidRange('CreateVpc', `The CIDR '${cidr}' is invalid.`);
    if (cloud.all(VPC).length >= quotas.vpcsPerRegion) {
      throw ec2Error('CreateVpc', 'VpcLimitExceeded', 'The maximum number of VPCs has been reached.');
    }
    const id = cloud.newId('vpc');
    return { id, outputs: { cidrBlock: cidr, ...computedOf(inputs, cloud, id), ...createCompanions(cloud, id) } };
  },
  update: (_, inputs) => ({ enableDnsHostnames: flag(inputs, 'enableDnsHostnames') ?? false }),
  delete: (resource, cloud) => {
    if (dependents(cloud, resource.id).length > 0) {
      throw dependencyViolation('DeleteVpc', `The vpc '${resource.id}' has dependencies and cannot be deleted.`);
    }
    deleteCompanions(cloud, resource);
  },
};

export const vpcCidrAssociation: AwsType = {
  token: VPC_CIDR,
  seconds: { create: 10, delete: 10 },
  immutable: 'all',
  check: (inputs) => [
    ...network(inputs, 'cidrBlock', 16, 28),
    ...between(inputs, 'ipv4NetmaskLength', 16, 28),
    ...conflicts(inputs, 'cidrBlock', 'ipv4NetmaskLength'),
  ],
  create: (inputs, cloud) => {
    const operation = 'AssociateVpcCidrBlock';
    const owner = requireVpc(cloud, operation, text(inputs, 'vpcId'));
    const cidr = requestedCidr(operation, inputs);
    refuseSecondary(cloud, owner, range(cidr), cidr);
    return { id: cloud.newId('vpc-cidr-assoc'), outputs: { cidrBlock: cidr } };
  },
  delete: (resource, cloud) => {
    const cidr = range(text(resource.outputs, 'cidrBlock') ?? '');
    const vpcId = text(resource.outputs, 'vpcId') ?? '';
    const used = subnetsOf(cloud, vpcId).some((subnet) =>
      contains(cidr, range(text(subnet.outputs, 'cidrBlock') ?? '')),
    );
    if (used) {
      throw ec2Error(
        'DisassociateVpcCidrBlock',
        'InvalidCidrBlock.InUse',
        `The vpc ${vpcId} currently has a subnet within CIDR block ${text(resource.outputs, 'cidrBlock')}`,
      );
    }
  },
};

function requestedCidr(operation: string, inputs: Props): string {
  const cidr = text(inputs, 'cidrBlock');
  if (cidr === undefined) {
    throw ec2Error(operation, 'MissingParameter', 'Either CidrBlock or Ipv4IpamPoolId must be provided.');
  }
  return cidr;
}

function refuseSecondary(cloud: AwsSession, owner: Stored, added: Range, cidr: string): void {
  const operation = 'AssociateVpcCidrBlock';
  const existing = vpcRanges(cloud, owner);
  if (existing.length >= quotas.cidrsPerVpc) {
    throw ec2Error(
      operation,
      'CidrLimitExceeded',
      `This network '${owner.id}' has met its maximum number of allowed CIDRs: ${quotas.cidrsPerVpc}`,
    );
  }
  if (neverAllowed(added)) throw invalidRange(operation, `The CIDR '${cidr}' is invalid.`);
  if (existing.some((other) => overlaps(other, added))) {
    throw invalidRange(operation, `The CIDR '${cidr}' conflicts with another CIDR of the vpc '${owner.id}'.`);
  }
  const primary = existing[0];
  const why = primary && restriction(primary, existing, added);
  if (why) {
    throw invalidRange(
      operation,
      `The CIDR '${cidr}' is restricted. Use a CIDR from the same private address range as the current VPC CIDR, or use a publicly-routable CIDR (${why}).`,
    );
  }
  const route = cloud.all(ROUTE).find((stored) => isCovered(cloud, stored, owner.id, added));
  if (route) {
    throw invalidRange(
      operation,
      `The CIDR '${cidr}' is equal to or larger than the destination ${text(route.outputs, 'destinationCidrBlock')} of a route in ${text(route.outputs, 'routeTableId')}.`,
    );
  }
}

/** "The CIDR block must not be the same or larger than a destination CIDR range in a route in any of the VPC route tables." */
function isCovered(cloud: AwsSession, route: Stored, vpcId: string, added: Range): boolean {
  const table = cloud.existing(ROUTE_TABLE, text(route.outputs, 'routeTableId'));
  const destination = parseRange(text(route.outputs, 'destinationCidrBlock') ?? '');
  return text(table?.outputs, 'vpcId') === vpcId && destination !== undefined && contains(added, destination);
}

function computedOf(inputs: Props, cloud: AwsSession, id: string): Props {
  return {
    arn: cloud.arn('ec2', `vpc/${id}`),
    ownerId: cloud.accountId,
    enableDnsHostnames: flag(inputs, 'enableDnsHostnames') ?? false,
    enableNetworkAddressUsageMetrics: flag(inputs, 'enableNetworkAddressUsageMetrics') ?? false,
    assignGeneratedIpv6CidrBlock: flag(inputs, 'assignGeneratedIpv6CidrBlock') ?? false,
    dhcpOptionsId: DHCP_OPTIONS,
  };
}

/** Every VPC starts with a main route table, a default security group and a default network ACL. */
function createCompanions(cloud: AwsSession, vpcId: string): Props {
  const table = cloud.newId('rtb');
  cloud.put(
    ROUTE_TABLE,
    table,
    { vpcId },
    {
      vpcId,
      main: true,
      arn: cloud.arn('ec2', `route-table/${table}`),
      ownerId: cloud.accountId,
      routes: [],
      propagatingVgws: [],
    },
  );
  const acl = cloud.newId('acl');
  cloud.put(NETWORK_ACL, acl, {}, { vpcId, default: true });
  return {
    mainRouteTableId: table,
    defaultRouteTableId: table,
    defaultNetworkAclId: acl,
    defaultSecurityGroupId: createDefaultSecurityGroup(cloud, vpcId),
  };
}

function deleteCompanions(cloud: AwsSession, resource: Stored): void {
  cloud.remove(ROUTE_TABLE, text(resource.outputs, 'mainRouteTableId') ?? '');
  cloud.remove(NETWORK_ACL, text(resource.outputs, 'defaultNetworkAclId') ?? '');
  cloud.remove(SECURITY_GROUP, text(resource.outputs, 'defaultSecurityGroupId') ?? '');
}

/** What must go before the VPC can (VPC user guide, "Delete your VPC"). */
function dependents(cloud: AwsSession, vpcId: string): Stored[] {
  const tokens = [
    SUBNET,
    ROUTE_TABLE,
    SECURITY_GROUP,
    INTERNET_GATEWAY,
    VPN_GATEWAY_ATTACHMENT,
    VPC_ENDPOINT,
    TRANSIT_VPC_ATTACHMENT,
  ];
  return tokens
    .flatMap((token) => cloud.all(token))
    .filter((stored) => text(stored.outputs, 'vpcId') === vpcId)
    .filter((stored) => flag(stored.outputs, 'main') !== true && text(stored.outputs, 'name') !== 'default');
}

function invalidRange(operation: string, message: string) {
  return ec2Error(operation, 'InvalidVpc.Range', message);
}

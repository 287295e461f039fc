/** Things that must exist before something refers to them, or the API's refusal. */
import type { Stored } from '../core/store';
import { text } from '../core/values';
import { ec2Error, eksError } from './errors';
import { range, type Range } from './ipv4';
import type { AwsSession } from './session';
import {
  EKS_CLUSTER,
  ROUTE_TABLE,
  SECURITY_GROUP,
  SUBNET,
  TRANSIT_GATEWAY,
  VPC,
  VPC_CIDR,
  VPN_GATEWAY,
} from './tokens';

/** The VPC under an id, or EC2's refusal. */
export function requireVpc(cloud: AwsSession, operation: string, vpcId: string | undefined): Stored {
  const found = cloud.existing(VPC, vpcId);
  if (!found) throw ec2Error(operation, 'InvalidVpcID.NotFound', `The vpc ID '${vpcId}' does not exist`);
  return found;
}

/** All ranges of a VPC, the primary one first. */
export function vpcRanges(cloud: AwsSession, owner: Stored): Range[] {
  const secondary = cloud.all(VPC_CIDR).filter((stored) => text(stored.outputs, 'vpcId') === owner.id);
  return [owner, ...secondary].map((stored) => range(text(stored.outputs, 'cidrBlock') ?? ''));
}

export function subnetsOf(cloud: AwsSession, vpcId: string): Stored[] {
  return cloud.all(SUBNET).filter((subnet) => text(subnet.outputs, 'vpcId') === vpcId);
}

/** The subnet under an id, or EC2's refusal. */
export function requireSubnet(cloud: AwsSession, operation: string, subnetId: string | undefined): Stored {
  const found = cloud.existing(SUBNET, subnetId);
  if (!found) throw ec2Error(operation, 'InvalidSubnetID.NotFound', `The subnet ID '${subnetId}' does not exist`);
  return found;
}

export function requireRouteTable(cloud: AwsSession, operation: string, id: string | undefined): Stored {
  const found = cloud.existing(ROUTE_TABLE, id);
  if (!found) throw ec2Error(operation, 'InvalidRouteTableID.NotFound', `The routeTable ID '${id}' does not exist`);
  return found;
}

export function requireSecurityGroup(cloud: AwsSession, operation: string, id: string | undefined): Stored {
  const found = cloud.existing(SECURITY_GROUP, id);
  if (!found) throw ec2Error(operation, 'InvalidGroup.NotFound', `The security group '${id}' does not exist`);
  return found;
}

export function requireVpnGateway(cloud: AwsSession, operation: string, id: string | undefined): Stored {
  const found = cloud.existing(VPN_GATEWAY, id);
  if (!found) throw ec2Error(operation, 'InvalidVpnGatewayID.NotFound', `The vpnGateway ID '${id}' does not exist`);
  return found;
}

export function requireTransitGateway(cloud: AwsSession, operation: string, id: string | undefined): Stored {
  const found = cloud.existing(TRANSIT_GATEWAY, id);
  if (!found) {
    throw ec2Error(
      operation,
      'InvalidTransitGatewayID.NotFound',
      `Transit Gateway ${id} was deleted or does not exist.`,
    );
  }
  return found;
}

/** The cluster of a name, or EKS's refusal. */
export function requireCluster(cloud: AwsSession, operation: string, name: string | undefined): Stored {
  const found = cloud.existing(EKS_CLUSTER, name);
  if (!found) throw eksError(operation, 'ResourceNotFoundException', `No cluster found for name: ${name}.`);
  return found;
}

import { CloudError } from '../core/errors';
import type { Stored } from '../core/store';
import { text, texts } from '../core/values';
import { ec2Error } from './errors';
import { formatAddress, holds, parseAddress, range, size } from './ipv4';
import type { AwsSession } from './session';
import { NETWORK_INTERFACE, SUBNET_RESERVATION } from './tokens';

/** An interface that an AWS service keeps in a subnet: it holds an address and blocks the subnet's deletion. */
export interface InterfaceRequest {
  readonly subnet: Stored;
  /** What it belongs to: a NAT gateway, an EKS cluster, an instance, a load balancer … */
  readonly owner: string;
  readonly description: string;
  readonly interfaceType: string;
  readonly securityGroups?: readonly string[];
  /** A certain address; the lowest free one unless given. */
  readonly address?: string;
}

/** First four and last address of a subnet (VPC user guide, "Subnet CIDR blocks"). */
const RESERVED_AT_START = 4;
export const RESERVED_ADDRESSES = 5;

export function createInterface(cloud: AwsSession, operation: string, request: InterfaceRequest): Stored {
  const address = request.address ?? freeAddress(cloud, operation, request.subnet);
  if (request.address !== undefined) refuseAddress(cloud, operation, request.subnet, request.address);
  return cloud.put(
    NETWORK_INTERFACE,
    cloud.newId('eni'),
    {},
    {
      region: cloud.region,
      subnetId: request.subnet.id,
      vpcId: text(request.subnet.outputs, 'vpcId') ?? '',
      availabilityZone: text(request.subnet.outputs, 'availabilityZone') ?? '',
      privateIpAddresses: [address],
      securityGroups: [...(request.securityGroups ?? [])],
      owner: request.owner,
      description: request.description,
      interfaceType: request.interfaceType,
    },
  );
}

export function interfacesOf(cloud: AwsSession, owner: string): Stored[] {
  return cloud.all(NETWORK_INTERFACE).filter((stored) => text(stored.outputs, 'owner') === owner);
}

export function deleteInterfacesOf(cloud: AwsSession, owner: string): void {
  for (const stored of interfacesOf(cloud, owner)) cloud.remove(NETWORK_INTERFACE, stored.id);
}

export function interfacesIn(cloud: AwsSession, subnetId: string): Stored[] {
  return cloud.all(NETWORK_INTERFACE).filter((stored) => text(stored.outputs, 'subnetId') === subnetId);
}

export function interfaceAddress(stored: Stored): string {
  return texts(stored.outputs, 'privateIpAddresses')[0] ?? '';
}

/** Addresses that something new could take by itself: neither reserved by AWS, nor set aside, nor taken. */
export function freeAddressCount(cloud: AwsSession, subnet: Stored): number {
  const cidr = range(text(subnet.outputs, 'cidrBlock') ?? '');
  const aside = reservations(cloud, subnet.id);
  const setAside = aside.reduce((sum, reserved) => sum + size(reserved), 0);
  const taken = takenAddresses(cloud, subnet.id).filter(
    (address) => !aside.some((reserved) => holds(reserved, address)),
  );
  return Math.max(0, size(cidr) - RESERVED_ADDRESSES - setAside - taken.length);
}

function freeAddress(cloud: AwsSession, operation: string, subnet: Stored): string {
  const cidr = range(text(subnet.outputs, 'cidrBlock') ?? '');
  const aside = reservations(cloud, subnet.id);
  const taken = new Set(takenAddresses(cloud, subnet.id));
  for (let address = cidr.first + RESERVED_AT_START; address < cidr.last; address += 1) {
    if (!taken.has(address) && !aside.some((reserved) => holds(reserved, address))) return formatAddress(address);
  }
  throw ec2Error(
    operation,
    'InsufficientFreeAddressesInSubnet',
    `The specified subnet does not have enough free addresses to satisfy the request.`,
  );
}

/** Throws unless a wanted address is in the subnet, not AWS's own and not taken. */
export function refuseAddress(cloud: AwsSession, operation: string, subnet: Stored, wanted: string): void {
  const problem = addressProblem(cloud, subnet, wanted);
  if (problem) throw problem(operation);
}

function addressProblem(
  cloud: AwsSession,
  subnet: Stored,
  wanted: string,
): ((operation: string) => CloudError) | undefined {
  const cidr = range(text(subnet.outputs, 'cidrBlock') ?? '');
  const address = parseAddress(wanted);
  if (address === undefined || !holds(cidr, address)) {
    return (operation) =>
      ec2Error(operation, 'InvalidParameterValue', `Address ${wanted} does not fall within the subnet's address range`);
  }
  if (address < cidr.first + RESERVED_AT_START || address === cidr.last) {
    return (operation) =>
      ec2Error(operation, 'InvalidParameterValue', `Address ${wanted} is in subnet's reserved address range`);
  }
  if (takenAddresses(cloud, subnet.id).includes(address)) {
    return (operation) => ec2Error(operation, 'InvalidIPAddress.InUse', `Address ${wanted} is in use.`);
  }
  return undefined;
}

/** Ranges that "Subnet CIDR reservations" (VPC user guide) keep from automatic assignment. */
function reservations(cloud: AwsSession, subnetId: string) {
  return cloud
    .all(SUBNET_RESERVATION)
    .filter((stored) => text(stored.outputs, 'subnetId') === subnetId)
    .map((stored) => range(text(stored.outputs, 'cidrBlock') ?? ''));
}

function takenAddresses(cloud: AwsSession, subnetId: string): number[] {
  return interfacesIn(cloud, subnetId)
    .flatMap((stored) => texts(stored.outputs, 'privateIpAddresses'))
    .map((address) => parseAddress(address))
    .filter((address) => address !== undefined);
}

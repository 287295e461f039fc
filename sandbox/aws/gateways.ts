import type { Stored } from '../core/store';
import { text, type Props } from '../core/values';
import type { AwsType } from './awsType';
import { fail, given, oneOf, known } from './checks';
import { dependencyViolation, ec2Error, waitError } from './errors';
import { requireSubnet, requireVpc } from './lookups';
import { createInterface, deleteInterfacesOf, interfaceAddress } from './networkInterface';
import { newPublicAddresses } from './publicAddresses';
import { quotas } from './quotas';
import { isPublic } from './routeTable';
import type { AwsSession } from './session';
import { EIP, INTERNET_GATEWAY, NAT_GATEWAY, SUBNET } from './tokens';

export const internetGateway: AwsType = {
  token: INTERNET_GATEWAY,
  seconds: { create: 1, update: 1, delete: 10 },
  immutable: [],
  create: (inputs, cloud) => {
    if (cloud.all(INTERNET_GATEWAY).length >= quotas.internetGatewaysPerRegion) {
      throw ec2Error(
        'CreateInternetGateway',
        'InternetGatewayLimitExceeded',
        'The maximum number of internet gateways has been reached.',
      );
    }
    const vpcId = text(inputs, 'vpcId');
    if (vpcId !== undefined) refuseAttachment(cloud, vpcId, undefined);
    const id = cloud.newId('igw');
    return {
      id,
      outputs: { arn: cloud.arn('ec2', `internet-gateway/${id}`), ownerId: cloud.accountId, vpcId: vpcId ?? '' },
    };
  },
  update: (resource, inputs, cloud) => {
    const [before, after] = [text(resource.outputs, 'vpcId') || undefined, text(inputs, 'vpcId')];
    if (before !== undefined && before !== after) refuseDetachment(cloud, before);
    if (after !== undefined && before !== after) refuseAttachment(cloud, after, resource.id);
    return { vpcId: after ?? '' };
  },
  delete: (resource, cloud) => {
    const vpcId = text(resource.outputs, 'vpcId');
    if (vpcId) refuseDetachment(cloud, vpcId);
  },
};

export const eip: AwsType = {
  token: EIP,
  seconds: { create: 1, update: 1, delete: 1 },
  immutable: ['address', 'domain', 'publicIpv4Pool', 'networkBorderGroup', 'customerOwnedIpv4Pool', 'ipamPoolId'],
  check: (inputs) => oneOf(inputs, 'domain', ['vpc']),
  create: (inputs, cloud) => {
    if (cloud.all(EIP).length >= quotas.elasticIpsPerRegion) {
      throw ec2Error('AllocateAddress', 'AddressLimitExceeded', 'The maximum number of addresses has been reached.');
    }
    const id = cloud.newId('eipalloc');
    const [publicIp = ''] = newPublicAddresses(cloud, 1);
    const host = publicIp.replaceAll('.', '-');
    const domain = cloud.region === 'us-east-1' ? 'compute-1' : `${cloud.region}.compute`;
    return {
      id,
      outputs: {
        allocationId: id,
        arn: cloud.arn('ec2', `elastic-ip/${id}`),
        publicIp,
        publicDns: `ec2-${host}.${domain}.amazonaws.com`,
        domain: 'vpc',
        publicIpv4Pool: 'amazon',
        networkBorderGroup: text(inputs, 'networkBorderGroup') ?? cloud.region,
      },
    };
  },
  update: () => ({}),
  delete: (resource, cloud) => {
    if (holderOf(cloud, resource.id)) {
      throw ec2Error(
        'ReleaseAddress',
        'InvalidIPAddress.InUse',
        `Address ${text(resource.outputs, 'publicIp')} is in use.`,
      );
    }
  },
};

export const natGateway: AwsType = {
  token: NAT_GATEWAY,
  seconds: { create: 105, update: 5, delete: 50 },
  immutable: ['allocationId', 'subnetId', 'connectivityType', 'privateIp', 'vpcId', 'availabilityMode'],
  defaults: () => ({ connectivityType: 'public' }),
  check: (inputs) => [
    ...oneOf(inputs, 'connectivityType', ['public', 'private']),
    ...(known(inputs, 'connectivityType') === 'private' && given(inputs, 'allocationId')
      ? [fail('allocationId', '`allocation_id` is not supported with connectivity_type = "private"')]
      : []),
    ...(given(inputs, 'subnetId') || given(inputs, 'vpcId')
      ? []
      : [fail('subnetId', 'one of `subnet_id,vpc_id` must be specified')]),
  ],
  create: (inputs, cloud) => {
    const subnet = requireSubnet(cloud, 'CreateNatGateway', text(inputs, 'subnetId'));
    const address = text(inputs, 'connectivityType') === 'public' ? requireAddress(cloud, inputs) : undefined;
    refuseZoneQuota(cloud, subnet);
    if (address) refusePrivateSubnet(cloud, subnet);
    const id = cloud.newId('nat');
    const eni = createInterface(cloud, 'CreateNatGateway', {
      subnet,
      owner: id,
      description: `Interface for NAT Gateway ${id}`,
      interfaceType: 'nat_gateway',
      ...(text(inputs, 'privateIp') === undefined ? {} : { address: text(inputs, 'privateIp') ?? '' }),
    });
    return {
      id,
      outputs: {
        networkInterfaceId: eni.id,
        privateIp: interfaceAddress(eni),
        publicIp: text(address?.outputs, 'publicIp') ?? '',
        associationId: address ? cloud.newId('eipassoc') : '',
        availabilityMode: 'zonal',
        secondaryAllocationIds: inputs['secondaryAllocationIds'] ?? [],
        secondaryPrivateIpAddresses: inputs['secondaryPrivateIpAddresses'] ?? [],
        secondaryPrivateIpAddressCount: 0,
        regionalNatGatewayAddresses: [],
        vpcId: text(subnet.outputs, 'vpcId') ?? '',
      },
    };
  },
  update: () => ({}),
  delete: (resource, cloud) => deleteInterfacesOf(cloud, resource.id),
};

/** One internet gateway per VPC and one VPC per gateway (VPC user guide, "Internet gateways"). */
function refuseAttachment(cloud: AwsSession, vpcId: string, own: string | undefined): void {
  const operation = 'AttachInternetGateway';
  requireVpc(cloud, operation, vpcId);
  const other = cloud.find(INTERNET_GATEWAY, (stored) => stored.id !== own && text(stored.outputs, 'vpcId') === vpcId);
  if (other) {
    throw ec2Error(operation, 'InvalidParameterValue', `Network ${vpcId} already has an internet gateway attached`);
  }
}

function refuseDetachment(cloud: AwsSession, vpcId: string): void {
  const mapped = cloud
    .all(NAT_GATEWAY)
    .some((nat) => text(nat.outputs, 'publicIp') && text(nat.outputs, 'vpcId') === vpcId);
  if (mapped) {
    throw dependencyViolation(
      'DetachInternetGateway',
      `Network ${vpcId} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`,
    );
  }
}

function requireAddress(cloud: AwsSession, inputs: Props): Stored {
  const id = text(inputs, 'allocationId');
  if (id === undefined) {
    throw ec2Error(
      'CreateNatGateway',
      'MissingParameter',
      'The request must include the AllocationId parameter. Add the required parameter and retry the request.',
    );
  }
  const address = cloud.existing(EIP, id);
  if (!address) {
    throw ec2Error('CreateNatGateway', 'InvalidAllocationID.NotFound', `The allocation ID '${id}' does not exist`);
  }
  if (holderOf(cloud, id)) {
    throw natFailed('Resource.AlreadyAssociated', `Elastic IP address [${id}] is already associated`);
  }
  return address;
}

/** A public NAT gateway works in a subnet whose VPC, and whose own default route, reach an internet gateway. */
function refusePrivateSubnet(cloud: AwsSession, subnet: Stored): void {
  const vpcId = text(subnet.outputs, 'vpcId') ?? '';
  if (!cloud.find(INTERNET_GATEWAY, (stored) => text(stored.outputs, 'vpcId') === vpcId)) {
    throw natFailed('Gateway.NotAttached', `Network ${vpcId} has no Internet gateway attached`);
  }
}

/** Whether a NAT gateway's subnet has a way out; the gateway itself is made without one, and then carries nothing. */
export function natReachesInternet(cloud: AwsSession, nat: Stored): boolean {
  const subnet = cloud.existing(SUBNET, text(nat.outputs, 'subnetId'));
  return subnet !== undefined && isPublic(cloud, subnet);
}

function refuseZoneQuota(cloud: AwsSession, subnet: Stored): void {
  const zone = text(subnet.outputs, 'availabilityZone');
  const inZone = cloud.all(NAT_GATEWAY).filter((nat) => {
    const home = cloud.existing(SUBNET, text(nat.outputs, 'subnetId'));
    return text(home?.outputs, 'availabilityZone') === zone;
  });
  if (inZone.length >= quotas.natGatewaysPerZone) {
    throw ec2Error(
      'CreateNatGateway',
      'NatGatewayLimitExceeded',
      `The maximum number of NAT Gateways has been reached in ${zone}.`,
    );
  }
}

function holderOf(cloud: AwsSession, allocationId: string): Stored | undefined {
  return cloud.find(NAT_GATEWAY, (nat) => text(nat.outputs, 'allocationId') === allocationId);
}

function natFailed(code: string, message: string) {
  return waitError(
    'EC2 NAT Gateway create',
    code,
    `unexpected state 'failed', wanted target 'available'. last error: ${code}: ${message}`,
  );
}

import type { Stored } from '../core/store';
import { flag, text } from '../core/values';
import type { AwsType } from './awsType';
import { conflicts, network, oneOf } from './checks';
import { dependencyViolation, ec2Error } from './errors';
import { contains, overlaps, parseRange, range } from './ipv4';
import { requireSubnet, requireVpc, subnetsOf, vpcRanges } from './lookups';
import { interfacesIn } from './networkInterface';
import { quotas } from './quotas';
import type { AwsSession } from './session';
import { SUBNET, SUBNET_RESERVATION } from './tokens';

export const subnet: AwsType = {
  token: SUBNET,
  seconds: { create: 1, delete: 1 },
  immutable: ['cidrBlock', 'availabilityZone', 'availabilityZoneId', 'vpcId', 'ipv6Native', 'outpostArn'],
  defaults: () => ({ mapPublicIpOnLaunch: false, assignIpv6AddressOnCreation: false, enableDns64: false }),
  check: (inputs) => [
    ...network(inputs, 'cidrBlock'),
    ...conflicts(inputs, 'availabilityZone', 'availabilityZoneId'),
    ...oneOf(inputs, 'privateDnsHostnameTypeOnLaunch', ['ip-name', 'resource-name']),
  ],
  create: (inputs, cloud) => {
    const operation = 'CreateSubnet';
    const vpc = requireVpc(cloud, operation, text(inputs, 'vpcId'));
    const cidr = text(inputs, 'cidrBlock') ?? '';
    refuseCidr(cloud, vpc, cidr);
    const zone = zoneFor(cloud, text(inputs, 'availabilityZone'), text(inputs, 'availabilityZoneId'));
    if (subnetsOf(cloud, vpc.id).length >= quotas.subnetsPerVpc) {
      throw ec2Error(
        operation,
        'SubnetLimitExceeded',
        `The maximum number of subnets has been reached for vpc ${vpc.id}.`,
      );
    }
    const id = cloud.newId('subnet');
    return {
      id,
      outputs: {
        arn: cloud.arn('ec2', `subnet/${id}`),
        ownerId: cloud.accountId,
        availabilityZone: zone,
        availabilityZoneId: zoneId(cloud, zone),
        privateDnsHostnameTypeOnLaunch: text(inputs, 'privateDnsHostnameTypeOnLaunch') ?? 'ip-name',
        enableResourceNameDnsARecordOnLaunch: flag(inputs, 'enableResourceNameDnsARecordOnLaunch') ?? false,
        enableResourceNameDnsAaaaRecordOnLaunch: false,
      },
    };
  },
  delete: (resource, cloud) => {
    if (interfacesIn(cloud, resource.id).length > 0) {
      throw dependencyViolation('DeleteSubnet', `The subnet '${resource.id}' has dependencies and cannot be deleted.`);
    }
  },
};

export const subnetCidrReservation: AwsType = {
  token: SUBNET_RESERVATION,
  seconds: { create: 1, delete: 1 },
  immutable: 'all',
  check: (inputs) => [...network(inputs, 'cidrBlock'), ...oneOf(inputs, 'reservationType', ['prefix', 'explicit'])],
  create: (inputs, cloud) => {
    const operation = 'CreateSubnetCidrReservation';
    const owner = requireSubnet(cloud, operation, text(inputs, 'subnetId'));
    const cidr = text(inputs, 'cidrBlock') ?? '';
    const parsed = parseRange(cidr);
    if (!parsed || !contains(range(text(owner.outputs, 'cidrBlock') ?? ''), parsed)) {
      throw ec2Error(
        operation,
        'InvalidParameterValue',
        `The CIDR '${cidr}' is not within the CIDR of subnet '${owner.id}'.`,
      );
    }
    // "A subnet CIDR reservation cannot overlap another one" (VPC user guide, "Subnet CIDR reservations").
    const other = cloud.find(
      SUBNET_RESERVATION,
      (stored) =>
        text(stored.outputs, 'subnetId') === owner.id &&
        overlaps(range(text(stored.outputs, 'cidrBlock') ?? ''), parsed),
    );
    if (other) {
      throw ec2Error(
        operation,
        'InvalidParameterValue',
        `The CIDR '${cidr}' conflicts with the reservation ${other.id}.`,
      );
    }
    return { id: cloud.newId('scr'), outputs: { ownerId: cloud.accountId } };
  },
};

function refuseCidr(cloud: AwsSession, vpc: Stored, cidr: string): void {
  const parsed = parseRange(cidr);
  const inside = parsed && vpcRanges(cloud, vpc).some((outer) => contains(outer, parsed));
  if (!parsed || parsed.prefix < 16 || parsed.prefix > 28 || !inside) {
    throw ec2Error('CreateSubnet', 'InvalidSubnet.Range', `The CIDR '${cidr}' is invalid.`);
  }
  if (subnetsOf(cloud, vpc.id).some((sibling) => overlaps(range(text(sibling.outputs, 'cidrBlock') ?? ''), parsed))) {
    throw ec2Error('CreateSubnet', 'InvalidSubnet.Conflict', `The CIDR '${cidr}' conflicts with another subnet`);
  }
}

function zoneFor(cloud: AwsSession, name: string | undefined, id: string | undefined): string {
  const zones = cloud.zones();
  const wanted = name ?? (id === undefined ? zones[0] : zones.find((zone) => zoneId(cloud, zone) === id));
  if (wanted !== undefined && zones.includes(wanted)) return wanted;
  throw ec2Error(
    'CreateSubnet',
    'InvalidParameterValue',
    `Value (${name ?? id}) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: ${zones.join(', ')}.`,
  );
}

/** A zone id such as `euw1-az1`; which letter has which number differs between accounts. */
export function zoneId(cloud: AwsSession, zone: string): string {
  const [area = '', direction = '', number = ''] = cloud.region.split('-');
  const short = direction.replace(/(north|south)(east|west)/, (_, a: string, b: string) => `${a[0]}${b[0]}`);
  const code = short.length > 2 ? short.slice(0, 1) : short;
  return `${area}${code}${number}-az${cloud.zones().indexOf(zone) + 1}`;
}

/** Network interfaces that the input declares: EC2 instances and interfaces, Compute Engine instances. */
import { type Address, type Range, holds, parseAddress } from '../ip';
import { type Inventory, push } from '../resources/inventory';
import { type Resource, asText } from '../resources/resource';
import { type Fields, UNKNOWN, isFields, isList, reveal } from '../resources/value';
import { type AwsNetworks, SUBNET_TYPES } from './aws/network';
import { GROUP_OWNERS, type SecurityGroup, type SecurityGroups } from './aws/securityGroups';
import { type InstanceTraits, unknownLabel } from './gcp/firewall';
import { type GcpNetworks, type GcpSubnet, SUBNETWORK } from './gcp/network';
import { rangeOfValue } from './ranges';

export interface AwsInterface {
  readonly resource: Resource;
  readonly groups: readonly SecurityGroup[];
}

export interface GcpInterface {
  readonly resource: Resource;
  readonly traits: InstanceTraits;
  /** Primary address and alias ranges, as far as they are known. */
  readonly addresses: readonly Range[];
}

export interface Interfaces {
  /** By subnet URN and address. */
  readonly aws: ReadonlyMap<string, AwsInterface>;
  /** Interfaces whose address is not known, by subnet URN. */
  readonly awsUnplaced: ReadonlyMap<string, readonly AwsInterface[]>;
  /** By subnet. */
  readonly gcp: ReadonlyMap<GcpSubnet, readonly GcpInterface[]>;
}

const INSTANCE = 'aws:ec2/instance:Instance';
const INTERFACE = 'aws:ec2/networkInterface:NetworkInterface';

export function readInterfaces(
  inventory: Inventory,
  aws: AwsNetworks,
  groups: SecurityGroups,
  gcp: GcpNetworks,
): Interfaces {
  const placed = new Map<string, AwsInterface>();
  const unplaced = new Map<string, AwsInterface[]>();
  for (const resource of inventory.all(INSTANCE, INTERFACE)) {
    const subnet = inventory.find(resource, 'subnetId', ...SUBNET_TYPES);
    const vpc = subnet === undefined ? undefined : aws.subnets.get(subnet.urn)?.vpc;
    if (subnet === undefined || vpc === undefined) continue;
    const property = resource.type === INSTANCE ? 'vpcSecurityGroupIds' : 'securityGroups';
    const named = inventory
      .resolveAll(resource, property, ...GROUP_OWNERS)
      .resources.map((owner) => groups.byUrn.get(owner.urn))
      .filter((group) => group !== undefined);
    const fallback = groups.byUrn.get(vpc.resource.urn);
    const found: AwsInterface = { resource, groups: named.length > 0 || fallback === undefined ? named : [fallback] };
    const addresses = awsAddresses(resource);
    for (const address of addresses) placed.set(interfaceKey(subnet.urn, address), found);
    if (addresses.length === 0) push(unplaced, subnet.urn, found);
  }
  return { aws: placed, awsUnplaced: unplaced, gcp: readGoogleInstances(inventory, gcp) };
}

export function interfaceKey(subnetUrn: string, address: Address): string {
  return `${subnetUrn}@${address}`;
}

function awsAddresses(resource: Resource): Address[] {
  const texts = [
    resource.knownText('privateIp'),
    ...resource.knownTexts('privateIps'),
    ...resource.knownTexts('privateIpLists'),
    ...resource.knownTexts('secondaryPrivateIps'),
  ];
  return texts.map((text) => parseAddress(text ?? '')).filter((address) => address !== undefined);
}

function readGoogleInstances(inventory: Inventory, networks: GcpNetworks): Map<GcpSubnet, GcpInterface[]> {
  const bySubnet = new Map<GcpSubnet, GcpInterface[]>();
  for (const resource of inventory.all('gcp:compute/instance:Instance')) {
    resource.objects('networkInterfaces').forEach((entry, index) => {
      const owner = inventory.find(resource, `networkInterfaces.${index}.subnetwork`, SUBNETWORK);
      const subnet = owner === undefined ? undefined : networks.subnets.get(owner.urn);
      if (subnet !== undefined)
        push(bySubnet, subnet, { resource, traits: traitsOf(resource), addresses: googleAddresses(entry) });
    });
  }
  return bySubnet;
}

function googleAddresses(entry: Fields): Range[] {
  const aliases = reveal(entry['aliasIpRanges']);
  const ranges = (isList(aliases) ? aliases : []).map(reveal).filter(isFields);
  return [rangeOfValue(entry['networkIp']), ...ranges.map((range) => rangeOfValue(range['ipCidrRange']))].filter(
    (range) => range !== undefined,
  );
}

/** Network tags and service account of an instance. */
function traitsOf(instance: Resource): InstanceTraits {
  const account = asText(instance.value('serviceAccount.email'));
  const tags = instance.texts('tags');
  return {
    labels: [
      ...instance.knownTexts('tags'),
      ...(typeof account === 'string' ? [account] : []),
      ...(account === UNKNOWN ? instance.sources('serviceAccount').map(unknownLabel) : []),
    ],
    assumed: false,
    unknown: tags === UNKNOWN || account === UNKNOWN,
  };
}

/** The interface of the subnet that has the address. */
export function googleInterfaceAt(
  interfaces: Interfaces,
  subnet: GcpSubnet,
  address: Address,
): GcpInterface | undefined {
  return interfaces.gcp.get(subnet)?.find((entry) => entry.addresses.some((range) => holds(range, address)));
}

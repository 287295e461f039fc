import { Cidr } from '../plan/cidr';
import { type Range, parseRange, sameRange } from '../reachability/ip';
import type { Inventory } from '../reachability/resources/inventory';
import type { Resource } from '../reachability/resources/resource';
import { UNKNOWN } from '../reachability/resources/value';
import { type Property, propertiesAt, textOf } from './properties';
import { type Finding, undecided } from './rule';
import type { Stack } from './stack';

/** What a range is for; the rules about sizes are told apart by it. */
export type RangeRole =
  'vpc' | 'awsSubnet' | 'eksServices' | 'gcpSubnet' | 'gcpSecondary' | 'gkeServices' | 'controlPlane' | 'tunnel';

/** An address range that some resource claims. */
export interface NetworkRange {
  /** Without the host bits, where the text has any. */
  readonly cidr: Cidr;
  /** As it is written. */
  readonly text: string;
  readonly role: RangeRole;
  /** What to call it in a message. */
  readonly label: string;
  readonly resource: Resource;
  readonly property: string;
  /** URN of the VPC that the range is a part of, on AWS. */
  readonly network?: string;
}

/** A range that cannot be read: it is not known yet, absent where there must be one, or not an IPv4 range. */
export interface UnreadRange {
  readonly resource: Resource;
  readonly property: string;
  readonly label: string;
  /** The text that is no range; undefined when the value is unknown or absent. */
  readonly text: string | undefined;
}

interface Claim {
  readonly type: string;
  readonly property: string;
  readonly role: RangeRole;
  readonly label: string;
  /** The cloud makes no such resource without the range, or chooses one nobody planned. */
  readonly required?: (resource: Resource) => boolean;
}

const isIpv4 = (resource: Resource): boolean => resource.flag('ipv6Native') !== true;

/** Where the resource types of both clouds claim ranges. */
const CLAIMS: readonly Claim[] = [
  { type: 'aws:ec2/vpc:Vpc', property: 'cidrBlock', role: 'vpc', label: 'VPC range', required: isIpv4 },
  {
    type: 'aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation',
    property: 'cidrBlock',
    role: 'vpc',
    label: 'VPC range',
    required: isIpv4,
  },
  { type: 'aws:ec2/subnet:Subnet', property: 'cidrBlock', role: 'awsSubnet', label: 'subnet range', required: isIpv4 },
  {
    type: 'aws:eks/cluster:Cluster',
    property: 'kubernetesNetworkConfig.serviceIpv4Cidr',
    role: 'eksServices',
    label: 'service range',
    required: (cluster) => cluster.knownText('kubernetesNetworkConfig.ipFamily') !== 'ipv6',
  },
  {
    type: 'gcp:compute/subnetwork:Subnetwork',
    property: 'ipCidrRange',
    role: 'gcpSubnet',
    label: 'subnet range',
    required: isIpv4,
  },
  {
    type: 'gcp:compute/subnetwork:Subnetwork',
    property: 'secondaryIpRanges.*.ipCidrRange',
    role: 'gcpSecondary',
    label: 'secondary range',
    required: isIpv4,
  },
  {
    type: 'gcp:container/cluster:Cluster',
    property: 'ipAllocationPolicy.clusterIpv4CidrBlock',
    role: 'gcpSecondary',
    label: 'pod range',
  },
  {
    type: 'gcp:container/cluster:Cluster',
    property: 'ipAllocationPolicy.servicesIpv4CidrBlock',
    role: 'gkeServices',
    label: 'service range',
  },
  {
    type: 'gcp:container/cluster:Cluster',
    property: 'privateClusterConfig.masterIpv4CidrBlock',
    role: 'controlPlane',
    label: 'control plane range',
  },
  ...['tunnel1InsideCidr', 'tunnel2InsideCidr'].map((property): Claim => ({
    type: 'aws:ec2/vpnConnection:VpnConnection',
    property,
    role: 'tunnel',
    label: 'tunnel range',
  })),
];

/** Every range the stack claims, and those that cannot be read. */
export function networkRanges(stack: Stack): { ranges: NetworkRange[]; unread: UnreadRange[] } {
  const { inventory } = stack;
  const ranges: NetworkRange[] = [];
  const unread: UnreadRange[] = [];
  const subnetRanges = secondaryRanges(inventory);
  for (const claim of CLAIMS) {
    const { role, label } = claim;
    for (const resource of inventory.all(claim.type)) {
      for (const property of propertiesAt(resource, claim.property)) {
        const text = textOf(property);
        if ((text === undefined || text === '') && claim.required?.(resource) !== true) continue;
        if (typeof text === 'string' && repeatsSubnet(resource, claim, text, subnetRanges)) continue;
        const range = typeof text === 'string' ? parseRange(text) : undefined;
        if (typeof text !== 'string' || range === undefined) {
          unread.push({ resource, property: property.path, label, text: text === UNKNOWN ? undefined : text });
          continue;
        }
        ranges.push({
          cidr: cidrOf(range),
          text,
          role: roleIn(inventory, resource, claim, property),
          label,
          resource,
          property: property.path,
          network: networkOf(inventory, resource, role),
        });
      }
    }
  }
  return { ranges, unread };
}

/** For rules that need every range: those that they cannot judge. Whether a text is a range at all is `cidr-canonical`'s. */
export function undecidedRanges(unread: readonly UnreadRange[]): Finding[] {
  return unread.map(({ resource, property, label }) => undecided(resource, property, label));
}

export function cidrOf(range: Range): Cidr {
  return Cidr.of(range.first, range.prefix);
}

function secondaryRanges(inventory: Inventory): Range[] {
  return inventory
    .all('gcp:compute/subnetwork:Subnetwork')
    .flatMap((subnet) =>
      ['ipCidrRange', 'secondaryIpRanges.*.ipCidrRange'].flatMap((path) => propertiesAt(subnet, path)),
    )
    .map((property) => textOf(property))
    .map((text) => (typeof text === 'string' ? parseRange(text) : undefined))
    .filter((range) => range !== undefined);
}

/** A GKE cluster in ranges of a subnet repeats them among its outputs; the subnet is the one that claims them. */
function repeatsSubnet(resource: Resource, claim: Claim, text: string, subnetRanges: readonly Range[]): boolean {
  if (resource.type !== 'gcp:container/cluster:Cluster') return false;
  if (claim.role === 'controlPlane' && resource.text('privateClusterConfig.privateEndpointSubnetwork') !== undefined)
    return true;
  const range = parseRange(text);
  return range !== undefined && subnetRanges.some((own) => sameRange(own, range));
}

/** A secondary range that a GKE cluster takes for its services. */
function roleIn(inventory: Inventory, resource: Resource, { role }: Claim, { path }: Property): RangeRole {
  if (role !== 'gcpSecondary' || resource.type !== 'gcp:compute/subnetwork:Subnetwork') return role;
  const name = resource.knownText(path.replace(/ipCidrRange$/, 'rangeName'));
  const serves = inventory
    .all('gcp:container/cluster:Cluster')
    .some(
      (cluster) =>
        name !== undefined &&
        cluster.knownText('ipAllocationPolicy.servicesSecondaryRangeName') === name &&
        inventory.find(cluster, 'subnetwork', resource.type) === resource,
    );
  return serves ? 'gkeServices' : role;
}

function networkOf(inventory: Inventory, resource: Resource, role: RangeRole): string | undefined {
  if (role !== 'vpc' && role !== 'awsSubnet') return undefined;
  return inventory.find(resource, 'vpcId', 'aws:ec2/vpc:Vpc')?.urn ?? (role === 'vpc' ? resource.urn : undefined);
}

/** Rules of AWS about the ranges of a site. */
import { Cidr } from '../cidr';
import { maxNodesByNodeSubnet, maxNodesByPodSubnet, podBlocksPerNode } from '../capacity/aws';
import { MAX_NODES_PREFIX, MAX_PODS_PREFIX, nodeSubnetPrefix, podSubnetPrefix } from '../layout/aws';
import type { Problem } from '../problem';
import type { RangedSite, SiteRange } from '../ranges';
import { RFC1918, isPrivate } from '../reserved';
import { broken, present } from './rule';

const VPC_SIZE = { name: 'VPC size', source: 'Amazon VPC user guide, VPC CIDR blocks' };
const VPC_FAMILY = { name: 'VPC CIDR family', source: 'Amazon VPC user guide, CIDR block association restrictions' };
const SERVICE_RANGE = { name: 'EKS service range', source: 'Amazon EKS API reference, KubernetesNetworkConfigRequest' };
const SUBNET_SPACE = {
  name: 'subnet space',
  source: 'Amazon VPC user guide, subnet sizing; Amazon EKS user guide, VPC and subnet requirements',
};
const POD_SPACE = { name: 'pod prefixes', source: 'Amazon EKS best practices guide, prefix mode' };

/** Prefix lengths of a VPC's ranges and subnets. */
const SHORTEST_VPC = 16;
const LONGEST_VPC = 28;

/** Kept out of VPCs whose primary range is of 172.16.0.0/12: the default VPCs have it. */
const DEFAULT_VPC = Cidr.parse('172.31.0.0/16');
const FIRST_15 = Cidr.parse('10.0.0.0/15');
const FIRST_16 = Cidr.parse('10.0.0.0/16');

/** All rules of AWS for a site; none for a site elsewhere. */
export function checkAws(site: RangedSite): Problem[] {
  return site.settings.cloud === 'aws'
    ? [checkVpc, checkFamily, checkServices, checkNodeSpace, checkPodSpace, checkControlPlane].flatMap((check) =>
        check(site),
      )
    : [];
}

/** A VPC's ranges are /16 to /28. */
function checkVpc({ nodes, pods }: RangedSite): Problem[] {
  return present(nodes, pods)
    .filter(({ cidr }) => !fitsVpc(cidr))
    .map((range) =>
      broken(VPC_SIZE, range, `is /${range.cidr.prefix}, and a VPC takes /16 to /28`, enlarge(range, limitOf(range))),
    );
}

/** What a secondary CIDR may be depends on the family of the primary one. */
function checkFamily({ nodes, pods }: RangedSite): Problem[] {
  // A range that is too large for a VPC is in no one family.
  if (nodes === undefined || pods === undefined || !isPrivate(nodes.cidr) || pods.cidr.prefix < SHORTEST_VPC) {
    return [];
  }
  if (nodes.cidr.overlaps(FIRST_15) && pods.cidr.overlaps(FIRST_16)) {
    const message = `is in ${FIRST_16}, which no VPC with a range in ${FIRST_15} can add`;
    return [broken(VPC_FAMILY, pods, message, 'use pods outside 10.0.0.0/16, or nodes outside 10.0.0.0/15')];
  }
  const family = RFC1918.find((holder) => holder.overlaps(nodes.cidr));
  const restricted = [
    ...RFC1918.filter((holder) => holder !== family),
    ...(family?.contains(DEFAULT_VPC) ? [DEFAULT_VPC] : []),
  ];
  const other = restricted.find((holder) => holder.overlaps(pods.cidr));
  if (other === undefined) {
    return [];
  }
  const remedy = family === undefined ? 'use pods in 100.64.0.0/10' : `use pods in ${family} or 100.64.0.0/10`;
  return [broken(VPC_FAMILY, pods, `is in ${other}, which a VPC with ${nodes.cidr} cannot add`, remedy)];
}

/** EKS takes a private service range of /24 to /12. */
function checkServices({ services }: RangedSite): Problem[] {
  if (services === undefined) {
    return [];
  }
  const { prefix } = services.cidr;
  if (prefix < 12 || prefix > 24) {
    return [broken(SERVICE_RANGE, services, `is /${prefix}, and EKS takes /12 to /24`, 'use a range of /12 to /24')];
  }
  // Other ranges than private and shared ones are refused for every cloud.
  const shared = isPrivate(services.cidr) && !RFC1918.some((holder) => holder.contains(services.cidr));
  return shared
    ? [
        broken(
          SERVICE_RANGE,
          services,
          'is not an RFC 1918 range, which EKS requires',
          'use a range of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16',
        ),
      ]
    : [];
}

/** A zone's eighth of the nodes' range holds its subnets, and the node subnet the nodes that are asked for. */
function checkNodeSpace({ nodes, settings }: RangedSite): Problem[] {
  if (nodes === undefined) {
    return [];
  }
  if (nodes.cidr.prefix > MAX_NODES_PREFIX) {
    return tooSmall(nodes, MAX_NODES_PREFIX, 'for the subnets of eight zones');
  }
  const wanted = settings.nodes?.maxPerZone ?? 0;
  const max = maxNodesByNodeSubnet(nodes.cidr);
  const message = `has room for ${max} nodes in a /${nodeSubnetPrefix(nodes.cidr)} node subnet, requires ${wanted}`;
  return wanted > max ? [broken(SUBNET_SPACE, nodes, message, 'use a larger range or lower nodes.maxPerZone')] : [];
}

/** A zone's eighth of the pods' range holds the prefixes of the nodes that are asked for. */
function checkPodSpace({ pods, settings }: RangedSite): Problem[] {
  if (pods === undefined) {
    return [];
  }
  if (pods.cidr.prefix > MAX_PODS_PREFIX) {
    return tooSmall(pods, MAX_PODS_PREFIX, 'for the pod subnets of eight zones');
  }
  const { maxPerZone: wanted, maxPods } = settings.nodes ?? {};
  if (wanted === undefined || maxPods === undefined || wanted <= maxNodesByPodSubnet(pods.cidr, maxPods)) {
    return [];
  }
  const message =
    `has room for ${maxNodesByPodSubnet(pods.cidr, maxPods)} nodes of ${podBlocksPerNode(maxPods)} /28 prefixes ` +
    `in a /${podSubnetPrefix(pods.cidr)} pod subnet, requires ${wanted}`;
  return [broken(POD_SPACE, pods, message, 'use a larger range, or lower nodes.maxPods or nodes.maxPerZone')];
}

/** EKS runs its control plane in its own network. */
function checkControlPlane({ controlPlane }: RangedSite): Problem[] {
  return controlPlane === undefined
    ? []
    : [
        broken(
          { name: 'control plane range', source: 'Amazon EKS user guide, cluster networking' },
          controlPlane,
          'is given for an EKS cluster, whose control plane takes addresses of the node subnets',
          'remove it',
        ),
      ];
}

function tooSmall(range: SiteRange, longest: number, purpose: string): Problem[] {
  const message = `has ${range.cidr.size} addresses, requires ${2 ** (32 - longest)} ${purpose}`;
  return fitsVpc(range.cidr) ? [broken(SUBNET_SPACE, range, message, enlarge(range, longest))] : [];
}

function limitOf(range: SiteRange): number {
  return range.role === 'pods' ? MAX_PODS_PREFIX : MAX_NODES_PREFIX;
}

function enlarge(range: SiteRange, longest: number): string {
  return range.slot !== undefined
    ? `set pool.prefix from ${SHORTEST_VPC - 2} to ${longest - 2}`
    : `use a range of /${SHORTEST_VPC} to /${longest}`;
}

function fitsVpc({ prefix }: Cidr): boolean {
  return prefix >= SHORTEST_VPC && prefix <= LONGEST_VPC;
}

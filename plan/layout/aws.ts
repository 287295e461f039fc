/** How an AWS site's ranges are cut into subnets. */
import type { Cidr } from '../cidr';
import type { AwsZonePlan } from '../types';

/** Every range is cut for the zone letters a to h, so that a zone's part does not depend on the other zones. */
const ZONE_BITS = 3;

/** Longest prefix of `nodes`: a load-balancer subnet of /27 holds a /28 of planned addresses and another for the rest. */
export const MAX_NODES_PREFIX = 21;

/** Longest prefix of `pods`: eight subnets of /28, the smallest there is. */
export const MAX_PODS_PREFIX = 25;

/** Addresses that AWS keeps in each subnet: the first four and the last (Amazon VPC user guide, subnet sizing). */
export const AWS_RESERVED_ADDRESSES = 5;

/** The planned addresses stand in the last /28 of the load-balancer subnet, clear of its last address, as .250 and .251. */
const RESERVATION_PREFIX = 28;
const GATEWAY_POSITION = 10;
const DNS_POSITION = 11;

/** The subnets of a zone. */
export interface ZoneRanges {
  readonly zone: string;
  readonly nodeSubnet: Cidr;
  readonly podSubnet: Cidr;
  readonly loadBalancerSubnet: Cidr;
  readonly loadBalancerReservation: Cidr;
  readonly publicSubnet: Cidr;
  readonly transitSubnet: Cidr;
}

/** Prefix length of a zone's node subnet. */
export function nodeSubnetPrefix(nodes: Cidr): number {
  return nodes.prefix + ZONE_BITS + 1;
}

/** Prefix length of a zone's pod subnet. */
export function podSubnetPrefix(pods: Cidr): number {
  return pods.prefix + ZONE_BITS;
}

/**
 * Cuts a zone's subnets out of the site's ranges. Its eighth of `nodes`:
 *
 *     | node subnet (1/2) | load balancers (1/8) | public (1/8) | transit /28, the rest spare (1/4) |
 *
 * and its eighth of `pods` is the pod subnet.
 */
export function cutZone(zone: string, nodes: Cidr, pods: Cidr): ZoneRanges {
  const index = zone.charCodeAt(zone.length - 1) - 'a'.charCodeAt(0);
  const part = nodes.block(nodes.prefix + ZONE_BITS, index);
  const eighth = part.prefix + 3;
  const loadBalancerSubnet = part.block(eighth, 4);
  return {
    zone,
    nodeSubnet: part.block(nodeSubnetPrefix(nodes), 0),
    podSubnet: pods.block(podSubnetPrefix(pods), index),
    loadBalancerSubnet,
    loadBalancerReservation: loadBalancerSubnet.block(RESERVATION_PREFIX, -1),
    publicSubnet: part.block(eighth, 5),
    transitSubnet: part.block(eighth, 6).block(28, 0),
  };
}

/** The plan of a zone; its rack is named after it. */
export function planAwsZone(ranges: ZoneRanges): AwsZonePlan {
  return {
    zone: ranges.zone,
    rack: ranges.zone,
    nodeSubnet: ranges.nodeSubnet.toString(),
    podSubnet: ranges.podSubnet.toString(),
    loadBalancerSubnet: ranges.loadBalancerSubnet.toString(),
    publicSubnet: ranges.publicSubnet.toString(),
    transitSubnet: ranges.transitSubnet.toString(),
    loadBalancerReservation: ranges.loadBalancerReservation.toString(),
    gatewayAddress: ranges.loadBalancerReservation.at(GATEWAY_POSITION).toString(),
    dnsAddress: ranges.loadBalancerReservation.at(DNS_POSITION).toString(),
  };
}

/** How many nodes and pods fit into an AWS site. */
import type { Cidr } from '../cidr';
import { AWS_RESERVED_ADDRESSES, nodeSubnetPrefix, podSubnetPrefix } from '../layout/aws';

/** Addresses that EKS wants free in each cluster subnet for its own interfaces (EKS user guide, subnet requirements). */
export const EKS_FREE_ADDRESSES = 6;

/** Largest managed node group, one per zone here (Amazon EKS service quotas; can be raised). */
export const EKS_NODES_PER_GROUP = 450;

/** Nodes that the node subnet of one zone has addresses for: one each, since pods have their own subnet. */
export function maxNodesByNodeSubnet(nodes: Cidr): number {
  return Math.max(0, 2 ** (32 - nodeSubnetPrefix(nodes)) - AWS_RESERVED_ADDRESSES - EKS_FREE_ADDRESSES);
}

/**
 * /28 prefixes that a node takes: one per 16 pods, and one more that stands for the spare prefix the
 * CNI keeps warm and for the addresses of the interfaces themselves.
 */
export function podBlocksPerNode(maxPods: number): number {
  return Math.ceil(maxPods / 16) + 1;
}

/**
 * Nodes that the pod subnet of one zone has prefixes for. The first and the last /28 hold addresses
 * that AWS keeps, so they are never given out as prefixes.
 */
export function maxNodesByPodSubnet(pods: Cidr, maxPods: number): number {
  const blocks = 2 ** (28 - podSubnetPrefix(pods)) - 2;
  return Math.max(0, Math.floor(blocks / podBlocksPerNode(maxPods)));
}

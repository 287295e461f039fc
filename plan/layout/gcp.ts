/** How a GCP site's ranges are cut. */
import type { Cidr } from '../cidr';

/** Longest prefix of `nodes`: half of it is the node subnet, and its last /28 the control plane. */
export const MAX_NODES_PREFIX = 27;

/** Addresses that Google Cloud keeps in a primary range: the first two and the last two (VPC, subnets). */
export const GCP_RESERVED_ADDRESSES = 4;

/** Planned addresses in the node subnet: the gateway and the DNS forwarder. */
export const PLANNED_ADDRESSES = 2;

/** Positions from the end, clear of the last two; with a /24 or larger they read .250 and .251. */
const GATEWAY_POSITION = -6;
const DNS_POSITION = -5;

/** The first half of the nodes' range; the other half holds the control plane and is otherwise spare. */
export function gcpNodeSubnet(nodes: Cidr): Cidr {
  return nodes.block(nodes.prefix + 1, 0);
}

export function gcpAddresses(nodeSubnet: Cidr): { readonly gateway: string; readonly dns: string } {
  return { gateway: nodeSubnet.at(GATEWAY_POSITION).toString(), dns: nodeSubnet.at(DNS_POSITION).toString() };
}

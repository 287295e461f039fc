/** What is read of VPC networks in several places (Google Cloud VPC documentation, "Subnets"). */
import type { Inventory } from '../../../reachability/resources/inventory';
import { type Resource, asText } from '../../../reachability/resources/resource';
import { need } from './aws';

export const NETWORK = 'gcp:compute/network:Network';
export const SUBNETWORK = 'gcp:compute/subnetwork:Subnetwork';
export const ROUTER = 'gcp:compute/router:Router';
export const TUNNEL = 'gcp:compute/vPNTunnel:VPNTunnel';

export function gcpSubnets(inventory: Inventory, network: Resource): Resource[] {
  return inventory.all(SUBNETWORK).filter((subnet) => inventory.find(subnet, 'network', NETWORK) === network);
}

/** Primary and secondary ranges: each has a subnet route. */
export function allRanges(subnet: Resource): string[] {
  const secondary = subnet.objects('secondaryIpRanges').map((range) => String(asText(range['ipCidrRange'])));
  return [need(subnet, 'ipCidrRange'), ...secondary];
}

/** What is read of VPC networks in several places (Google Cloud VPC documentation, "Subnets"). */
import type { Inventory } from '../../../reachability/resources/inventory';
import { type Resource, asText } from '../../../reachability/resources/resource';
import { LabError } from '../../core/errors';
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

/** @throws LabError if the subnet has no such range */
export function secondaryRange(subnet: Resource, name: string): string {
  const found = subnet.objects('secondaryIpRanges').find((range) => asText(range['rangeName']) === name);
  const range = asText(found?.['ipCidrRange']);
  if (typeof range !== 'string') throw new LabError(`${subnet.urn} has no secondary range ${name}`);
  return range;
}

/** Where a GKE cluster's control plane has its address: a subnet of the network, or a range of Google's. */
export function controlPlaneRange(inventory: Inventory, cluster: Resource): string {
  const subnet = inventory.find(cluster, 'privateClusterConfig.privateEndpointSubnetwork', SUBNETWORK);
  return subnet?.knownText('ipCidrRange') ?? need(cluster, 'privateClusterConfig.masterIpv4CidrBlock');
}

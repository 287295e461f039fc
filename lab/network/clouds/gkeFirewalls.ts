/**
 * Firewall rules that GKE makes for its nodes by itself, outside of any stack (GKE, "Automatically created firewall rules"),
 * but for those of load balancers.
 */
import type { Inventory } from '../../../reachability/resources/inventory';
import type { Resource } from '../../../reachability/resources/resource';
import { LabError } from '../../core/errors';
import type { FilterRule } from '../model';
import { need } from './aws';
import { SUBNETWORK, controlPlaneRange, secondaryRange } from './gcp';

const PRIORITY = 1000;
const EVERY_PORT = ['1-65535'];

/** What the nodes of a cluster let in: pods and nodes of the same cluster, and the control plane at its agents' ports. */
export function gkeNodeRules(inventory: Inventory, cluster: Resource): FilterRule[] {
  const subnet = inventory.find(cluster, 'subnetwork', SUBNETWORK);
  if (subnet === undefined) throw new LabError(`${cluster.urn}: its subnet is not in the export`);
  const accept = (range: string, protocol: string, ports: readonly string[] = []): FilterRule => ({
    ...{ action: 'accept', ranges: [range], sets: [], protocol, ports, priority: PRIORITY, urn: cluster.urn },
  });
  const pods = secondaryRange(subnet, need(cluster, 'ipAllocationPolicy.clusterSecondaryRangeName'));
  const nodes = need(subnet, 'ipCidrRange');
  return [
    ...['tcp', 'udp', 'icmp'].map((protocol) => accept(pods, protocol)),
    ...['tcp', 'udp'].map((protocol) => accept(nodes, protocol, EVERY_PORT)),
    accept(nodes, 'icmp'),
    accept(controlPlaneRange(inventory, cluster), 'tcp', ['443', '10250']),
  ];
}

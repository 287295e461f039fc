import { text, type Props } from '../../core/values';
import { COLLECTIONS, pathOf, selfLinkOf } from '../names';
import type { GcpSession } from '../session';
import { clusterHash, nodeTag, podRange, type ClusterInfo } from './clusterInfo';

/*
 * What GKE makes in the project for a cluster, and deletes with it. It is stored under the types the program would
 * use, so that listing, overlap and in-use rules see it; `madeFor` says whose it is.
 */

const FIREWALL = COLLECTIONS.firewalls.token;
const SUBNETWORK = COLLECTIONS.subnetworks.token;

/** The subnetwork in which the control plane of a `masterIpv4CidrBlock` has its endpoint. */
export function makeEndpointSubnetwork(cloud: GcpSession, info: Omit<ClusterInfo, 'stored'>, block: string): void {
  const name = `gke-${info.name}-${clusterHash(info.id)}-pe-subnet`;
  const id = pathOf('subnetworks', info.project, info.region, name);
  const inputs: Props = {
    name,
    project: info.project,
    region: info.region,
    network: info.network,
    ipCidrRange: block,
    purpose: 'PRIVATE',
  };
  cloud.put(SUBNETWORK, id, inputs, { ...inputs, madeFor: info.id, secondaryIpRanges: [], selfLink: selfLinkOf(id) });
}

/**
 * The firewall rules of a cluster (GKE documentation, "Automatically created firewall rules"): the control plane
 * reaches nodes on 443 and 10250, pods and nodes reach one another.
 */
export function makeFirewalls(cloud: GcpSession, info: ClusterInfo): void {
  const stem = `gke-${info.name}-${clusterHash(info.id)}`;
  const subnetwork = cloud.get(SUBNETWORK, info.subnetwork);
  const nodes = text(subnetwork?.outputs, 'ipCidrRange') ?? '';
  const pods = podRange(cloud, info)?.text ?? '';
  const rule = (role: string, priority: number, sourceRanges: string[], allows: Props[]) => {
    const name = `${stem}-${role}`;
    const id = pathOf('firewalls', info.project, 'global', name);
    const inputs: Props = {
      name,
      project: info.project,
      network: info.network,
      direction: 'INGRESS',
      priority,
      sourceRanges,
      targetTags: [nodeTag(info)],
      allows,
    };
    cloud.put(FIREWALL, id, inputs, { ...inputs, madeFor: info.id, selfLink: selfLinkOf(id) });
  };
  if (info.controlPlane) rule('master', 1000, [info.controlPlane.text], [{ protocol: 'tcp', ports: ['10250', '443'] }]);
  rule(
    'vms',
    1000,
    [nodes],
    [{ protocol: 'icmp' }, { protocol: 'tcp', ports: ['1-65535'] }, { protocol: 'udp', ports: ['1-65535'] }],
  );
  const everything = ['ah', 'esp', 'icmp', 'sctp', 'tcp', 'udp'].map((protocol) => ({ protocol }));
  rule('all', 1000, [pods], everything);
}

export function removeMade(cloud: GcpSession, cluster: string): void {
  for (const stored of [...cloud.store.all(FIREWALL), ...cloud.store.all(SUBNETWORK)]) {
    if (text(stored.outputs, 'madeFor') === cluster) cloud.remove(stored.token, stored.id);
  }
}

import { text } from '../../core/values';
import { regionOf } from '../locations';
import { placeOf, projectOf, resolvePath } from '../names';
import type { GcpSession } from '../session';

export const CLUSTER = 'gcp:container/cluster:Cluster';

/** A secondary range that a cluster's pods or services live in. */
export interface ClusterRange {
  readonly name: string;
  readonly role: 'pods' | 'services';
  readonly cluster: string;
}

/** Which secondary ranges of a subnetwork GKE clusters use. */
export function rangesUsedByClusters(cloud: GcpSession, subnetwork: string): ClusterRange[] {
  return cloud.store.all(CLUSTER).flatMap((cluster) => {
    const region = regionOf(placeOf(cluster.id));
    const named = text(cluster.outputs, 'subnetwork') ?? '';
    if (resolvePath(named, 'subnetworks', projectOf(cluster.id), region) !== subnetwork) return [];
    const pods = text(cluster.outputs, 'ipAllocationPolicy', 'clusterSecondaryRangeName');
    const services = text(cluster.outputs, 'ipAllocationPolicy', 'servicesSecondaryRangeName');
    return [
      ...(pods ? [{ name: pods, role: 'pods' as const, cluster: cluster.id }] : []),
      ...(services ? [{ name: services, role: 'services' as const, cluster: cluster.id }] : []),
    ];
  });
}

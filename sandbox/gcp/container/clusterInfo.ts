import type { Stored } from '../../core/store';
import { list, text, texts } from '../../core/values';
import { CLUSTER } from '../compute/clusterRanges';
import { secondaryRange } from '../compute/vpcRanges';
import { regionOf, zonesOf, isZone } from '../locations';
import { COLLECTIONS, nameOf, placeOf, projectOf, resolvePath } from '../names';
import { parseRange, type Range } from '../ranges';
import { hex, type GcpSession } from '../session';
import type { Store } from '../../core/store';

export const NODE_POOL = 'gcp:container/nodePool:NodePool';

/** A GKE cluster as its own rules need it: references as paths, what the cloud chose filled in. */
export interface ClusterInfo {
  readonly stored: Stored;
  readonly id: string;
  readonly name: string;
  readonly project: string;
  readonly location: string;
  readonly region: string;
  readonly network: string;
  readonly subnetwork: string;
  readonly version: string;
  readonly channel: string;
  /** Zones of node pools that name none. */
  readonly zones: readonly string[];
  /** Range the control plane calls nodes from. */
  readonly controlPlane: Range | undefined;
}

export function clusterId(project: string, location: string, name: string): string {
  return `projects/${project}/locations/${location}/clusters/${name}`;
}

export function clusterInfo(store: Store, id: string): ClusterInfo | undefined {
  const stored = store.get(CLUSTER, id);
  return stored && infoOf(store, stored);
}

export function infoOf(store: Store, stored: Stored): ClusterInfo {
  const { id, outputs } = stored;
  const project = projectOf(id);
  const location = placeOf(id);
  const region = regionOf(location);
  const path = (collection: 'networks' | 'subnetworks', name: string) =>
    resolvePath(text(outputs, name) ?? '', collection, project, region) ?? '';
  return {
    stored,
    id,
    name: nameOf(id),
    project,
    location,
    region,
    network: path('networks', 'network'),
    subnetwork: path('subnetworks', 'subnetwork'),
    version: text(outputs, 'masterVersion') ?? '',
    channel: text(outputs, 'releaseChannel', 'channel') ?? 'REGULAR',
    zones: texts(outputs, 'nodeLocations').length > 0 ? texts(outputs, 'nodeLocations') : defaultZones(location),
    controlPlane: controlPlaneRange(store, stored, project, region),
  };
}

/** A regional cluster without node locations takes three zones of its region; a zonal one its own. */
export function defaultZones(location: string): string[] {
  return isZone(location) ? [location] : zonesOf(location).slice(0, 3);
}

function controlPlaneRange(store: Store, cluster: Stored, project: string, region: string): Range | undefined {
  const block = parseRange(text(cluster.outputs, 'privateClusterConfig', 'masterIpv4CidrBlock') ?? '');
  if (block) return block;
  const home =
    text(cluster.outputs, 'privateClusterConfig', 'privateEndpointSubnetwork') || text(cluster.outputs, 'subnetwork');
  const path = resolvePath(home ?? '', 'subnetworks', project, region);
  return parseRange(text(store.get(COLLECTIONS.subnetworks.token, path)?.outputs, 'ipCidrRange') ?? '');
}

/** The characters GKE puts into the names of what it makes for a cluster. */
export function clusterHash(id: string): string {
  return hex(id, 8);
}

/** Network tag of every node of a cluster. */
export function nodeTag(info: Pick<ClusterInfo, 'id' | 'name'>): string {
  return `gke-${info.name}-${clusterHash(info.id)}-node`;
}

/** The range pods of a pool come from: its own, or the cluster's. */
export function podRangeName(cluster: Stored, pool?: Stored): string {
  const own = text(pool?.outputs, 'networkConfig', 'podRange');
  return own || (text(cluster.outputs, 'ipAllocationPolicy', 'clusterSecondaryRangeName') ?? '');
}

export function podRange(cloud: GcpSession | Store, info: ClusterInfo, pool?: Stored): Range | undefined {
  const subnetwork = cloud.get(COLLECTIONS.subnetworks.token, info.subnetwork);
  return subnetwork && secondaryRange(subnetwork, podRangeName(info.stored, pool));
}

/** The cluster in a pool's path. */
export function clusterOfPool(pool: string): string {
  return pool.replace(/\/nodePools\/[^/]+$/, '');
}

export function poolsOf(store: Store, id: string): Stored[] {
  return store.all(NODE_POOL).filter((pool) => pool.id.startsWith(`${id}/nodePools/`));
}

export function zonesOfPool(info: ClusterInfo, pool: Stored): string[] {
  const own = list(pool.outputs, 'nodeLocations').filter((zone): zone is string => typeof zone === 'string');
  return own.length > 0 ? own : [...info.zones];
}

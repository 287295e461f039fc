import type { EksCluster, GkeCluster } from '../reachability/model/kubernetes/cluster';
import { EKS_CLUSTER, nodeGroupsOf as groupsOf } from '../reachability/model/kubernetes/eks';
import { GKE_CLUSTER, poolsOf } from '../reachability/model/kubernetes/gke';
import { kindOf } from '../reachability/model/kubernetes/objects';
import type { Resource } from '../reachability/resources/resource';
import { type Unknown, UNKNOWN } from '../reachability/resources/value';
import { entryOf, numberAt, settingAt, textAt } from './properties';
import type { Stack } from './stack';

export function eksClusters({ model }: Stack): EksCluster[] {
  return model.clusters.all.filter((cluster) => cluster.cloud === 'aws');
}

export function gkeClusters({ model }: Stack): GkeCluster[] {
  return model.clusters.all.filter((cluster) => cluster.cloud === 'gcp');
}

/** Registered clusters that the model cannot place in a network, because it does not know their subnets. */
export function unplacedClusters({ inventory, model }: Stack): Resource[] {
  const placed = new Set(model.clusters.all.map(({ resource }) => resource));
  return inventory.all(EKS_CLUSTER, GKE_CLUSTER).filter((resource) => !placed.has(resource));
}

export function nodeGroupsOf({ inventory }: Stack, { resource }: EksCluster): Resource[] {
  return groupsOf(inventory, resource);
}

export function nodePoolsOf({ inventory }: Stack, { resource }: GkeCluster): Resource[] {
  return poolsOf(inventory, resource);
}

/** Kubernetes objects of one kind, wherever they are. */
export function kubernetesObjects({ inventory }: Stack, ...kinds: readonly string[]): Resource[] {
  return inventory.resources.filter(
    (resource) => resource.type.startsWith('kubernetes:') && kinds.includes(kindOf(resource)),
  );
}

export function annotation(object: Resource, key: string): string | Unknown | undefined {
  return entryOf(object, 'metadata.annotations', key);
}

/** Zones that a node pool's nodes are in: its own locations, the cluster's, or the one zone it is in. */
function poolZones(pool: Resource, cluster: Resource): readonly string[] | Unknown | undefined {
  for (const resource of [pool, cluster]) {
    const zones = settingAt(resource, 'nodeLocations') === undefined ? undefined : resource.texts('nodeLocations');
    if (zones === UNKNOWN || zones?.includes(UNKNOWN)) return UNKNOWN;
    if (zones !== undefined && zones.length > 0) return zones as readonly string[];
  }
  const location = textAt(pool, 'location') ?? textAt(cluster, 'location');
  if (location === UNKNOWN || location === undefined) return location;
  return /-[a-z]$/.test(location) ? [location] : undefined;
}

/**
 * Most nodes that a GKE pool can have at once, surge included. GKE counts per zone; a regional cluster that names
 * no zones has three (GKE, "Regional clusters").
 */
export function largestPool(pool: Resource, cluster: Resource): number | Unknown | undefined {
  const zones = poolZones(pool, cluster);
  if (zones === UNKNOWN) return UNKNOWN;
  const total = numberAt(pool, 'autoscaling.totalMaxNodeCount');
  const perZone =
    numberAt(pool, 'autoscaling.maxNodeCount') ?? numberAt(pool, 'nodeCount') ?? numberAt(pool, 'initialNodeCount');
  if (total === UNKNOWN || perZone === UNKNOWN) return UNKNOWN;
  const counted = perZone === undefined ? undefined : perZone * (zones?.length ?? 3);
  const nodes = total !== undefined && total > 0 ? total : counted;
  // GKE's default strategy adds one node at a time.
  const surge = numberAt(pool, 'upgradeSettings.maxSurge') ?? 1;
  return nodes === undefined || surge === UNKNOWN ? nodes : nodes + surge;
}

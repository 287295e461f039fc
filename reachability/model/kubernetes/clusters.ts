/** Which Kubernetes object is in which cluster: told by its provider, which takes its kubeconfig from one. */
import { type Inventory, push } from '../../resources/inventory';
import type { Resource } from '../../resources/resource';
import type { AwsNetworks } from '../aws/network';
import type { SecurityGroups } from '../aws/securityGroups';
import type { GcpNetworks } from '../gcp/network';
import type { Cluster } from './cluster';
import { EKS_CLUSTER, readEksCluster } from './eks';
import { GKE_CLUSTER, readGkeCluster } from './gke';
import { isKubernetes } from './objects';

export interface Clusters {
  readonly all: readonly Cluster[];
  readonly byObject: ReadonlyMap<Resource, Cluster>;
  /** Objects of a cluster whose network cannot be told, with that cluster. */
  readonly unplaced: ReadonlyMap<Resource, Resource>;
}

export function readClusters(
  inventory: Inventory,
  aws: AwsNetworks,
  groups: SecurityGroups,
  gcp: GcpNetworks,
): Clusters {
  const resources = inventory.all(EKS_CLUSTER, GKE_CLUSTER);
  const objects = objectsByCluster(inventory, resources);
  const all: Cluster[] = [];
  const byObject = new Map<Resource, Cluster>();
  const unplaced = new Map<Resource, Resource>();
  for (const resource of resources) {
    const own = objects.get(resource) ?? [];
    const cluster =
      resource.type === EKS_CLUSTER
        ? readEksCluster(inventory, aws, groups, resource, own)
        : readGkeCluster(inventory, gcp, resource, own);
    if (cluster === undefined) {
      for (const object of own) unplaced.set(object, resource);
      continue;
    }
    all.push(cluster);
    for (const object of own) byObject.set(object, cluster);
  }
  return { all, byObject, unplaced };
}

function objectsByCluster(inventory: Inventory, clusters: readonly Resource[]): Map<Resource, Resource[]> {
  const byCluster = new Map<Resource, Resource[]>();
  const byProvider = new Map<string | undefined, Resource | undefined>();
  for (const object of inventory.resources) {
    if (!isKubernetes(object)) continue;
    if (!byProvider.has(object.provider))
      byProvider.set(object.provider, clusterOfProvider(inventory, clusters, inventory.providerOf(object)));
    const cluster = byProvider.get(object.provider);
    if (cluster !== undefined) push(byCluster, cluster, object);
  }
  return byCluster;
}

/** By the endpoint in the kubeconfig where it is known, else by what the provider depends on, nearest first. */
function clusterOfProvider(
  inventory: Inventory,
  clusters: readonly Resource[],
  provider: Resource | undefined,
): Resource | undefined {
  // With a single cluster there is nothing to choose, whatever kubeconfig is used.
  if (clusters.length === 1) return clusters[0];
  if (provider === undefined) return undefined;
  const kubeconfig = provider.knownText('kubeconfig');
  const named = clusters.filter((cluster) => {
    const endpoint = cluster.knownText('endpoint');
    return kubeconfig !== undefined && endpoint !== undefined && endpoint !== '' && kubeconfig.includes(endpoint);
  });
  return named.length === 1 ? named[0] : nearestCluster(inventory, provider);
}

function nearestCluster(inventory: Inventory, provider: Resource): Resource | undefined {
  const seen = new Set<string>([provider.urn]);
  let level: readonly Resource[] = [provider];
  while (level.length > 0) {
    const found = level.filter((resource) => resource.type === EKS_CLUSTER || resource.type === GKE_CLUSTER);
    if (found.length > 0) return found.length === 1 ? found[0] : undefined;
    const next = new Set(level.flatMap((resource) => resource.allDependencies()).filter((urn) => !seen.has(urn)));
    next.forEach((urn) => seen.add(urn));
    level = [...next].map((urn) => inventory.get(urn)).filter((resource) => resource !== undefined);
  }
  return undefined;
}

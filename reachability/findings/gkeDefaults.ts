/** Settings of GKE whose defaults surprise later: at the first destroy, or when a rack finds no node. */
import type { Model } from '../model/model';
import type { GkeCluster } from '../model/kubernetes/cluster';
import { asText } from '../resources/resource';
import type { Finding } from '../verdict';

export function gkeDefaultFindings(model: Model): Finding[] {
  return model.clusters.all.flatMap((cluster) =>
    cluster.cloud === 'gcp' ? [...protectionFindings(cluster), ...locationFindings(model, cluster)] : [],
  );
}

/** The provider's default is true, and a destroy fails until it has been turned off and applied (`container.Cluster`). */
function protectionFindings({ resource }: GkeCluster): Finding[] {
  const defaulted = resource.knownTexts('__defaults').includes('deletionProtection');
  if (asText(resource.value('deletionProtection')) !== undefined && !defaulted) return [];
  const message = `${resource.name} leaves deletionProtection to the default, true: it cannot be destroyed`;
  return [{ rule: 'deletion-protection-default', urn: resource.urn, message, remedy: 'Set deletionProtection' }];
}

/** GKE documentation, "Regional clusters": Google picks three zones of a region with more, and racks may be pinned to others. */
function locationFindings(model: Model, cluster: GkeCluster): Finding[] {
  const { resource, zones } = cluster;
  const location = resource.knownText('location');
  const regional = location !== undefined && !/-[a-z]$/.test(location);
  const pinned = model.datacenters
    .filter((datacenter) => datacenter.cluster === cluster)
    .flatMap(({ racks }) => racks.map(({ zone }) => zone))
    .filter((zone) => zone !== undefined);
  if (!regional || zones.length > 0 || pinned.length === 0) return [];
  const message = `${resource.name} leaves its zones to Google, but racks are pinned to ${[...new Set(pinned)].join(', ')}`;
  return [{ rule: 'node-locations-default', urn: resource.urn, message, remedy: 'Set nodeLocations to the racks' }];
}

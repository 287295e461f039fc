/** Filters and rewritten sources on a network that is built already. */
import { nftables } from '../core/namespace';
import { addToProfile, networkOf, sourceNatRules } from './build';
import type { LabModel } from './model';
import { machineNamespace } from './names';
import { replaceRouterFilters } from './routers';

/**
 * What two models must have in common for one to be made of the other by `replaceFilters`: everything but filters, and sources
 * that machines rewrite.
 */
export function shapeOf({ networks, clusters, transitGateways }: LabModel): string {
  return JSON.stringify({
    transitGateways,
    networks: networks.map((network) => ({ ...network, profiles: [], memberSets: [], acls: [] })),
    clusters: clusters.map((cluster) => ({
      ...{ ...cluster, controlPlaneProfile: '', enforcesPolicies: false, managedCorefile: undefined },
      machines: cluster.machines.map((machine) => ({ ...machine, profile: '', podProfile: '', sourceNat: undefined })),
    })),
  });
}

/**
 * Puts the filters of a model of the same shape in place of those of before. Every other rule of routers and machines is gone
 * with them: those of load balancers, Services and policies, and what else than machines was in a profile.
 */
export async function replaceFilters(model: LabModel): Promise<void> {
  for (const network of model.networks) {
    await replaceRouterFilters(network, model.transitGateways);
  }
  for (const cluster of model.clusters) {
    const network = networkOf(model, cluster);
    await addToProfile(network, cluster.controlPlaneProfile, cluster.controlPlane);
    for (const machine of cluster.machines) {
      await nftables(machineNamespace(cluster, machine), sourceNatRules(machine));
      await addToProfile(network, machine.profile, machine.address);
    }
  }
}

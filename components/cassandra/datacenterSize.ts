import type { SiteSettings } from '../../plan/settings';
import type { SitePlan } from '../../plan/types';

/** Cassandra nodes of a site's datacenter: racks times nodes in each rack. */
export function datacenterSize(plan: SitePlan, settings: SiteSettings): number {
  return plan.zones.length * settings.cassandra.nodesPerRack;
}

/**
 * Replicas a datacenter can hold of what the settings ask for: never more than it has nodes, because a
 * higher factor makes every quorum there unreachable.
 */
export function effectiveReplication(replicationFactor: number, size: number): number {
  return Math.min(replicationFactor, size);
}

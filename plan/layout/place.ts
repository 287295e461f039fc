/** Sites that passed every rule, with all their ranges. */
import type { Cidr } from '../cidr';
import type { RangedSite } from '../ranges';
import type { AwsSiteSettings, GcpSiteSettings, SiteSettings } from '../settings';
import { type ZoneRanges, cutZone } from './aws';
import { gcpNodeSubnet } from './gcp';

interface PlacedBase {
  readonly nodes: Cidr;
  readonly pods: Cidr;
  readonly services: Cidr;
  /** With `connectivity: overlay` only. */
  readonly virtual: Cidr | undefined;
}

export interface PlacedAwsSite extends PlacedBase {
  readonly cloud: 'aws';
  readonly settings: AwsSiteSettings;
  /** In order of zone name. */
  readonly zones: readonly ZoneRanges[];
}

export interface PlacedGcpSite extends PlacedBase {
  readonly cloud: 'gcp';
  readonly settings: GcpSiteSettings;
  /** Zone names in order. */
  readonly zones: readonly string[];
  readonly nodeSubnet: Cidr;
  readonly controlPlane: Cidr;
}

export type PlacedSite = PlacedAwsSite | PlacedGcpSite;

/** Cuts a site's ranges into their parts. The rules have made sure that they are there and large enough. */
export function placeSite(settings: SiteSettings, ranged: RangedSite): PlacedSite {
  const nodes = cidrOf(ranged, 'nodes');
  const pods = cidrOf(ranged, 'pods');
  const base = { nodes, pods, services: cidrOf(ranged, 'services'), virtual: ranged.virtual?.cidr };
  const zones = [...settings.zones].sort();
  return settings.cloud === 'aws'
    ? { ...base, cloud: 'aws', settings, zones: zones.map((zone) => cutZone(zone, nodes, pods)) }
    : {
        ...base,
        cloud: 'gcp',
        settings,
        zones,
        nodeSubnet: gcpNodeSubnet(nodes),
        controlPlane: cidrOf(ranged, 'controlPlane'),
      };
}

function cidrOf(ranged: RangedSite, role: 'nodes' | 'pods' | 'services' | 'controlPlane'): Cidr {
  const range = ranged[role];
  if (range === undefined) {
    throw new TypeError(`${ranged.name} has no range for ${role}: its settings were not made by parseSettings`);
  }
  return range.cidr;
}

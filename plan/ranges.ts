/** The top-level ranges of a site: pinned, or cut from a slot of the pool. */
import { Cidr } from './cidr';
import { type Draft, unreadable } from './draft';
import type { Problem } from './problem';
import type { Settings, SiteSettings } from './settings';

/** A top-level range of a site, and where it came from, so that a problem names the setting to change. */
export interface SiteRange {
  /** Name of the site, or its key where it has none. */
  readonly site: string;
  /** Position of the site in the settings. */
  readonly index: number;
  readonly role: 'nodes' | 'pods' | 'services' | 'controlPlane' | 'virtual';
  readonly cidr: Cidr;
  /** The setting that decides the range, and its value. */
  readonly key: string;
  readonly value: string;
  /** The slot that the range was cut from, if it was not pinned. */
  readonly slot?: number;
}

interface Base {
  readonly index: number;
  /** Key of the site in the settings. */
  readonly key: string;
  /** Name of the site, or its key where it has none. */
  readonly name: string;
  readonly settings: Draft<SiteSettings>;
}

/** A site with as many of its ranges as could be read. */
export interface RangedSite extends Base {
  readonly nodes?: SiteRange;
  readonly pods?: SiteRange;
  readonly services?: SiteRange;
  readonly controlPlane?: SiteRange;
  /** With `connectivity: overlay` only. */
  readonly virtual?: SiteRange;
}

/** The sites of a stack, the pool of its slots, and what stops a site from having ranges. */
interface Ranged {
  readonly sites: readonly RangedSite[];
  readonly pool: Cidr | undefined;
  readonly problems: readonly Problem[];
}

/** Gives the sites their ranges, in the order of the settings. */
export function rangeSites(settings: Draft<Settings>): Ranged {
  const problems: Problem[] = [];
  const pool = settings.pool?.range === undefined ? undefined : Cidr.parse(settings.pool.range);
  const prefix = settings.pool?.prefix;
  const sites = (settings.sites ?? []).map((site, index): RangedSite => {
    const key = `sites[${index}]`;
    const base = { index, key, name: site.name ?? key, settings: site };
    if (site.ranges !== undefined) {
      return withControlPlane({ ...base, ...pinnedRanges(base, site.ranges) });
    }
    if (site.slot === undefined || pool === undefined || prefix === undefined) {
      return base;
    }
    const slot = slotBlock(pool, prefix, site.slot, `${key}.slot`);
    if (!(slot instanceof Cidr)) {
      problems.push(slot);
      return base;
    }
    return withControlPlane({ ...base, ...slotRanges(base, slot, site.slot) });
  });
  return { sites, pool, problems };
}

function pinnedRanges(
  { index, key, name }: Base,
  ranges: NonNullable<Draft<SiteSettings>['ranges']>,
): Partial<RangedSite> {
  const pin = (role: 'nodes' | 'pods' | 'services' | 'controlPlane'): SiteRange | undefined => {
    const text = ranges[role];
    return text === undefined
      ? undefined
      : { site: name, index, role, cidr: Cidr.parse(text), key: `${key}.ranges.${role}`, value: text };
  };
  return { nodes: pin('nodes'), pods: pin('pods'), services: pin('services'), controlPlane: pin('controlPlane') };
}

/** The k-th block of the pool: depends on the slot's number alone. */
function slotBlock(pool: Cidr, prefix: number, slot: number, key: string): Cidr | Problem {
  const slots = prefix < pool.prefix ? 0 : 2 ** (prefix - pool.prefix);
  return slot < slots
    ? pool.block(prefix, slot)
    : {
        key,
        value: String(slot),
        message: `is not in the pool: ${pool} has ${slots} slot(s) of /${prefix}`,
        remedy:
          slots > 0
            ? `use a slot from 0 to ${slots - 1}, or enlarge the pool`
            : 'set pool.prefix to a length within pool.range',
      };
}

/** Quarters of a slot: nodes, pods, services and a spare one for what later needs a range of its own. */
function slotRanges({ index, key, name }: Base, block: Cidr, slot: number): Partial<RangedSite> {
  const [nodes, pods, services] = block.split(4);
  const quarter = (role: 'nodes' | 'pods' | 'services', cidr: Cidr): SiteRange => ({
    site: name,
    index,
    role,
    cidr,
    key: `${key}.slot`,
    value: String(slot),
    slot,
  });
  return { nodes: quarter('nodes', nodes!), pods: quarter('pods', pods!), services: quarter('services', services!) };
}

/** GKE's control plane takes the last /28 of the nodes' range unless it is pinned. */
function withControlPlane(site: RangedSite): RangedSite {
  const { nodes, controlPlane, settings } = site;
  if (settings.cloud !== 'gcp' || controlPlane !== undefined || nodes === undefined || nodes.cidr.prefix > 28) {
    return site;
  }
  if (settings.ranges !== undefined && unreadable(settings.ranges, 'controlPlane')) {
    return site;
  }
  return { ...site, controlPlane: { ...nodes, role: 'controlPlane', cidr: nodes.cidr.block(28, -1) } };
}

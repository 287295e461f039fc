/** Virtual addresses of pods, for `connectivity: overlay`. */
import { Cidr } from './cidr';
import { type Draft, unreadable } from './draft';
import { hashBelow } from './hash';
import type { Problem } from './problem';
import type { RangedSite, SiteRange } from './ranges';
import type { OverlaySettings, Settings } from './settings';

/** Shared address space (RFC 6598): private ranges of clouds and offices are seldom in it. */
export const DEFAULT_OVERLAY: OverlaySettings = { virtualPool: '100.64.0.0/10' };

/** A site's virtual range: 16 racks of 256 pods. */
const SITE_PREFIX = 20;
const RACK_PREFIX = 24;

/** Cassandra pods of one rack that have virtual addresses. */
export const PODS_PER_RACK = 2 ** (32 - RACK_PREFIX);

/** Letters of zones that have a rack's part: a to p. */
const MAX_RACKS = 2 ** (RACK_PREFIX - SITE_PREFIX);

/**
 * The site's range: given, or a /20 of the pool by the site's slot, or by its name if it has none.
 * Nothing if the pool has no such part or could not be read.
 */
export function virtualRange(settings: Draft<Settings>, site: RangedSite): SiteRange | undefined {
  const { name, slot, virtual } = site.settings;
  const pool = virtualPool(settings);
  if (pool === undefined || name === undefined || unreadable(site.settings, 'virtual')) {
    return undefined;
  }
  const range = (cidr: Cidr, value: string): SiteRange => ({
    site: name,
    index: site.index,
    role: 'virtual',
    cidr,
    key: `${site.key}.virtual`,
    value,
  });
  if (virtual !== undefined) {
    return range(Cidr.parse(virtual), virtual);
  }
  const count = Math.floor(2 ** (SITE_PREFIX - pool.prefix));
  const index = slot ?? (count === 0 ? 0 : hashBelow(count, 'virtual', name));
  return index < count ? range(pool.block(SITE_PREFIX, index), '') : undefined;
}

/** The pool, where the settings use one that could be read. */
function virtualPool({ connectivity, overlay = DEFAULT_OVERLAY }: Draft<Settings>): Cidr | undefined {
  return connectivity === 'overlay' && overlay.virtualPool !== undefined ? Cidr.parse(overlay.virtualPool) : undefined;
}

/**
 * The virtual address of a Cassandra pod. The rack's letter and the pod's ordinal stand in the last
 * two bytes, so that an address can be read: rack c, pod 3 ends in 2.3 above the site's base.
 * Throws `RangeError` for a zone letter after p or an ordinal above 255.
 */
export function virtualAddress(virtual: string, zone: string, ordinal: number): string {
  return Cidr.parse(virtual).block(RACK_PREFIX, rackIndex(zone)).at(ordinal).toString();
}

/** 0 to 25 for the letters a to z that zone names end in. */
function rackIndex(zone: string): number {
  return zone.charCodeAt(zone.length - 1) - 'a'.charCodeAt(0);
}

/** The pool has a part for each site, and each part has one for each rack. `sites` have their virtual ranges. */
export function checkVirtual(settings: Draft<Settings>, sites: readonly RangedSite[]): Problem[] {
  const pool = virtualPool(settings);
  return pool === undefined ? [] : sites.flatMap((site) => [...checkPart(pool, site), ...checkRacks(site)]);
}

function checkPart(pool: Cidr, { key, settings, virtual }: RangedSite): Problem[] {
  if (virtual !== undefined) {
    const { cidr, value } = virtual;
    const message = `is /${cidr.prefix}, and a site's virtual range is exactly /${SITE_PREFIX}`;
    return cidr.prefix === SITE_PREFIX ? [] : [{ key: virtual.key, value, message, remedy: `use a /${SITE_PREFIX}` }];
  }
  if (settings.name === undefined || unreadable(settings, 'virtual')) {
    return [];
  }
  const place = settings.slot === undefined ? 'it' : `slot ${settings.slot}`;
  const message = `is missing, and ${pool} has no /${SITE_PREFIX} for ${place}`;
  const remedy = `give a /${SITE_PREFIX}, or enlarge overlay.virtualPool`;
  return [{ key: `${key}.virtual`, value: '', message, remedy }];
}

function checkRacks({ key, settings: { zones = [] } }: RangedSite): Problem[] {
  const last = String.fromCharCode('a'.charCodeAt(0) + MAX_RACKS - 1);
  return zones.flatMap((zone, index) =>
    rackIndex(zone) < MAX_RACKS
      ? []
      : [
          {
            key: `${key}.zones[${index}]`,
            value: zone,
            message: `has a letter after ${last}, for which the virtual range has no part`,
            remedy: 'use another zone',
          },
        ],
  );
}

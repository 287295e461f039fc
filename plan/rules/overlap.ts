/** No two ranges of a plan meet, over all sites. */
import type { Cidr } from '../cidr';
import { findOverlaps } from '../overlap';
import type { Problem } from '../problem';
import type { RangedSite, SiteRange } from '../ranges';
import { type FreeRange, freeRanges } from './free';
import { broken, outerControlPlane, present } from './rule';

const DISJOINT = {
  name: 'disjoint ranges',
  source: 'Amazon VPC user guide, route priority; Google Cloud, VPC subnet routes',
};

/** Ranges that a message lists before it only counts the rest. */
const MAX_LISTED = 4;

/**
 * Every overlap among the top-level ranges of all sites: nodes, pods, services, control planes and
 * virtual ranges; one problem for each range that overlaps ranges before it. Service ranges are
 * included: a pod that sends to an address of its own service range never leaves its node. With
 * `overlay` pods reach other sites by virtual addresses only, so the pod ranges of two sites may be
 * the same. Remedies name a range that is free, outside `pool`.
 */
export function checkOverlaps(sites: readonly RangedSite[], overlay: boolean, pool: Cidr | undefined): Problem[] {
  const ranges = sites.flatMap((site) =>
    present(site.nodes, site.pods, site.services, outerControlPlane(site), site.virtual),
  );
  const place = new Map(ranges.map((range, index) => [range, index]));
  const isBefore = (a: SiteRange, b: SiteRange) => (place.get(a) ?? 0) < (place.get(b) ?? 0);
  const earlier = new Map<SiteRange, SiteRange[]>();
  for (const [a, b] of findOverlaps(ranges)) {
    if (!mayMeet(a, b, overlay) && !sameSlot(a, b)) {
      const [first, second] = isBefore(a, b) ? [a, b] : [b, a];
      const others = earlier.get(second);
      if (others === undefined) {
        earlier.set(second, [first]);
      } else {
        others.push(first);
      }
    }
  }
  const taken = [...ranges.map((range) => range.cidr), ...(pool === undefined ? [] : [pool])];
  const free = freeRanges(taken);
  return [
    ...repeatedSlots(sites),
    ...ranges.flatMap((range) => {
      const others = earlier.get(range)?.sort((a, b) => (isBefore(a, b) ? -1 : 1));
      return others === undefined ? [] : [overlapping(range, others, free)];
    }),
  ];
}

/** Pods that reach each other by virtual addresses never meet by their own. */
function mayMeet(a: SiteRange, b: SiteRange, overlay: boolean): boolean {
  return overlay && a.role === 'pods' && b.role === 'pods' && a.index !== b.index;
}

/** Two sites with one slot overlap in every range; `repeatedSlots` says so once. */
function sameSlot(a: SiteRange, b: SiteRange): boolean {
  return a.slot !== undefined && a.slot === b.slot;
}

function overlapping(range: SiteRange, others: readonly SiteRange[], free: FreeRange): Problem {
  const listed = others.slice(0, MAX_LISTED).map((other) => {
    const owner = other.index === range.index ? 'the same site' : other.site;
    return `${other.role} ${other.cidr} of ${owner}`;
  });
  const rest = others.length - listed.length;
  const list = listed.join(', ') + (rest > 0 ? ` and ${rest} more` : '');
  const suggestion = range.slot === undefined ? free(range.cidr) : undefined;
  const remedy = `give one of them another ${range.slot === undefined ? 'range' : 'slot or range'}`;
  return broken(
    DISJOINT,
    range,
    `overlaps ${list}`,
    suggestion === undefined ? remedy : `${remedy}; ${suggestion} is free`,
  );
}

function repeatedSlots(sites: readonly RangedSite[]): Problem[] {
  const owners = new Map<number, string>();
  return sites.flatMap(({ key, name, settings: { slot, ranges } }) => {
    if (slot === undefined || ranges !== undefined) {
      return [];
    }
    const owner = owners.get(slot);
    if (owner === undefined) {
      owners.set(slot, name);
      return [];
    }
    return [
      {
        key: `${key}.slot`,
        value: String(slot),
        message: `is the slot of ${owner} as well`,
        remedy: 'give one of them a free slot',
        rule: DISJOINT.name,
        source: DISJOINT.source,
      },
    ];
  });
}

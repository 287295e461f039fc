/** Overlapping pairs among many ranges. */
import type { Cidr } from './cidr';

/** Anything that has a range. */
export interface Ranged {
  readonly cidr: Cidr;
}

/**
 * All pairs of ranges that share an address, the containing one first, in order of address. Takes
 * O(n log n + k) for n ranges and k pairs.
 *
 * CIDR ranges either nest or are disjoint. So after sorting by first address, larger before smaller,
 * the ranges that are open at any moment form a stack, and a range overlaps exactly those on it.
 */
export function findOverlaps<T extends Ranged>(ranges: readonly T[]): [T, T][] {
  const sorted = [...ranges].sort((a, b) => a.cidr.compare(b.cidr));
  const open: T[] = [];
  const pairs: [T, T][] = [];
  for (const range of sorted) {
    const { first } = range.cidr;
    for (let top = open.at(-1); top !== undefined && top.cidr.last < first; top = open.at(-1)) {
      open.pop();
    }
    for (const outer of open) {
      pairs.push([outer, range]);
    }
    open.push(range);
  }
  return pairs;
}

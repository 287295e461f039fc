/** Ranges that a plan has not taken yet, for remedies. */
import { Cidr } from '../cidr';
import { AUTO_MODE, RESERVED, RFC1918 } from '../reserved';

/** A free range of the same size and private family; nothing if there is none. */
export type FreeRange = (range: Cidr) => Cidr | undefined;

/** Legal in itself, but a VPC with a range in it cannot add 10.0.0.0/16. */
const FIRST_15 = Cidr.parse('10.0.0.0/15');

/** Finds ranges beside those that are taken, reserved, or would bring a warning or another rule with them. */
export function freeRanges(taken: readonly Cidr[]): FreeRange {
  const avoided = [...taken, ...RESERVED.map((entry) => entry.cidr), AUTO_MODE.cidr, FIRST_15];
  const known = new Map<string, Cidr | undefined>();
  return (range) => {
    const family = RFC1918.find((holder) => holder.contains(range));
    if (family === undefined) {
      return undefined;
    }
    const key = `${family} ${range.prefix}`;
    if (!known.has(key)) {
      known.set(key, firstFree(family, range.prefix, avoided));
    }
    return known.get(key);
  };
}

/** The lowest block of a prefix length that meets none of the ranges, found by stepping over whatever it meets. */
function firstFree(holder: Cidr, prefix: number, avoided: readonly Cidr[]): Cidr | undefined {
  const size = 2 ** (32 - prefix);
  let first = holder.first;
  while (first + size - 1 <= holder.last) {
    const block = Cidr.of(first, prefix);
    const met = avoided.find((range) => range.overlaps(block));
    if (met === undefined) {
      return block;
    }
    first = Math.ceil((Math.max(met.last, block.last) + 1) / size) * size;
  }
  return undefined;
}

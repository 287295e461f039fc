/**
 * IPv4 addresses and ranges as plain numbers. The proof keeps its own small helpers, because an
 * oracle shares no code with what it judges.
 */

/** An IPv4 address as an unsigned 32-bit integer. */
export type Address = number;

/** A contiguous block of addresses aligned to its prefix. */
export interface Range {
  readonly first: Address;
  readonly last: Address;
  /** Prefix length, 0 to 32. */
  readonly prefix: number;
}

const OCTET = /^(0|[1-9][0-9]{0,2})$/;

/** Parses dotted decimal; undefined for anything else, such as a host name or an IPv6 address. */
export function parseAddress(text: string): Address | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0;
  for (const part of parts) {
    if (!OCTET.test(part) || Number(part) > 255) return undefined;
    value = value * 256 + Number(part);
  }
  return value;
}

/** Parses `10.0.0.0/16`, or a bare address as a /32. Host bits are cut off, as the clouds do for rules. */
export function parseRange(text: string): Range | undefined {
  const [base, length, ...rest] = text.split('/');
  if (rest.length > 0 || base === undefined) return undefined;
  const address = parseAddress(base);
  if (address === undefined) return undefined;
  if (length === undefined) return { first: address, last: address, prefix: 32 };
  if (!OCTET.test(length) || Number(length) > 32) return undefined;
  return rangeOf(address, Number(length));
}

/** The block of the given prefix length that holds `address`. */
export function rangeOf(address: Address, prefix: number): Range {
  const size = 2 ** (32 - prefix);
  const first = address - (address % size);
  return { first, last: first + size - 1, prefix };
}

export function formatAddress(address: Address): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}

export function formatRange(range: Range): string {
  return `${formatAddress(range.first)}/${range.prefix}`;
}

export function contains(outer: Range, inner: Range): boolean {
  return outer.first <= inner.first && inner.last <= outer.last;
}

export function holds(range: Range, address: Address): boolean {
  return range.first <= address && address <= range.last;
}

export function overlaps(a: Range, b: Range): boolean {
  return a.first <= b.last && b.first <= a.last;
}

export function sameRange(a: Range, b: Range): boolean {
  return a.first === b.first && a.last === b.last;
}

export const EVERYWHERE: Range = { first: 0, last: 2 ** 32 - 1, prefix: 0 };

const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '169.254.0.0/16'].map(mustRange);

/** Whether the address is of a range that the Internet does not route (RFC 1918, RFC 6598, RFC 3927). */
export function isPrivate(address: Address): boolean {
  return PRIVATE.some((range) => holds(range, address));
}

/** Parses a constant of this package's own source. */
export function mustRange(text: string): Range {
  const range = parseRange(text);
  if (range === undefined) throw new RangeError(`${text} is not an IPv4 range`);
  return range;
}

/** Whether `parts` together cover all of `whole`. */
export function covered(whole: Range, parts: readonly Range[]): boolean {
  const sorted = parts.filter((part) => overlaps(part, whole)).sort((a, b) => a.first - b.first);
  let next = whole.first;
  for (const part of sorted) {
    if (part.first > next) return false;
    next = Math.max(next, part.last + 1);
  }
  return next > whole.last;
}

/** Values by range, found by the longest prefix that holds an address, in at most 33 look-ups. */
export class PrefixTable<T> {
  private readonly byLength: Map<Address, T[]>[] = [];
  /** Prefix lengths in use, longest first. */
  private lengths: number[] = [];

  add(range: Range, value: T): void {
    let blocks = this.byLength[range.prefix];
    if (blocks === undefined) {
      blocks = this.byLength[range.prefix] = new Map();
      this.lengths = [...this.lengths, range.prefix].sort((a, b) => b - a);
    }
    const values = blocks.get(range.first);
    if (values === undefined) blocks.set(range.first, [value]);
    else values.push(value);
  }

  /** Every entry that holds the address, longest prefix first, in order of insertion within one prefix. */
  *matches(address: Address): Generator<{ readonly range: Range; readonly values: readonly T[] }> {
    for (const prefix of this.lengths) {
      const range = rangeOf(address, prefix);
      const values = this.byLength[prefix]?.get(range.first);
      if (values !== undefined) yield { range, values };
    }
  }

  /** The values of the longest prefix that holds the address. */
  longest(address: Address): { readonly range: Range; readonly values: readonly T[] } | undefined {
    return this.matches(address).next().value ?? undefined;
  }
}

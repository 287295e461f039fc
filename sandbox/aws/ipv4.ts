/** IPv4 ranges as the EC2 API reads them. The local cloud keeps its own small helpers: it shares no code with the plan. */

export interface Range {
  readonly first: number;
  readonly last: number;
  /** Prefix length, 0 to 32. */
  readonly prefix: number;
}

const OCTET = /^(0|[1-9]\d{0,2})$/;

/** The number of a dotted-decimal address; undefined for anything else. */
export function parseAddress(text: string): number | undefined {
  const octets = text.split('.');
  if (octets.length !== 4) return undefined;
  let value = 0;
  for (const octet of octets) {
    if (!OCTET.test(octet) || Number(octet) > 255) return undefined;
    value = value * 256 + Number(octet);
  }
  return value;
}

export function formatAddress(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}

/** The range that holds an address written with a prefix length, host bits or not; undefined for anything else. */
export function parseNetwork(text: string): Range | undefined {
  const [base = '', length = '', ...rest] = text.split('/');
  const address = parseAddress(base);
  if (rest.length > 0 || address === undefined || !OCTET.test(length) || Number(length) > 32) return undefined;
  const size = 2 ** (32 - Number(length));
  const first = address - (address % size);
  return { first, last: first + size - 1, prefix: Number(length) };
}

/** A range in canonical form; undefined where host bits are set. */
export function parseRange(text: string): Range | undefined {
  const range = parseNetwork(text);
  return range && formatRange(range) === text ? range : undefined;
}

/** A range that is known to be valid. */
export function range(text: string): Range {
  const parsed = parseRange(text);
  if (!parsed) throw new Error(`${text} is not a canonical IPv4 range`);
  return parsed;
}

export function formatRange(value: Range): string {
  return `${formatAddress(value.first)}/${value.prefix}`;
}

export function contains(outer: Range, inner: Range): boolean {
  return outer.first <= inner.first && inner.last <= outer.last;
}

export function overlaps(a: Range, b: Range): boolean {
  return a.first <= b.last && b.first <= a.last;
}

export function holds(outer: Range, address: number): boolean {
  return outer.first <= address && address <= outer.last;
}

export function size(value: Range): number {
  return value.last - value.first + 1;
}

/** An IPv4 range; its addresses are numbers, both ends included. */
export interface Range {
  readonly first: number;
  readonly last: number;
  readonly prefix: number;
  /** Whether the text named the range by an address other than its first. */
  readonly hostBits: boolean;
  /** Canonical text. */
  readonly text: string;
}

export function parseAddress(text: string): number | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) {
    return undefined;
  }
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}

export function formatAddress(address: number): string {
  return [2 ** 24, 2 ** 16, 2 ** 8, 1].map((unit) => Math.floor(address / unit) % 256).join('.');
}

/** Undefined where the text is no IPv4 range in CIDR notation. */
export function parseRange(text: string): Range | undefined {
  const [base = '', length = '', ...rest] = text.split('/');
  const address = parseAddress(base);
  if (address === undefined || rest.length > 0 || !/^(0|[1-9]\d?)$/.test(length) || Number(length) > 32) {
    return undefined;
  }
  const prefix = Number(length);
  const size = 2 ** (32 - prefix);
  const first = Math.floor(address / size) * size;
  const canonical = `${formatAddress(first)}/${prefix}`;
  return { first, last: first + size - 1, prefix, hostBits: first !== address, text: canonical };
}

/** A range that is known to be one. */
export function range(text: string): Range {
  const parsed = parseRange(text);
  if (!parsed) throw new Error(`${text} is not an IPv4 range`);
  return parsed;
}

export function overlaps(a: Range, b: Range): boolean {
  return a.first <= b.last && b.first <= a.last;
}

export function contains(outer: Range, inner: Range): boolean {
  return outer.first <= inner.first && inner.last <= outer.last;
}

export function holds(outer: Range, address: number): boolean {
  return outer.first <= address && address <= outer.last;
}

export function sizeOf(of: Range): number {
  return of.last - of.first + 1;
}

/** Private ranges of RFC 1918. */
export const RFC1918 = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map(range);

export const LINK_LOCAL = range('169.254.0.0/16');

/**
 * Ranges no subnet may use (VPC documentation, "Subnets", section "Prohibited IPv4 subnet ranges"): local,
 * loopback, link-local, multicast and broadcast, and addresses of Google's own APIs, health checks and DNS.
 */
const PROHIBITED = [
  '0.0.0.0/8',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/4',
  '255.255.255.255/32',
  '199.36.153.4/30',
  '199.36.153.8/30',
  '35.191.0.0/16',
  '35.199.192.0/19',
  '130.211.0.0/22',
  // Services of GKE clusters whose service range nobody chose (GKE, "About cluster networking", Service ranges).
  '34.118.224.0/20',
].map(range);

/** The prohibited range that this one meets. */
export function prohibited(candidate: Range): Range | undefined {
  return PROHIBITED.find((taken) => overlaps(taken, candidate));
}

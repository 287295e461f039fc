/** IPv4 arithmetic of the Kubernetes server. */
export function toNumber(address: string): number | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address);
  if (!match) return undefined;
  const octets = match.slice(1).map(Number);
  if (octets.some((octet, i) => octet > 255 || String(octet) !== match[i + 1])) return undefined;
  return octets.reduce((sum, octet) => sum * 256 + octet, 0);
}

export function toText(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}

/** First address and size of a CIDR; undefined where it is not one. */
export function parseCidr(cidr: string): { first: number; size: number } | undefined {
  const [address = '', prefix = ''] = cidr.split('/');
  const base = toNumber(address);
  if (base === undefined || !/^(\d|[12]\d|3[0-2])$/.test(prefix)) return undefined;
  const size = 2 ** (32 - Number(prefix));
  return { first: base - (base % size), size };
}

export function contains(cidr: string, address: string): boolean {
  const range = parseCidr(cidr);
  const value = toNumber(address);
  return range !== undefined && value !== undefined && value >= range.first && value < range.first + range.size;
}

/** IPv4 arithmetic of the lab's own: it judges the program, so it shares no code with the program's plan. */

export interface Range {
  readonly first: number;
  readonly prefix: number;
}

export function parseAddress(text: string): number {
  const parts = text.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255)) {
    throw new RangeError(`${text} is not an IPv4 address`);
  }
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

export function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}

export function parseRange(text: string): Range {
  const [address = '', prefixText = '32'] = text.split('/');
  const prefix = Number(prefixText);
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > 32) throw new RangeError(`${text} is not an IPv4 range`);
  const size = 2 ** (32 - prefix);
  return { first: Math.floor(parseAddress(address) / size) * size, prefix };
}

export function formatRange({ first, prefix }: Range): string {
  return `${formatAddress(first)}/${prefix}`;
}

export function sizeOf({ prefix }: Range): number {
  return 2 ** (32 - prefix);
}

export function contains(range: string, address: string): boolean {
  const { first, prefix } = parseRange(range);
  const number = parseAddress(address);
  return number >= first && number < first + sizeOf({ first, prefix });
}

/** The address at an offset from the first of a range. */
export function addressAt(range: string, offset: number): string {
  const parsed = parseRange(range);
  if (offset < 0 || offset >= sizeOf(parsed)) throw new RangeError(`${range} has no address ${offset}`);
  return formatAddress(parsed.first + offset);
}

/** The block of a range with the given prefix length and number. */
export function blockAt(range: string, prefix: number, index: number): string {
  const parsed = parseRange(range);
  const size = 2 ** (32 - prefix);
  if (prefix < parsed.prefix || (index + 1) * size > sizeOf(parsed)) {
    throw new RangeError(`${range} has no /${prefix} block ${index}`);
  }
  return formatRange({ first: parsed.first + index * size, prefix });
}

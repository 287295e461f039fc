/** Address arithmetic of the tests' own, on big integers: shares no code with plan/. */

export interface Span {
  readonly first: bigint;
  readonly last: bigint;
}

export function number(address: string): bigint {
  return address.split('.').reduce((sum, octet) => (sum << 8n) | BigInt(octet), 0n);
}

export function span(cidr: string): Span {
  const [address, prefix] = cidr.split('/');
  const first = number(address!);
  return { first, last: first + (1n << BigInt(32 - Number(prefix))) - 1n };
}

export function text(first: bigint, prefix: number): string {
  return `${[24n, 16n, 8n, 0n].map((shift) => (first >> shift) & 255n).join('.')}/${prefix}`;
}

export function overlap(a: string, b: string): boolean {
  const x = span(a);
  const y = span(b);
  return x.first <= y.last && y.first <= x.last;
}

export function contains(outer: string, inner: string): boolean {
  const x = span(outer);
  const y = span(inner);
  return x.first <= y.first && y.last <= x.last;
}

/** Position of an address in a range, from the start and from the end (0 is the last). */
export function position(cidr: string, address: string): { readonly fromStart: bigint; readonly fromEnd: bigint } {
  const { first, last } = span(cidr);
  const value = number(address);
  return { fromStart: value - first, fromEnd: last - value };
}

/** Every pair of ranges that share an address, by comparing each with each. */
export function overlappingPairs(cidrs: readonly string[]): [string, string][] {
  return cidrs.flatMap((a, i) =>
    cidrs.slice(i + 1).flatMap((b): [string, string][] => (overlap(a, b) ? [[a, b]] : [])),
  );
}

/** Strict IPv4 values: an `Address` and a `Cidr`, both in canonical form only. */
import { IPv4CidrRange } from 'ip-num';

/** Text that is not a canonical IPv4 range or address. */
export class CidrError extends Error {
  constructor(
    /** The text as it was given. */
    readonly value: string,
    /** What is wrong with it, as the end of a sentence that starts with the value. */
    readonly reason: string,
    /** What to write instead. */
    readonly remedy: string,
  ) {
    super(`${JSON.stringify(value)} ${reason}; ${remedy}`);
    this.name = 'CidrError';
  }
}

const OCTET = /^(0|[1-9]\d{0,2})$/;

/** An IPv4 address. */
export class Address {
  private constructor(
    /** The address as a number, 0 to 2^32 - 1. */
    readonly value: number,
  ) {}

  /** Reads dotted decimal without leading zeros; throws `CidrError` for anything else. */
  static parse(text: string): Address {
    return new Address(parseDotted(text, text, 'write an IPv4 address such as 10.0.0.1'));
  }

  /** The address with this number, 0 to 2^32 - 1; throws `RangeError` outside. */
  static of(value: number): Address {
    if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) {
      throw new RangeError(`${value} is not the number of an IPv4 address`);
    }
    return new Address(value);
  }

  equals(other: Address): boolean {
    return this.value === other.value;
  }

  /** Negative, zero or positive as this address is below, equal to or above the other. */
  compare(other: Address): number {
    return this.value - other.value;
  }

  toString(): string {
    const v = this.value;
    return `${v >>> 24}.${(v >>> 16) & 255}.${(v >>> 8) & 255}.${v & 255}`;
  }
}

/**
 * An IPv4 range in CIDR notation. The first and last address are kept as numbers, so that
 * containment and overlap of many ranges cost two comparisons each.
 */
export class Cidr {
  private constructor(
    /** Number of the first address. */
    readonly first: number,
    /** Number of the last address. */
    readonly last: number,
    /** Prefix length, 0 to 32. */
    readonly prefix: number,
  ) {}

  /**
   * Reads a canonical range. Throws `CidrError` for an empty text, spaces, IPv6, a missing or
   * impossible prefix, leading zeros and host bits; ip-num alone accepts `10.0.0.5/24` and `/08`.
   */
  static parse(text: string): Cidr {
    const example = 'write an IPv4 range such as 10.0.0.0/16';
    const parts = text.split('/');
    const address = parseDotted(parts[0] ?? '', text, example);
    const prefixText = parts[1];
    if (prefixText === undefined) {
      throw new CidrError(text, 'has no prefix length', `write ${text}/32 for this one address, or the range's prefix`);
    }
    if (parts.length > 2 || !/^\d+$/.test(prefixText)) {
      throw new CidrError(text, 'has a prefix length that is not a number', example);
    }
    if (prefixText.length > 1 && prefixText.startsWith('0')) {
      throw new CidrError(text, 'has a prefix length with a leading zero', `write /${Number(prefixText)}`);
    }
    if (Number(prefixText) > 32) {
      throw new CidrError(text, 'has a prefix length above 32', 'use a prefix length from 0 to 32');
    }
    const range = IPv4CidrRange.fromCidr(text);
    const first = Number(range.getFirst().getValue());
    const prefix = Number(range.cidrPrefix.getValue());
    if (first !== address) {
      const canonical = new Cidr(first, Number(range.getLast().getValue()), prefix);
      throw new CidrError(text, `has host bits set: its range starts at ${Address.of(first)}`, `write ${canonical}`);
    }
    return new Cidr(first, Number(range.getLast().getValue()), prefix);
  }

  /** The range of this prefix length that starts at this number; throws `RangeError` if none does. */
  static of(first: number, prefix: number): Cidr {
    const size = 2 ** (32 - prefix);
    if (!Number.isInteger(prefix) || prefix < 0 || prefix > 32 || Address.of(first).value % size !== 0) {
      throw new RangeError(`no /${prefix} starts at ${Address.of(first)}`);
    }
    return new Cidr(first, first + size - 1, prefix);
  }

  /** Number of addresses, 1 to 2^32. */
  get size(): number {
    return this.last - this.first + 1;
  }

  contains(other: Cidr | Address): boolean {
    return other instanceof Cidr
      ? this.first <= other.first && other.last <= this.last
      : this.first <= other.value && other.value <= this.last;
  }

  overlaps(other: Cidr): boolean {
    return this.first <= other.last && other.first <= this.last;
  }

  equals(other: Cidr): boolean {
    return this.first === other.first && this.prefix === other.prefix;
  }

  /** Orders by first address, then larger ranges before the smaller ones they contain. */
  compare(other: Cidr): number {
    return this.first - other.first || this.prefix - other.prefix;
  }

  /** The n-th address, from the end if negative (-1 is the last); throws `RangeError` outside the range. */
  at(n: number): Address {
    const value = n < 0 ? this.last + 1 + n : this.first + n;
    if (!Number.isInteger(n) || value < this.first || value > this.last) {
      throw new RangeError(`${this} has no address ${n}: it has ${this.size} addresses`);
    }
    return Address.of(value);
  }

  /** The n-th block of this prefix length, from the end if negative; throws `RangeError` if there is none. */
  block(prefix: number, n: number): Cidr {
    const count = 2 ** (prefix - this.prefix);
    const index = n < 0 ? count + n : n;
    if (!Number.isInteger(prefix) || prefix < this.prefix || prefix > 32) {
      throw new RangeError(`${this} has no /${prefix} blocks`);
    }
    if (!Number.isInteger(n) || index < 0 || index >= count) {
      throw new RangeError(`${this} has no /${prefix} block ${n}: it has ${count}`);
    }
    return Cidr.of(this.first + index * 2 ** (32 - prefix), prefix);
  }

  /** Cuts into this many equal blocks; throws `RangeError` unless it is a power of two that fits. */
  split(parts: number): Cidr[] {
    const bits = Math.log2(parts);
    if (!Number.isInteger(bits) || bits < 0 || this.prefix + bits > 32) {
      throw new RangeError(`${this} does not split into ${parts} equal blocks`);
    }
    return Array.from({ length: parts }, (_, n) => this.block(this.prefix + bits, n));
  }

  toString(): string {
    return `${Address.of(this.first)}/${this.prefix}`;
  }
}

/** Number of a dotted-decimal address; `whole` is the text that an error quotes. */
function parseDotted(text: string, whole: string, example: string): number {
  if (whole === '') {
    throw new CidrError(whole, 'is empty', example);
  }
  if (/\s/.test(whole)) {
    throw new CidrError(whole, 'contains white space', 'remove it');
  }
  if (text.includes(':')) {
    throw new CidrError(whole, 'is IPv6', example);
  }
  const octets = text.split('.');
  if (octets.length !== 4) {
    throw new CidrError(whole, 'is not four numbers separated by dots', example);
  }
  let value = 0;
  for (const octet of octets) {
    if (/^0\d+$/.test(octet)) {
      throw new CidrError(whole, `has a leading zero in ${octet}, which some programs read as octal`, example);
    }
    if (!OCTET.test(octet) || Number(octet) > 255) {
      throw new CidrError(whole, `has a part that is not a number from 0 to 255`, example);
    }
    value = value * 256 + Number(octet);
  }
  return value;
}

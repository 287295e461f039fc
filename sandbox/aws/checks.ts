/** The checks the real provider makes at plan time, without a call to AWS. Unknown values pass. */
import type { CheckFailure } from '../core/validate';
import { UNKNOWN, at, type Props, type Value } from '../core/values';
import { formatRange, parseAddress, parseNetwork } from './ipv4';

export function fail(property: string, reason: string): CheckFailure {
  return { property, reason };
}

/** The known value at a dotted path. */
export function known(inputs: Props, path: string): Value | undefined {
  const value = at(inputs, ...steps(path));
  return value === UNKNOWN || value === null ? undefined : value;
}

function steps(path: string): string[] {
  return path.split(/[.[\]]+/).filter((part) => part !== '');
}

/** Whether something is given at a path, known or not. */
export function given(inputs: Props, path: string): boolean {
  const value = at(inputs, ...steps(path));
  return value !== undefined && value !== null;
}

/** A network address with a prefix length in bounds (`validation.IsCIDRNetwork` of the provider SDK). */
export function network(inputs: Props, path: string, min = 0, max = 32): CheckFailure[] {
  const value = known(inputs, path);
  if (typeof value !== 'string') return [];
  const parsed = parseNetwork(value);
  if (!parsed) {
    return [fail(path, `${JSON.stringify(value)} is not a valid CIDR block: invalid CIDR address: ${value}`)];
  }
  if (formatRange(parsed) !== value) {
    const canonical = formatRange(parsed);
    return [fail(path, `expected ${path} to contain a valid network Value, expected ${canonical}, got ${value}`)];
  }
  if (parsed.prefix < min || parsed.prefix > max) {
    const bounds = `between ${min} and ${max} significant bits, got: ${parsed.prefix}`;
    return [fail(path, `expected ${JSON.stringify(path)} to contain a network Value with ${bounds}`)];
  }
  return [];
}

export function networks(inputs: Props, path: string): CheckFailure[] {
  const value = known(inputs, path);
  return Array.isArray(value) ? value.flatMap((_, index) => network(inputs, `${path}[${index}]`)) : [];
}

export function ipv4(inputs: Props, path: string): CheckFailure[] {
  const value = known(inputs, path);
  if (typeof value !== 'string' || parseAddress(value) !== undefined) return [];
  return [fail(path, `expected ${path} to contain a valid IPv4 address, got: ${value}`)];
}

export function oneOf(inputs: Props, path: string, allowed: readonly (string | number)[]): CheckFailure[] {
  const value = known(inputs, path);
  if (value === undefined || allowed.includes(value as string | number)) return [];
  return [
    fail(
      path,
      `expected ${path} to be one of [${allowed.map((item) => JSON.stringify(item)).join(' ')}], got ${String(value)}`,
    ),
  ];
}

/** Every item of a list is one of the allowed values. */
export function eachOneOf(inputs: Props, path: string, allowed: readonly (string | number)[]): CheckFailure[] {
  const value = known(inputs, path);
  return Array.isArray(value) ? value.flatMap((_, index) => oneOf(inputs, `${path}[${index}]`, allowed)) : [];
}

export function between(inputs: Props, path: string, min: number, max: number): CheckFailure[] {
  const value = known(inputs, path);
  if (typeof value !== 'number' || (Number.isInteger(value) && value >= min && value <= max)) return [];
  return [fail(path, `expected ${path} to be in the range (${min} - ${max}), got ${value}`)];
}

export function matches(inputs: Props, path: string, pattern: RegExp, rule: string): CheckFailure[] {
  const value = known(inputs, path);
  if (typeof value !== 'string' || pattern.test(value)) return [];
  return [fail(path, `invalid value for ${path} (${rule})`)];
}

export function length(inputs: Props, path: string, min: number, max: number): CheckFailure[] {
  const value = known(inputs, path);
  if (typeof value !== 'string' || (value.length >= min && value.length <= max)) return [];
  return [
    fail(path, `expected length of ${path} to be in the range (${min} - ${max}), got ${value.length} characters`),
  ];
}

export function arn(inputs: Props, path: string): CheckFailure[] {
  const value = known(inputs, path);
  if (typeof value !== 'string' || /^arn:[\w-]+:[a-zA-Z0-9-]+:[a-z0-9-]*:(\d{12}|aws)?:.+$/.test(value)) return [];
  return [fail(path, `(${value}) is an invalid ARN: arn: invalid prefix or sections`)];
}

/** A JSON document given as text or as an object, as the provider normalizes policies. */
export function json(inputs: Props, path: string): CheckFailure[] {
  const value = known(inputs, path);
  if (typeof value !== 'string') return [];
  try {
    JSON.parse(value);
    return [];
  } catch (error) {
    return [fail(path, `contains an invalid JSON: ${(error as Error).message}`)];
  }
}

export function conflicts(inputs: Props, ...paths: string[]): CheckFailure[] {
  const set = paths.filter((path) => given(inputs, path));
  const [first, second] = set;
  return first && second ? [fail(first, `conflicts with ${second}`)] : [];
}

export function exactlyOne(inputs: Props, ...paths: string[]): CheckFailure[] {
  const set = paths.filter((path) => given(inputs, path));
  if (set.length === 1) return [];
  const names = paths.join(',');
  const found = set.length === 0 ? 'none was' : `${set.join(',')} were`;
  return [
    fail(
      set[0] ?? paths[0] ?? '',
      `only one of \`${names}\` can be specified, and one must be, but ${found} specified`,
    ),
  ];
}

export function required(inputs: Props, path: string, why: string): CheckFailure[] {
  return given(inputs, path) ? [] : [fail(path, why)];
}

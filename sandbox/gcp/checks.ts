/**
 * The provider's own validators: they judge inputs before any API is called, so they strike at preview. All of
 * them pass unknown values.
 */
import type { CheckFailure } from '../core/validate';
import { UNKNOWN, isProps, type Props, type Value } from '../core/values';
import { parseAddress, parseRange } from './ranges';

export type Check = (inputs: Props) => CheckFailure[];

export function all(...checks: Check[]): Check {
  return (inputs) => checks.flatMap((check) => check(inputs));
}

/** Every known value at a path; `[*]` stands for each item of a list. */
export function valuesAt(inputs: Props, path: string): { property: string; value: Value }[] {
  let found: { property: string; value: Value }[] = [{ property: '', value: inputs }];
  for (const step of path.split('.')) {
    const each = step.endsWith('[*]');
    const key = each ? step.slice(0, -3) : step;
    found = found.flatMap(({ property, value }) => {
      const next = isProps(value) ? value[key] : undefined;
      if (next === undefined || next === null || next === UNKNOWN) return [];
      const at = property ? `${property}.${key}` : key;
      if (!each) return [{ property: at, value: next }];
      return Array.isArray(next) ? next.map((item, i) => ({ property: `${at}[${i}]`, value: item })) : [];
    });
  }
  return found.filter(({ value }) => value !== UNKNOWN && value !== null);
}

export function check(path: string, judge: (value: Value) => string | undefined): Check {
  return (inputs) =>
    valuesAt(inputs, path).flatMap(({ property, value }) => {
      const reason = judge(value);
      return reason === undefined ? [] : [{ property, reason }];
    });
}

export function oneOf(path: string, ...allowed: string[]): Check {
  return check(path, (value) =>
    typeof value === 'string' && !allowed.includes(value)
      ? `expected ${path} to be one of [${allowed.map((item) => `"${item}"`).join(' ')}], got ${value}`
      : undefined,
  );
}

export function between(path: string, min: number, max: number): Check {
  return check(path, (value) =>
    typeof value === 'number' && (value < min || value > max)
      ? `expected ${path} to be in the range (${min} - ${max}), got ${value}`
      : undefined,
  );
}

export function matches(path: string, pattern: RegExp, meaning: string): Check {
  return check(path, (value) =>
    typeof value === 'string' && !pattern.test(value)
      ? `invalid value for ${path} ("${value}"): ${meaning}`
      : undefined,
  );
}

/** A range in CIDR notation named by its first address, with a prefix length between the two. */
export function cidr(path: string, shortest = 0, longest = 32): Check {
  return check(path, (value) => {
    if (typeof value !== 'string') return undefined;
    const parsed = parseRange(value);
    if (!parsed) return `expected ${path} to contain a valid CIDR, got: ${value}`;
    if (parsed.hostBits)
      return `expected ${path} to contain a valid network CIDR, expected ${parsed.text}, got ${value}`;
    if (parsed.prefix < shortest || parsed.prefix > longest) {
      return `expected ${path} to contain a network CIDR with between ${shortest} and ${longest} significant bits, got: ${parsed.prefix}`;
    }
    return undefined;
  });
}

export function ipAddress(path: string): Check {
  return check(path, (value) =>
    typeof value === 'string' && parseAddress(value) === undefined
      ? `expected ${path} to contain a valid IPv4 address, got: ${value}`
      : undefined,
  );
}

export function rfc3339(path: string): Check {
  const pattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
  return check(path, (value) =>
    typeof value === 'string' && (!pattern.test(value) || Number.isNaN(Date.parse(value)))
      ? `"${path}": "${value}" is not a valid RFC3339 date`
      : undefined,
  );
}

export function exactlyOne(...names: string[]): Check {
  return (inputs) => {
    const given = names.filter((name) => presence(inputs, name) === 'set');
    const first = names[0] ?? '';
    const listed = `\`${names.join(',')}\``;
    if (names.every((name) => presence(inputs, name) === 'absent')) {
      return [{ property: first, reason: `one of ${listed} must be specified` }];
    }
    return given.length <= 1 ? [] : [tooMany(listed, given)];
  };
}

export function atMostOne(...names: string[]): Check {
  return (inputs) => {
    const given = names.filter((name) => presence(inputs, name) === 'set');
    return given.length <= 1 ? [] : [tooMany(`\`${names.join(',')}\``, given)];
  };
}

function tooMany(listed: string, given: readonly string[]): CheckFailure {
  const reason = `only one of ${listed} can be specified, but \`${given.join(',')}\` were specified`;
  return { property: given[0] ?? '', reason };
}

export function conflicts(a: string, b: string): Check {
  return (inputs) =>
    presence(inputs, a) === 'set' && presence(inputs, b) === 'set'
      ? [{ property: a, reason: `"${a}": conflicts with ${b}` }]
      : [];
}

export function requires(a: string, ...others: string[]): Check {
  return (inputs) =>
    others
      .filter((other) => presence(inputs, a) === 'set' && presence(inputs, other) === 'absent')
      .map((other) => ({
        property: a,
        reason: `"${a}": all of \`${a},${others.join(',')}\` must be specified, "${other}" is missing`,
      }));
}

/** Whether something stands at a path, be it known or not. */
export function isSet(inputs: Props, path: string): boolean {
  return presence(inputs, path) !== 'absent';
}

/** `maybe` where a part of the way is not known. */
function presence(inputs: Props, path: string): 'set' | 'absent' | 'maybe' {
  let value: Value | undefined = inputs;
  for (const step of path.split('.')) {
    if (value === UNKNOWN) return 'maybe';
    value = isProps(value) ? value[step] : undefined;
  }
  const empty = value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
  return empty ? 'absent' : 'set';
}

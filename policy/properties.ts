import { type Resource, asNumber, asText } from '../reachability/resources/resource';
import { type Unknown, type Value, UNKNOWN, isList, reveal } from '../reachability/resources/value';

/** A property of a resource, by its dotted path. */
export interface Property {
  readonly path: string;
  readonly value: Value | undefined;
}

/**
 * The properties at a path in which `*` stands for every item of a list: `secondaryIpRanges.*.ipCidrRange`. A
 * list that is not known is given as itself; one that nobody set has no items.
 */
export function propertiesAt(resource: Resource, pattern: string): Property[] {
  const star = pattern.indexOf('*');
  if (star < 0) return [{ path: pattern, value: settingAt(resource, pattern) }];
  const path = pattern.slice(0, Math.max(0, star - 1));
  const list = reveal(settingAt(resource, path));
  if (list === UNKNOWN) return [{ path, value: UNKNOWN }];
  if (!isList(list)) return [];
  return list.flatMap((_, index) => propertiesAt(resource, `${path}.${index}${pattern.slice(star + 1)}`));
}

/**
 * What somebody set a property to. At preview everything that a provider computes is unknown; only what comes from
 * another resource was set to something, the rest is as absent as it is before the provider answers.
 */
export function settingAt(resource: Resource, path: string): Value | undefined {
  const value = resource.value(path);
  return value === UNKNOWN && resource.sources(path).length === 0 ? undefined : value;
}

export function flagAt(resource: Resource, path: string): boolean | Unknown | undefined {
  return settingAt(resource, path) === undefined ? undefined : resource.flag(path);
}

export function numberAt(resource: Resource, path: string): number | Unknown | undefined {
  return asNumber(settingAt(resource, path));
}

export function textAt(resource: Resource, path: string): string | Unknown | undefined {
  return asText(settingAt(resource, path));
}

/** Text of a property: undefined when it is absent or no text, UNKNOWN when it is not known. */
export function textOf({ value }: Property): string | Unknown | undefined {
  return asText(value);
}

/** Annotations or labels and other maps of texts: the value of one key, which may itself contain dots. */
export function entryOf(resource: Resource, path: string, key: string): string | Unknown | undefined {
  const map = reveal(resource.value(path));
  if (map === UNKNOWN) return UNKNOWN;
  if (typeof map !== 'object' || isList(map)) return undefined;
  return asText((map as Readonly<Record<string, Value>>)[key]);
}

/** Parses JSON that a property holds as text; undefined when it is not an object. */
export function jsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

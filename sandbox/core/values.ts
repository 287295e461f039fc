/** Values as they cross the provider protocol: JSON, where one distinguished string means unknown. */
export type Value = string | number | boolean | null | Value[] | { [key: string]: Value };
export type Props = { [key: string]: Value };

/** The engine's encoding of a value that is not known until something is created. */
export const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

export function isUnknown(value: Value | undefined): boolean {
  return value === UNKNOWN;
}

/** Whether a value is known all the way down. */
export function isKnown(value: Value | undefined): boolean {
  if (Array.isArray(value)) return value.every(isKnown);
  if (isProps(value)) return Object.values(value).every(isKnown);
  return value !== UNKNOWN;
}

export function isProps(value: Value | undefined): value is Props {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The text at a path, or undefined where it is absent, unknown or not text. */
export function text(props: Value | undefined, ...path: (string | number)[]): string | undefined {
  const value = at(props, ...path);
  return typeof value === 'string' && value !== UNKNOWN ? value : undefined;
}

export function number(props: Value | undefined, ...path: (string | number)[]): number | undefined {
  const value = at(props, ...path);
  return typeof value === 'number' ? value : undefined;
}

export function flag(props: Value | undefined, ...path: (string | number)[]): boolean | undefined {
  const value = at(props, ...path);
  return typeof value === 'boolean' ? value : undefined;
}

export function list(props: Value | undefined, ...path: (string | number)[]): Value[] {
  const value = at(props, ...path);
  return Array.isArray(value) ? value : [];
}

export function texts(props: Value | undefined, ...path: (string | number)[]): string[] {
  return list(props, ...path).filter((item): item is string => typeof item === 'string' && item !== UNKNOWN);
}

export function object(props: Value | undefined, ...path: (string | number)[]): Props {
  const value = at(props, ...path);
  return isProps(value) ? value : {};
}

/** The value at a path; undefined where anything on the way is absent. */
export function at(value: Value | undefined, ...path: (string | number)[]): Value | undefined {
  let current: Value | undefined = value;
  for (const step of path) {
    if (Array.isArray(current)) current = current[Number(step)];
    else if (isProps(current)) current = current[String(step)];
    else return undefined;
  }
  return current;
}

export function sameValue(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => sameValue(item, b[i]));
  if (isProps(a) && isProps(b)) {
    const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
    return [...keys].every((key) => sameValue(a[key], b[key]));
  }
  return false;
}

export function clone<T extends Value | undefined>(value: T): T {
  return value === undefined ? value : (structuredClone(value) as T);
}

/** Without the keys the protocol adds for itself, and without absent values. */
export function withoutInternals(props: Props): Props {
  return Object.fromEntries(Object.entries(props).filter(([key, value]) => !key.startsWith('__') && value !== null));
}

/** Key and value by which the protocol marks an object as a wrapped secret (pulumi/pulumi sdk/go/common/resource). */
const SIGNATURE_KEY = '4dabf18193072939515e22adb298388d';
const SECRET_SIGNATURE = '1b47061264138c4ac30d75fd1eb44270';

/**
 * Values without their secret wrappers. The engine leaves them on a provider's configuration, and takes them off
 * resources for a provider that does not ask for them; it marks the outputs that came from secrets by itself.
 */
export function revealed(value: Value): Value {
  if (Array.isArray(value)) return value.map(revealed);
  if (!isProps(value)) return value;
  if (value[SIGNATURE_KEY] === SECRET_SIGNATURE) return revealed(value['value'] ?? null);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revealed(item)]));
}

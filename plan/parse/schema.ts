/**
 * Decoders for untyped settings. Each returns the typed value, or reports what is wrong and returns
 * nothing, so that one pass over a stack file finds every mistake.
 */
import type { Draft } from '../draft';
import { nearest } from '../nearest';
import { type Problem, isConfidential, showGiven, showValue } from '../problem';

/** Where a value stands, and where problems with it go. */
export interface At {
  readonly key: string;
  readonly problems: Problem[];
}

export type Decoder<T> = (value: unknown, at: At) => T | undefined;

/** Reports a problem with a value; returns nothing, which is what a decoder then returns. */
export function refuse(at: At, value: unknown, message: string, remedy: string): undefined {
  const { key } = at;
  at.problems.push(
    isEncrypted(value)
      ? { key, value: 'secure', message: 'is encrypted, and no setting is a secret', remedy: 'set it without --secret' }
      : { key, value: showValue(value), message, remedy },
  );
  return undefined;
}

/** How a stack file holds a secret. Pulumi decrypts it for the program; without its engine nobody can. */
function isEncrypted(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).join() === 'secure';
}

/** Any text that is not empty. Numbers are refused: YAML has already lost `1.30` to 1.3. */
export function text(remedy = 'write a text'): Decoder<string> {
  return (value, at) => {
    if (typeof value === 'number' || typeof value === 'boolean') {
      return refuse(at, value, `is a ${typeof value}, not a text`, `put it in quotes, since YAML changes bare values`);
    }
    if (typeof value !== 'string') {
      return refuse(at, value, `is ${kindOf(value)}, not a text`, remedy);
    }
    return value.trim() === '' ? refuse(at, value, 'is empty', remedy) : value;
  };
}

/** A text that matches a pattern. */
export function pattern(regexp: RegExp, message: string, remedy: string): Decoder<string> {
  return refine(text(remedy), (value) => (regexp.test(value) ? undefined : { message, remedy }));
}

/** One of a few words; suggests the nearest. */
export function oneOf<const T extends string>(...words: readonly T[]): Decoder<T> {
  const list = `one of ${words.join(', ')}`;
  return (value, at) => {
    if (typeof value !== 'string' || !(words as readonly string[]).includes(value)) {
      const near = typeof value === 'string' ? nearest(value, words) : undefined;
      return refuse(at, value, `is not ${list}`, near === undefined ? `use ${list}` : `did you mean ${near}?`);
    }
    return value as T;
  };
}

/** A whole number within bounds; a text of digits counts, since Pulumi's own scalars are texts. */
export function integer(min: number, max: number): Decoder<number> {
  return (value, at) => {
    const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
    const remedy = `use a whole number from ${min} to ${max}`;
    if (typeof number !== 'number' || !Number.isInteger(number)) {
      return refuse(at, value, 'is not a whole number', remedy);
    }
    return number < min || number > max ? refuse(at, value, `is outside ${min} to ${max}`, remedy) : number;
  };
}

/** A boolean, or the texts `true` and `false`. */
export const boolean: Decoder<boolean> = (value, at) => {
  if (value === true || value === 'true') {
    return true;
  }
  if (value === false || value === 'false') {
    return false;
  }
  return refuse(at, value, 'is neither true nor false', 'use true or false');
};

/** Adds a check to a decoder. */
export function refine<T>(
  decoder: Decoder<T>,
  check: (value: T) => { readonly message: string; readonly remedy: string } | undefined,
): Decoder<T> {
  return (value, at) => {
    const decoded = decoder(value, at);
    const wrong = decoded === undefined ? undefined : check(decoded);
    return wrong === undefined ? decoded : refuse(at, value, wrong.message, wrong.remedy);
  };
}

/** A list. One item that cannot be read makes the list unreadable, so that its length misleads no check. */
export function listOf<T>(item: Decoder<T>): Decoder<readonly T[]> {
  return (value, at) => {
    const list = fromJson(value, '[');
    if (!Array.isArray(list)) {
      return refuse(at, value, `is ${kindOf(value)}, not a list`, 'write a list');
    }
    const decoded = Array.from(list, (entry: unknown, index) => item(entry, { ...at, key: `${at.key}[${index}]` }));
    return decoded.every((entry) => entry !== undefined) ? decoded : undefined;
  };
}

/** A list of texts in which none may stand twice. */
export function setOf(item: Decoder<string>): Decoder<readonly string[]> {
  const list = listOf(item);
  return (value, at) => {
    const decoded = list(value, at);
    // As given: an entry that cannot be read does not hide another that stands twice.
    const given = fromJson(value, '[');
    const entries: unknown[] = Array.isArray(given) ? given : [];
    for (const entry of new Set(entries.filter((other, index) => entries.indexOf(other) !== index))) {
      refuse(at, entry, 'stands twice in the list', 'remove one of them');
    }
    return decoded;
  };
}

/** A mapping from names to texts. */
export function mapOf(name: Decoder<string>, item: Decoder<string>): Decoder<Readonly<Record<string, string>>> {
  return (value, at) => {
    const object = fromJson(value, '{');
    if (!isObject(object)) {
      return refuse(at, value, `is ${kindOf(value)}, not a mapping`, 'write a mapping of names to texts');
    }
    const result: Record<string, string> = {};
    for (const key of Object.keys(object).sort()) {
      const here = { ...at, key: `${at.key}.${key}` };
      const decodedName = name(key, here);
      const decoded = item(object[key], here);
      if (decodedName !== undefined && decoded !== undefined) {
        result[decodedName] = decoded;
      }
    }
    return result;
  };
}

/** A field of an object: how to read it, and what holds when it is not given. */
export interface Field<T> {
  readonly decode: Decoder<Draft<T>>;
  readonly missing: (at: At) => Draft<T> | undefined;
}

export function optional<T>(decode: Decoder<Draft<T>>): Field<T> {
  return { decode, missing: () => undefined };
}

export function required<T>(decode: Decoder<Draft<T>>, remedy: string): Field<T> {
  return { decode, missing: (at) => refuse(at, undefined, 'is missing', remedy) };
}

export function defaulted<T>(decode: Decoder<Draft<T>>, value: Draft<T>): Field<T> {
  return { decode, missing: () => value };
}

/** An object whose own fields have defaults, or are missing by their own names. */
export function nested<T>(decode: Decoder<Draft<T>>): Field<T> {
  return { decode, missing: (at) => decode({}, at) };
}

/** The fields of an object, each with its decoder; the order is the order of problems. */
export type Fields<T> = { readonly [Key in keyof T]-?: Field<Exclude<T[Key], undefined>> };

/** An object with these fields and no others. */
export function object<T>(fields: Fields<T>): Decoder<Draft<T>> {
  return (value, at) => {
    const given = fromJson(value, '{');
    if (!isObject(given)) {
      return refuse(at, value, `is ${kindOf(value)}, not a mapping`, `write a mapping with ${listKeys(fields)}`);
    }
    return decodeFields(fields, given, at);
  };
}

/** Reads the fields of an object whose shape is already known to be one; reports keys that are not among them. */
export function decodeFields<T>(fields: Fields<T>, given: Readonly<Record<string, unknown>>, at: At): Draft<T> {
  const result: Record<string, unknown> = {};
  const known = Object.keys(fields);
  for (const key of known) {
    const field = fields[key as keyof T] as Field<unknown>;
    const here = { ...at, key: join(at.key, key) };
    const entry = Object.hasOwn(given, key) ? given[key] : undefined;
    if (entry !== undefined && entry !== null) {
      // Present even when it is undefined: the rules tell what could not be read from what is absent.
      result[key] = field.decode(entry, here);
      continue;
    }
    const standard = field.missing(here);
    if (standard !== undefined) {
      result[key] = standard;
    }
  }
  for (const key of Object.keys(given).sort()) {
    if (!known.includes(key)) {
      refuseUnknown(join(at.key, key), key, given[key], known, at.problems);
    }
  }
  return result as Draft<T>;
}

function refuseUnknown(path: string, key: string, value: unknown, known: readonly string[], problems: Problem[]): void {
  const near = nearest(key, known);
  const remedy =
    near !== undefined
      ? `did you mean ${near}?`
      : isConfidential(key)
        ? 'remove it; passwords and keys are made by the stack and kept in its state'
        : `remove it; known here: ${known.join(', ')}`;
  problems.push({ key: path, value: showGiven(key, value), message: 'is not a setting', remedy });
}

/** Pulumi hands structured values over as JSON text. */
export function fromJson(value: unknown, opening: '[' | '{'): unknown {
  if (typeof value !== 'string' || !value.trimStart().startsWith(opening)) {
    return value;
  }
  try {
    return JSON.parse(value);
  } catch {
    // Not JSON: the caller reports that a text stands where a list or mapping should.
    return value;
  }
}

/** A mapping, and not a secret. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isEncrypted(value);
}

function join(parent: string, key: string): string {
  return parent === '' ? key : `${parent}.${key}`;
}

function listKeys(fields: object): string {
  return Object.keys(fields).join(', ');
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) {
    return 'a list';
  }
  return value === null
    ? 'empty'
    : typeof value === 'object'
      ? 'a mapping'
      : `a ${typeof value}`.replace('a string', 'a text');
}

/**
 * Property values as an engine reports them. Three states are kept apart: a value, UNKNOWN (the
 * engine will know it after the update) and undefined (nobody set it).
 */

/** A value that is known only after the update. */
export const UNKNOWN = Symbol('unknown');
export type Unknown = typeof UNKNOWN;

/** A secret. Two secrets can be compared only when both texts are known, or their cipher texts are identical. */
export class Secret {
  constructor(
    /** The value itself, where the state was exported with its secrets shown. */
    readonly plain: Value | undefined,
    readonly cipher: string | undefined,
  ) {}
}

export type Value = string | number | boolean | Unknown | Secret | readonly Value[] | { readonly [key: string]: Value };
export type Fields = { readonly [key: string]: Value };

/** Signature keys of the Pulumi wire format (pulumi/pulumi sdk/go/common/resource/properties.go, plugin/rpc.go). */
const SIGNATURE = '4dabf18193072939515e22adb298388d';
const SECRET = '1b47061264138c4ac30d75fd1eb44270';
const OUTPUT = 'd0e6a833031e9bbcd3f4e8bde6ca49a4';
/** What `preview --json` and `stack export` write in place of a secret they do not show. */
const MASKED = '[secret]';
const UNKNOWN_SENTINELS = new Set([
  '04da6b54-80e4-46f7-96ec-b56ff0331ba9',
  '1c4a061d-8072-4f0a-a4cb-0ff528b18fe7',
  '3eeb2bf0-c639-47a8-9e75-3b44932eb421',
  '6a19a0b0-7e62-4c92-b797-7f8e31da9cc2',
  '030794c1-ac77-496b-92df-f27374a8bd58',
  'e48ece36-62e2-4504-bad9-02848725956a',
  'dd056dcd-154b-4c76-9bd3-c8f88648b5ff',
  '<computed>',
]);

export function isFields(value: Value | undefined): value is Fields {
  return typeof value === 'object' && !Array.isArray(value) && !(value instanceof Secret);
}

export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

/**
 * Turns JSON of a stack export, a `preview --json` or a policy pack into values. `null` becomes
 * undefined: a provider writes it for what nobody set.
 */
export function parseValue(json: unknown): Value | undefined {
  if (json === null || json === undefined) return undefined;
  if (json === MASKED) return new Secret(undefined, undefined);
  if (typeof json === 'string') return UNKNOWN_SENTINELS.has(json) ? UNKNOWN : json;
  if (typeof json === 'number' || typeof json === 'boolean') return json;
  if (Array.isArray(json)) return json.map((item) => parseValue(item) ?? '');
  if (typeof json !== 'object') return undefined;
  const record = json as Readonly<Record<string, unknown>>;
  if (record[SIGNATURE] === SECRET) return parseSecret(record);
  if (record[SIGNATURE] === OUTPUT) return 'value' in record ? parseValue(record['value']) : UNKNOWN;
  return parseFields(record);
}

export function parseFields(record: Readonly<Record<string, unknown>> | undefined): Fields {
  const fields: Record<string, Value> = {};
  for (const [key, item] of Object.entries(record ?? {})) {
    const value = parseValue(item);
    if (value !== undefined) fields[key] = value;
  }
  return fields;
}

function parseSecret(record: Readonly<Record<string, unknown>>): Value {
  const { plaintext, ciphertext, value } = record;
  if (typeof plaintext === 'string') return new Secret(parsePlaintext(plaintext), undefined);
  if (value !== undefined) return new Secret(parseValue(value), undefined);
  return new Secret(undefined, typeof ciphertext === 'string' && ciphertext !== MASKED ? ciphertext : undefined);
}

/** An exported plain text is JSON; a hand-made one may be the bare text. */
function parsePlaintext(text: string): Value | undefined {
  try {
    return parseValue(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

/** The value without its secrecy; UNKNOWN where the text is not at hand. */
export function reveal(value: Value | undefined): Value | undefined {
  return value instanceof Secret ? (value.plain ?? UNKNOWN) : value;
}

function hasUnknown(value: Value): boolean {
  if (value === UNKNOWN) return true;
  if (isList(value)) return value.some(hasUnknown);
  return isFields(value) && Object.values(value).some(hasUnknown);
}

/**
 * Inputs overlaid by outputs: an output is what the cloud answered and wins, except where the engine
 * does not know it yet; there the input shows through.
 */
export function overlay(input: Value | undefined, output: Value | undefined): Value | undefined {
  if (output === undefined) return input;
  if (input === undefined || !hasUnknown(output)) return output;
  if (output === UNKNOWN) return input;
  if (isFields(input) && isFields(output)) return overlayFields(input, output);
  if (isList(input) && isList(output) && input.length === output.length) {
    return output.map((item, index) => overlay(input[index], item) ?? item);
  }
  return output;
}

export function overlayFields(inputs: Fields, outputs: Fields): Fields {
  const merged: Record<string, Value> = { ...inputs };
  for (const [key, output] of Object.entries(outputs)) {
    const value = overlay(inputs[key], output);
    if (value !== undefined) merged[key] = value;
  }
  return merged;
}

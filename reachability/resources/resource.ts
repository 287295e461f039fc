import { type Fields, type Unknown, type Value, UNKNOWN, isFields, isList, overlay, parseValue, reveal } from './value';

/** A registered resource as a stack export, a preview or a policy pack gives it. */
export interface ResourceInput {
  readonly urn: string;
  /** Pulumi type token, e.g. `aws:ec2/vpc:Vpc`. */
  readonly type: string;
  readonly id?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly parent?: string;
  /** `urn::id` of the provider resource. */
  readonly provider?: string;
  readonly dependencies?: readonly string[];
  /** URNs from which each top-level property takes its value. */
  readonly propertyDependencies?: Readonly<Record<string, readonly string[]>>;
}

/** Read access to one resource's properties, inputs overlaid by outputs. Paths are dotted: `vpcConfig.subnetIds`. */
export class Resource {
  readonly urn: string;
  readonly type: string;
  /** Logical name: the last part of the URN. */
  readonly name: string;
  /** Cloud id, once known. */
  readonly id: string | undefined;
  readonly parent: string | undefined;
  /** Reference to the provider resource: its URN, as a rule followed by its id. */
  readonly provider: string | undefined;
  readonly dependencies: readonly string[];
  private readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  private readonly inputs: Readonly<Record<string, unknown>>;
  private readonly outputs: Readonly<Record<string, unknown>>;
  /** Top-level properties that somebody has asked for: of a large stack most are never looked at. */
  private readonly parsed = new Map<string, Value | undefined>();

  constructor(input: ResourceInput) {
    this.urn = input.urn;
    this.type = input.type;
    this.name = input.urn.slice(input.urn.lastIndexOf('::') + 2);
    this.inputs = input.inputs ?? {};
    this.outputs = input.outputs ?? {};
    const id = input.id === undefined ? this.field('id') : parseValue(input.id);
    this.id = typeof id === 'string' && id !== '' ? id : undefined;
    this.parent = input.parent;
    this.provider = input.provider;
    this.dependencies = input.dependencies ?? [];
    this.propertyDependencies = input.propertyDependencies ?? {};
  }

  /** All properties. */
  get fields(): Fields {
    const keys = new Set([...Object.keys(this.inputs), ...Object.keys(this.outputs)]);
    const entries = [...keys].map((key) => [key, this.field(key)] as const);
    return Object.fromEntries(entries.filter((entry): entry is readonly [string, Value] => entry[1] !== undefined));
  }

  private field(key: string): Value | undefined {
    if (!this.parsed.has(key))
      this.parsed.set(key, overlay(parseValue(this.inputs[key]), parseValue(this.outputs[key])));
    return this.parsed.get(key);
  }

  /** The value at a path, still wrapped if it is a secret; UNKNOWN if any part of the way is. */
  value(path: string): Value | undefined {
    const [first = '', ...keys] = path.split('.');
    let value = this.field(first);
    for (const key of keys) {
      const inner = reveal(value);
      if (inner === UNKNOWN) return UNKNOWN;
      value = isList(inner) ? inner[Number(key)] : isFields(inner) ? inner[key] : undefined;
    }
    return value;
  }

  text(path: string): string | Unknown | undefined {
    return asText(this.value(path));
  }

  /** The text at a path, or undefined when it is unknown or absent. */
  knownText(path: string): string | undefined {
    const text = this.text(path);
    return text === UNKNOWN ? undefined : text;
  }

  number(path: string): number | Unknown | undefined {
    return asNumber(this.value(path));
  }

  flag(path: string): boolean | Unknown | undefined {
    const value = reveal(this.value(path));
    if (value === UNKNOWN || typeof value === 'boolean') return value;
    return value === 'true' ? true : value === 'false' ? false : undefined;
  }

  /** The items at a path; UNKNOWN when the list itself is, undefined when it is absent. */
  list(path: string): readonly Value[] | Unknown | undefined {
    const value = reveal(this.value(path));
    return value === UNKNOWN || isList(value) ? value : undefined;
  }

  /** The items at a path that are objects; empty when the list is unknown or absent. */
  objects(path: string): readonly Fields[] {
    const list = this.list(path);
    return list === UNKNOWN || list === undefined ? [] : list.map(reveal).filter(isFields);
  }

  /** The texts at a path, UNKNOWN where one is not known yet; undefined when the list is absent. */
  texts(path: string): readonly (string | Unknown)[] | Unknown | undefined {
    const list = this.list(path);
    if (list === UNKNOWN || list === undefined) return list;
    return list.map((item) => asText(item) ?? '');
  }

  /** The texts at a path that are known; empty when the list is unknown or absent. */
  knownTexts(path: string): readonly string[] {
    const texts = this.texts(path);
    return texts === UNKNOWN || texts === undefined ? [] : texts.filter((text) => typeof text === 'string');
  }

  /** URNs from which the property at a path takes its value; the engine records them per top-level property. */
  sources(path: string): readonly string[] {
    return this.propertyDependencies[path.split('.')[0] ?? path] ?? [];
  }

  /** Every URN this resource depends on, by order or by value. */
  allDependencies(): readonly string[] {
    return [...new Set([...this.dependencies, ...Object.values(this.propertyDependencies).flat()])];
  }
}

export function asText(value: Value | undefined): string | Unknown | undefined {
  const inner = reveal(value);
  if (inner === UNKNOWN || typeof inner === 'string') return inner;
  return typeof inner === 'number' || typeof inner === 'boolean' ? String(inner) : undefined;
}

export function asNumber(value: Value | undefined): number | Unknown | undefined {
  const inner = reveal(value);
  if (inner === UNKNOWN || typeof inner === 'number') return inner;
  return typeof inner === 'string' && /^-?[0-9]+$/.test(inner) ? Number(inner) : undefined;
}

export function asTexts(value: Value | undefined): readonly (string | Unknown)[] {
  const inner = reveal(value);
  return isList(inner) ? inner.map((item) => asText(item) ?? '') : [];
}

/** Editing a stack export as a slip in somebody's program would have changed it. */
import { readFileSync } from 'node:fs';
import { type ResourceInput, readResources } from '../../../reachability';

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type Fields = Record<string, unknown>;
/** Keys and indexes to a property: joined by dots, or a list where keys hold dots themselves. */
type Path = string | readonly string[];

/** Marks a secret in the engine's state. */
const SECRET = '4dabf18193072939515e22adb298388d';

/** A stack's resources, found by `type::name` where the type is the token's last part, e.g. `Vpc::main`. */
export class Stack {
  readonly resources: ResourceInput[];

  constructor(text: string) {
    this.resources = readResources(text);
  }

  static read(path: string): Stack {
    return new Stack(readFileSync(path, 'utf8'));
  }

  copy(): Stack {
    return new Stack(JSON.stringify(this.resources));
  }

  /** @throws when no resource or more than one has the key, so that a mistake never silently changes nothing. */
  find(key: string): ResourceInput {
    const [type, name] = key.split('::');
    const found = this.resources.filter(({ urn }) => urn.endsWith(`:${type}::${name}`));
    if (found.length !== 1 || found[0] === undefined) throw new Error(`${key} names ${found.length} resources`);
    return found[0];
  }

  has(key: string): boolean {
    const [type, name] = key.split('::');
    return this.resources.some(({ urn }) => urn.endsWith(`:${type}::${name}`));
  }

  urn(key: string): string {
    return this.find(key).urn;
  }

  /**
   * Sets a property in inputs and outputs, as an update would have left it. Undefined removes it. Keys that hold dots, such
   * as annotations, need the path as a list.
   */
  set(key: string, path: Path, value: Json | undefined): this {
    const { inputs, outputs } = this.find(key);
    const keys = keysOf(path);
    if (inputs !== undefined) assign(inputs as Fields, keys, value);
    // Outputs that lack the property show the input through.
    if (outputs !== undefined && (keys[0] as string) in outputs) assign(outputs as Fields, keys, value);
    return this;
  }

  /** The value of a property as it was given; secrets are opened. */
  get(key: string, path: Path): unknown {
    let value: unknown = this.find(key).inputs;
    for (const part of keysOf(path)) value = open((open(value) as Fields)[part]);
    return value;
  }

  /** Rewrites a text, such as a Corefile or JSON within a property. @throws when nothing changes. */
  rewrite(key: string, path: Path, edit: (text: string) => string): this {
    const before = String(this.get(key, path));
    const after = edit(before);
    if (after === before) throw new Error(`${key} ${String(path)} is left as it was`);
    return this.set(key, path, after);
  }

  /** Lets a property name another resource: by id, or before ids are known by where the value comes from. */
  point(key: string, path: string, target: string | undefined): this {
    const found = target === undefined ? undefined : this.find(target);
    this.set(key, path, found === undefined ? undefined : (found.id ?? UNKNOWN));
    return this.setSources(key, path.split('.')[0] as string, found === undefined ? [] : [found.urn]);
  }

  /** Adds a resource that is like another one, but for its name and id. */
  addLike(key: string, name: string): string {
    const model = structuredClone(this.find(key)) as { urn: string; id?: string };
    const type = key.split('::')[0] as string;
    model.urn = model.urn.replace(/::[^:]*$/, `::${name}`);
    if (model.id !== undefined) model.id = `id-of-${name}`;
    this.add(model as ResourceInput);
    return `${type}::${name}`;
  }

  /** Adds a resource of a type, provided and placed like another one. */
  addBeside(key: string, type: string, name: string, inputs: Fields): string {
    const { urn, parent, provider } = this.find(key);
    const prefix = urn.slice(0, urn.lastIndexOf('::')).replace(/[^$:]+:[^$]+$/, '');
    this.add({ urn: `${prefix}${type}::${name}`, type, inputs, outputs: inputs, parent, provider });
    return `${type.slice(type.lastIndexOf(':') + 1)}::${name}`;
  }

  /** Removes what a resource waits for. */
  forgetDependencies(key: string, pattern: RegExp): this {
    const resource = this.find(key) as { dependencies?: readonly string[] };
    const kept = (resource.dependencies ?? []).filter((urn) => !pattern.test(urn));
    if (kept.length === resource.dependencies?.length)
      throw new Error(`${key} depends on nothing like ${pattern.source}`);
    resource.dependencies = kept;
    return this;
  }

  /** Where a property's value comes from, as the engine records it. */
  setSources(key: string, property: string, urns: readonly string[]): this {
    const resource = this.find(key) as { propertyDependencies?: Record<string, readonly string[]> };
    resource.propertyDependencies = { ...resource.propertyDependencies, [property]: urns };
    return this;
  }

  /** Removes resources, and every mention of them in what others depend on, as if they had never been declared. */
  remove(...keys: readonly string[]): this {
    for (const key of keys) {
      const { urn } = this.find(key);
      this.resources.splice(this.resources.indexOf(this.find(key)), 1);
      for (const resource of this.resources) forget(resource, urn);
    }
    return this;
  }

  add(resource: ResourceInput): this {
    this.resources.push(resource);
    return this;
  }

  /** Makes the stack what a first preview shows: no ids, no outputs, and UNKNOWN for what comes from other resources. */
  asFirstPreview(): this {
    for (const resource of this.resources) {
      const editable = resource as { id?: string; outputs?: Fields; inputs?: Fields };
      const computed = new Set(
        Object.entries(resource.propertyDependencies ?? {}).flatMap(([key, urns]) => (urns.length > 0 ? [key] : [])),
      );
      editable.id = undefined;
      editable.outputs = undefined;
      for (const key of computed)
        if (editable.inputs?.[key] !== undefined) editable.inputs[key] = hide(editable.inputs[key], resource.type, key);
    }
    return this;
  }
}

const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

/** Names are known at preview; ids and addresses that another resource gives are not. */
function hide(value: unknown, type: string, key: string): unknown {
  if (Array.isArray(value)) return value.map((item) => hide(item, type, key));
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([name, item]) => [
      name,
      isComputed(name, item) ? hide(item, type, key) : item,
    ]);
    return Object.fromEntries(entries);
  }
  return isComputed(key, value) ? UNKNOWN : value;
}

function isComputed(name: string, value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return true;
  if (typeof value !== 'string') return false;
  return (
    /(Id|Ids|ipAddress|network|subnetwork|vpnGateway|peerExternalGateway|Secret|PresharedKey|vpnTunnel)$/i.test(name) &&
    name !== 'networkIp'
  );
}

function keysOf(path: Path): readonly string[] {
  return typeof path === 'string' ? path.split('.') : path;
}

function open(value: unknown): unknown {
  const fields = value as Fields | undefined;
  const plain = typeof fields === 'object' && fields !== null && SECRET in fields ? fields['plaintext'] : undefined;
  return typeof plain === 'string' ? JSON.parse(plain) : value;
}

function forget(resource: ResourceInput, urn: string): void {
  const editable = resource as {
    dependencies?: readonly string[];
    propertyDependencies?: Record<string, readonly string[]>;
  };
  const others = (urns: readonly string[]): string[] => urns.filter((other) => other !== urn);
  editable.dependencies = others(editable.dependencies ?? []);
  const entries = Object.entries(editable.propertyDependencies ?? {});
  editable.propertyDependencies = Object.fromEntries(entries.map(([key, urns]) => [key, others(urns)]));
}

function assign(fields: Fields, path: readonly string[], value: Json | undefined): void {
  const keys = [...path];
  const last = keys.pop() as string;
  let target: Fields = fields;
  for (const key of keys) {
    target[key] ??= {};
    target = target[key] as Fields;
  }
  if (value === undefined) delete target[last];
  else target[last] = structuredClone(value);
}

/** Editing a stack export as a slip in somebody's program would have changed it. */
import { readFileSync } from 'node:fs';
import { type ResourceInput, readResources } from '../../../reachability';

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type Fields = Record<string, unknown>;

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

  urn(key: string): string {
    return this.find(key).urn;
  }

  /** Every resource whose type ends with the given name. */
  all(type: string): ResourceInput[] {
    return this.resources.filter((resource) => resource.type.endsWith(`:${type}`));
  }

  /** Sets a property in inputs and outputs, as an update would have left it. Undefined removes it. */
  set(key: string, path: string, value: Json | undefined): this {
    const resource = this.find(key);
    for (const fields of [resource.inputs, resource.outputs])
      if (fields !== undefined) assign(fields as Fields, path, value);
    return this;
  }

  /** Where a property's value comes from, as the engine records it. */
  setSources(key: string, property: string, urns: readonly string[]): this {
    const resource = this.find(key) as { propertyDependencies?: Record<string, readonly string[]> };
    resource.propertyDependencies = { ...resource.propertyDependencies, [property]: urns };
    return this;
  }

  remove(...keys: readonly string[]): this {
    for (const key of keys) this.resources.splice(this.resources.indexOf(this.find(key)), 1);
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

function assign(fields: Fields, path: string, value: Json | undefined): void {
  const keys = path.split('.');
  const last = keys.pop() as string;
  let target: Fields = fields;
  for (const key of keys) {
    target[key] ??= {};
    target = target[key] as Fields;
  }
  if (value === undefined) delete target[last];
  else target[last] = structuredClone(value);
}

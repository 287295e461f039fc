import type { ResourceInput } from '../../reachability';

/** What the engine writes for a value that is known only after the update. */
export const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

/** A value that an update will take from another resource of the list, by that one's name. */
export class Ref {
  constructor(readonly name: string) {}
}

export function ref(name: string): Ref {
  return new Ref(name);
}

/** A secret as a stack export writes it with its text shown. */
export function secret(text: string): Record<string, unknown> {
  return { '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270', plaintext: JSON.stringify(text) };
}

/** A resource of a test's stack, by a name that is unique in it. */
export interface TestResource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
  readonly provider?: string;
  readonly dependsOn?: readonly string[];
}

export function res(
  type: string,
  name: string,
  inputs: Record<string, unknown>,
  options: Pick<TestResource, 'provider' | 'dependsOn'> = {},
): TestResource {
  return { type, name, inputs, ...options };
}

/**
 * The list as a first preview gives it: every reference is unknown, and told by dependencies alone.
 *
 * @throws Error for a reference to no resource of the list.
 */
export function planned(resources: readonly TestResource[]): ResourceInput[] {
  const urns = new Map(resources.map(({ type, name }) => [name, `urn:pulumi:test::shop::${type}::${name}`]));
  const urnOf = (name: string): string => {
    const urn = urns.get(name);
    if (urn === undefined) throw new Error(`no resource is named ${name}`);
    return urn;
  };
  return resources.map(({ type, name, inputs, provider, dependsOn = [] }) => {
    const dependencies = Object.entries(inputs).map(
      ([key, value]) => [key, [...new Set(refsIn(value))].map(urnOf)] as const,
    );
    return {
      urn: urnOf(name),
      type,
      inputs: withUnknowns(inputs) as Record<string, unknown>,
      provider: provider && `${urnOf(provider)}::${UNKNOWN}`,
      dependencies: [...new Set([...dependencies.flatMap(([, sources]) => sources), ...dependsOn.map(urnOf)])],
      propertyDependencies: Object.fromEntries(dependencies),
    };
  });
}

function refsIn(value: unknown): string[] {
  if (value instanceof Ref) return [value.name];
  if (Array.isArray(value)) return value.flatMap(refsIn);
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(refsIn) : [];
}

function withUnknowns(value: unknown): unknown {
  if (value instanceof Ref) return UNKNOWN;
  if (Array.isArray(value)) return value.map(withUnknowns);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withUnknowns(item)]));
}

/** The list with one property of one resource set, or removed with `undefined`. The path is dotted. */
export function set(resources: readonly TestResource[], name: string, path: string, value: unknown): TestResource[] {
  let found = false;
  const changed = resources.map((resource) => {
    if (resource.name !== name) return resource;
    found = true;
    return { ...resource, inputs: setIn(resource.inputs, path.split('.'), value) as Record<string, unknown> };
  });
  if (!found) throw new Error(`no resource is named ${name}`);
  return changed;
}

function setIn(target: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(target))
    return target.map((item, index) => (String(index) === key ? setIn(item, rest, value) : item));
  const fields = { ...(target as Record<string, unknown> | undefined) };
  const next = setIn(fields[key], rest, value);
  if (next === undefined) delete fields[key];
  else fields[key] = next;
  return fields;
}

/** The list without the resources of these names, of which nothing is left in `dependsOn` either. */
export function without(resources: readonly TestResource[], ...names: readonly string[]): TestResource[] {
  const left = resources.filter(({ name }) => !names.includes(name));
  if (left.length !== resources.length - names.length) throw new Error(`not all of ${names.join(', ')} are there`);
  return left.map((resource) => ({
    ...resource,
    dependsOn: (resource.dependsOn ?? []).filter((name) => !names.includes(name)),
  }));
}

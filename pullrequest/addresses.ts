import { Inventory } from '../reachability/resources/inventory';
import type { Resource } from '../reachability/resources/resource';
import { type Value, Secret, UNKNOWN, isFields, isList } from '../reachability/resources/value';
import type { ResourceInput } from '../reachability';

/** An address or range that is another one in the head, with the places where it is. */
export interface AddressChange {
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** `resource name.property`, in order. */
  readonly places: readonly string[];
}

const ADDRESS = /\b(?:\d{1,3}\.){3}\d{1,3}(?:\/\d{1,2})?\b/g;

/** Whatever stands in these is somebody's secret, even where an export shows it. */
const SECRET_TYPES = /^kubernetes:core\/v1:Secret|^pulumi:providers:|^random:|^tls:/;

/**
 * Addresses in the inputs of resources that base and head both have, where the two differ. Outputs are never read,
 * and neither are secrets. Equal changes at many places are one entry.
 */
export function addressChanges(base: readonly ResourceInput[], head: readonly ResourceInput[]): AddressChange[] {
  const before = new Inventory(base.map(inputsOnly));
  const changes = new Map<string, { before: string | undefined; after: string | undefined; places: string[] }>();
  const resources = new Inventory(head.map(inputsOnly)).resources.filter(({ urn }) => before.get(urn) !== undefined);
  for (const resource of [...resources].sort((a, b) => (a.urn < b.urn ? -1 : 1))) {
    for (const [path, from, to] of differences(before.get(resource.urn) as Resource, resource)) {
      const key = JSON.stringify([from, to]);
      const change = changes.get(key) ?? { before: from, after: to, places: [] };
      const place = `${resource.name}.${path}`;
      if (!change.places.includes(place)) change.places.push(place);
      changes.set(key, change);
    }
  }
  return [...changes.values()];
}

function inputsOnly({ outputs: _, ...input }: ResourceInput): ResourceInput {
  return input;
}

type Difference = readonly [path: string, from: string | undefined, to: string | undefined];

function differences(base: Resource, head: Resource): Difference[] {
  if (SECRET_TYPES.test(head.type) || isComponent(head)) return [];
  const paths = Object.keys({ ...base.fields, ...head.fields }).sort();
  return paths.flatMap((path) => {
    const old = addressesIn(base.fields[path]);
    const now = addressesIn(head.fields[path]);
    const gone = old.filter((address) => !now.includes(address));
    const come = now.filter((address) => !old.includes(address));
    const longer = gone.length > come.length ? gone : come;
    return longer.map((_, index): Difference => [path, gone[index], come[index]]);
  });
}

/** A component repeats the plan of its children. */
function isComponent({ provider, type }: Resource): boolean {
  return provider === undefined && !type.startsWith('pulumi:');
}

function addressesIn(value: Value | undefined): string[] {
  if (value === undefined || value === UNKNOWN || value instanceof Secret) return [];
  if (isList(value)) return value.flatMap(addressesIn);
  if (isFields(value)) return Object.values(value).flatMap(addressesIn);
  return typeof value === 'string' ? (value.match(ADDRESS) ?? []) : [];
}

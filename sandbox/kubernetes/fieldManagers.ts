import { at, isProps, sameValue, texts, type Props, type Value } from '../core/values';
import { ApiError } from './apiErrors';
import { idOf } from './meta';
import type { ClusterState } from './state';

/** Which manager set which fields; what `metadata.managedFields` holds in a real object. */
const MANAGED_FIELDS = 'kubernetes:managedFields';

/** A field of an object, as the keys that lead to it. */
type Path = readonly string[];

/**
 * Server-side apply (Kubernetes documentation, "Server-Side Apply"): what a manager no longer names goes, unless
 * another manager holds it; naming another manager's field with another value is a conflict unless forced.
 *
 * A list is one field here. In the API some lists are maps with keys of their own (containers, ports); two managers
 * that share such a list conflict here and would not there.
 */
export function apply(
  state: ClusterState,
  target: { readonly token: string; readonly apiVersion: string },
  live: Props,
  configuration: Props,
  by: { readonly manager: string; readonly force: boolean },
): Props {
  const owners = readOwners(state, target.token, live);
  const wanted = leaves(configuration);
  const conflicts = conflictsOf(owners, by.manager, live, configuration, wanted);
  if (conflicts.length > 0 && !by.force) throw conflictError(target.apiVersion, conflicts);
  const mine = owners[by.manager] ?? [];
  const dropped = mine.filter((path) => !has(wanted, path) && !ownedByOther(owners, by.manager, path));
  let merged = live;
  for (const path of dropped) merged = without(merged, path);
  for (const path of wanted) {
    const value = at(configuration, ...path) ?? null;
    // An empty map asks that the map be there, not that it be emptied.
    if (!(isProps(value) && isProps(at(merged, ...path)))) merged = withValue(merged, path, value);
  }
  return merged;
}

/** Records what a manager holds after an apply; a forced apply takes the field from the others. */
export function own(state: ClusterState, token: string, live: Props, configuration: Props, manager: string): void {
  const owners = readOwners(state, token, live);
  const wanted = leaves(configuration);
  const next: Record<string, Path[]> = {};
  for (const [other, paths] of Object.entries(owners)) {
    if (other === manager) continue;
    next[other] = paths.filter(
      (path) => !has(wanted, path) || sameValue(at(live, ...path), at(configuration, ...path)),
    );
  }
  next[manager] = wanted;
  writeOwners(state, token, live, next);
}

/** Gives up a manager's fields: those that nobody else holds leave the object (what deleting a Patch does). */
export function relinquish(state: ClusterState, token: string, live: Props, manager: string): Props {
  const owners = readOwners(state, token, live);
  let left = live;
  for (const path of owners[manager] ?? []) {
    if (!ownedByOther(owners, manager, path)) left = without(left, path);
  }
  delete owners[manager];
  writeOwners(state, token, live, owners);
  return left;
}

export function forgetOwners(state: ClusterState, token: string, objectId: string): void {
  state.remove(MANAGED_FIELDS, `${token}|${objectId}`);
}

interface Conflict {
  readonly manager: string;
  readonly path: Path;
}

function conflictsOf(
  owners: Record<string, Path[]>,
  manager: string,
  live: Props,
  configuration: Props,
  wanted: readonly Path[],
): Conflict[] {
  const differing = wanted.filter((path) => changes(at(live, ...path), at(configuration, ...path)));
  return Object.entries(owners)
    .filter(([other]) => other !== manager)
    .flatMap(([other, paths]) =>
      differing.filter((path) => has(paths, path)).map((path) => ({ manager: other, path })),
    );
}

function changes(live: Value | undefined, wanted: Value | undefined): boolean {
  return !sameValue(live, wanted) && !(isProps(live) && isProps(wanted));
}

function conflictError(apiVersion: string, conflicts: readonly Conflict[]): ApiError {
  const version = apiVersion.split('/').pop() ?? apiVersion;
  const of = ({ manager, path }: Conflict) => `conflict with "${manager}" using ${version}: .${path.join('.')}`;
  const text =
    conflicts.length === 1
      ? `Apply failed with 1 conflict: ${of(conflicts[0] as Conflict)}`
      : `Apply failed with ${conflicts.length} conflicts:\n${conflicts.map((conflict) => `- ${of(conflict)}`).join('\n')}`;
  return new ApiError('Conflict', text);
}

function ownedByOther(owners: Record<string, Path[]>, manager: string, path: Path): boolean {
  return Object.entries(owners).some(([other, paths]) => other !== manager && has(paths, path));
}

function readOwners(state: ClusterState, token: string, live: Props): Record<string, Path[]> {
  const record = state.stored(MANAGED_FIELDS, `${token}|${idOf(live)}`)?.inputs ?? {};
  return Object.fromEntries(
    Object.keys(record).map((manager) => [manager, texts(record, manager).map((path) => JSON.parse(path) as Path)]),
  );
}

function writeOwners(state: ClusterState, token: string, live: Props, owners: Record<string, readonly Path[]>): void {
  const content = Object.entries(owners)
    .filter(([, paths]) => paths.length > 0)
    .map(([manager, paths]) => [manager, paths.map((path) => JSON.stringify(path))] as const);
  state.note(MANAGED_FIELDS, `${token}|${idOf(live)}`, Object.fromEntries(content));
}

/** The fields a configuration sets; what names the object is nobody's. */
function leaves(configuration: Props): Path[] {
  const identity = ['apiVersion', 'kind', 'metadata.name', 'metadata.namespace'];
  const found: Path[] = [];
  const walk = (value: Value, path: Path): void => {
    if (identity.includes(path.join('.'))) return;
    if (isProps(value) && (path.length === 0 || Object.keys(value).length > 0)) {
      for (const [key, inner] of Object.entries(value)) walk(inner, [...path, key]);
    } else found.push(path);
  };
  walk(configuration, []);
  return found;
}

function has(paths: readonly Path[], path: Path): boolean {
  return paths.some((other) => sameValue([...other], [...path]));
}

function withValue(target: Props, path: Path, value: Value): Props {
  const [head, ...rest] = path;
  if (head === undefined) return target;
  if (rest.length === 0) return { ...target, [head]: value };
  const inner = target[head];
  return { ...target, [head]: withValue(isProps(inner) ? inner : {}, rest, value) };
}

function without(target: Props, path: Path): Props {
  const [head, ...rest] = path;
  if (head === undefined || target[head] === undefined) return target;
  const { [head]: inner, ...others } = target;
  if (rest.length === 0 || !isProps(inner)) return others;
  const left = without(inner, rest);
  return Object.keys(left).length > 0 ? { ...target, [head]: left } : others;
}

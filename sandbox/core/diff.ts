import { isProps, sameValue, type Props, type Value } from './values';

export type ChangeKind = 'add' | 'delete' | 'update';

export interface PropertyChange {
  readonly path: string;
  readonly kind: ChangeKind;
  readonly replace: boolean;
}

/** What differs between two sets of inputs, property by property, and which of it needs a new resource. */
export function diffInputs(olds: Props, news: Props, immutable: readonly string[] | 'all'): PropertyChange[] {
  const changes: PropertyChange[] = [];
  walk(olds, news, '', (path, kind) => changes.push({ path, kind, replace: isImmutable(path, immutable) }));
  return changes;
}

function walk(
  old: Value | undefined,
  value: Value | undefined,
  path: string,
  report: (path: string, kind: ChangeKind) => void,
): void {
  if (sameValue(old, value)) return;
  const before = old ?? undefined;
  const after = value ?? undefined;
  if (before === after) return;
  if (before === undefined) return report(path, 'add');
  if (after === undefined) return report(path, 'delete');
  if (isProps(before) && isProps(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    for (const key of [...keys].sort()) walk(before[key], after[key], step(path, key), report);
    return;
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    for (let i = 0; i < length; i += 1) walk(before[i], after[i], `${path}[${i}]`, report);
    return;
  }
  report(path, 'update');
}

function step(path: string, key: string): string {
  const plain = /^[A-Za-z_][\w]*$/.test(key);
  if (!plain) return `${path}["${key}"]`;
  return path ? `${path}.${key}` : key;
}

function isImmutable(path: string, immutable: readonly string[] | 'all'): boolean {
  if (immutable === 'all') return true;
  const bare = path.replace(/\[(\d+)\]/g, '');
  return immutable.some((name) => bare === name || bare.startsWith(`${name}.`) || bare.startsWith(`${name}[`));
}

/** The top-level names of changed properties. */
export function changedNames(changes: readonly PropertyChange[]): string[] {
  return [...new Set(changes.map((change) => change.path.split(/[.[]/)[0] ?? ''))];
}

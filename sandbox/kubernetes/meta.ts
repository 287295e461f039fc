import { flag, object, text, type Props } from '../core/values';

/** Object metadata as the API and the provider read it. */
export function nameOf(object: Props): string {
  return text(object, 'metadata', 'name') ?? '';
}

export function namespaceOf(object: Props): string | undefined {
  return text(object, 'metadata', 'namespace');
}

export function labelsOf(value: Props): Record<string, string> {
  return strings(object(value, 'metadata', 'labels'));
}

export function annotationsOf(value: Props): Record<string, string> {
  return strings(object(value, 'metadata', 'annotations'));
}

/** The provider's id of an object: `namespace/name`, or `name` for objects of the whole cluster. */
export function idOf(object: Props): string {
  const namespace = namespaceOf(object);
  return namespace ? `${namespace}/${nameOf(object)}` : nameOf(object);
}

export function id(namespace: string | undefined, name: string): string {
  return namespace ? `${namespace}/${name}` : name;
}

/** API group of an apiVersion; empty for the core group. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
}

/** Whether every pair of `wanted` stands in `labels`. An empty selector selects nothing here, as in a Service. */
export function selects(wanted: Record<string, string>, labels: Readonly<Record<string, string>>): boolean {
  const pairs = Object.entries(wanted);
  return pairs.length > 0 && pairs.every(([key, value]) => labels[key] === value);
}

export function strings(value: Props): Record<string, string> {
  return Object.fromEntries(
    Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );
}

/** An annotation of the provider that is on: `"true"`. */
export function isOn(object: Props, annotation: string): boolean {
  return annotationsOf(object)[annotation] === 'true' || flag(object, 'metadata', 'annotations', annotation) === true;
}

/** Reading Kubernetes objects. Keys of labels and annotations hold dots and slashes, so they are never part of a path. */
import { parseDocument } from 'yaml';
import { type Resource, asText } from '../../resources/resource';
import { type Fields, type Value, UNKNOWN, isFields, isList, reveal } from '../../resources/value';

/** Kind of an object by its type token: `kubernetes:core/v1:Service` is a `Service`, a patch of one a `ServicePatch`. */
export function kindOf(resource: Resource): string {
  return resource.type.slice(resource.type.lastIndexOf(':') + 1);
}

export function isKubernetes(resource: Resource): boolean {
  return resource.type.startsWith('kubernetes:');
}

/** Name and namespace; the namespace `default` where none is given. */
export function nameOf(resource: Resource): string {
  return resource.knownText('metadata.name') ?? resource.name;
}

export function namespaceOf(resource: Resource): string {
  return resource.knownText('metadata.namespace') ?? resource.knownText('namespace') ?? 'default';
}

export function annotationsOf(resource: Resource): ReadonlyMap<string, string> {
  return textMap(resource.value('metadata.annotations'));
}

/** The known texts of a map such as labels, a selector or a ConfigMap's data. */
export function textMap(value: Value | undefined): ReadonlyMap<string, string> {
  const fields = reveal(value);
  const map = new Map<string, string>();
  if (!isFields(fields)) return map;
  for (const [key, item] of Object.entries(fields)) {
    const text = asText(item);
    if (typeof text === 'string') map.set(key, text);
  }
  return map;
}

/** The objects of a list inside another object. */
export function objectsOf(value: Value | undefined): readonly Fields[] {
  const list = reveal(value);
  return isList(list) ? list.map(reveal).filter(isFields) : [];
}

/** A value inside nested objects, by keys; UNKNOWN if any part of the way is. */
export function dig(value: Value | undefined, ...keys: readonly string[]): Value | undefined {
  let inner = reveal(value);
  for (const key of keys) {
    if (inner === UNKNOWN) return UNKNOWN;
    inner = isFields(inner) ? reveal(inner[key]) : undefined;
  }
  return inner;
}

export type Labels = ReadonlyMap<string, string>;

/** A label selector as Kubernetes evaluates it: every `matchLabels` entry and every expression must hold; an empty one matches all. */
export function selects(selector: Value | undefined, labels: Labels): boolean {
  for (const [key, value] of textMap(dig(selector, 'matchLabels'))) if (labels.get(key) !== value) return false;
  return objectsOf(dig(selector, 'matchExpressions')).every((expression) => {
    const key = asText(expression['key']);
    const operator = asText(expression['operator']);
    const values = isList(expression['values']) ? expression['values'].map((item) => asText(item)) : [];
    const own = typeof key === 'string' ? labels.get(key) : undefined;
    if (operator === 'In') return own !== undefined && values.includes(own);
    if (operator === 'NotIn') return own === undefined || !values.includes(own);
    if (operator === 'Exists') return own !== undefined;
    return operator === 'DoesNotExist' ? own === undefined : false;
  });
}

/** JSON that a property holds as text; undefined when it is absent or no JSON object, UNKNOWN when not known yet. */
export function jsonText(value: Value | undefined): Fields | typeof UNKNOWN | undefined {
  const text = asText(value);
  if (text === UNKNOWN) return UNKNOWN;
  if (text === undefined) return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? (parsed as Fields) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** JSON or YAML that a property holds as text; undefined when it is absent or no object, UNKNOWN when not known yet. */
export function yamlText(value: Value | undefined): Fields | typeof UNKNOWN | undefined {
  const text = asText(value);
  if (text === UNKNOWN || text === undefined) return text;
  const document = parseDocument(text);
  if (document.errors.length > 0) return undefined;
  const parsed: unknown = document.toJS();
  return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? (parsed as Fields) : undefined;
}

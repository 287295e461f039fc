import { isList, isMap, isObject, type ObjectShape, type Shape } from '../schema/schema';
import { UNKNOWN, isProps, type Props, type Value } from './values';

/** Something the provider refuses before it calls any API. */
export interface CheckFailure {
  /** Path of the property, e.g. `vpcConfig.subnetIds[0]`. */
  readonly property: string;
  readonly reason: string;
}

/**
 * Everything wrong with the shape of inputs: properties the provider does not know, required ones
 * that are missing, values of another type. Unknown values pass: they are judged when known.
 */
export function validateShape(props: Props, shape: ObjectShape, path = ''): CheckFailure[] {
  const failures: CheckFailure[] = [];
  for (const name of shape.required) {
    if (props[name] === undefined || props[name] === null) {
      failures.push({ property: join(path, name), reason: 'missing required property' });
    }
  }
  for (const [name, value] of Object.entries(props)) {
    if (value === null) continue;
    const field = shape.fields[name];
    if (field === undefined) failures.push({ property: join(path, name), reason: 'unknown property' });
    else failures.push(...validateValue(value, field, join(path, name)));
  }
  return failures;
}

function validateValue(value: Value, shape: Shape, path: string): CheckFailure[] {
  if (shape === 'any' || value === UNKNOWN || value === null) return [];
  if (isList(shape)) {
    if (!Array.isArray(value)) return [mismatch(path, 'a list', value)];
    return value.flatMap((item, i) => validateValue(item, shape.list, `${path}[${i}]`));
  }
  if (isMap(shape)) {
    if (!isProps(value)) return [mismatch(path, 'a map', value)];
    return Object.entries(value).flatMap(([key, item]) => validateValue(item, shape.map, join(path, key)));
  }
  if (isObject(shape)) {
    return isProps(value) ? validateShape(value, shape, path) : [mismatch(path, 'an object', value)];
  }
  return typeof value === shape ? [] : [mismatch(path, `a ${shape}`, value)];
}

function mismatch(path: string, wanted: string, value: Value): CheckFailure {
  const found = Array.isArray(value) ? 'a list' : `a ${typeof value}`;
  return { property: path, reason: `expected ${wanted}, got ${found}` };
}

function join(path: string, name: string): string {
  return path ? `${path}.${name}` : name;
}

import { isObject, type ObjectShape, type Shape } from '../../schema/schema';
import { loadSchema } from '../../core/schemaTypes';

/** An object of the given fields; the names in `required` have to be there. */
export function struct(fields: Record<string, Shape>, required: readonly string[] = []): ObjectShape {
  return { fields, required };
}

export function listOf(list: Shape): Shape {
  return { list };
}

export function mapOf(map: Shape): Shape {
  return { map };
}

/** Several fields of one shape. */
export function fields(shape: Shape, ...names: string[]): Record<string, Shape> {
  return Object.fromEntries(names.map((name) => [name, shape]));
}

const builtIn = loadSchema('kubernetes');

/** A part of a built-in type, by its path in the SDK's declaration. */
export function builtInShape(token: string, ...path: string[]): Shape {
  let shape: Shape | undefined = builtIn.types[token]?.inputs;
  for (const step of path) {
    if (shape !== undefined && typeof shape === 'object' && 'list' in shape) shape = shape.list;
    shape = shape !== undefined && isObject(shape) ? shape.fields[step] : undefined;
  }
  if (shape === undefined) throw new Error(`${token}: no declaration at ${path.join('.')}`);
  return shape;
}

/** Without the requirement that some fields be there: as custom resources embed built-in types. */
export function optional(shape: Shape): Shape {
  return typeof shape === 'object' && 'fields' in shape ? { ...shape, required: [] } : shape;
}

export const METADATA = builtInShape('kubernetes:core/v1:ConfigMap', 'metadata');
export const POD_SPEC = builtInShape('kubernetes:apps/v1:Deployment', 'spec', 'template', 'spec');
export const RESOURCES = builtInShape(
  'kubernetes:apps/v1:Deployment',
  'spec',
  'template',
  'spec',
  'containers',
  'resources',
);
export const AFFINITY = builtInShape('kubernetes:apps/v1:Deployment', 'spec', 'template', 'spec', 'affinity');
export const VOLUME = builtInShape('kubernetes:apps/v1:Deployment', 'spec', 'template', 'spec', 'volumes');
export const CLAIM_SPEC = builtInShape(
  'kubernetes:apps/v1:Deployment',
  'spec',
  'template',
  'spec',
  'volumes',
  'ephemeral',
  'volumeClaimTemplate',
  'spec',
);
export const LABEL_SELECTOR = builtInShape('kubernetes:apps/v1:Deployment', 'spec', 'selector');

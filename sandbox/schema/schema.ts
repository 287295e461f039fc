/**
 * Shape of a value a resource property may hold, as the provider SDK's types say.
 *
 * A scalar is written by name; `any` holds what the SDK leaves open (JSON documents, recursive types).
 */
export type Shape = 'string' | 'number' | 'boolean' | 'any' | ListShape | MapShape | ObjectShape;

export interface ListShape {
  readonly list: Shape;
}

export interface MapShape {
  readonly map: Shape;
}

export interface ObjectShape {
  readonly fields: Readonly<Record<string, Shape>>;
  readonly required: readonly string[];
}

/** The inputs a resource type takes and the outputs it has. */
export interface TypeSchema {
  readonly inputs: ObjectShape;
  readonly outputs: readonly string[];
  /** Those of them that no cloud computes: what the program leaves out stays absent. */
  readonly optional: readonly string[];
}

export interface PackageSchema {
  /** Version of the SDK the schema was read from; the provider server answers with it. */
  readonly version: string;
  readonly types: Readonly<Record<string, TypeSchema>>;
}

export function isList(shape: Shape): shape is ListShape {
  return typeof shape === 'object' && 'list' in shape;
}

export function isMap(shape: Shape): shape is MapShape {
  return typeof shape === 'object' && 'map' in shape;
}

export function isObject(shape: Shape): shape is ObjectShape {
  return typeof shape === 'object' && 'fields' in shape;
}

import * as fs from 'node:fs';
import * as path from 'node:path';
import type { PackageSchema, TypeSchema } from '../schema/schema';
import type { PackageName } from '../schema/tokens';
import type { ResourceType } from './resourceType';

export function loadSchema(name: PackageName): PackageSchema {
  return JSON.parse(fs.readFileSync(path.join(__dirname, '..', 'schema', `${name}.json`), 'utf8')) as PackageSchema;
}

/** Behaviours joined with the shapes of the SDK; fails where one stands without the other. */
export function typesByToken<C>(schema: PackageSchema, types: readonly ResourceType<C>[]) {
  const known = new Map<string, { type: ResourceType<C>; schema: TypeSchema }>();
  for (const type of types) {
    const shape = schema.types[type.token];
    if (!shape)
      throw new Error(`${type.token}: not in the generated schema; add it to tokens.ts and run npm run schema`);
    known.set(type.token, { type, schema: shape });
  }
  const missing = Object.keys(schema.types).filter((token) => !known.has(token));
  if (missing.length > 0) throw new Error(`no behaviour for ${missing.join(', ')}`);
  return known;
}

import type { ProviderDefinition } from '../core/resourceType';
import { loadSchema, typesByToken } from '../core/schemaTypes';
import { StoreSession, type World } from '../core/world';
import { privateKey } from './privateKey';
import { selfSignedCert } from './selfSignedCert';

export function tlsProvider(world: World): ProviderDefinition<StoreSession> {
  const schema = loadSchema('tls');
  const types = typesByToken(schema, [privateKey, selfSignedCert]);
  return {
    name: 'tls',
    version: schema.version,
    configKeys: ['proxy'],
    typeOf: (token) => types.get(token),
    configure: () => new StoreSession(world, world.tls),
  };
}

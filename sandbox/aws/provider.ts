import type { ProviderDefinition } from '../core/resourceType';
import { loadSchema, typesByToken } from '../core/schemaTypes';
import type { World } from '../core/world';
import { withProviderAttributes } from './awsType';
import { CONFIG_KEYS, checkConfig, sessionFor } from './config';
import { functions } from './functions';
import type { AwsSession } from './session';
import { types } from './types';

/** The local AWS: every type in `schema/tokens.ts`, by the documented rules of its API. */
export function awsProvider(world: World): ProviderDefinition<AwsSession> {
  const schema = loadSchema('aws');
  const decorated = types.map((type) => {
    const shape = schema.types[type.token];
    return shape ? withProviderAttributes(type, shape) : type;
  });
  const known = typesByToken(schema, decorated);
  return {
    name: 'aws',
    version: schema.version,
    configKeys: CONFIG_KEYS,
    typeOf: (token) => known.get(token),
    checkConfig,
    configure: (config) => sessionFor(world, config),
    functions,
  };
}

import type { ProviderDefinition, ResourceType } from '../core/resourceType';
import { loadSchema, typesByToken } from '../core/schemaTypes';
import { UNKNOWN, text, type Props } from '../core/values';
import type { World } from '../core/world';
import type { TypeSchema } from '../schema/schema';
import { realClouds } from './realClouds';
import type { Clouds } from './clouds';
import { CUSTOM_RESOURCE_SCHEMA } from './custom/customKind';
import { releaseType } from './helm/releaseType';
import { readKubeconfig } from './kubeconfig';
import { builtInKinds, customKinds } from './kinds';
import { objectType } from './objectType';
import { patchType } from './patchType';
import { KubernetesSession } from './session';

/** Provider configuration (`kubernetes.ProviderArgs`). */
const CONFIG_KEYS = [
  'alwaysRender',
  'cluster',
  'clusterIdentifier',
  'context',
  'deleteUnreachable',
  'enableConfigMapMutable',
  'enablePatchForce',
  'enableSecretMutable',
  'enableServerSideApply',
  'helmReleaseSettings',
  'kubeClientSettings',
  'kubeconfig',
  'namespace',
  'skipUpdateUnreachable',
  'suppressDeprecationWarnings',
  'suppressHelmHookWarnings',
  'upsertExistingObjects',
];

/**
 * Kubernetes as the provider meets it: the API servers of the EKS and GKE clusters of the world, found by the
 * kubeconfig's server, with the controllers that matter here.
 */
export function kubernetesProvider(world: World, clouds: Clouds = realClouds): ProviderDefinition<KubernetesSession> {
  const schema = loadSchema('kubernetes');
  const builtIn = typesByToken<KubernetesSession>(schema, builtInTypes(Object.keys(schema.types)));
  const custom = new Map<string, { type: ResourceType<KubernetesSession>; schema: TypeSchema }>(
    customKinds.map((kind) => [kind.token, { type: objectType(kind), schema: CUSTOM_RESOURCE_SCHEMA }]),
  );
  return {
    name: 'kubernetes',
    version: schema.version,
    configKeys: CONFIG_KEYS,
    typeOf: (token) => builtIn.get(token) ?? custom.get(token),
    checkConfig: (config) =>
      config.enableServerSideApply === 'false' || config.enableServerSideApply === false
        ? [{ property: 'enableServerSideApply', reason: 'the local API servers take server-side apply only' }]
        : [],
    configure: (config) => configure(world, clouds, config),
  };
}

/** One type per kind, and one per patch of a kind that the schema lists. */
function builtInTypes(tokens: readonly string[]): ResourceType<KubernetesSession>[] {
  const patches = builtInKinds
    .map((kind) => ({ kind, token: `${kind.token}Patch` }))
    .filter(({ token }) => tokens.includes(token))
    .map(({ kind, token }) => patchType(kind, token));
  return [...builtInKinds.map(objectType), ...patches, releaseType];
}

function configure(world: World, clouds: Clouds, config: Props): KubernetesSession {
  const source = text(config, 'kubeconfig');
  const known = source !== undefined && source !== UNKNOWN;
  const { server, namespace } = known
    ? readKubeconfig(source, text(config, 'context'), text(config, 'cluster'))
    : { server: 'http://localhost:8080', namespace: undefined };
  const on = (key: string) => config[key] === true || config[key] === 'true';
  return new KubernetesSession(world, clouds, {
    server,
    namespace: text(config, 'namespace') ?? namespace ?? 'default',
    configMapsMutable: on('enableConfigMapMutable'),
    secretsMutable: on('enableSecretMutable'),
    patchForce: on('enablePatchForce'),
    upsert: on('upsertExistingObjects'),
    deleteUnreachable: on('deleteUnreachable') || process.env.PULUMI_K8S_DELETE_UNREACHABLE === 'true',
  });
}

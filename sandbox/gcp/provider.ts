import type { ProviderDefinition } from '../core/resourceType';
import { loadSchema, typesByToken } from '../core/schemaTypes';
import type { CheckFailure } from '../core/validate';
import { isProps, isUnknown, text, type Props, type Value } from '../core/values';
import type { World } from '../core/world';
import { address } from './compute/address';
import { externalVpnGateway } from './compute/externalVpnGateway';
import { firewall } from './compute/firewall';
import { haVpnGateway } from './compute/haVpnGateway';
import { network } from './compute/network';
import { router } from './compute/router';
import { routerInterface } from './compute/routerInterface';
import { routerNat } from './compute/routerNat';
import { routerPeer } from './compute/routerPeer';
import { subnetwork } from './compute/subnetwork';
import { vpnTunnel } from './compute/vpnTunnel';
import { cluster } from './container/cluster';
import { nodePool } from './container/nodePool';
import { account } from './iam/account';
import { keyMember, projectMember } from './iam/bindings';
import { service } from './iam/service';
import { serviceIdentity } from './iam/serviceIdentity';
import { cryptoKey } from './kms/cryptoKey';
import { keyRing } from './kms/keyRing';
import { isRegion, isZone } from './locations';
import { alertPolicy } from './monitoring/alertPolicy';
import { DELETION_POLICIES } from './resource';
import { GcpSession } from './session';

const TYPES = [
  account,
  address,
  alertPolicy,
  cluster,
  cryptoKey,
  externalVpnGateway,
  firewall,
  haVpnGateway,
  keyMember,
  keyRing,
  network,
  nodePool,
  projectMember,
  router,
  routerInterface,
  routerNat,
  routerPeer,
  service,
  serviceIdentity,
  subnetwork,
  vpnTunnel,
];

/** Configuration of the provider, without the endpoints of single services: the local cloud has no others. */
const CONFIG_KEYS = [
  'accessToken',
  'addPulumiAttributionLabel',
  'batching',
  'billingProject',
  'credentials',
  'defaultLabels',
  'deletionPolicy',
  'disableGlobalProjectWarning',
  'disableGooglePartnerName',
  'externalCredentials',
  'googlePartnerName',
  'impersonateServiceAccount',
  'impersonateServiceAccountDelegates',
  'pluginDownloadURL',
  'pollInterval',
  'project',
  'pulumiAttributionLabelAdditionStrategy',
  'region',
  'requestReason',
  'requestTimeout',
  'scopes',
  'skipRegionValidation',
  'universeDomain',
  'userProjectOverride',
  'zone',
];

/** The local Google Cloud, for the engine. */
export function gcpProvider(world: World): ProviderDefinition<GcpSession> {
  const schema = loadSchema('gcp');
  const types = typesByToken(schema, TYPES);
  return {
    name: 'gcp',
    version: schema.version,
    configKeys: CONFIG_KEYS,
    typeOf: (token) => types.get(token),
    checkConfig,
    configure: (config) =>
      new GcpSession(world, {
        project: text(config, 'project'),
        region: text(config, 'region'),
        zone: text(config, 'zone'),
        defaultLabels: labelsIn(config.defaultLabels),
        attribution: jsonText(config.addPulumiAttributionLabel) !== false,
        deletionPolicy: text(config, 'deletionPolicy'),
      }),
  };
}

/** Resource Manager documentation, "Creating and managing projects": 6 to 30 characters. */
const PROJECT_ID = /^([a-z][a-z0-9.-]*:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/;

function checkConfig(config: Props): CheckFailure[] {
  const failures: CheckFailure[] = [];
  const judge = (property: string, isRight: (value: string) => boolean, meaning: string) => {
    const value = text(config, property);
    if (value !== undefined && !isUnknown(value) && !isRight(value)) {
      failures.push({ property, reason: `invalid value "${value}": ${meaning}` });
    }
  };
  judge('project', (value) => PROJECT_ID.test(value), 'a project id is 6 to 30 lowercase letters, digits and dashes');
  judge('region', isRegion, 'not a region of Google Cloud');
  judge('zone', isZone, 'not a zone of Google Cloud');
  judge('deletionPolicy', (value) => DELETION_POLICIES.includes(value), `not one of ${DELETION_POLICIES.join(', ')}`);
  judge('defaultLabels', (value) => isProps(jsonText(value)), 'labels are a map, written as JSON');
  return failures;
}

/** Values of a provider's configuration arrive as text, structured ones as JSON; undefined where they do not parse. */
function jsonText(value: Value | undefined): Value | undefined {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as Value;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function labelsIn(value: Value | undefined): Record<string, string> {
  const labels = jsonText(value);
  if (!isProps(labels)) return {};
  return Object.fromEntries(Object.entries(labels).map(([key, label]) => [key, String(label)]));
}

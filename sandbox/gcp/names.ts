import type { CheckFailure } from '../core/validate';
import type { GcpSession } from './session';

const COMPUTE = 'https://www.googleapis.com/compute/v1/';

/** What a collection of the Compute Engine API holds, and how the local cloud finds it. */
interface CollectionInfo {
  readonly token: string;
  readonly scope: 'global' | 'regional' | 'zonal';
  /** The word of error messages. */
  readonly noun: string;
}

/** Collections of the Compute Engine API, by their name in a resource's path. */
export const COLLECTIONS = {
  addresses: { token: 'gcp:compute/address:Address', scope: 'regional', noun: 'address' },
  disks: { token: 'gcp:compute/disk:Disk', scope: 'zonal', noun: 'disk' },
  externalVpnGateways: {
    token: 'gcp:compute/externalVpnGateway:ExternalVpnGateway',
    scope: 'global',
    noun: 'external_vpn_gateway',
  },
  firewalls: { token: 'gcp:compute/firewall:Firewall', scope: 'global', noun: 'firewall' },
  forwardingRules: { token: 'gcp:compute/forwardingRule:ForwardingRule', scope: 'regional', noun: 'forwarding_rule' },
  instances: { token: 'gcp:compute/instance:Instance', scope: 'zonal', noun: 'instance' },
  networks: { token: 'gcp:compute/network:Network', scope: 'global', noun: 'network' },
  routers: { token: 'gcp:compute/router:Router', scope: 'regional', noun: 'router' },
  subnetworks: { token: 'gcp:compute/subnetwork:Subnetwork', scope: 'regional', noun: 'subnetwork' },
  vpnGateways: { token: 'gcp:compute/haVpnGateway:HaVpnGateway', scope: 'regional', noun: 'vpn_gateway' },
  vpnTunnels: { token: 'gcp:compute/vPNTunnel:VPNTunnel', scope: 'regional', noun: 'vpn_tunnel' },
} as const satisfies Record<string, CollectionInfo>;

export type Collection = keyof typeof COLLECTIONS;

export function pathOf(collection: Collection, project: string, place: string, name: string): string {
  const { scope } = COLLECTIONS[collection];
  const where = scope === 'global' ? 'global' : scope === 'regional' ? `regions/${place}` : `zones/${place}`;
  return `projects/${project}/${where}/${collection}/${name}`;
}

export function selfLinkOf(path: string): string {
  return `${COMPUTE}${path}`;
}

/**
 * The path of what a property refers to. It may be written as a name, a path (a resource's id) or a URL (its
 * selfLink); undefined where it names something of another kind.
 */
export function resolvePath(
  reference: string,
  collection: Collection,
  project: string,
  region: string,
): string | undefined {
  const path = reference.replace(/^https:\/\/(www|compute)\.googleapis\.com\/compute\/(v1|beta)\//, '');
  if (!path.includes('/')) return pathOf(collection, project, region, path);
  const form = COLLECTIONS[collection].scope === 'global' ? 'global' : '(?:regions|zones)/[^/]+';
  if (new RegExp(`^projects/[^/]+/${form}/${collection}/[^/]+$`).test(path)) return path;
  if (new RegExp(`^${form}/${collection}/[^/]+$`).test(path)) return `projects/${project}/${path}`;
  return undefined;
}

export function nameOf(path: string): string {
  return path.split('/').pop() ?? '';
}

/** The region or zone in a path; `global` where it has none. */
export function placeOf(path: string): string {
  return /\/(?:regions|zones|locations)\/([^/]+)/.exec(path)?.[1] ?? 'global';
}

export function projectOf(path: string): string {
  return /^projects\/([^/]+)/.exec(path)?.[1] ?? '';
}

/** Names of Compute Engine resources (Compute Engine, "Naming resources"; RFC 1035 labels). */
export function checkName(property: string, name: string, maxLength = 63): CheckFailure[] {
  if (new RegExp(`^[a-z]([-a-z0-9]{0,${maxLength - 2}}[a-z0-9])?$`).test(name)) return [];
  const reason =
    `"name" ("${name}") doesn't match regexp "^(?:[a-z](?:[-a-z0-9]{0,${maxLength - 2}}[a-z0-9])?)$": 1 to ` +
    `${maxLength} lowercase letters, digits and dashes, the first a letter, the last not a dash`;
  return [{ property, reason }];
}

/** A number the API gives a resource: 19 digits. */
export function uniqueNumber(cloud: GcpSession): string {
  return String(4_000_000_000_000_000_000n + BigInt(cloud.store.nextSerial()) * 104_729_000_000_007n);
}

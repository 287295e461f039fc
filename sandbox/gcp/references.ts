import type { Stored } from '../core/store';
import { at, list, text, type Props, type Value } from '../core/values';
import { invalidField, inUse, notFound } from './errors';
import { COLLECTIONS, nameOf, placeOf, projectOf, resolvePath, type Collection } from './names';
import { regionOf } from './locations';
import type { GcpSession } from './session';

/** One property by which a resource names another. */
interface Reference {
  readonly field: string;
  readonly value: Value | undefined;
  readonly collection: Collection;
}

const reference = (inputs: Props, collection: Collection, ...path: string[]): Reference => ({
  field: path.join('.'),
  value: at(inputs, ...path),
  collection,
});

/** Which properties of which types name other resources of the Compute Engine API. */
const REFERENCES: Readonly<Record<string, (inputs: Props) => Reference[]>> = {
  'gcp:compute/address:Address': (inputs) => [
    reference(inputs, 'subnetworks', 'subnetwork'),
    reference(inputs, 'networks', 'network'),
  ],
  'gcp:compute/firewall:Firewall': (inputs) => [reference(inputs, 'networks', 'network')],
  'gcp:compute/forwardingRule:ForwardingRule': (inputs) => [
    reference(inputs, 'networks', 'network'),
    reference(inputs, 'subnetworks', 'subnetwork'),
    reference(inputs, 'addresses', 'reservedAddress'),
  ],
  'gcp:compute/haVpnGateway:HaVpnGateway': (inputs) => [reference(inputs, 'networks', 'network')],
  'gcp:compute/instance:Instance': (inputs) => [
    reference(inputs, 'networks', 'network'),
    reference(inputs, 'subnetworks', 'subnetwork'),
  ],
  'gcp:compute/router:Router': (inputs) => [reference(inputs, 'networks', 'network')],
  'gcp:compute/routerInterface:RouterInterface': (inputs) => [
    reference(inputs, 'routers', 'router'),
    reference(inputs, 'vpnTunnels', 'vpnTunnel'),
    reference(inputs, 'subnetworks', 'subnetwork'),
  ],
  'gcp:compute/routerNat:RouterNat': (inputs) => [
    reference(inputs, 'routers', 'router'),
    ...['natIps', 'drainNatIps', 'initialNatIps'].flatMap((field) =>
      list(inputs, field).map((value) => ({ field, value, collection: 'addresses' as const })),
    ),
    ...list(inputs, 'subnetworks').map((item) => ({
      field: 'subnetworks.name',
      value: at(item, 'name'),
      collection: 'subnetworks' as const,
    })),
  ],
  'gcp:compute/routerPeer:RouterPeer': (inputs) => [reference(inputs, 'routers', 'router')],
  'gcp:compute/subnetwork:Subnetwork': (inputs) => [reference(inputs, 'networks', 'network')],
  'gcp:compute/vPNTunnel:VPNTunnel': (inputs) => [
    reference(inputs, 'routers', 'router'),
    reference(inputs, 'vpnGateways', 'vpnGateway'),
    reference(inputs, 'vpnGateways', 'peerGcpGateway'),
    reference(inputs, 'externalVpnGateways', 'peerExternalGateway'),
  ],
  'gcp:container/cluster:Cluster': (inputs) => [
    reference(inputs, 'networks', 'network'),
    reference(inputs, 'subnetworks', 'subnetwork'),
    reference(inputs, 'subnetworks', 'privateClusterConfig', 'privateEndpointSubnetwork'),
  ],
};

/** A property's reference as a path; throws where it names something of another kind. */
function resolve(of: Reference, project: string, region: string): string | undefined {
  if (typeof of.value !== 'string' || of.value === '') return undefined;
  const path = resolvePath(of.value, of.collection, project, region);
  if (path === undefined) throw invalidField(of.field, of.value, 'The URL is malformed.');
  return path;
}

/** Everything a resource with these inputs names must exist. */
export function requireReferences(token: string, inputs: Props, cloud: GcpSession, project: string, region: string) {
  for (const of of REFERENCES[token]?.(inputs) ?? []) {
    const path = resolve(of, project, region);
    if (path === undefined) continue;
    if (cloud.get(COLLECTIONS[of.collection].token, path) === undefined) throw notFound(path);
  }
}

/** What a stored resource names, as paths. */
export function usesOf(stored: Stored): string[] {
  const project = text(stored.outputs, 'project') ?? projectOf(stored.id);
  const region = text(stored.outputs, 'region') ?? regionOf(placeOf(stored.id));
  return (REFERENCES[stored.token]?.(stored.inputs) ?? []).flatMap((of) => resolve(of, project, region) ?? []);
}

export function usersOf(cloud: GcpSession, path: string): Stored[] {
  return cloud.store.everything().filter((stored) => usesOf(stored).includes(path));
}

/** Refuses to delete what something else still names. */
export function requireUnused(cloud: GcpSession, collection: Collection, path: string): void {
  const user = usersOf(cloud, path).find((stored) => !isPartOf(stored, collection));
  if (user) throw inUse(COLLECTIONS[collection].noun, path, describe(user, path));
}

/** Interfaces, sessions and NAT are fields of their router in the API: they go with it. */
function isPartOf(user: Stored, collection: Collection): boolean {
  return collection === 'routers' && /:Router(Interface|Peer|Nat)$/.test(user.token);
}

/** How the API names the user of a resource: what the user is a part of, or the machines it runs. */
function describe(user: Stored, used: string): string {
  if (/:Router(Interface|Peer|Nat)$/.test(user.token)) {
    return usesOf(user).find((path) => path.includes('/routers/')) ?? user.id;
  }
  if (user.token === 'gcp:container/cluster:Cluster') return endpointOf(user, used);
  return user.id;
}

/** A control plane shows in its subnetwork as a Private Service Connect endpoint. */
function endpointOf(cluster: Stored, used: string): string {
  const region = regionOf(placeOf(cluster.id));
  const role = used.includes('/networks/') ? 'routes/gke' : 'forwardingRules/gke';
  return `projects/${projectOf(cluster.id)}/regions/${region}/${role}-${nameOf(cluster.id)}-pe`;
}

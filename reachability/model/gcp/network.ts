/** VPC networks, subnets and static routes as Google Cloud evaluates them (Google Cloud VPC documentation, "Routes"). */
import { EVERYWHERE, type Range, parseRange } from '../../ip';
import type { Inventory } from '../../resources/inventory';
import { type Resource, asText } from '../../resources/resource';
import { rangeOfValue } from '../ranges';

export interface GcpNetwork {
  readonly cloud: 'gcp';
  readonly resource: Resource;
  /** GLOBAL: Cloud Routers learn and advertise for all regions; REGIONAL (the default): for their own region only. */
  readonly routingMode: 'GLOBAL' | 'REGIONAL';
  readonly subnets: GcpSubnet[];
  readonly routes: GcpRoute[];
  readonly policyRoutes: GcpPolicyRoute[];
  /** Whether the default route to the Internet exists that Google makes with the network. */
  readonly defaultRoute: boolean;
}

export interface GcpSubnet {
  readonly cloud: 'gcp';
  readonly resource: Resource;
  readonly network: GcpNetwork;
  readonly region: string | undefined;
  /** The primary range first, then the secondary ones; each gives the network a subnet route. */
  readonly ranges: readonly GcpSubnetRange[];
}

export interface GcpSubnetRange {
  readonly range: Range;
  /** Undefined for the primary range. */
  readonly name: string | undefined;
}

export interface GcpRoute {
  readonly urn: string;
  readonly range: Range;
  /** Lower wins among equal prefixes. */
  readonly priority: number;
  readonly nextHop: GcpNextHop;
  /** Network tags of the instances it applies to; empty for all. */
  readonly tags: readonly string[];
}

/** A policy-based route, which stands before every other route of its network but special ones ("Policy-based routes"). */
export interface GcpPolicyRoute {
  readonly urn: string;
  /** Lower wins. */
  readonly priority: number;
  readonly source: Range;
  readonly destination: Range;
  /** Protocol name in lower case; undefined for all. */
  readonly protocol: string | undefined;
  /** Network tags of the instances it applies to; empty for all. */
  readonly tags: readonly string[];
  /** It leads on to the other routes, in place of an appliance. */
  readonly continues: boolean;
}

export type GcpNextHop =
  | { readonly kind: 'tunnel'; readonly resource: Resource }
  | { readonly kind: 'internet' }
  | { readonly kind: 'other'; readonly property: string };

export const NETWORK = 'gcp:compute/network:Network';
export const SUBNETWORK = 'gcp:compute/subnetwork:Subnetwork';
export const TUNNEL = 'gcp:compute/vPNTunnel:VPNTunnel';

export interface GcpNetworks {
  readonly networks: ReadonlyMap<string, GcpNetwork>;
  readonly subnets: ReadonlyMap<string, GcpSubnet>;
}

export function readGcpNetworks(inventory: Inventory): GcpNetworks {
  const networks = new Map<string, GcpNetwork>();
  for (const resource of inventory.all(NETWORK)) {
    networks.set(resource.urn, {
      cloud: 'gcp',
      resource,
      routingMode: resource.knownText('routingMode') === 'GLOBAL' ? 'GLOBAL' : 'REGIONAL',
      subnets: [],
      routes: [],
      policyRoutes: [],
      defaultRoute: resource.flag('deleteDefaultRoutesOnCreate') !== true,
    });
  }
  const subnets = new Map<string, GcpSubnet>();
  for (const resource of inventory.all(SUBNETWORK)) {
    const network = networkOf(inventory, networks, resource);
    if (network === undefined) continue;
    const subnet: GcpSubnet = {
      cloud: 'gcp',
      resource,
      network,
      region: regionOf(inventory, resource),
      ranges: rangesOf(resource),
    };
    network.subnets.push(subnet);
    subnets.set(resource.urn, subnet);
  }
  for (const resource of inventory.all('gcp:compute/route:Route')) {
    const range = rangeOfValue(resource.value('destRange'));
    const network = networkOf(inventory, networks, resource);
    if (range === undefined || network === undefined) continue;
    const priority = resource.number('priority');
    network.routes.push({
      urn: resource.urn,
      range,
      priority: typeof priority === 'number' ? priority : 1000,
      nextHop: nextHopOf(inventory, resource),
      tags: resource.knownTexts('tags'),
    });
  }
  for (const resource of inventory.all('gcp:networkconnectivity/policyBasedRoute:PolicyBasedRoute')) {
    // Those of an interconnect attachment are not for instances.
    if (resource.value('interconnectAttachment') !== undefined) continue;
    networkOf(inventory, networks, resource)?.policyRoutes.push(readPolicyRoute(resource));
  }
  for (const network of networks.values()) network.policyRoutes.sort((a, b) => a.priority - b.priority);
  return { networks, subnets };
}

function readPolicyRoute(resource: Resource): GcpPolicyRoute {
  const priority = resource.number('priority');
  const protocol = resource.knownText('filter.ipProtocol')?.toLowerCase();
  return {
    urn: resource.urn,
    priority: typeof priority === 'number' ? priority : 1000,
    source: rangeOfValue(resource.value('filter.srcRange')) ?? EVERYWHERE,
    destination: rangeOfValue(resource.value('filter.destRange')) ?? EVERYWHERE,
    protocol: protocol === 'all' ? undefined : protocol,
    tags: resource.knownTexts('virtualMachine.tags'),
    continues: resource.knownText('nextHopOtherRoutes') === 'DEFAULT_ROUTING',
  };
}

export function networkOf(
  inventory: Inventory,
  networks: ReadonlyMap<string, GcpNetwork>,
  resource: Resource,
): GcpNetwork | undefined {
  const found = inventory.find(resource, 'network', NETWORK);
  return found === undefined ? undefined : networks.get(found.urn);
}

/** A resource's own region, or the one in its id, or its provider's. */
export function regionOf(inventory: Inventory, resource: Resource): string | undefined {
  const own = resource.knownText('region');
  if (own !== undefined) return own.slice(own.lastIndexOf('/') + 1);
  const inId = /\/regions\/([^/]+)\//.exec(resource.id ?? resource.knownText('selfLink') ?? '')?.[1];
  if (inId !== undefined) return inId;
  return inventory.providerOf(resource)?.knownText('region');
}

function rangesOf(resource: Resource): GcpSubnetRange[] {
  const primary = parseRange(resource.knownText('ipCidrRange') ?? '');
  const secondary = resource.objects('secondaryIpRanges').map((entry) => ({
    range: rangeOfValue(entry['ipCidrRange']),
    name: asText(entry['rangeName']),
  }));
  const ranges: GcpSubnetRange[] = primary === undefined ? [] : [{ range: primary, name: undefined }];
  for (const { range, name } of secondary) {
    if (range !== undefined) ranges.push({ range, name: typeof name === 'string' ? name : '' });
  }
  return ranges;
}

function nextHopOf(inventory: Inventory, route: Resource): GcpNextHop {
  const tunnel = inventory.find(route, 'nextHopVpnTunnel', TUNNEL);
  if (tunnel !== undefined) return { kind: 'tunnel', resource: tunnel };
  const gateway = route.knownText('nextHopGateway');
  if (gateway !== undefined && gateway.endsWith('default-internet-gateway')) return { kind: 'internet' };
  const property = ['nextHopInstance', 'nextHopIp', 'nextHopIlb', 'nextHopVpnTunnel', 'nextHopGateway'].find(
    (name) => route.value(name) !== undefined,
  );
  return { kind: 'other', property: property ?? 'nextHopGateway' };
}

/**
 * Cloud Routers: who they are in BGP and what they advertise (Google Cloud Network Connectivity documentation,
 * "Advertised routes", "Dynamic routing mode").
 */
import type { Range } from '../../ip';
import type { Inventory } from '../../resources/inventory';
import { type Resource, asText } from '../../resources/resource';
import { type Unknown, UNKNOWN } from '../../resources/value';
import { rangeOfValue } from '../ranges';
import { type GcpNetwork, type GcpNetworks, networkOf, regionOf } from './network';

export interface CloudRouter {
  readonly resource: Resource;
  readonly network: GcpNetwork | undefined;
  readonly region: string | undefined;
  readonly asn: number | Unknown | undefined;
}

export interface RouterInterface {
  readonly resource: Resource;
  readonly router: Resource | undefined;
  readonly tunnel: Resource | undefined;
}

export interface RouterPeer {
  readonly resource: Resource;
  readonly router: Resource | undefined;
  readonly interface: Resource | undefined;
}

export interface CloudRouters {
  readonly routers: ReadonlyMap<Resource, CloudRouter>;
  readonly interfaces: readonly RouterInterface[];
  readonly peers: readonly RouterPeer[];
}

export const ROUTER = 'gcp:compute/router:Router';
const INTERFACE = 'gcp:compute/routerInterface:RouterInterface';

export function readCloudRouters(inventory: Inventory, networks: GcpNetworks, tunnelType: string): CloudRouters {
  const routers = new Map<Resource, CloudRouter>();
  for (const resource of inventory.all(ROUTER)) {
    routers.set(resource, {
      resource,
      network: networkOf(inventory, networks.networks, resource),
      region: regionOf(inventory, resource),
      asn: resource.number('bgp.asn'),
    });
  }
  const interfaces = inventory.all(INTERFACE).map((resource) => ({
    resource,
    router: inventory.find(resource, 'router', ROUTER),
    tunnel: inventory.find(resource, 'vpnTunnel', tunnelType),
  }));
  const peers = inventory.all('gcp:compute/routerPeer:RouterPeer').map((resource) => ({
    resource,
    router: inventory.find(resource, 'router', ROUTER),
    interface: inventory.find(resource, 'interface', INTERFACE),
  }));
  return { routers, interfaces, peers };
}

/** What one BGP session advertises to the other side. */
export interface Advertisement {
  readonly ranges: readonly { readonly range: Range; readonly urn: string }[];
  /** Resource that decides what is advertised: the peer, the router, or the network by its routing mode. */
  readonly decidedBy: Resource;
  readonly mode: 'DEFAULT' | 'CUSTOM';
  /** A part of it is not known yet. */
  readonly unknown: boolean;
}

/**
 * A session in CUSTOM mode advertises its own groups and ranges; otherwise it inherits the router's, which
 * advertises all subnets, primary and secondary ranges alike, unless it is in CUSTOM mode itself. Of the subnets only
 * those of the router's region count under REGIONAL routing.
 */
export function advertisementOf(peer: Resource, router: CloudRouter): Advertisement {
  const [holder, prefix] =
    peer.knownText('advertiseMode') === 'CUSTOM'
      ? [peer, '']
      : router.resource.knownText('bgp.advertiseMode') === 'CUSTOM'
        ? [router.resource, 'bgp.']
        : [undefined, ''];
  if (holder === undefined) {
    const network = router.network;
    const decidedBy = network?.routingMode === 'REGIONAL' ? network.resource : router.resource;
    return { ranges: subnetRanges(router), decidedBy, mode: 'DEFAULT', unknown: false };
  }
  const groups = holder.texts(`${prefix}advertisedGroups`);
  const all = Array.isArray(groups) && groups.includes('ALL_SUBNETS');
  const entries = holder.objects(`${prefix}advertisedIpRanges`);
  const custom = entries.map((entry) => rangeOfValue(entry['range'])).filter((range) => range !== undefined);
  return {
    ranges: [...(all ? subnetRanges(router) : []), ...custom.map((range) => ({ range, urn: holder.urn }))],
    decidedBy: holder,
    mode: 'CUSTOM',
    unknown: groups === UNKNOWN || entries.some((entry) => asText(entry['range']) === UNKNOWN),
  };
}

function subnetRanges(router: CloudRouter): { range: Range; urn: string }[] {
  const network = router.network;
  if (network === undefined) return [];
  return network.subnets
    .filter(
      (subnet) => network.routingMode === 'GLOBAL' || subnet.region === undefined || subnet.region === router.region,
    )
    .flatMap((subnet) => subnet.ranges.map(({ range }) => ({ range, urn: subnet.resource.urn })));
}

/**
 * VPC Network Peering (Google Cloud VPC documentation, "VPC Network Peering"): two networks that both name each other
 * exchange their subnet routes, and custom routes, static and dynamic, where one exports them and the other imports
 * them. Neither passes on to a third network what it has by peering.
 */
import type { Inventory } from '../../resources/inventory';
import type { Resource } from '../../resources/resource';
import { UNKNOWN } from '../../resources/value';
import { type GcpNetwork, NETWORK, networkOf } from './network';

export interface GcpPeering {
  /** The network's own side of the peering. */
  readonly resource: Resource;
  readonly network: GcpNetwork;
  readonly peer: GcpNetwork;
  /** The other side of it; without one the peering is inactive. */
  readonly otherSide: Resource | undefined;
}

export type GcpPeerings = ReadonlyMap<GcpNetwork, readonly GcpPeering[]>;

/** Who lets custom routes into a network by a peering, or does not. */
export type CustomRoutes =
  | { readonly kind: 'exchanged' }
  | { readonly kind: 'kept'; readonly by: Resource; readonly property: string }
  | { readonly kind: 'unknown'; readonly by: Resource; readonly property: string };

const PEERING = 'gcp:compute/networkPeering:NetworkPeering';

/** Peerings with networks that are not among the resources are left out: nothing is known of what lies behind. */
export function readPeerings(inventory: Inventory, networks: ReadonlyMap<string, GcpNetwork>): GcpPeerings {
  const sides = inventory.all(PEERING).flatMap((resource) => {
    const network = networkOf(inventory, networks, resource);
    const peer = networks.get(inventory.find(resource, 'peerNetwork', NETWORK)?.urn ?? '');
    return network === undefined || peer === undefined ? [] : [{ resource, network, peer }];
  });
  const peerings = new Map<GcpNetwork, GcpPeering[]>();
  for (const { resource, network, peer } of sides) {
    const otherSide = sides.find((side) => side.network === peer && side.peer === network)?.resource;
    peerings.set(network, [...(peerings.get(network) ?? []), { resource, network, peer, otherSide }]);
  }
  return peerings;
}

/** Whether a network has the custom routes of the peer: neither side does so unless told. */
export function customRoutes({ resource, otherSide }: GcpPeering): CustomRoutes {
  const sides = [
    { by: otherSide, property: 'exportCustomRoutes' },
    { by: resource, property: 'importCustomRoutes' },
  ];
  let result: CustomRoutes = { kind: 'exchanged' };
  for (const { by, property } of sides) {
    const given = by?.flag(property);
    if (by === undefined || given === true) continue;
    if (given !== UNKNOWN) return { kind: 'kept', by, property };
    result = { kind: 'unknown', by, property };
  }
  return result;
}

/** Whether packets get from one network into the other's subnets: they are one, or the peering is active. */
export function sameOrPeered(peerings: GcpPeerings, from: GcpNetwork, to: GcpNetwork): boolean {
  if (from === to) return true;
  return (peerings.get(from) ?? []).some(({ peer, otherSide }) => peer === to && otherSide !== undefined);
}

/** A peering between two networks that one of them has not made. */
export function halfPeering(
  peerings: GcpPeerings,
  one: GcpNetwork | undefined,
  other: GcpNetwork,
): GcpPeering | undefined {
  if (one === undefined) return undefined;
  const sides = [...(peerings.get(one) ?? []), ...(peerings.get(other) ?? [])];
  const between = sides.filter(({ network, peer }) => [network, peer].includes(one) && [network, peer].includes(other));
  return between.find(({ otherSide }) => otherSide === undefined);
}

/** Routes that a Google network has from the networks it is peered with; see model/gcp/peering.ts. */
import { formatAddress, holds } from '../ip';
import type { Endpoint, GcpEndpoint } from '../model/endpoint';
import type { GcpNetwork, GcpSubnet } from '../model/gcp/network';
import { type GcpPeering, customRoutes } from '../model/gcp/peering';
import type { Model } from '../model/model';
import { type Stop, type Trace, block, unknownValue } from '../verdict';
import { inactive } from './crossing';
import { type CustomRoute, customRoute } from './gcpCustomRoutes';
import type { Packet } from './packet';

interface PeerSubnet {
  readonly peering: GcpPeering;
  readonly subnet: GcpSubnet;
}

/** The subnet of a peered network that an address is in. */
export function peerOfSubnet(model: Model, network: GcpNetwork, address: number): PeerSubnet | undefined {
  for (const peering of model.peerings.get(network) ?? []) {
    if (peering.otherSide === undefined) continue;
    const subnet = peering.peer.subnets.find(({ ranges }) => ranges.some(({ range }) => holds(range, address)));
    if (subnet !== undefined) return { peering, subnet };
  }
  return undefined;
}

/** Subnet routes come before all others, so an address of a peered network is never sought in another cloud. */
export function intoPeer(
  trace: Trace,
  { peering, subnet }: PeerSubnet,
  to: Endpoint,
  packet: Packet,
): Stop | undefined {
  const address = formatAddress(packet.destination);
  trace.pass('route', peering.resource.urn, `${address} is in subnet ${subnet.resource.name} of a peered network`);
  if (to.cloud === 'gcp' && to.subnet.network === peering.peer) return undefined;
  const why = `${address} is an address of subnet ${subnet.resource.name} of the peered network ${peering.peer.resource.name}: the ranges overlap`;
  return block('route', subnet.resource.urn, 'overlap', why, 'Give the networks ranges that do not overlap');
}

type RouteByPeering =
  | { readonly kind: 'way'; readonly peering: GcpPeering; readonly way: CustomRoute }
  | { readonly kind: 'stop'; readonly stop: Stop };

/** The custom route of a peered network for a packet, or why there is one and it is not exchanged. */
export function routeByPeering(model: Model, from: GcpEndpoint, packet: Packet): RouteByPeering | undefined {
  const ways = (model.peerings.get(from.subnet.network) ?? []).flatMap((peering) => {
    const way = customRoute(model, peering.peer, from, packet);
    return way === undefined ? [] : [{ peering, way, stop: obstacle(peering, packet) }];
  });
  const usable = ways.filter(({ stop }) => stop === undefined);
  const [best] = usable.sort((a, b) => b.way.prefix - a.way.prefix);
  if (best !== undefined) return { kind: 'way', peering: best.peering, way: best.way };
  const stop = ways[0]?.stop;
  return stop === undefined ? undefined : { kind: 'stop', stop };
}

/** What keeps the custom routes of the peer to itself. */
function obstacle(peering: GcpPeering, packet: Packet): Stop | undefined {
  if (peering.otherSide === undefined) return inactive(peering);
  const custom = customRoutes(peering);
  if (custom.kind === 'exchanged') return undefined;
  const { by, property } = custom;
  if (custom.kind === 'unknown') return unknownValue('route', by.urn, property);
  const why = `${peering.peer.resource.name} has the route to ${formatAddress(packet.destination)}, and ${property} of ${by.name} is not set`;
  return block('route', by.urn, 'peering-routes', why, `Set ${property} to true`);
}

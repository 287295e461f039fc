/**
 * How a packet is routed out of a VPC (Amazon VPC User Guide, "Route priority"): the local route beats everything but a more
 * specific static route; then the longest prefix, and of equal prefixes static before propagated.
 */
import { type Address, formatAddress, formatRange, holds } from '../ip';
import type { VirtualPrivateGateway } from '../model/aws/gateways';
import { type Route, type RouteTable, type Vpc, isLocal } from '../model/aws/network';
import type { AwsEndpoint, Endpoint } from '../model/endpoint';
import type { Model } from '../model/model';
import { UNKNOWN } from '../resources/value';
import { type Stop, type Trace, block, unknownValue } from '../verdict';
import { cross, explainUnlearned } from './crossing';
import { nameOfUrn } from './filters';
import { type Packet, describe } from './packet';
import { outsideVpc } from './subnets';
import { throughTransit } from './transit';

/** Takes a packet from its VPC to the network of `to`. */
export function routeFromVpc(
  model: Model,
  trace: Trace,
  from: AwsEndpoint,
  to: Endpoint,
  packet: Packet,
): Stop | undefined {
  const { vpc, routeTable } = from.subnet;
  const destination = packet.destination;
  const outside = to.cloud === 'aws' && to.subnet.vpc === vpc ? outsideVpc(to.subnet, 'destination') : undefined;
  if (outside !== undefined) return outside;
  const local = vpc.cidrs.find(({ range }) => holds(range, destination));
  const written = model.staticRoutesOf(routeTable).longest(destination);
  if (local !== undefined && (written === undefined || written.range.prefix <= local.range.prefix)) {
    trace.pass('route-table', routeTable.urn, `${formatRange(local.range)} is local`);
    if (to.cloud === 'aws' && to.subnet.vpc === vpc) return undefined;
    const why = `${formatAddress(destination)} is an address of ${vpc.resource.name} itself: the ranges overlap`;
    return block('route-table', local.urn, 'overlap', why, 'Give the two networks ranges that do not overlap');
  }
  const learned = local === undefined ? longestPropagated(model, routeTable, destination) : undefined;
  if (learned !== undefined && (written === undefined || learned.prefix > written.range.prefix)) {
    trace.pass('route-table', routeTable.urn, `${describe(packet)}: propagated from ${learned.gateway.resource.name}`);
    return throughVirtualPrivate(model, trace, vpc, learned.gateway, to, packet);
  }
  const route = written?.values[0];
  if (route !== undefined && isLocal(route) && to.cloud === 'aws' && to.subnet.vpc === vpc) return undefined;
  if (route === undefined || (written?.range.prefix === 0 && !leadsToPrivate(route))) {
    return unrouted(model, vpc, routeTable, to, packet, route);
  }
  return follow(model, trace, from, to, packet, route);
}

/** The default route of a private subnet leads to the Internet, where no private address is. */
function leadsToPrivate(route: Route): boolean {
  return !['internet', 'nat'].includes(route.target.kind);
}

function longestPropagated(
  model: Model,
  table: RouteTable,
  destination: Address,
): { readonly prefix: number; readonly gateway: VirtualPrivateGateway } | undefined {
  let best: { readonly prefix: number; readonly gateway: VirtualPrivateGateway } | undefined;
  for (const resource of table.propagating) {
    const gateway = model.gateways.virtualPrivate.get(resource.urn);
    // Only the gateway that is attached to the VPC can propagate into its tables.
    if (gateway?.vpc?.resource !== table.vpc) continue;
    const match = model.routing.learnedBy(gateway).longest(destination);
    if (match !== undefined && (best === undefined || match.range.prefix > best.prefix)) {
      best = { prefix: match.range.prefix, gateway };
    }
  }
  return best;
}

function follow(
  model: Model,
  trace: Trace,
  from: AwsEndpoint,
  to: Endpoint,
  packet: Packet,
  route: Route,
): Stop | undefined {
  const target = route.target;
  const vpc = from.subnet.vpc;
  const range = route.range === UNKNOWN ? 'a range not known yet' : formatRange(route.range);
  if (target.kind === 'unknown') return unknownValue('route-table', route.urn, `the target of the route to ${range}`);
  if (target.kind === 'virtualPrivate') {
    const gateway = model.gateways.virtualPrivate.get(target.resource.urn);
    if (gateway?.vpc !== vpc) {
      const why = `${target.resource.name} is not attached to ${vpc.resource.name}`;
      return block(
        'virtual-private-gateway',
        target.resource.urn,
        'not-attached',
        why,
        'Attach the virtual private gateway to the VPC',
      );
    }
    trace.pass('route-table', route.urn, `${range} leads to ${target.resource.name}`);
    return throughVirtualPrivate(model, trace, vpc, gateway, to, packet);
  }
  if (target.kind === 'transit') {
    trace.pass('route-table', route.urn, `${range} leads to ${target.resource.name}`);
    const gateway = model.gateways.transit.get(target.resource.urn);
    if (gateway !== undefined) return throughTransit(model, trace, from, gateway, to, packet);
  }
  if (target.kind === 'peering') return throughPeering(trace, vpc, route, to, packet);
  const what =
    target.kind === 'external'
      ? `${target.id}, which is not in the input`
      : `${nameOfUrn(target.resource.urn)} (${target.kind})`;
  const why = `the route ${range} takes it to ${what}`;
  const remedy = `Route the range of ${formatAddress(packet.destination)} to the VPN gateway`;
  return block('route-table', route.urn, 'route-elsewhere', why, remedy);
}

function throughVirtualPrivate(
  model: Model,
  trace: Trace,
  vpc: Vpc,
  gateway: VirtualPrivateGateway,
  to: Endpoint,
  packet: Packet,
): Stop | undefined {
  const tunnels = model.routing.learnedBy(gateway).longest(packet.destination)?.values ?? [];
  if (tunnels.length === 0) return explainUnlearned(model, gateway, to, packet);
  trace.pass('virtual-private-gateway', gateway.resource.urn, `attached to ${vpc.resource.name}`);
  return cross(model, trace, tunnels, to, packet);
}

/** VPC guide, "VPC peering": no transit, so the packet must be for the peer VPC itself. */
function throughPeering(trace: Trace, vpc: Vpc, route: Route, to: Endpoint, packet: Packet): Stop | undefined {
  trace.pass('route-table', route.urn, `${describe(packet)} by VPC peering`);
  if (to.cloud === 'aws' && to.subnet.vpc !== vpc) return undefined;
  const why = 'a VPC peering carries only what is for the peer VPC itself';
  return block('route-table', route.urn, 'no-transit', why, 'Route the range to a VPN or transit gateway');
}

/** Why a route table has no way to a destination. */
function unrouted(
  model: Model,
  vpc: Vpc,
  table: RouteTable,
  to: Endpoint,
  packet: Packet,
  fallback: Route | undefined,
): Stop {
  const open = table.routes.find((route) => route.range === UNKNOWN);
  if (open !== undefined) return unknownValue('route-table', open.urn, 'the destination of the route');
  const destination = formatAddress(packet.destination);
  const attached = [...model.gateways.virtualPrivate.values()].filter((gateway) => gateway.vpc === vpc);
  const propagating = attached.find((gateway) => table.propagating.includes(gateway.resource));
  if (propagating !== undefined) return explainUnlearned(model, propagating, to, packet);
  const end =
    fallback === undefined ? 'no route matches' : `only the default route matches, to ${fallback.target.kind}`;
  const why = `no route to ${destination} in ${nameOfUrn(table.urn)}: ${end}`;
  const [gateway] = attached;
  if (gateway !== undefined) {
    const remedy = `Propagate ${gateway.resource.name} into the table (VpnGatewayRoutePropagation)`;
    return block('route-table', table.urn, 'no-propagation', why, remedy);
  }
  const loose = looseGateway(model, table);
  if (loose !== undefined) {
    const reason = `${loose.resource.name} is not attached to ${vpc.resource.name}`;
    return block(
      'virtual-private-gateway',
      loose.resource.urn,
      'not-attached',
      reason,
      'Attach the virtual private gateway to the VPC',
    );
  }
  const remedy = `Add a route to the range of ${destination} by the transit or VPN gateway`;
  return block('route-table', table.urn, 'no-route', why, remedy);
}

/** A gateway that propagates into a table of the VPC without being attached to it. */
function looseGateway(model: Model, table: RouteTable): VirtualPrivateGateway | undefined {
  return table.propagating
    .map((resource) => model.gateways.virtualPrivate.get(resource.urn))
    .find((gateway) => gateway?.vpc?.resource !== table.vpc);
}

/**
 * Custom routes of a Google network, static and dynamic (VPC documentation, "Routes"): the longest prefix wins, then the
 * lowest priority number.
 */
import { formatRange, isPrivate } from '../ip';
import type { Endpoint, GcpEndpoint } from '../model/endpoint';
import type { GcpNetwork, GcpRoute } from '../model/gcp/network';
import type { Model } from '../model/model';
import type { VpnTunnel } from '../model/vpn/tunnels';
import { type Stop, type Trace, block } from '../verdict';
import { cross } from './crossing';
import type { Packet } from './packet';

/** AWS sends its routes with this multi-exit discriminator (S2S guide, "BGP path selection"); Google takes it as priority. */
const DYNAMIC_PRIORITY = 100;

interface DynamicRoute {
  /** URN of the network whose router learned it. */
  readonly network: string;
  readonly tunnels: readonly VpnTunnel[];
}

export interface CustomRoute {
  readonly prefix: number;
  readonly route: GcpRoute | DynamicRoute;
}

/** The custom route of a network for a packet of a machine that is in it, or in a network peered with it. */
export function customRoute(
  model: Model,
  network: GcpNetwork,
  from: GcpEndpoint,
  packet: Packet,
): CustomRoute | undefined {
  const dynamic = dynamicRoute(model, network, from, packet);
  const written = staticRoute(model, network, from, packet);
  if (written !== undefined && (dynamic === undefined || preferred(written, dynamic.prefix))) {
    return { prefix: written.range.prefix, route: written };
  }
  return dynamic;
}

function preferred(route: GcpRoute, dynamicPrefix: number): boolean {
  if (route.range.prefix !== dynamicPrefix) return route.range.prefix > dynamicPrefix;
  return route.priority <= DYNAMIC_PRIORITY;
}

/** Under REGIONAL routing a learned route counts only in the router's own region. */
function dynamicRoute(
  model: Model,
  network: GcpNetwork,
  from: GcpEndpoint,
  packet: Packet,
): (CustomRoute & { readonly route: DynamicRoute }) | undefined {
  const regional = network.routingMode === 'REGIONAL';
  for (const { range, values } of model.routing.learnedIn(network).matches(packet.destination)) {
    const tunnels = regional ? values.filter((tunnel) => tunnel.gcp.router?.region === from.subnet.region) : values;
    if (tunnels.length > 0) return { prefix: range.prefix, route: { network: network.resource.urn, tunnels } };
  }
  return undefined;
}

/** Routes with tags, and those to the Internet, stay in their own network ("Options for exchanging static routes"). */
function staticRoute(model: Model, network: GcpNetwork, from: GcpEndpoint, packet: Packet): GcpRoute | undefined {
  const own = network === from.subnet.network;
  for (const { values } of model.staticRoutesIn(network).matches(packet.destination)) {
    const applying = values
      .filter((route) => own || (route.tags.length === 0 && route.nextHop.kind !== 'internet'))
      .filter((route) => route.tags.length === 0 || route.tags.some((tag) => from.traits.labels.includes(tag)))
      .filter((route) => route.range.prefix > 0 || route.nextHop.kind !== 'internet' || !isPrivate(packet.destination))
      .sort((a, b) => a.priority - b.priority);
    if (applying[0] !== undefined) return applying[0];
  }
  return undefined;
}

/** Takes a packet where a custom route leads. */
export function follow(
  model: Model,
  trace: Trace,
  { route }: CustomRoute,
  to: Endpoint,
  packet: Packet,
): Stop | undefined {
  if ('tunnels' in route) {
    trace.pass('route', route.network, `dynamic route learned over ${route.tunnels[0]?.gcp.tunnel.name ?? ''}`);
    return cross(model, trace, route.tunnels, to, packet);
  }
  if (route.nextHop.kind === 'tunnel') {
    const resource = route.nextHop.resource;
    const tunnel = model.vpn.tunnels.find((candidate) => candidate.gcp.tunnel === resource);
    if (tunnel === undefined) {
      const why = `${resource.name} has no counterpart on AWS's side`;
      return block('tunnel', resource.urn, 'no-counterpart', why, 'Point it at a tunnel of an AWS VPN connection');
    }
    trace.pass('route', route.urn, `${formatRange(route.range)} leads to ${resource.name}`);
    return cross(model, trace, [tunnel], to, packet);
  }
  const what = route.nextHop.kind === 'internet' ? 'the default internet gateway' : route.nextHop.property;
  const why = `the static route ${formatRange(route.range)} takes it to ${what}`;
  return block(
    'route',
    route.urn,
    'route-elsewhere',
    why,
    'Remove the route, or let the VPN route be the more specific one',
  );
}

/**
 * How a packet is routed out of a Google network (VPC documentation, "Routes", "Routing order"): subnet routes first, its
 * own and those of peered networks, then the longest prefix among custom routes.
 */
import { formatAddress, holds } from '../ip';
import type { Endpoint, GcpEndpoint } from '../model/endpoint';
import type { Model } from '../model/model';
import type { VpnTunnel } from '../model/vpn/tunnels';
import { type Stop, type Trace, block } from '../verdict';
import { stopAt } from './crossing';
import { nameOfUrn } from './filters';
import { customRoute, follow } from './gcpCustomRoutes';
import { intoPeer, peerOfSubnet, routeByPeering } from './gcpPeering';
import { type Packet, describe } from './packet';

/** Takes a packet from its Google network to the network of `to`. */
export function routeFromNetwork(
  model: Model,
  trace: Trace,
  from: GcpEndpoint,
  to: Endpoint,
  packet: Packet,
): Stop | undefined {
  const network = from.subnet.network;
  const destination = packet.destination;
  const steered = policyRoute(from, packet);
  if (steered !== undefined) return steered;
  const own = network.subnets.find((subnet) => subnet.ranges.some(({ range }) => holds(range, destination)));
  if (own !== undefined) {
    trace.pass('route', own.resource.urn, `${formatAddress(destination)} is in subnet ${own.resource.name}`);
    if (to.cloud === 'gcp' && to.subnet.network === network) return undefined;
    const why = `${formatAddress(destination)} is an address of subnet ${own.resource.name} itself: the ranges overlap`;
    return block('route', own.resource.urn, 'overlap', why, 'Give the two networks ranges that do not overlap');
  }
  const neighbour = peerOfSubnet(model, network, destination);
  if (neighbour !== undefined) return intoPeer(trace, neighbour, to, packet);
  const way = customRoute(model, network, from, packet);
  const peered = routeByPeering(model, from, packet);
  if (peered?.kind === 'way' && (way === undefined || peered.way.prefix > way.prefix)) {
    trace.pass(
      'route',
      peered.peering.resource.urn,
      `custom routes of ${peered.peering.peer.resource.name} by peering`,
    );
    return follow(model, trace, peered.way, to, packet);
  }
  if (way !== undefined) return follow(model, trace, way, to, packet);
  return peered?.kind === 'stop' ? peered.stop : unrouted(model, from, to, packet);
}

/** The first policy-based route for the packet, unless it leads on to the others. */
function policyRoute(from: GcpEndpoint, packet: Packet): Stop | undefined {
  const route = from.subnet.network.policyRoutes.find(
    (candidate) =>
      holds(candidate.source, packet.source) &&
      holds(candidate.destination, packet.destination) &&
      (candidate.protocol === undefined || candidate.protocol === packet.service.protocol) &&
      (candidate.tags.length === 0 || candidate.tags.some((tag) => from.traits.labels.includes(tag))),
  );
  if (route === undefined || route.continues) return undefined;
  const why = `a policy-based route takes ${describe(packet)} to a load balancer of appliances`;
  return block(
    'route',
    route.urn,
    'route-elsewhere',
    why,
    'Remove the route, or add one that leads to the other routes',
  );
}

/** Why a network has no route to an address on AWS's side. */
function unrouted(model: Model, from: GcpEndpoint, to: Endpoint, packet: Packet): Stop {
  const network = from.subnet.network;
  const destination = formatAddress(packet.destination);
  const tunnels = (model.routing.tunnelsOfNetwork.get(network) ?? []).filter(
    (tunnel) => to.cloud === 'aws' && leadsTo(tunnel, to.subnet.vpc),
  );
  const [first] = tunnels;
  if (first === undefined) return unattached(model, from, to, packet);
  const working = tunnels.filter((tunnel) => model.routing.faultOf(tunnel) === undefined);
  if (working.length === 0) return stopAt(model, first);
  if (working.every((tunnel) => tunnel.routing === 'static')) {
    const why = `${network.resource.name} has no route to ${destination}, and ${first.gcp.tunnel.name} learns none without BGP`;
    return block('route', network.resource.urn, 'no-route', why, 'Add a static route to the tunnel');
  }
  const learnedElsewhere = [...model.routing.learnedIn(network).matches(packet.destination)].length > 0;
  if (learnedElsewhere && network.routingMode === 'REGIONAL') {
    const why = `regional routing: the route to ${destination} counts only in the Cloud Router's region, not in ${from.subnet.region ?? 'this one'}`;
    return block('route', network.resource.urn, 'regional-routing', why, 'Set routingMode to GLOBAL');
  }
  return unadvertised(working[0] as VpnTunnel, to, packet);
}

function leadsTo(tunnel: VpnTunnel, vpc: object): boolean {
  const gateway = tunnel.aws.gateway;
  if (gateway === undefined) return false;
  return gateway.kind === 'virtualPrivate'
    ? gateway.vpc === vpc
    : gateway.attachments.some((attachment) => attachment.vpc === vpc);
}

/** No tunnel leads to the VPC: because there is none, or because its gateway is not attached. */
function unattached(model: Model, from: GcpEndpoint, to: Endpoint, packet: Packet): Stop {
  const network = from.subnet.network;
  const tunnels = model.routing.tunnelsOfNetwork.get(network) ?? [];
  const loose = tunnels
    .map((tunnel) => tunnel.aws.gateway)
    .find((gateway) =>
      gateway?.kind === 'virtualPrivate'
        ? gateway.vpc === undefined
        : gateway?.attachments.every((entry) => entry.vpc === undefined),
    );
  if (loose !== undefined) {
    const hop = loose.kind === 'virtualPrivate' ? 'virtual-private-gateway' : 'transit-gateway';
    const why = `${loose.resource.name} is attached to no VPC`;
    return block(hop, loose.resource.urn, 'not-attached', why, 'Attach the gateway to the VPC');
  }
  const gateways = new Set(tunnels.map((tunnel) => tunnel.aws.gateway).filter((gateway) => gateway !== undefined));
  const [only] = gateways;
  if (only !== undefined && gateways.size === 1 && to.cloud === 'aws') {
    const hop = only.kind === 'virtualPrivate' ? 'virtual-private-gateway' : 'transit-gateway';
    const why = `${only.resource.name}, where every tunnel ends, is not attached to ${to.subnet.vpc.resource.name}`;
    return block(hop, only.resource.urn, 'not-attached', why, 'Attach the gateway to the VPC');
  }
  const where = to.cloud === 'aws' ? to.subnet.vpc.resource.name : nameOfUrn(to.urn);
  const why = `${network.resource.name} has no route to ${formatAddress(packet.destination)} and no tunnel to ${where}`;
  return block('route', network.resource.urn, 'no-route', why, 'Connect the networks, or add a route');
}

/** AWS does not advertise a prefix: the VPC's block is missing, or the transit gateway table of the connection lacks it. */
function unadvertised(tunnel: VpnTunnel, to: Endpoint, packet: Packet): Stop {
  const destination = formatAddress(packet.destination);
  const gateway = tunnel.aws.gateway;
  if (gateway?.kind === 'transit') {
    const attachment = gateway.attachments.find((candidate) => candidate.resource === tunnel.aws.connection);
    const urn = attachment?.association?.urn ?? tunnel.aws.connection.urn;
    const rule = attachment?.association === undefined ? 'no-association' : 'no-propagation';
    const why = `the transit gateway does not advertise ${destination}: the connection's route table has no route to it`;
    return block(
      'transit-gateway',
      urn,
      rule,
      why,
      'Propagate the VPC attachment into the table of the VPN connection',
    );
  }
  const urn = to.cloud === 'aws' ? to.subnet.vpc.resource.urn : tunnel.aws.connection.urn;
  const why = `AWS advertises no prefix with ${destination}: it is in no CIDR block of the VPC`;
  return block('bgp', urn, 'not-advertised', why, 'Associate the CIDR block with the VPC');
}

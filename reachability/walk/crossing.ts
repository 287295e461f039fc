/** From one cloud to the other through the tunnels that carry a prefix. */
import { formatAddress } from '../ip';
import type { AwsGateway } from '../model/aws/gateways';
import type { Endpoint } from '../model/endpoint';
import { type GcpPeering, halfPeering, sameOrPeered } from '../model/gcp/peering';
import type { Advertisement } from '../model/gcp/router';
import type { Model } from '../model/model';
import { nameOf } from '../model/vpn/awsEnd';
import { selectedOut } from '../model/vpn/selectors';
import type { VpnTunnel } from '../model/vpn/tunnels';
import { type Stop, type Trace, block, unknownValue } from '../verdict';
import { nameOfUrn } from './filters';
import { type Packet, describe } from './packet';
import { transitHops } from './transitTable';
import { enterByTransit, enterByVirtualPrivate } from './vpcEntry';

/** Passes a packet through any tunnel that works and ends in the network of `to`. */
export function cross(
  model: Model,
  trace: Trace,
  tunnels: readonly VpnTunnel[],
  to: Endpoint,
  packet: Packet,
): Stop | undefined {
  const leading = tunnels.filter((tunnel) => endsAt(model, tunnel, to));
  if (leading.length === 0) {
    const [tunnel] = tunnels;
    const half = to.cloud === 'gcp' ? halfPeering(model.peerings, tunnel?.gcp.network, to.subnet.network) : undefined;
    if (half !== undefined) return inactive(half);
    const why = `${tunnel === undefined ? 'no tunnel' : nameOf(tunnel.aws)} does not lead to the network of ${formatAddress(packet.destination)}`;
    return block(
      'tunnel',
      tunnel?.gcp.tunnel.urn ?? '',
      'wrong-network',
      why,
      'Route the range to the connection that leads there',
    );
  }
  const sound = leading.filter((tunnel) => model.routing.faultOf(tunnel) === undefined);
  const working = sound.filter((tunnel) => outsideSelectors(tunnel, to, packet) === undefined);
  const [left] = sound;
  if (left !== undefined && working.length === 0) return outsideSelectors(left, to, packet);
  const [first] = working;
  if (first === undefined) return stopAt(model, leading[0] as VpnTunnel);
  trace.assume(...working.flatMap((tunnel) => tunnel.assumed));
  trace.pass('tunnel', first.gcp.tunnel.urn, `${working.length} tunnels carry it, among them ${nameOf(first.aws)}`);
  if (first.routing === 'bgp') {
    trace.pass('bgp', first.gcp.peer?.urn ?? '', `the prefix of ${formatAddress(packet.destination)} is advertised`);
  }
  return to.cloud === 'aws' ? intoAws(model, trace, first, to, packet) : undefined;
}

/** A tunnel with static routes carries what both ends' traffic selectors hold. */
function outsideSelectors(tunnel: VpnTunnel, to: Endpoint, packet: Packet): Stop | undefined {
  if (tunnel.routing === 'bgp') return undefined;
  const { source, destination } = packet;
  const out = to.cloud === 'aws' ? selectedOut(tunnel, destination, source) : selectedOut(tunnel, source, destination);
  if (out === undefined) return undefined;
  const why = `${out.property} of ${out.resource.name} leaves ${describe(packet)} out`;
  return block('tunnel', out.resource.urn, 'traffic-selector', why, `Add the ranges of both sides to ${out.property}`);
}

/** A peering that one network has made and the other has not. */
export function inactive({ resource, network, peer }: GcpPeering): Stop {
  const [here, there] = [network.resource.name, peer.resource.name];
  const why = `${resource.name} of ${here} is inactive: ${there} does not peer back`;
  return block('route', resource.urn, 'peering-inactive', why, `Add a NetworkPeering of ${there} with ${here}`);
}

function endsAt(model: Model, tunnel: VpnTunnel, to: Endpoint): boolean {
  if (to.cloud === 'gcp') {
    const network = tunnel.gcp.network;
    return network !== undefined && sameOrPeered(model.peerings, network, to.subnet.network);
  }
  const gateway = tunnel.aws.gateway;
  if (gateway === undefined) return false;
  if (gateway.kind === 'virtualPrivate') return gateway.vpc === to.subnet.vpc;
  return gateway.attachments.some((attachment) => attachment.vpc === to.subnet.vpc);
}

/** What comes out of a tunnel on AWS's side is routed by its gateway. */
function intoAws(model: Model, trace: Trace, tunnel: VpnTunnel, to: Endpoint, packet: Packet): Stop | undefined {
  const gateway = tunnel.aws.gateway;
  if (gateway === undefined || to.cloud !== 'aws') return undefined;
  if (gateway.kind === 'virtualPrivate') return enterByVirtualPrivate(model, trace, gateway, to, packet);
  const attachment = gateway.attachments.find((candidate) => candidate.resource === tunnel.aws.connection);
  if (attachment === undefined) return undefined;
  const hops = transitHops(model, attachment, packet.destination);
  if ('kind' in hops) return hops;
  const astray = hops.find((hop) => hop.attachment?.vpc !== to.subnet.vpc);
  if (astray !== undefined) {
    const where = astray.attachment?.resource.name ?? 'a blackhole';
    const why = `the transit gateway sends ${formatAddress(packet.destination)} to ${where}`;
    const remedy = 'Route the range to the attachment of its VPC';
    const rule = astray.attachment === undefined ? 'blackhole' : 'wrong-attachment';
    return block('transit-gateway', astray.urn, rule, why, remedy);
  }
  const [into] = hops;
  return into.attachment === undefined ? undefined : enterByTransit(model, trace, into.attachment, to, packet);
}

export function stopAt(model: Model, tunnel: VpnTunnel): Stop {
  const fault = model.routing.faultOf(tunnel);
  if (fault !== undefined) return { ...fault };
  return block(
    'tunnel',
    tunnel.gcp.tunnel.urn,
    'wrong-network',
    'the tunnel does not lead there',
    'Use the tunnel of the right network',
  );
}

/** Why an AWS gateway has not learned a prefix of the other cloud. */
export function explainUnlearned(model: Model, gateway: AwsGateway, to: Endpoint, packet: Packet): Stop {
  const destination = formatAddress(packet.destination);
  const tunnels = (model.routing.tunnelsOfGateway.get(gateway) ?? []).filter((tunnel) => endsAt(model, tunnel, to));
  const [first] = tunnels;
  if (first === undefined) {
    const why = `${nameOfUrn(gateway.resource.urn)} has no tunnel to the network of ${destination}`;
    return block(
      'tunnel',
      gateway.resource.urn,
      'no-tunnel',
      why,
      'Add VPN connections and tunnels between the two networks',
    );
  }
  const working = tunnels.find((tunnel) => model.routing.faultOf(tunnel) === undefined);
  if (working === undefined) return stopAt(model, first);
  const advertised = model.routing.advertisement(working);
  if (advertised === undefined) {
    const remedy = `Add a VpnConnectionRoute for the range of ${destination}`;
    return block('bgp', working.aws.connection.urn, 'no-static-route', `no static route to ${destination}`, remedy);
  }
  if (advertised.unknown) return unknownValue('bgp', advertised.decidedBy.urn, 'what is advertised');
  return unadvertised(working, advertised, to, destination);
}

/** No router advertises the subnets of peered networks by itself ("Cloud Router", "Advertised routes"). */
function unadvertised(tunnel: VpnTunnel, advertised: Advertisement, to: Endpoint, destination: string): Stop {
  const why = `the Cloud Router does not advertise a prefix with ${destination}`;
  if (to.cloud === 'gcp' && to.subnet.network !== tunnel.gcp.network) {
    const decider = tunnel.gcp.router?.resource.urn ?? advertised.decidedBy.urn;
    const remedy = `Add the range of ${destination}, of a peered network, to what is advertised`;
    return block('bgp', decider, 'not-advertised', why, remedy);
  }
  const regional = to.cloud === 'gcp' && to.subnet.network.routingMode === 'REGIONAL' && advertised.mode === 'DEFAULT';
  if (!regional) {
    const remedy = `Add ALL_SUBNETS or the range of ${destination} to what is advertised`;
    return block('bgp', advertised.decidedBy.urn, 'not-advertised', why, remedy);
  }
  const where = to.subnet.region ?? 'another';
  const reason = `regional routing: the Cloud Router advertises only its own region's subnets, ${destination} is in ${where}`;
  return block('bgp', advertised.decidedBy.urn, 'regional-routing', reason, 'Set routingMode to GLOBAL');
}

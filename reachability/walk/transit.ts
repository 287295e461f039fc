/** Out of a VPC through a transit gateway (Transit Gateway guide, "How transit gateways work"). */
import { formatAddress } from '../ip';
import type { TransitAttachment, TransitGateway } from '../model/aws/gateways';
import type { AwsEndpoint, Endpoint } from '../model/endpoint';
import type { Model } from '../model/model';
import type { TransitHop } from '../model/routing';
import type { VpnTunnel } from '../model/vpn/tunnels';
import { type Stop, type Trace, block } from '../verdict';
import { cross, explainUnlearned } from './crossing';
import type { Packet } from './packet';
import { transitHops } from './transitTable';
import { enterByTransit, leaveByTransit } from './vpcEntry';

export function throughTransit(
  model: Model,
  trace: Trace,
  from: AwsEndpoint,
  gateway: TransitGateway,
  to: Endpoint,
  packet: Packet,
): Stop | undefined {
  const { vpc } = from.subnet;
  const attachment = gateway.attachments.find((candidate) => candidate.vpc === vpc);
  if (attachment === undefined) {
    const why = `${vpc.resource.name} is not attached to the transit gateway`;
    return block('transit-gateway', gateway.resource.urn, 'not-attached', why, 'Add a VPC attachment');
  }
  const missing = zoneWithout(attachment, from);
  if (missing !== undefined) return missing;
  const denied = leaveByTransit(model, trace, attachment, from, packet);
  if (denied !== undefined) return denied;
  const hops = transitHops(model, attachment, packet.destination);
  if ('kind' in hops)
    return propagatesVpn(attachment) && to.cloud === 'gcp' ? explainUnlearned(model, gateway, to, packet) : hops;
  const [first] = hops;
  if (first.attachment === undefined) {
    return block('transit-gateway', first.urn, 'blackhole', 'the route is a blackhole', 'Remove the blackhole route');
  }
  const names = hops.map((hop) => hop.attachment?.resource.name ?? '').join(', ');
  trace.pass('transit-gateway', gateway.resource.urn, `routes it to ${names}`);
  if (first.attachment.vpc !== undefined) return intoVpc(model, trace, first.attachment, to, packet);
  // With ECMP every connection that hears the prefix carries a share.
  const tunnels = hops.flatMap((hop) => tunnelsOf(model, gateway, hop, packet));
  return tunnels.length > 0 ? cross(model, trace, tunnels, to, packet) : explainUnlearned(model, gateway, to, packet);
}

/** The table takes what VPN connections hear: then what is missing was never heard. */
function propagatesVpn(attachment: TransitAttachment): boolean {
  return attachment.association?.propagations.some((source) => source.vpc === undefined) === true;
}

/** Transit Gateway guide, "VPC attachments": resources in a zone without an attachment subnet cannot reach the gateway. */
function zoneWithout(attachment: TransitAttachment, from: AwsEndpoint): Stop | undefined {
  const { zone } = from.subnet;
  const zones = attachment.subnets.map((subnet) => subnet.zone).filter((known) => known !== undefined);
  if (zone === undefined || zones.length === 0 || zones.includes(zone)) return undefined;
  const why = `the attachment has no subnet in ${zone}, where the packet comes from`;
  return block(
    'transit-gateway',
    attachment.resource.urn,
    'attachment-zone',
    why,
    `Add a subnet of ${zone} to subnetIds`,
  );
}

/** A written route uses the connection whatever it hears; a propagated one only the tunnels that advertise the prefix. */
function tunnelsOf(model: Model, gateway: TransitGateway, hop: TransitHop, packet: Packet): readonly VpnTunnel[] {
  const connection = hop.attachment?.resource;
  if (connection === undefined) return [];
  if (!hop.written) return model.routing.learnedOver(connection).longest(packet.destination)?.values ?? [];
  return (model.routing.tunnelsOfGateway.get(gateway) ?? []).filter((tunnel) => tunnel.aws.connection === connection);
}

function intoVpc(
  model: Model,
  trace: Trace,
  attachment: TransitAttachment,
  to: Endpoint,
  packet: Packet,
): Stop | undefined {
  if (to.cloud === 'aws' && to.subnet.vpc === attachment.vpc)
    return enterByTransit(model, trace, attachment, to, packet);
  const why = `${formatAddress(packet.destination)} is not in ${attachment.vpc?.resource.name ?? 'the attached VPC'}`;
  const remedy = 'Route the range to the right attachment';
  return block('transit-gateway', attachment.resource.urn, 'wrong-attachment', why, remedy);
}

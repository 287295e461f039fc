/** Into a VPC from a gateway (Amazon VPC User Guide, "Gateway route tables"; Transit Gateway guide, "Network ACLs"). */
import { type Address, formatRange, holds } from '../ip';
import type { TransitAttachment, VirtualPrivateGateway } from '../model/aws/gateways';
import { type Route, type RouteTable, type Subnet, type Vpc, isLocal } from '../model/aws/network';
import type { AwsEndpoint } from '../model/endpoint';
import type { Model } from '../model/model';
import { UNKNOWN } from '../resources/value';
import { type Stop, type Trace, block } from '../verdict';
import { networkAcl } from './filters';
import type { Packet } from './packet';

/** A virtual private gateway delivers to any subnet, unless a route table of its own says otherwise. */
export function enterByVirtualPrivate(
  model: Model,
  trace: Trace,
  gateway: VirtualPrivateGateway,
  to: AwsEndpoint,
  packet: Packet,
): Stop | undefined {
  const { vpc } = to.subnet;
  const edge = vpc.edgeTables.get(gateway.resource.urn);
  const stop = edge === undefined ? undefined : diverted(model, edge, vpc, packet.destination);
  if (stop === undefined)
    trace.pass('virtual-private-gateway', gateway.resource.urn, `delivers into ${vpc.resource.name}`);
  return stop;
}

/** A transit gateway delivers through the attachment's subnet of the zone: its outbound rules and its route table count. */
export function enterByTransit(
  model: Model,
  trace: Trace,
  attachment: TransitAttachment,
  to: AwsEndpoint,
  packet: Packet,
): Stop | undefined {
  const { vpc } = to.subnet;
  const door = subnetOf(attachment, to) ?? attachment.subnets[0];
  const stop =
    door === undefined
      ? undefined
      : (diverted(model, door.routeTable, vpc, packet.destination) ??
        networkAcl(model, trace, { ...to, subnet: door }, to, packet, 'egress'));
  if (stop === undefined)
    trace.pass('transit-gateway', attachment.gateway.resource.urn, `delivers into ${vpc.resource.name}`);
  return stop;
}

/** On its way to a transit gateway a packet passes the inbound rules of the attachment's subnet. */
export function leaveByTransit(
  model: Model,
  trace: Trace,
  attachment: TransitAttachment,
  from: AwsEndpoint,
  packet: Packet,
): Stop | undefined {
  const door = subnetOf(attachment, from);
  return door === undefined ? undefined : networkAcl(model, trace, { ...from, subnet: door }, from, packet, 'ingress');
}

function subnetOf(attachment: TransitAttachment, { subnet }: AwsEndpoint): Subnet | undefined {
  return attachment.subnets.find((door) => door.zone === subnet.zone);
}

/** A route at least as specific as the local one that leads to an appliance. */
function diverted(model: Model, table: RouteTable, vpc: Vpc, destination: Address): Stop | undefined {
  const written = model.staticRoutesOf(table).longest(destination);
  const local = vpc.cidrs.find(({ range }) => holds(range, destination));
  const route: Route | undefined = written?.values[0];
  if (written === undefined || route === undefined || isLocal(route)) return undefined;
  if (local !== undefined && written.range.prefix < local.range.prefix) return undefined;
  const range = route.range === UNKNOWN ? 'a range not known yet' : formatRange(route.range);
  const why = `the route ${range} takes it to ${route.target.kind === 'external' ? route.target.id : route.target.kind}`;
  return block('route-table', route.urn, 'route-elsewhere', why, 'Remove the route, or let it lead to local');
}

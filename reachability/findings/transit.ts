/** Whether every VPN connection of a transit gateway carries its share (Transit Gateway guide, "VPN attachments", "ECMP"). */
import { sameRange } from '../ip';
import type { TransitAttachment, TransitGateway } from '../model/aws/gateways';
import type { Model } from '../model/model';
import type { VpnTunnel } from '../model/vpn/tunnels';
import type { Finding } from '../verdict';

export function transitFindings(model: Model): Finding[] {
  return [...model.gateways.transit.values()].flatMap((gateway) => {
    const tunnels = model.routing.tunnelsOfGateway.get(gateway) ?? [];
    return [...idleFindings(model, gateway, tunnels), ...ecmpFindings(gateway, tunnels)];
  });
}

/** A connection that one direction does not use, next to others that it does: the loss of those takes the link. */
function idleFindings(model: Model, gateway: TransitGateway, tunnels: readonly VpnTunnel[]): Finding[] {
  const connections = gateway.attachments.filter(({ resource }) =>
    tunnels.some((tunnel) => tunnel.aws.connection === resource),
  );
  const outward = connections.filter((connection) => isUsed(model, gateway, connection));
  const inward = connections.filter((connection) =>
    tunnels.some(
      (tunnel) => tunnel.aws.connection === connection.resource && model.routing.learnedByGoogle(tunnel).length > 0,
    ),
  );
  const idle = (used: readonly TransitAttachment[], why: string, remedy: string): Finding[] =>
    (used.length === 0 ? [] : connections)
      .filter((connection) => !used.includes(connection))
      .map(({ resource }) => ({
        rule: 'idle-connection',
        urn: resource.urn,
        message: `${resource.name} carries nothing ${why}, unlike ${used.map((other) => other.resource.name).join(', ')}`,
        remedy,
      }));
  return [
    ...idle(outward, 'to the other side', 'Propagate it into the route table of the VPC attachments'),
    ...idle(inward, 'back', 'Associate it with a route table that has the routes of the VPC attachments'),
  ];
}

/** Some VPC attachment's table leads to the connection, and by no static route past it, which stands before what is propagated. */
function isUsed(model: Model, gateway: TransitGateway, connection: TransitAttachment): boolean {
  return gateway.attachments.some(({ vpc, association }) => {
    if (vpc === undefined || association === undefined) return false;
    if (association.statics.some(({ attachment }) => attachment === connection)) return true;
    if (!association.propagations.includes(connection)) return false;
    const heard = model.routing.heardOver(connection.resource);
    return !heard.some((range) => association.statics.some((route) => sameRange(route.range, range)));
  });
}

/** Without equal-cost multipath one tunnel carries everything, and its throughput is the link's. */
function ecmpFindings(gateway: TransitGateway, tunnels: readonly VpnTunnel[]): Finding[] {
  if (tunnels.length < 2 || gateway.resource.knownText('vpnEcmpSupport') !== 'disable') return [];
  const { urn, name } = gateway.resource;
  const message = `${name} sends everything through one of its ${tunnels.length} tunnels`;
  return [{ rule: 'ecmp-off', urn, message, remedy: 'Set vpnEcmpSupport to enable' }];
}

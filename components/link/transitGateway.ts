import * as aws from '@pulumi/aws';
import type * as pulumi from '@pulumi/pulumi';
import type { AwsVpnEnd, AwsVpnEndArgs } from './awsEnd';

/**
 * A transit gateway beside the VPC. It spreads flows over all tunnels of all connections (ECMP), and
 * serves many sites. What it learns by BGP stays in its own route table, so the VPC's tables get static
 * routes to it.
 */
export function transitGateway(name: string, args: AwsVpnEndArgs, parent: pulumi.Resource): AwsVpnEnd {
  const { plan, network } = args;

  const gateway = new aws.ec2transitgateway.TransitGateway(
    `${name}-tgw`,
    {
      description: `Cassandra site ${plan.name}`,
      // The provider takes this one as a number.
      amazonSideAsn: plan.asn,
      vpnEcmpSupport: 'enable',
      dnsSupport: 'enable',
      autoAcceptSharedAttachments: 'disable',
      // Which attachment uses which table is said below; the defaults would join every later attachment.
      defaultRouteTableAssociation: 'disable',
      defaultRouteTablePropagation: 'disable',
      tags: { Name: `${name}-tgw` },
    },
    { parent },
  );
  const routeTable = new aws.ec2transitgateway.RouteTable(
    `${name}-tgw-routes`,
    { transitGatewayId: gateway.id, tags: { Name: `${name}-tgw-routes` } },
    { parent },
  );
  const vpc = new aws.ec2transitgateway.VpcAttachment(
    `${name}-tgw-vpc`,
    {
      transitGatewayId: gateway.id,
      vpcId: network.vpcId,
      // A zone without an attachment cannot send into the gateway, whatever its route table says.
      subnetIds: [...network.transitSubnetIds],
      transitGatewayDefaultRouteTableAssociation: false,
      transitGatewayDefaultRouteTablePropagation: false,
      tags: { Name: `${name}-tgw-vpc` },
    },
    { parent },
  );
  const vpcAttached = attach(`${name}-tgw-vpc`, { attachment: vpc.id, routeTable: routeTable.id }, parent);

  const prefixes = plan.peers.flatMap(({ advertised }) => advertised);
  const routes = network.workloadRouteTables.flatMap(({ zone, id }) =>
    prefixes.map(
      (prefix) =>
        new aws.ec2.Route(
          `${name}-to-${prefix.replace('/', '-')}-${zone}`,
          { routeTableId: id, destinationCidrBlock: prefix, transitGatewayId: gateway.id },
          // EC2 refuses a route to a transit gateway that the VPC is not attached to.
          { parent, dependsOn: [vpc] },
        ),
    ),
  );

  return {
    connection: { transitGatewayId: gateway.id },
    routes: [...vpcAttached, ...routes],
    // The VPN's attachment comes with the connection. Without the association its packets are dropped,
    // without the propagation nothing is known of the other site.
    attachConnection: (connectionName, connection, connectionParent) =>
      attach(
        connectionName,
        { attachment: connection.transitGatewayAttachmentId, routeTable: routeTable.id },
        connectionParent,
      ),
  };
}

interface TransitAttachment {
  readonly attachment: pulumi.Input<string>;
  readonly routeTable: pulumi.Input<string>;
}

/** Lets an attachment look its destinations up in the table, and puts its own prefixes there. */
function attach(name: string, { attachment, routeTable }: TransitAttachment, parent: pulumi.Resource) {
  const ends = { transitGatewayAttachmentId: attachment, transitGatewayRouteTableId: routeTable };
  return [
    new aws.ec2transitgateway.RouteTableAssociation(`${name}-association`, ends, { parent }),
    new aws.ec2transitgateway.RouteTablePropagation(`${name}-propagation`, ends, { parent }),
  ];
}

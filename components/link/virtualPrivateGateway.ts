import * as aws from '@pulumi/aws';
import type * as pulumi from '@pulumi/pulumi';
import type { AwsVpnEnd, AwsVpnEndArgs } from './awsEnd';

/**
 * A virtual private gateway on the VPC. It learns the other site's prefixes by BGP and propagates them
 * into the route tables. It sends by one tunnel of a connection at a time.
 */
export function virtualPrivateGateway(name: string, args: AwsVpnEndArgs, parent: pulumi.Resource): AwsVpnEnd {
  const { plan, network } = args;

  const gateway = new aws.ec2.VpnGateway(
    `${name}-vgw`,
    // The provider takes this one as a string.
    { amazonSideAsn: String(plan.asn), tags: { Name: `${name}-vgw` } },
    { parent },
  );
  const attachment = new aws.ec2.VpnGatewayAttachment(
    `${name}-vgw-attachment`,
    { vpnGatewayId: gateway.id, vpcId: network.vpcId },
    // A VPC has one virtual private gateway: another, as for a new ASN, takes the place of the old one.
    { parent, deleteBeforeReplace: true },
  );
  // A propagation serves one table only: a zone that lacks it sends its replies into the NAT gateway.
  const propagations = network.workloadRouteTables.map(
    ({ zone, id }) =>
      new aws.ec2.VpnGatewayRoutePropagation(
        `${name}-propagation-${zone}`,
        { vpnGatewayId: gateway.id, routeTableId: id },
        // EC2 refuses to propagate from a gateway that is not attached to the table's VPC.
        { parent, dependsOn: [attachment] },
      ),
  );

  return {
    connection: { vpnGatewayId: gateway.id },
    routes: propagations,
  };
}

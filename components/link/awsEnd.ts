import type * as aws from '@pulumi/aws';
import type * as pulumi from '@pulumi/pulumi';
import type { AwsSitePlan } from '../../plan/types';
import type { AwsLinkSide } from './sides';

export interface AwsVpnEndArgs {
  readonly plan: AwsSitePlan;
  readonly network: AwsLinkSide;
}

/** The AWS end of a site's links, whichever kind of gateway it is. */
export interface AwsVpnEnd {
  /** The gateway, as an argument of its VPN connections. */
  readonly connection: Pick<aws.ec2.VpnConnectionArgs, 'vpnGatewayId' | 'transitGatewayId'>;
  /** Nodes and pods have their way to the other sites. */
  readonly routes: readonly pulumi.Resource[];
  /** Makes a connection a part of the routing; absent where the gateway does that by itself. */
  readonly attachConnection?: (
    name: string,
    connection: aws.ec2.VpnConnection,
    parent: pulumi.Resource,
  ) => readonly pulumi.Resource[];
}

import type * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import type { LinkSettings } from '../../plan/settings';
import type { AwsSitePlan } from '../../plan/types';
import type { AwsVpnEnd, AwsVpnEndArgs } from './awsEnd';
import { transitGateway } from './transitGateway';
import { virtualPrivateGateway } from './virtualPrivateGateway';

export interface AwsVpnGatewayArgs extends AwsVpnEndArgs {
  readonly kind: LinkSettings['awsGateway'];
}

/**
 * The gateway by which an AWS site is linked to others; one for all of the site's links. It waits for
 * the VPC and its route tables only.
 */
export class AwsVpnGateway extends pulumi.ComponentResource implements AwsVpnEnd {
  readonly plan: AwsSitePlan;
  readonly provider: aws.Provider;
  readonly connection: AwsVpnEnd['connection'];
  readonly routes: readonly pulumi.Resource[];
  readonly attachConnection?: AwsVpnEnd['attachConnection'];

  constructor(name: string, args: AwsVpnGatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    // Plain values only: an Output among a component's inputs would hold back all of its children.
    super(
      'multicloud-cassandra:link:AwsVpnGateway',
      name,
      { plan: args.plan, kind: args.kind },
      { ...opts, providers: [args.network.provider] },
    );
    const end = args.kind === 'transit' ? transitGateway(name, args, this) : virtualPrivateGateway(name, args, this);

    this.plan = args.plan;
    this.provider = args.network.provider;
    this.connection = end.connection;
    this.routes = end.routes;
    this.attachConnection = end.attachConnection;
    this.registerOutputs({ gateway: end.connection });
  }
}

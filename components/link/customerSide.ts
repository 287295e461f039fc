import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import type { Settings } from '../../plan/settings';
import type { LinkPlan, TunnelPlan } from '../../plan/types';
import type { AwsVpnGateway } from './awsGateway';
import type { GcpVpnGateway } from './gcpGateway';
import { AWS_LIFETIMES, AWS_PROPOSAL, tunnelArgs, type AwsTunnelOptions } from './ipsec';

/** Greatest number `bgpAsn` takes; above it there is `bgpAsnExtended`. */
const GREATEST_BGP_ASN = 2147483647;

/** Seconds without an answer after which a tunnel counts as dead; the least AWS takes. */
const DEAD_PEER_TIMEOUT = 30;

/** A tunnel of the plan with its pre-shared key. */
export interface KeyedTunnel {
  readonly tunnel: TunnelPlan;
  readonly key: pulumi.Output<string>;
}

export interface CustomerSideArgs {
  readonly plan: LinkPlan;
  readonly stack: Settings;
  readonly awsGateway: AwsVpnGateway;
  readonly gcpGateway: GcpVpnGateway;
  readonly tunnels: readonly KeyedTunnel[];
}

/**
 * The AWS half of a link: the HA VPN gateway's two interfaces as customer gateways, and a connection of
 * two tunnels to each.
 */
export class CustomerSide extends pulumi.ComponentResource {
  /** In order of the HA VPN gateway's interfaces. */
  readonly connections: readonly [aws.ec2.VpnConnection, aws.ec2.VpnConnection];
  /** The connections take part in the gateway's routing. */
  readonly attached: readonly pulumi.Resource[];

  constructor(name: string, args: CustomerSideArgs, opts?: pulumi.ComponentResourceOptions) {
    super('multicloud-cassandra:link:CustomerSide', name, { plan: args.plan }, opts);
    const { plan, stack, awsGateway, gcpGateway } = args;
    const parent = { parent: this };

    const logGroup = new aws.cloudwatch.LogGroup(
      `${name}-tunnel-logs`,
      {
        // Under this prefix CloudWatch Logs admits log delivery without adding to the account's resource
        // policy, which has a size limit ("Enable logging from AWS services").
        name: `/aws/vendedlogs/vpn/${stack.cluster}/${plan.name}`,
        retentionInDays: 30,
      },
      parent,
    );

    const connect = (connection: 0 | 1) => {
      const [first, second] = [tunnelOf(args, connection, 1), tunnelOf(args, connection, 2)];
      const customerGateway = new aws.ec2.CustomerGateway(
        `${name}-customer-${connection}`,
        {
          type: 'ipsec.1',
          ipAddress: gcpGateway.interfaceAddress(first.tunnel.haInterface),
          ...bgpAsn(plan.gcpAsn),
          tags: { Name: `${name}-customer-${connection}` },
        },
        parent,
      );
      return new aws.ec2.VpnConnection(
        `${name}-connection-${connection}`,
        {
          type: 'ipsec.1',
          customerGatewayId: customerGateway.id,
          ...awsGateway.connection,
          staticRoutesOnly: false,
          ...tunnelArgs(1, tunnelOptions(first, logGroup.arn)),
          ...tunnelArgs(2, tunnelOptions(second, logGroup.arn)),
          tags: { Name: `${name}-connection-${connection}` },
        },
        parent,
      );
    };
    this.connections = [connect(0), connect(1)];
    this.attached = this.connections.flatMap(
      (connection, index) => awsGateway.attachConnection?.(`${name}-connection-${index}`, connection, this) ?? [],
    );

    this.registerOutputs({});
  }

  /** AWS's public address of a tunnel; the cloud assigns it. */
  outsideAddress(tunnel: TunnelPlan): pulumi.Output<string> {
    const connection = this.connections[tunnel.connection];
    return tunnel.connectionTunnel === 1 ? connection.tunnel1Address : connection.tunnel2Address;
  }
}

function tunnelOf({ plan, tunnels }: CustomerSideArgs, connection: 0 | 1, number: 1 | 2): KeyedTunnel {
  const found = tunnels.find(({ tunnel }) => tunnel.connection === connection && tunnel.connectionTunnel === number);
  if (!found) throw new RangeError(`Link ${plan.name} has no tunnel ${number} of connection ${connection} in its plan`);
  return found;
}

function tunnelOptions({ tunnel, key }: KeyedTunnel, logGroupArn: pulumi.Output<string>): AwsTunnelOptions {
  return {
    InsideCidr: tunnel.cidr,
    PresharedKey: key,
    ...AWS_PROPOSAL,
    ...AWS_LIFETIMES,
    // AWS starts the exchange too, and again after a loss: by default it waits for the other side.
    StartupAction: 'start',
    DpdTimeoutAction: 'restart',
    DpdTimeoutSeconds: DEAD_PEER_TIMEOUT,
    LogOptions: {
      cloudwatchLogOptions: {
        logEnabled: true,
        logGroupArn,
        logOutputFormat: 'json',
        bgpLogEnabled: true,
        bgpLogGroupArn: logGroupArn,
        bgpLogOutputFormat: 'json',
      },
    },
  };
}

/** The provider takes the number as a string, and great ones by another name. */
function bgpAsn(asn: number): Pick<aws.ec2.CustomerGatewayArgs, 'bgpAsn' | 'bgpAsnExtended'> {
  return asn > GREATEST_BGP_ASN ? { bgpAsnExtended: String(asn) } : { bgpAsn: String(asn) };
}

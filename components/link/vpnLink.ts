import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import type { Settings } from '../../plan/settings';
import type { LinkPlan } from '../../plan/types';
import { namesOf } from '../gcp/names';
import { TunnelAlarms } from './alarms';
import type { AwsVpnGateway } from './awsGateway';
import { CustomerSide, type KeyedTunnel } from './customerSide';
import type { GcpVpnGateway } from './gcpGateway';
import { GCP_PROPOSAL, IKE_VERSION } from './ipsec';
import { presharedKey } from './presharedKey';

export interface VpnLinkArgs {
  readonly plan: LinkPlan;
  readonly stack: Settings;
  readonly awsGateway: AwsVpnGateway;
  readonly gcpGateway: GcpVpnGateway;
}

/**
 * The VPN between an AWS and a Google Cloud site: four IPsec tunnels with a BGP session in each.
 *
 * Tunnels 0 and 1 are the two of the first AWS connection and end on interface 0 of the HA VPN gateway,
 * 2 and 3 those of the second and end on interface 1. Google's redundancy check and its 99.99 % agreement
 * want exactly this ("Create HA VPN connections between Google Cloud and AWS").
 *
 * The clouds assign the outside addresses, so the order is theirs: HA VPN gateway → customer gateways →
 * connections → external gateway → tunnels → router interfaces → BGP sessions. Each arrow is a reference
 * to what the one before was assigned.
 */
export class VpnLink extends pulumi.ComponentResource {
  /** What must exist before a packet can cross. BGP is up some seconds later: probe, do not assume. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: VpnLinkArgs, opts?: pulumi.ComponentResourceOptions) {
    super(
      'multicloud-cassandra:link:VpnLink',
      name,
      { plan: args.plan },
      { ...opts, providers: [args.awsGateway.provider, args.gcpGateway.network.provider] },
    );
    const { plan, stack, awsGateway, gcpGateway } = args;
    const names = namesOf(stack.cluster, plan.name);
    const { region } = gcpGateway.plan;
    const parent = { parent: this };

    // One key for each tunnel: a key that leaks opens one tunnel, and each is rotated without the others.
    const tunnels = plan.tunnels.map((tunnel) => ({
      tunnel,
      key: presharedKey(`${name}-psk-${tunnel.externalInterface}`, parent),
    }));
    const customer = new CustomerSide(name, { plan, stack, awsGateway, gcpGateway, tunnels }, parent);

    const external = new gcp.compute.ExternalVpnGateway(
      `${name}-external`,
      {
        name: names('external'),
        description: `AWS site ${plan.aws}`,
        redundancyType: 'FOUR_IPS_REDUNDANCY',
        interfaces: plan.tunnels.map((tunnel) => ({
          id: tunnel.externalInterface,
          ipAddress: customer.outsideAddress(tunnel),
        })),
      },
      parent,
    );

    const connect = ({ tunnel, key }: KeyedTunnel) => {
      const number = tunnel.externalInterface;
      const vpnTunnel = new gcp.compute.VPNTunnel(
        `${name}-tunnel-${number}`,
        {
          name: names(`tunnel-${number}`),
          description: `AWS connection ${tunnel.connection}, tunnel ${tunnel.connectionTunnel}`,
          region,
          vpnGateway: gcpGateway.gateway.id,
          vpnGatewayInterface: tunnel.haInterface,
          peerExternalGateway: external.id,
          peerExternalGatewayInterface: number,
          router: gcpGateway.router.id,
          ikeVersion: IKE_VERSION,
          cipherSuite: GCP_PROPOSAL,
          sharedSecret: key,
        },
        parent,
      );
      const routerInterface = new gcp.compute.RouterInterface(
        `${name}-interface-${number}`,
        {
          name: names(`interface-${number}`),
          region,
          router: gcpGateway.router.name,
          ipRange: `${tunnel.gcpAddress}/30`,
          vpnTunnel: vpnTunnel.name,
        },
        parent,
      );
      return new gcp.compute.RouterPeer(
        `${name}-peer-${number}`,
        {
          name: names(`peer-${number}`),
          region,
          router: gcpGateway.router.name,
          interface: routerInterface.name,
          ipAddress: tunnel.gcpAddress,
          peerIpAddress: tunnel.awsAddress,
          peerAsn: plan.awsAsn,
          // A session's DEFAULT is the router's own list, here a CUSTOM one: one list for all sessions.
          advertiseMode: 'DEFAULT',
          // Equal on all four, so that none is preferred.
          advertisedRoutePriority: 100,
        },
        parent,
      );
    };
    const sessions = tunnels.map(connect);

    new TunnelAlarms(
      name,
      {
        plan,
        alerts: stack.alerts,
        tunnels: plan.tunnels.map((tunnel) => ({
          number: tunnel.externalInterface,
          outsideAddress: customer.outsideAddress(tunnel),
          tunnelName: names(`tunnel-${tunnel.externalInterface}`),
          peerName: names(`peer-${tunnel.externalInterface}`),
        })),
        monitoringApi: gcpGateway.network.monitoringApi,
        sessions,
      },
      parent,
    );

    this.ready = [
      ...sessions,
      // Both directions: AWS's routing, and Google Cloud's firewall.
      ...customer.attached,
      ...awsGateway.routes,
      ...gcpGateway.network.admission,
    ];
    this.registerOutputs({ connections: customer.connections.map(({ id }) => id) });
  }
}

import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import type { Settings } from '../../plan/settings';
import type { GcpSitePlan } from '../../plan/types';
import { namesOf } from '../gcp/names';
import type { GcpLinkSide } from './sides';

/**
 * Seconds. The hold time is three times as long, 60 s offered; AWS offers 30 s and the lower one holds.
 * Cloud Router takes 20 to 60.
 */
const KEEPALIVE_INTERVAL = 20;

export interface GcpVpnGatewayArgs {
  readonly plan: GcpSitePlan;
  readonly stack: Settings;
  readonly network: GcpLinkSide;
}

/**
 * The gateway by which a Google Cloud site is linked to others, and the Cloud Router that speaks BGP for
 * it; one of each for all of the site's links. They wait for the network only.
 */
export class GcpVpnGateway extends pulumi.ComponentResource {
  readonly plan: GcpSitePlan;
  readonly network: GcpLinkSide;
  readonly gateway: gcp.compute.HaVpnGateway;
  readonly router: gcp.compute.Router;

  constructor(name: string, args: GcpVpnGatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    // Plain values only: an Output among a component's inputs would hold back all of its children.
    super(
      'multicloud-cassandra:link:GcpVpnGateway',
      name,
      { plan: args.plan },
      { ...opts, providers: [args.network.provider] },
    );
    const { plan, network } = args;
    const names = namesOf(args.stack.cluster, plan.name);

    this.gateway = new gcp.compute.HaVpnGateway(
      `${name}-gateway`,
      {
        name: names('vpn-gateway'),
        description: `Cassandra cluster ${args.stack.cluster}, site ${plan.name}`,
        region: plan.region,
        network: network.networkId,
        stackType: 'IPV4_ONLY',
      },
      { parent: this },
    );
    this.router = new gcp.compute.Router(
      `${name}-router`,
      {
        name: names('vpn-router'),
        description: 'BGP with linked sites',
        region: plan.region,
        network: network.networkId,
        bgp: {
          asn: plan.asn,
          keepaliveInterval: KEEPALIVE_INTERVAL,
          // Neither DEFAULT nor the group ALL_SUBNETS: both mean every subnet route, and a secondary range
          // is one, so the service range would be advertised with the pods. Service addresses work inside
          // their cluster only, and the other site may use the same ones.
          advertiseMode: 'CUSTOM',
          advertisedIpRanges: plan.advertised.map((range) => ({ range, description: `site ${plan.name}` })),
        },
      },
      { parent: this },
    );

    this.plan = plan;
    this.network = network;
    this.registerOutputs({ gatewayId: this.gateway.id });
  }

  /** Public address of an interface of the gateway. */
  interfaceAddress(haInterface: 0 | 1): pulumi.Output<string> {
    return this.gateway.vpnInterfaces.apply((interfaces) => {
      const found = interfaces.find(({ id }) => id === haInterface);
      if (!found?.ipAddress) {
        throw new pulumi.RunError(
          `HA VPN gateway of site ${this.plan.name} has no address on interface ${haInterface}: ` +
            `look at it in the Google Cloud console and delete it there if it is broken, then run pulumi refresh`,
        );
      }
      return found.ipAddress;
    });
  }
}

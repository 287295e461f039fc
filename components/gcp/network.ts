import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import type { Settings } from '../../plan/settings';
import type { GcpSitePlan } from '../../plan/types';
import type { LoadBalancerRole } from '../kubernetesSite';
import type { GcpApis } from './apis';
import { GcpFirewall } from './firewall';
import { namesOf } from './names';

/** Names of the node subnet's secondary ranges; GKE is told them by these names. */
export const POD_RANGE = 'pods';
export const SERVICE_RANGE = 'services';

export interface GcpNetworkArgs {
  readonly plan: GcpSitePlan;
  readonly stack: Settings;
  readonly apis: GcpApis;
  readonly provider: gcp.Provider;
}

/**
 * The VPC network of a Google Cloud site: node subnet with the secondary ranges of pods and services,
 * control plane subnet, outbound NAT, firewall rules and the reserved addresses of the site's internal
 * load balancers. Waits for nothing but the Compute Engine API.
 */
export class GcpNetwork extends pulumi.ComponentResource {
  readonly provider: gcp.Provider;
  readonly networkId: pulumi.Output<string>;
  readonly nodeSubnetId: pulumi.Output<string>;
  readonly controlPlaneSubnetId: pulumi.Output<string>;
  /** Network tag that the firewall rules aim at; every node carries it. */
  readonly nodeTag: string;
  readonly firewall: GcpFirewall;
  readonly nat: gcp.compute.RouterNat;
  /** The reserved addresses, in the plan's order. */
  readonly addresses: Readonly<Record<LoadBalancerRole, readonly gcp.compute.Address[]>>;
  /** The rules that let linked sites in. */
  readonly admission: readonly pulumi.Resource[];
  /** Cloud Monitoring is on: alert policies can be made. */
  readonly monitoringApi: pulumi.Resource;

  constructor(name: string, args: GcpNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    // Plain values only: an Output among a component's inputs would hold back all of its children.
    super('multicloud-cassandra:gcp:Network', name, { plan: args.plan }, opts);
    const { plan, stack } = args;
    const names = namesOf(stack.cluster, plan.name);
    const { region } = plan;
    const parent = { parent: this };

    const network = new gcp.compute.Network(
      `${name}-network`,
      {
        name: names('network'),
        description: `Cassandra cluster ${stack.cluster}, site ${plan.name}`,
        autoCreateSubnetworks: false,
        // With REGIONAL, routes learnt over the VPN are unknown in other regions of the network.
        routingMode: 'GLOBAL',
        // Google Cloud's default, and what Cloud VPN's gateways have; explicit because it is compared
        // with the tunnels' and the other cloud's MTU.
        mtu: 1460,
        // Nodes without external addresses reach the internet by the default route and NAT.
        deleteDefaultRoutesOnCreate: false,
      },
      { ...parent, protect: stack.protect, dependsOn: [args.apis.services.compute] },
    );

    const nodeSubnet = new gcp.compute.Subnetwork(
      `${name}-nodes`,
      {
        name: names('nodes'),
        description: 'Nodes and internal load balancers; pods and services in the secondary ranges',
        region,
        network: network.id,
        ipCidrRange: plan.nodeSubnet,
        secondaryIpRanges: [
          { rangeName: POD_RANGE, ipCidrRange: plan.pods },
          { rangeName: SERVICE_RANGE, ipCidrRange: plan.services },
        ],
        // Images and APIs of Google are reached without NAT.
        privateIpGoogleAccess: true,
        // A tenth of the flows in ten-minute records: enough to see who talks to whom, at little cost.
        logConfig: { aggregationInterval: 'INTERVAL_10_MIN', flowSampling: 0.1, metadata: 'INCLUDE_ALL_METADATA' },
      },
      { ...parent, protect: stack.protect },
    );

    const controlPlaneSubnet = new gcp.compute.Subnetwork(
      `${name}-control-plane`,
      {
        name: names('control-plane'),
        description: 'Private endpoint of the GKE control plane',
        region,
        network: network.id,
        ipCidrRange: plan.controlPlane,
        privateIpGoogleAccess: true,
      },
      { ...parent, protect: stack.protect },
    );

    // A router of its own: the VPN's router is replaced when its ASN changes, and must not take the
    // nodes' way to the internet with it.
    const router = new gcp.compute.Router(
      `${name}-nat-router`,
      { name: names('nat-router'), description: 'Carries NAT only, no BGP', region, network: network.id },
      parent,
    );
    this.nat = new gcp.compute.RouterNat(
      `${name}-nat`,
      {
        name: names('nat'),
        region,
        router: router.name,
        natIpAllocateOption: 'AUTO_ONLY',
        // Pods keep their own source address (SNAT is off in the cluster), so NAT has to serve the
        // secondary ranges as well or pods have no way to the internet.
        sourceSubnetworkIpRangesToNat: 'ALL_SUBNETWORKS_ALL_IP_RANGES',
        logConfig: { enable: true, filter: 'ERRORS_ONLY' },
      },
      parent,
    );

    this.nodeTag = names('node');
    this.firewall = new GcpFirewall(
      `${name}-admit`,
      { plan, names, network: network.id, nodeTag: this.nodeTag },
      parent,
    );

    const reserve = (role: LoadBalancerRole, purpose: string, addresses: readonly string[]) =>
      addresses.map(
        (address) =>
          new gcp.compute.Address(
            `${name}-${role}-${address}`,
            {
              name: names(`${role}-${address.replaceAll('.', '-')}`),
              description: `Internal load balancer: ${role}`,
              region,
              subnetwork: nodeSubnet.id,
              addressType: 'INTERNAL',
              purpose,
              address,
            },
            parent,
          ),
      );
    this.addresses = {
      gateway: reserve('gateway', 'GCE_ENDPOINT', plan.gateway.addresses),
      // Two Services, TCP and UDP, answer at the one DNS address; only this purpose lets them share it.
      dns: reserve('dns', 'SHARED_LOADBALANCER_VIP', plan.dns.addresses),
    };

    this.provider = args.provider;
    this.networkId = network.id;
    this.nodeSubnetId = nodeSubnet.id;
    this.controlPlaneSubnetId = controlPlaneSubnet.id;
    this.admission = this.firewall.peers ? [this.firewall.peers] : [];
    this.monitoringApi = args.apis.services.monitoring;
    this.registerOutputs({ networkId: this.networkId, nodeSubnetId: this.nodeSubnetId });
  }
}

/** Everything that the walk looks at, read once from the resources. */
import { PrefixTable } from '../ip';
import { Inventory } from '../resources/inventory';
import type { ResourceInput } from '../resources/resource';
import { UNKNOWN } from '../resources/value';
import { type AwsGateways, readAwsGateways } from './aws/gateways';
import { type AwsNetworks, type Route, type RouteTable, readAwsNetworks } from './aws/network';
import { type NetworkAcl, readNetworkAcls } from './aws/networkAcls';
import { type SecurityGroups, readSecurityGroups } from './aws/securityGroups';
import { type Firewalls, readFirewalls } from './gcp/firewall';
import { readFirewallPolicies } from './gcp/firewallPolicies';
import { type GcpNetwork, type GcpNetworks, type GcpRoute, TUNNEL, readGcpNetworks } from './gcp/network';
import { type GcpPeerings, readPeerings } from './gcp/peering';
import { type CloudRouters, readCloudRouters } from './gcp/router';
import { type Interfaces, readInterfaces } from './interfaces';
import { type Datacenter, readDatacenters } from './kubernetes/cassandra';
import type { Cluster } from './kubernetes/cluster';
import { type Clusters, readClusters } from './kubernetes/clusters';
import { type ClusterDns, readClusterDns } from './kubernetes/dns';
import { automaticFirewalls } from './kubernetes/gkeFirewalls';
import { type LoadBalancer, readLoadBalancers } from './kubernetes/loadBalancers';
import { type NetworkPolicies, readNetworkPolicies } from './kubernetes/networkPolicy';
import { Places } from './places';
import { Routing } from './routing';
import { readAwsEnds } from './vpn/awsEnd';
import { readGcpEnds } from './vpn/gcpEnd';
import { type VpnTunnels, pairTunnels } from './vpn/tunnels';

export class Model {
  readonly inventory: Inventory;
  readonly aws: AwsNetworks;
  readonly groups: SecurityGroups;
  readonly acls: ReadonlyMap<string, NetworkAcl>;
  readonly gateways: AwsGateways;
  readonly gcp: GcpNetworks;
  readonly peerings: GcpPeerings;
  readonly firewalls: Firewalls;
  readonly routers: CloudRouters;
  readonly vpn: VpnTunnels;
  readonly routing: Routing;
  readonly interfaces: Interfaces;
  readonly clusters: Clusters;
  readonly policies: ReadonlyMap<Cluster, NetworkPolicies>;
  readonly datacenters: readonly Datacenter[];
  readonly balancers: readonly LoadBalancer[];
  readonly dns: ReadonlyMap<Cluster, ClusterDns>;
  readonly places: Places;
  private readonly staticRoutes = new Map<RouteTable | GcpNetwork, PrefixTable<Route | GcpRoute>>();

  constructor(inputs: readonly ResourceInput[]) {
    const inventory = (this.inventory = new Inventory(inputs));
    this.aws = readAwsNetworks(inventory);
    this.groups = readSecurityGroups(inventory, this.aws);
    this.acls = readNetworkAcls(inventory);
    this.gateways = readAwsGateways(inventory, this.aws);
    this.gcp = readGcpNetworks(inventory);
    this.peerings = readPeerings(inventory, this.gcp.networks);
    this.routers = readCloudRouters(inventory, this.gcp, TUNNEL);
    const awsEnds = readAwsEnds(inventory, this.gateways);
    const gcpEnds = readGcpEnds(inventory, this.gcp, this.routers);
    this.vpn = pairTunnels(inventory, awsEnds, gcpEnds);
    this.routing = new Routing(inventory, this.vpn.tunnels);
    this.interfaces = readInterfaces(inventory, this.aws, this.groups, this.gcp);
    this.clusters = readClusters(inventory, this.aws, this.groups, this.gcp);
    this.firewalls = readFirewalls(
      inventory,
      this.gcp,
      readFirewallPolicies(inventory, this.gcp),
      automaticFirewalls(this.clusters.all),
    );
    this.policies = new Map(this.clusters.all.map((cluster) => [cluster, readNetworkPolicies(cluster.objects)]));
    this.datacenters = readDatacenters(inventory, this.clusters);
    this.balancers = readLoadBalancers(inventory, this.clusters, this.aws, this.gcp);
    this.dns = new Map(this.clusters.all.map((cluster) => [cluster, readClusterDns(inventory, cluster)]));
    this.places = new Places(this);
  }

  /** Routes that were written down in a route table, by destination. */
  staticRoutesOf(table: RouteTable): PrefixTable<Route> {
    return this.tableFor(table, table.routes) as PrefixTable<Route>;
  }

  /** Custom static routes of a Google network, by destination. */
  staticRoutesIn(network: GcpNetwork): PrefixTable<GcpRoute> {
    return this.tableFor(network, network.routes) as PrefixTable<GcpRoute>;
  }

  private tableFor(
    owner: RouteTable | GcpNetwork,
    routes: readonly (Route | GcpRoute)[],
  ): PrefixTable<Route | GcpRoute> {
    const known = this.staticRoutes.get(owner);
    if (known !== undefined) return known;
    const table = new PrefixTable<Route | GcpRoute>();
    for (const route of routes) if (route.range !== UNKNOWN) table.add(route.range, route);
    this.staticRoutes.set(owner, table);
    return table;
  }
}

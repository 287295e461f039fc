/**
 * The plan: every address and name of the system, computed from settings alone.
 *
 * All addresses are strings in canonical form (`10.0.0.0/16`, `10.0.0.1`), so that they can be
 * handed to a resource as they are and are known at the first preview.
 */

/** The clouds a site can be in. */
export type Cloud = 'aws' | 'gcp';

/** A whole plan. Sites and links stand in order of their names, whatever order the settings had. */
export interface Plan {
  /** Cassandra `cluster_name`, the same in every datacenter. */
  readonly cluster: string;
  readonly sites: readonly SitePlan[];
  readonly links: readonly LinkPlan[];
  /** Every range of the plan, for tables, overlap checks and policy configuration. */
  readonly ranges: readonly PlannedRange[];
}

/** One range with the site (or link) that owns it and what it is for. */
export interface PlannedRange {
  /** Site name, or link name for tunnel ranges. */
  readonly owner: string;
  readonly role: RangeRole;
  /** Zone, for ranges that belong to one. */
  readonly zone?: string;
  readonly cidr: string;
  /** Addresses that can be given to something, after what the cloud takes for itself. */
  readonly usable: number;
  /** What the range is for, counted: how many nodes, pods, services or other addresses it can hold. */
  readonly capacity: RangeCapacity;
  /** The range of the same owner that contains this one, if it is a part of another. */
  readonly within?: string;
}

export interface RangeCapacity {
  readonly of: 'nodes' | 'pods' | 'services' | 'addresses';
  readonly max: number;
}

export type RangeRole =
  | 'nodes'
  | 'pods'
  | 'services'
  | 'controlPlane'
  | 'nodeSubnet'
  | 'podSubnet'
  | 'loadBalancerSubnet'
  | 'loadBalancerReservation'
  | 'publicSubnet'
  | 'transitSubnet'
  | 'virtual'
  | 'tunnel';

interface SitePlanBase {
  /** Site name: a DNS label, unique in the stack. */
  readonly name: string;
  readonly region: string;
  /** Cassandra datacenter name: a DNS label, unique in the stack. */
  readonly datacenter: string;
  /** Kubernetes namespace of Cassandra on this site, unique over all sites. */
  readonly namespace: string;
  /** Autonomous system number of this site's side of every link. */
  readonly asn: number;
  /** Range of the nodes: the VPC's primary CIDR on AWS, holder of the node subnet on GCP. */
  readonly nodes: string;
  /** Range of the pods: the VPC's secondary CIDR on AWS, the secondary range on GCP. */
  readonly pods: string;
  /** /20 of the pods' virtual addresses; with `connectivity: overlay` only. See `virtualAddress`. */
  readonly virtual?: string;
  /** Kubernetes service range; never advertised. */
  readonly services: string;
  /** Address of the cluster's own DNS service, the tenth of the service range. */
  readonly clusterDns: string;
  readonly gateway: GatewayPlan;
  readonly dns: DnsPlan;
  /** Prefixes this site advertises over its links: nodes and, with native connectivity, pods. */
  readonly advertised: readonly string[];
  /** What this site must know of each site it is linked with, in order of name. */
  readonly peers: readonly PeerPlan[];
  /** Destinations for which pod sources must not be rewritten: the peers' advertised prefixes. */
  readonly snatExclusions: readonly string[];
  /** Sources that node and pod firewalls must admit: the peers' advertised prefixes. */
  readonly firewallSources: readonly string[];
  /**
   * Addresses by which other datacenters' seeds are reached: the peers' gateway addresses; with
   * `connectivity: overlay` the virtual addresses of the first pod of each of their racks.
   */
  readonly remoteSeeds: readonly string[];
  readonly capacity: Capacity;
}

export interface AwsSitePlan extends SitePlanBase {
  readonly cloud: 'aws';
  /** In order of zone name; one rack each. */
  readonly zones: readonly AwsZonePlan[];
}

export interface GcpSitePlan extends SitePlanBase {
  readonly cloud: 'gcp';
  readonly zones: readonly GcpZonePlan[];
  /** Primary range of the node subnet, a part of `nodes`. */
  readonly nodeSubnet: string;
  /** Control plane range, exactly /28, a part of `nodes` unless pinned elsewhere. */
  readonly controlPlane: string;
  /** Pods per node that the pod range is cut for; GKE's `maxPodsPerNode`. */
  readonly podsPerNode: number;
}

export type SitePlan = AwsSitePlan | GcpSitePlan;

export interface AwsZonePlan {
  /** Availability zone, e.g. `eu-west-1a`. */
  readonly zone: string;
  /** Cassandra rack name. */
  readonly rack: string;
  readonly nodeSubnet: string;
  readonly podSubnet: string;
  /** Internal load balancers live here alone, so their pinned addresses are never taken. */
  readonly loadBalancerSubnet: string;
  /** Holds the NAT gateway. */
  readonly publicSubnet: string;
  /** Holds the transit gateway attachment; used with `awsGateway: transit` only. */
  readonly transitSubnet: string;
  /**
   * Last /28 of `loadBalancerSubnet`. A SubnetCidrReservation of type `explicit` on it keeps AWS from
   * giving the planned addresses below to anything by itself.
   */
  readonly loadBalancerReservation: string;
  /** This zone's address of the cross-datacenter gateway, in `loadBalancerReservation`. */
  readonly gatewayAddress: string;
  /** This zone's address of the DNS forwarder target, in `loadBalancerReservation`. */
  readonly dnsAddress: string;
}

export interface GcpZonePlan {
  readonly zone: string;
  readonly rack: string;
}

/** How a site's Cassandra is reached from other sites. */
export interface GatewayPlan {
  /** One address per zone on AWS, one on GCP. */
  readonly addresses: readonly string[];
  /** Internode port. */
  readonly port: number;
  /** Name of the Service. */
  readonly service: string;
}

/** How a site's names are resolved from other sites. */
export interface DnsPlan {
  /** One address per zone on AWS, one on GCP. */
  readonly addresses: readonly string[];
  /** Zone that other sites forward here: `<namespace>.svc.cluster.local`. */
  readonly zone: string;
}

/** What a site knows of another one it is linked with. */
export interface PeerPlan {
  readonly site: string;
  readonly cloud: Cloud;
  readonly nodes: string;
  readonly pods: string;
  readonly advertised: readonly string[];
  readonly gatewayAddresses: readonly string[];
  readonly dnsAddresses: readonly string[];
  readonly dnsZone: string;
  readonly datacenter: string;
  /** The peer's virtual range; with `connectivity: overlay` only. */
  readonly virtual?: string;
}

/** How much fits into a site's ranges, and what runs out first. */
export interface Capacity {
  readonly nodes: CapacityFigure;
  readonly pods: CapacityFigure;
  readonly cassandraNodes: CapacityFigure;
  /** Which resource runs out first as the site grows, in words. */
  readonly firstLimit: string;
}

export interface CapacityFigure {
  /** What the settings ask for. */
  readonly used: number;
  /** What the ranges and the clouds' limits allow. */
  readonly max: number;
  /** Which limit sets `max`. */
  readonly limit: string;
}

/** The VPN between an AWS and a GCP site: four tunnels. */
export interface LinkPlan {
  /** `<aws site>--<gcp site>`: the two site names in alphabetical order. */
  readonly name: string;
  readonly aws: string;
  readonly gcp: string;
  readonly awsAsn: number;
  readonly gcpAsn: number;
  /** Exactly four, in the order of the external gateway's interfaces 0 to 3. */
  readonly tunnels: readonly TunnelPlan[];
}

export interface TunnelPlan {
  /** Interface of the GCP external VPN gateway: 0 to 3. */
  readonly externalInterface: 0 | 1 | 2 | 3;
  /** Interface of the GCP HA VPN gateway: tunnels 0, 1 on 0 and 2, 3 on 1. */
  readonly haInterface: 0 | 1;
  /** AWS VPN connection (0 or 1) and tunnel of that connection (1 or 2). */
  readonly connection: 0 | 1;
  readonly connectionTunnel: 1 | 2;
  /** /30 inside range. */
  readonly cidr: string;
  /** First address of the range: AWS's end. */
  readonly awsAddress: string;
  /** Second address of the range: GCP's end. */
  readonly gcpAddress: string;
}

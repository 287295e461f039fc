/** Finds what has an address. */
import { type Address, PrefixTable, type Range, formatAddress, holds, overlaps } from '../ip';
import { push } from '../resources/inventory';
import type { AwsNetworks, Subnet } from './aws/network';
import type { SecurityGroups } from './aws/securityGroups';
import { type AwsEndpoint, type Endpoint, type GcpEndpoint, type Workload, sampleAlike } from './endpoint';
import type { GcpNetworks, GcpSubnet } from './gcp/network';
import { type Interfaces, googleInterfaceAt, interfaceKey } from './interfaces';
import { type Datacenter, PORTS, cassandraPod } from './kubernetes/cassandra';
import type { Cluster, EksCluster, EksZone, GkeCluster, Pod } from './kubernetes/cluster';
import type { Clusters } from './kubernetes/clusters';
import type { ClusterDns } from './kubernetes/dns';
import { type LoadBalancer, addressesOf } from './kubernetes/loadBalancers';
import type { Service } from './ports';

/** The parts of the model that places are found in. */
export interface Landscape {
  readonly aws: AwsNetworks;
  readonly gcp: GcpNetworks;
  readonly groups: SecurityGroups;
  readonly interfaces: Interfaces;
  readonly clusters: Clusters;
  readonly datacenters: readonly Datacenter[];
  readonly balancers: readonly LoadBalancer[];
  readonly dns: ReadonlyMap<Cluster, ClusterDns>;
}

export class Places {
  private readonly awsSubnets = new PrefixTable<Subnet>();
  private readonly gcpSubnets = new PrefixTable<GcpSubnet>();
  private readonly balancers = new Map<Address, LoadBalancer[]>();
  private readonly podZones = new Map<Subnet, readonly [EksCluster, EksZone]>();
  private readonly nodeZones = new Map<Subnet, readonly [EksCluster, EksZone]>();
  private readonly idle = new Map<Subnet, EksCluster>();
  private readonly gkeClusters = new Map<GcpSubnet, GkeCluster[]>();

  constructor(private readonly landscape: Landscape) {
    for (const subnet of landscape.aws.subnets.values()) this.awsSubnets.add(subnet.range, subnet);
    for (const subnet of landscape.gcp.subnets.values()) {
      for (const { range } of subnet.ranges) this.gcpSubnets.add(range, subnet);
    }
    for (const balancer of landscape.balancers) {
      for (const address of addressesOf(balancer)) push(this.balancers, address, balancer);
    }
    for (const cluster of landscape.clusters.all) this.addCluster(cluster);
  }

  private addCluster(cluster: Cluster): void {
    if (cluster.cloud === 'gcp') return push(this.gkeClusters, cluster.subnet, cluster);
    for (const subnet of cluster.idleSubnets) this.idle.set(subnet, cluster);
    for (const zone of cluster.zones) {
      this.nodeZones.set(zone.nodeSubnet, [cluster, zone]);
      if (zone.podSubnet !== undefined) this.podZones.set(zone.podSubnet, [cluster, zone]);
    }
  }

  /** Every place that an address can be: one, none, or several when networks overlap. */
  locate(address: Address, service: Service): Endpoint[] {
    const aws = this.awsSubnets.longest(address)?.values ?? [];
    const gcp = this.gcpSubnets.longest(address)?.values ?? [];
    return [
      ...aws.map((subnet) => this.inAws(subnet, address, service)),
      ...gcp.map((subnet) => this.inGcp(subnet, address, service)),
    ];
  }

  /** The cluster whose pods were meant to have the address, if its CNI gives none of the subnet. */
  idleCluster(endpoint: Endpoint): EksCluster | undefined {
    if (endpoint.cloud !== 'aws' || endpoint.urn !== endpoint.subnet.resource.urn) return undefined;
    return this.idle.get(endpoint.subnet);
  }

  /** Whether a range overlaps a network of the input. */
  known(range: Range): boolean {
    return this.networkRanges().some((own) => own.some((other) => overlaps(other, range)));
  }

  /** The declared subnet range that holds an address. */
  subnetOf(address: Address): Range | undefined {
    return this.awsSubnets.longest(address)?.range ?? this.gcpSubnets.longest(address)?.range;
  }

  /** Whether a range overlaps the network that an address is in. */
  sharesNetwork(range: Range, address: Address): boolean {
    const own = this.networkRanges().find((ranges) => ranges.some((candidate) => holds(candidate, address)));
    return own?.some((candidate) => overlaps(candidate, range)) === true;
  }

  /** CIDR blocks and subnet ranges, by network. */
  private networkRanges(): Range[][] {
    return [
      ...[...this.landscape.aws.vpcs.values()].map((vpc) => vpc.cidrs.map(({ range }) => range)),
      ...[...this.landscape.gcp.networks.values()].map((network) =>
        network.subnets.flatMap((subnet) => subnet.ranges.map(({ range }) => range)),
      ),
    ];
  }

  /** The VPC that an address without a subnet belongs to by its CIDR blocks. */
  vpcHolding(address: Address): string | undefined {
    const vpcs = [...this.landscape.aws.vpcs.values()];
    return vpcs.find((vpc) => vpc.cidrs.some(({ range }) => holds(range, address)))?.resource.urn;
  }

  private balancersAt(address: Address, network: object): readonly LoadBalancer[] {
    const found = this.balancers.get(address) ?? [];
    return found.filter((balancer) =>
      balancer.cloud === 'aws' ? balancer.cluster.vpc === network : balancer.cluster.network === network,
    );
  }

  private inAws(subnet: Subnet, address: Address, service: Service): Endpoint {
    const place = { cloud: 'aws', address, subnet } as const;
    const balancers = this.balancersAt(address, subnet.vpc);
    const [balancer] = balancers;
    if (balancer !== undefined) {
      // The controller's own group on the load balancer is judged with its source ranges.
      return {
        ...place,
        urn: balancer.resource.urn,
        label: `load balancer ${balancer.name}`,
        groups: [],
        groupsAssumed: false,
        balancers,
      };
    }
    const own = this.landscape.interfaces.aws.get(interfaceKey(subnet.resource.urn, address));
    if (own !== undefined) {
      return { ...place, urn: own.resource.urn, label: own.resource.name, groups: own.groups, groupsAssumed: false };
    }
    const inPods = this.podZones.get(subnet);
    if (inPods !== undefined)
      return this.eksPod(inPods[0], inPods[1], address, podFor(this.landscape, inPods[0], service));
    const inNodes = this.nodeZones.get(subnet);
    if (inNodes !== undefined) return this.eksNode(inNodes[1], inNodes[0], address);
    return this.anyInterface(subnet, address);
  }

  /** No interface of the input has the address: it may carry any group that the VPC declares. */
  private anyInterface(subnet: Subnet, address: Address): AwsEndpoint {
    const near = this.landscape.interfaces.awsUnplaced.get(subnet.resource.urn) ?? [];
    const declared = this.landscape.groups.all.filter((group) => group.vpc === subnet.vpc && group.kind === 'declared');
    const fallback = this.landscape.groups.byUrn.get(subnet.vpc.resource.urn);
    const candidates = near.length > 0 ? [...new Set(near.flatMap(({ groups }) => groups))] : declared;
    const groups = candidates.length > 0 || fallback === undefined ? candidates : [fallback];
    const label = `${formatAddress(address)} in ${subnet.resource.name}`;
    return { cloud: 'aws', address, subnet, urn: subnet.resource.urn, label, groups, groupsAssumed: true };
  }

  /** A pod of a zone, at an address of its range. */
  eksPod(cluster: EksCluster, zone: EksZone, address: Address, pod: Pod | undefined): AwsEndpoint {
    const subnet = zone.podSubnet ?? zone.nodeSubnet;
    const label = `${pod?.name ?? 'a pod'} in ${zone.zone ?? subnet.resource.name}`;
    return eksEndpoint(subnet, address, label, zone.podGroups, { cluster, pod, kind: 'pod' });
  }

  private inGcp(subnet: GcpSubnet, address: Address, service: Service): Endpoint {
    const place = { cloud: 'gcp', address, subnet } as const;
    const clusters = this.gkeClusters.get(subnet) ?? [];
    const balancers = this.balancersAt(address, subnet.network);
    const [balancer] = balancers;
    if (balancer?.cloud === 'gcp') {
      const label = `load balancer ${balancer.name}`;
      return { ...place, urn: balancer.resource.urn, label, traits: balancer.cluster.traits, balancers };
    }
    const own = googleInterfaceAt(this.landscape.interfaces, subnet, address);
    if (own !== undefined) return { ...place, urn: own.resource.urn, label: own.resource.name, traits: own.traits };
    const podsOf = clusters.find((cluster) => holds(cluster.pods, address));
    if (podsOf !== undefined) return this.gkePod(podsOf, address, podFor(this.landscape, podsOf, service));
    const nodesOf = clusters.find((cluster) => holds(cluster.nodes, address));
    if (nodesOf !== undefined) return this.gkeNode(nodesOf, address);
    const label = `${formatAddress(address)} in ${subnet.resource.name}`;
    return { ...place, urn: subnet.resource.urn, label, traits: { labels: [], assumed: true, unknown: false } };
  }

  gkePod(cluster: GkeCluster, address: Address, pod: Pod | undefined): GcpEndpoint {
    const workload: Workload = { cluster, pod, kind: 'pod' };
    const { subnet, traits } = cluster;
    return { cloud: 'gcp', address, subnet, urn: subnet.resource.urn, label: pod?.name ?? 'a pod', traits, workload };
  }

  /** The node whose address a pod's packets carry when their source is rewritten. */
  nodeOf(endpoint: Endpoint): Endpoint {
    const cluster = endpoint.workload?.cluster;
    if (endpoint.cloud === 'gcp') {
      return cluster?.cloud === 'gcp' ? this.gkeNode(cluster, sampleAlike(endpoint, cluster.nodes)) : endpoint;
    }
    const zone =
      cluster?.cloud === 'aws' ? cluster.zones.find((entry) => entry.podSubnet === endpoint.subnet) : undefined;
    return zone === undefined || cluster?.cloud !== 'aws'
      ? endpoint
      : this.eksNode(zone, cluster, sampleAlike(endpoint, zone.nodeSubnet.range));
  }

  eksNode(zone: EksZone, cluster: EksCluster, address: Address): AwsEndpoint {
    const subnet = zone.nodeSubnet;
    const label = `a node in ${zone.zone ?? subnet.resource.name}`;
    return eksEndpoint(subnet, address, label, zone.nodeGroups, { cluster, pod: undefined, kind: 'node' });
  }

  gkeNode(cluster: GkeCluster, address: Address): GcpEndpoint {
    const { subnet, traits } = cluster;
    const workload: Workload = { cluster, pod: undefined, kind: 'node' };
    return { cloud: 'gcp', address, subnet, urn: subnet.resource.urn, label: 'a node', traits, workload };
  }
}

function eksEndpoint(
  subnet: Subnet,
  address: Address,
  label: string,
  groups: AwsEndpoint['groups'],
  workload: Workload,
): AwsEndpoint {
  return { cloud: 'aws', address, subnet, urn: subnet.resource.urn, label, groups, groupsAssumed: false, workload };
}

/** An address of a pod range says nothing of the pod: at Cassandra's ports it is taken for one of Cassandra's, at 53 for a DNS server. */
function podFor(landscape: Landscape, cluster: Cluster, service: Service): Pod | undefined {
  const datacenter = landscape.datacenters.find((candidate) => candidate.cluster === cluster);
  if (service.port === 53) return landscape.dns.get(cluster)?.servers[0]?.pod;
  const ports: readonly number[] = [...Object.values(PORTS), 7001, 9142];
  if (datacenter === undefined || !ports.includes(service.port)) return undefined;
  return cassandraPod(datacenter, datacenter.racks[0]);
}

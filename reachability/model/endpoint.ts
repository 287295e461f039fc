/** Where an address is: its network, its subnet, and what filters the packets of its interface. */
import type { Address, Range } from '../ip';
import type { SecurityGroup } from './aws/securityGroups';
import type { Subnet } from './aws/network';
import type { InstanceTraits } from './gcp/firewall';
import type { GcpSubnet } from './gcp/network';
import type { Cluster, Pod } from './kubernetes/cluster';
import type { LoadBalancer } from './kubernetes/loadBalancers';

interface EndpointBase {
  readonly address: Address;
  /** The resource that has the address, or the subnet that holds it. */
  readonly urn: string;
  /** What has the address, in words. */
  readonly label: string;
  /** Set for a node or a pod of a Kubernetes cluster. */
  readonly workload?: Workload;
  /** Addresses that the endpoint stands for, where nobody knows yet which of them it will have. */
  readonly range?: Range;
  /** Services that answer at the address, if it is a load balancer's. */
  readonly balancers?: readonly LoadBalancer[];
}

export interface Workload {
  readonly cluster: Cluster;
  /** Undefined for a node, and for a pod of which nothing is known but its address. */
  readonly pod: Pod | undefined;
  readonly kind: 'node' | 'pod';
}

export interface AwsEndpoint extends EndpointBase {
  readonly cloud: 'aws';
  readonly subnet: Subnet;
  readonly groups: readonly SecurityGroup[];
  /** No interface of the input has the address: the groups are a guess. */
  readonly groupsAssumed: boolean;
}

export interface GcpEndpoint extends EndpointBase {
  readonly cloud: 'gcp';
  readonly subnet: GcpSubnet;
  readonly traits: InstanceTraits;
}

export type Endpoint = AwsEndpoint | GcpEndpoint;

/** Offset of the address that stands for any address of a range: clear of what the clouds keep at its ends. */
export const SAMPLE = 10;

/** The same endpoint at the other end of its range, where a rule for a part of the range may not reach; itself without one. */
export function farEnd<E extends Endpoint>(endpoint: E): E {
  const { range } = endpoint;
  if (range === undefined || range.last - SAMPLE < range.first) return endpoint;
  return { ...endpoint, address: range.last - SAMPLE };
}

/** The sample address of another range, at the same end as the endpoint is in its own. */
export function sampleAlike(endpoint: Endpoint, range: Range): Address {
  const far = endpoint.range !== undefined && endpoint.address === endpoint.range.last - SAMPLE;
  return far && range.last - SAMPLE >= range.first ? range.last - SAMPLE : range.first + SAMPLE;
}

/** URN of the VPC or network that an endpoint is in. */
export function networkUrn(endpoint: Endpoint): string {
  return endpoint.cloud === 'aws' ? endpoint.subnet.vpc.resource.urn : endpoint.subnet.network.resource.urn;
}

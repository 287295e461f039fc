/** Where an address is: its network, its subnet, and what filters the packets of its interface. */
import type { Address } from '../ip';
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

/** URN of the VPC or network that an endpoint is in. */
export function networkUrn(endpoint: Endpoint): string {
  return endpoint.cloud === 'aws' ? endpoint.subnet.vpc.resource.urn : endpoint.subnet.network.resource.urn;
}

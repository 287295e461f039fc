/** Kubernetes clusters: where their nodes and pods are in the network, and what rewrites or filters their packets. */
import { type Address, type Range, holds } from '../../ip';
import type { Resource } from '../../resources/resource';
import type { Subnet, Vpc } from '../aws/network';
import type { SecurityGroup } from '../aws/securityGroups';
import type { InstanceTraits } from '../gcp/firewall';
import type { GcpNetwork, GcpSubnet } from '../gcp/network';
import type { Labels } from './objects';

interface ClusterBase {
  readonly resource: Resource;
  /** Kubernetes objects that are in this cluster. */
  readonly objects: readonly Resource[];
  readonly policies: PolicyEnforcement;
  readonly snat: Snat;
  readonly services: Range | undefined;
}

export interface EksCluster extends ClusterBase {
  readonly cloud: 'aws';
  readonly vpc: Vpc;
  readonly zones: readonly EksZone[];
  /** Where the control plane's interfaces are, and what they carry. */
  readonly controlPlane: { readonly subnets: readonly Subnet[]; readonly groups: readonly SecurityGroup[] };
  /** The vpc-cni add-on, if the input has it. */
  readonly cni: Resource | undefined;
  /** Subnets that ENIConfigs name but no zone gives to pods: nobody gets an address there. */
  readonly idleSubnets: readonly Subnet[];
}

/** One availability zone with nodes. */
export interface EksZone {
  readonly zone: string | undefined;
  readonly nodeSubnet: Subnet;
  readonly nodeGroups: readonly SecurityGroup[];
  /** The node subnet itself unless custom networking is on; undefined when the zone has no ENIConfig then. */
  readonly podSubnet: Subnet | undefined;
  /** The ENIConfig that gives the zone its pod subnet. */
  readonly eniConfig: Resource | undefined;
  readonly podGroups: readonly SecurityGroup[];
}

export interface GkeCluster extends ClusterBase {
  readonly cloud: 'gcp';
  readonly network: GcpNetwork;
  readonly subnet: GcpSubnet;
  readonly nodes: Range;
  readonly pods: Range;
  /** Range of the control plane; undefined when it is not known. */
  readonly controlPlane: Range | undefined;
  /** What firewall rules see of every node. */
  readonly traits: InstanceTraits;
  readonly zones: readonly string[];
  /** What gives the nodes their tags: the node pool, or the cluster where there is none or several. */
  readonly tagHolder: string;
}

export type Cluster = EksCluster | GkeCluster;

/** Whether NetworkPolicy objects do anything, and the resource that decides it. */
export interface PolicyEnforcement {
  readonly enforced: boolean;
  readonly urn: string;
}

/** Which destinations see a node's address in place of a pod's. */
export interface Snat {
  /** Destinations that see the pod's own address. */
  readonly kept: readonly Range[];
  /** Every destination sees the pod's address. */
  readonly off: boolean;
  /** The resource that decides it. */
  readonly urn: string;
  readonly why: string;
  /** Property that is not known, if the decision cannot be told. */
  readonly unknown: string | undefined;
}

export function keepsSource(snat: Snat, destination: Address): boolean {
  return snat.off || snat.kept.some((range) => holds(range, destination));
}

/** A pod as selectors see it. */
export interface Pod {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Labels;
  /** It shares its node's network: no NetworkPolicy applies to it. */
  readonly hostNetwork?: boolean;
}

/** How many nodes and pods fit into a GCP site. */
import type { Cidr } from '../cidr';
import { GCP_RESERVED_ADDRESSES, PLANNED_ADDRESSES, gcpNodeSubnet } from '../layout/gcp';

/** Largest node pool in one zone (Google Kubernetes Engine, quotas and limits). */
export const GKE_NODES_PER_ZONE = 1000;

/** Nodes of the whole region that the node subnet has addresses for, beside the planned addresses. */
export function maxNodesByNodeSubnet(nodes: Cidr): number {
  return gcpNodeSubnet(nodes).size - GCP_RESERVED_ADDRESSES - PLANNED_ADDRESSES;
}

/** Nodes of the whole region that the pod range has a part for; 0 if it is smaller than one node's part. */
export function maxNodesByPodRange(pods: Cidr, podsPerNode: number): number {
  return Math.floor(2 ** (podRangePerNode(podsPerNode) - pods.prefix));
}

/**
 * Prefix length of the range each node takes for its pods: twice the pods, rounded up to a power of
 * two (Google Kubernetes Engine, flexible Pod CIDR).
 */
export function podRangePerNode(podsPerNode: number): number {
  return 32 - Math.ceil(Math.log2(podsPerNode * 2));
}

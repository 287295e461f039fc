import { podRangePerNode } from '../../plan/capacity/gcp';
import { type Range, formatRange, mustRange } from '../../reachability/ip';
import type { Resource } from '../../reachability/resources/resource';
import { type Unknown, UNKNOWN } from '../../reachability/resources/value';
import type { GkeCluster } from '../../reachability/model/kubernetes/cluster';
import { GKE_CLUSTER } from '../../reachability/model/kubernetes/gke';
import { gkeClusters, largestPool, nodePoolsOf, unplacedClusters } from '../clusters';
import { numberAt, textAt } from '../properties';
import { type Finding, type Rule, broken, undecided } from '../rule';
import type { Stack } from '../stack';

/** Addresses that Google Cloud keeps in each primary range (VPC, "Unusable addresses in IPv4 subnet ranges"). */
const RESERVED_ADDRESSES = 4;
/** GKE's default for pods per node of a Standard cluster. */
const DEFAULT_PODS_PER_NODE = 110;
const PODS_PER_NODE = { least: 8, most: 256 };

/** Room of one range of a cluster, and what its node pools may ask of it. */
export interface Room {
  readonly resource: Resource;
  readonly what: string;
  readonly unit: 'nodes' | 'pod addresses';
  readonly available: number;
  readonly needed: number;
}

/**
 * GKE cuts a part of the pod range for each node, twice its pods rounded up to a power of two, and gives each an
 * address of the subnet (GKE, "Optimizing IP address allocation", "Flexible Pod CIDR"). A pool whose largest size
 * does not fit is accepted, and stops growing in the middle of the night.
 */
export const gkeCapacity: Rule = {
  name: 'gke-capacity',
  description: 'The subnet and the pod range of a GKE cluster have room for all of its node pools at their largest.',
  level: 'mandatory',
  judge: (stack) => [
    ...gkeClusters(stack).flatMap((cluster) => judgeCluster(stack, cluster)),
    ...unplacedClusters(stack)
      .filter(({ type }) => type === GKE_CLUSTER)
      .map((cluster) => undecided(cluster, 'subnetwork', 'the subnet or the pod range')),
  ],
};

function judgeCluster(stack: Stack, cluster: GkeCluster): Finding[] {
  const { rooms, undecided: open } = gkeRooms(stack, cluster);
  const full = rooms
    .filter(({ needed, available }) => needed > available)
    .map(({ resource, what, unit, available, needed }) =>
      broken(
        resource,
        `${what} has room for ${available} ${unit}, requires ${needed} for the pools of ${cluster.resource.name}`,
        'use a larger range, fewer pods per node or smaller pools',
        { property: 'ipCidrRange' },
      ),
    );
  return [...podsPerNodeOutside(stack, cluster), ...full, ...open];
}

/** How many nodes a cluster's ranges hold, and how many its pools may have at once. */
export function gkeRooms(stack: Stack, cluster: GkeCluster): { rooms: Room[]; undecided: Finding[] } {
  const { resource, subnet } = cluster;
  const open: Finding[] = [];
  let nodes = 0;
  /** Pod addresses that the pools take of each range. */
  const pods = new Map<string, number>();
  for (const pool of nodePoolsOf(stack, cluster)) {
    const count = largestPool(pool, resource);
    const perNode = podsPerNode(pool, resource);
    const range = podRangeOf(cluster, pool);
    if (typeof count !== 'number') open.push(undecided(pool, 'autoscaling.maxNodeCount', 'the largest size'));
    else if (perNode === UNKNOWN) open.push(undecided(pool, 'maxPodsPerNode', 'pods per node'));
    else if (range === undefined) open.push(undecided(pool, 'networkConfig.podRange', 'the pod range'));
    else {
      const key = formatRange(range);
      nodes += count;
      pods.set(key, (pods.get(key) ?? 0) + count * 2 ** (32 - podRangePerNode(perNode)));
    }
  }
  const primary: Room = {
    resource: subnet.resource,
    what: `subnet range ${formatRange(cluster.nodes)}`,
    unit: 'nodes',
    available: 2 ** (32 - cluster.nodes.prefix) - RESERVED_ADDRESSES,
    needed: nodes,
  };
  const secondary = [...pods].map(([range, needed]): Room => {
    const available = 2 ** (32 - mustRange(range).prefix);
    return { resource: subnet.resource, what: `pod range ${range}`, unit: 'pod addresses', available, needed };
  });
  return { rooms: [primary, ...secondary], undecided: open };
}

function podsPerNode(pool: Resource, cluster: Resource): number | Unknown {
  return numberAt(pool, 'maxPodsPerNode') ?? numberAt(cluster, 'defaultMaxPodsPerNode') ?? DEFAULT_PODS_PER_NODE;
}

function podRangeOf({ pods, subnet }: GkeCluster, pool: Resource): Range | undefined {
  const own = textAt(pool, 'networkConfig.podRange');
  return own === undefined ? pods : subnet.ranges.find(({ name }) => name === own)?.range;
}

function podsPerNodeOutside(stack: Stack, cluster: GkeCluster): Finding[] {
  const { resource } = cluster;
  return [resource, ...nodePoolsOf(stack, cluster)].flatMap((holder) => {
    const property = holder === resource ? 'defaultMaxPodsPerNode' : 'maxPodsPerNode';
    const pods = numberAt(holder, property);
    if (typeof pods !== 'number' || (pods >= PODS_PER_NODE.least && pods <= PODS_PER_NODE.most)) return [];
    const message = `${holder.name} asks for ${pods} pods per node, GKE takes ${PODS_PER_NODE.least} to ${PODS_PER_NODE.most}`;
    return [broken(holder, message, 'choose a number in between', { property })];
  });
}

import { podBlocksPerNode } from '../../plan/capacity/aws';
import { formatRange } from '../../reachability/ip';
import type { Subnet } from '../../reachability/model/aws/network';
import { asNumber } from '../../reachability/resources/resource';
import type { EksCluster } from '../../reachability/model/kubernetes/cluster';
import { eksClusters, gkeClusters, nodeGroupsOf } from '../clusters';
import { type Finding, type Rule, broken, undecided } from '../rule';
import type { Stack } from '../stack';
import { type Room, gkeRooms } from './gkeCapacity';

interface Settings {
  readonly free: number;
  readonly podsPerNode: number;
}

/** Addresses of a subnet that AWS keeps (VPC guide), and that EKS wants free for itself (EKS guide, "VPC requirements"). */
const AWS_RESERVED = 5;
const EKS_FREE = 6;

/**
 * At their largest, node groups and pools leave a part of every range free: an upgrade adds nodes before it takes
 * old ones away, and a range cannot be widened while something uses it.
 */
export const capacityHeadroom: Rule<Settings> = {
  name: 'capacity-headroom',
  description: 'Every subnet and pod range keeps a part free when all node groups and pools are at their largest.',
  level: 'advisory',
  settings: {
    free: {
      type: 'number',
      minimum: 0,
      maximum: 1,
      default: 0.2,
      description: 'Part of each range that stays free, 0 to 1.',
    },
    podsPerNode: {
      type: 'integer',
      minimum: 8,
      maximum: 250,
      default: 110,
      description: 'Pods per EKS node with prefix delegation: the pod limit is in user data, which no rule can read.',
    },
  },
  judge: (stack, settings) => {
    const google = gkeClusters(stack).map((cluster) => gkeRooms(stack, cluster));
    const amazon = eksClusters(stack).map((cluster) => eksRooms(stack, cluster, settings));
    const tight = [...google, ...amazon]
      .flatMap(({ rooms }) => rooms)
      .filter(({ needed, available }) => needed > available * (1 - settings.free))
      .map(({ resource, what, unit, needed, available }) =>
        broken(
          resource,
          `${what} of ${resource.name} has room for ${available} ${unit} and may need ${needed}: less than ${Math.round(settings.free * 100)} % stay free`,
          'use a larger range or smaller node groups',
          { property: 'cidrBlock' in resource.fields ? 'cidrBlock' : 'ipCidrRange' },
        ),
      );
    // What GKE's arithmetic cannot decide is `gke-capacity`'s to tell; here it is EKS's own.
    return [...tight, ...amazon.flatMap(({ undecided: findings }) => findings)];
  },
};

function eksRooms(
  stack: Stack,
  cluster: EksCluster,
  { podsPerNode }: Settings,
): { rooms: Room[]; undecided: Finding[] } {
  const undecidedFindings: Finding[] = [];
  /** Nodes that all groups together may have in each subnet. */
  const nodes = new Map<Subnet, number>();
  for (const group of nodeGroupsOf(stack, cluster)) {
    const most = asNumber(group.value('scalingConfig.maxSize'));
    const subnets = stack.inventory.resolveAll(group, 'subnetIds', 'aws:ec2/subnet:Subnet');
    if (typeof most !== 'number') undecidedFindings.push(undecided(group, 'scalingConfig.maxSize', 'the largest size'));
    else if (subnets.unknown) undecidedFindings.push(undecided(group, 'subnetIds', 'the subnets'));
    else {
      for (const resource of subnets.resources) {
        const subnet = stack.model.aws.subnets.get(resource.urn);
        if (subnet !== undefined)
          nodes.set(subnet, (nodes.get(subnet) ?? 0) + Math.ceil(most / subnets.resources.length));
      }
    }
  }
  const rooms = [...nodes].map(([{ resource, range }, needed]): Room => {
    const available = 2 ** (32 - range.prefix) - AWS_RESERVED - EKS_FREE;
    return { resource, what: `node subnet ${formatRange(range)}`, unit: 'nodes', available, needed };
  });
  return { rooms: [...rooms, ...podRooms(cluster, nodes, podsPerNode)], undecided: undecidedFindings };
}

/** With custom networking the pods of a zone's nodes have a subnet of their own, and take a /28 for every 16 of them. */
function podRooms({ zones }: EksCluster, nodes: ReadonlyMap<Subnet, number>, podsPerNode: number): Room[] {
  return zones.flatMap(({ nodeSubnet, podSubnet }) => {
    if (podSubnet === undefined || podSubnet === nodeSubnet) return [];
    const { resource, range } = podSubnet;
    // The first and the last /28 hold addresses that AWS keeps.
    const available = Math.max(0, Math.floor((2 ** (28 - range.prefix) - 2) / podBlocksPerNode(podsPerNode)));
    return [
      {
        resource,
        what: `pod subnet ${formatRange(range)}`,
        unit: 'nodes',
        available,
        needed: nodes.get(nodeSubnet) ?? 0,
      },
    ];
  });
}

/** Capacity of a site: what fits, and what runs out first. */
import type { Cidr } from '../cidr';
import type { AwsSiteSettings, GcpSiteSettings, SiteSettings } from '../settings';
import type { Capacity, CapacityFigure } from '../types';
import * as aws from './aws';
import * as gcp from './gcp';

/** A limit on the number of nodes of a site. */
interface Limit {
  readonly nodes: number;
  /** What runs out, in words. */
  readonly of: string;
}

export function awsCapacity(settings: AwsSiteSettings, nodes: Cidr, pods: Cidr): Capacity {
  const zones = settings.zones.length;
  const { maxPods } = settings.nodes;
  return capacity(settings, [
    { nodes: zones * aws.maxNodesByNodeSubnet(nodes), of: 'addresses of the node subnets' },
    {
      nodes: zones * aws.maxNodesByPodSubnet(pods, maxPods),
      of: `/28 prefixes of the pod subnets, ${aws.podBlocksPerNode(maxPods)} per node of ${maxPods} pods`,
    },
    { nodes: zones * aws.EKS_NODES_PER_GROUP, of: `EKS's ${aws.EKS_NODES_PER_GROUP} nodes per node group` },
  ]);
}

export function gcpCapacity(settings: GcpSiteSettings, nodes: Cidr, pods: Cidr): Capacity {
  const zones = settings.zones.length;
  const { maxPods } = settings.nodes;
  return capacity(settings, [
    { nodes: gcp.maxNodesByNodeSubnet(nodes), of: 'addresses of the node subnet' },
    {
      nodes: gcp.maxNodesByPodRange(pods, maxPods),
      of: `the pod range, a /${gcp.podRangePerNode(maxPods)} per node of ${maxPods} pods`,
    },
    { nodes: zones * gcp.GKE_NODES_PER_ZONE, of: `GKE's ${gcp.GKE_NODES_PER_ZONE} nodes per node pool and zone` },
  ]);
}

/** Nodes grow evenly over the zones; each takes `maxPods` pods and at most one Cassandra node. */
function capacity({ zones, nodes, cassandra }: SiteSettings, limits: readonly [Limit, ...Limit[]]): Capacity {
  const first = limits.reduce((least, limit) => (limit.nodes < least.nodes ? limit : least));
  const perZone = Math.floor(first.nodes / zones.length);
  const max = perZone * zones.length;
  const used = nodes.perZone * zones.length;
  const figure = (asked: number, most: number): CapacityFigure => ({ used: asked, max: most, limit: first.of });
  return {
    nodes: figure(used, max),
    pods: figure(used * nodes.maxPods, max * nodes.maxPods),
    cassandraNodes: figure(cassandra.nodesPerRack * zones.length, max),
    firstLimit: `${first.of}: at ${max} nodes, ${perZone} per zone`,
  };
}

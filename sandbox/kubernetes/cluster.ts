import type { World } from '../core/world';
import type { Clouds, EksView, GkeView } from './clouds';

/** A Kubernetes cluster as its API server and controllers see it: the cloud's managed control plane and its nodes. */
export type Cluster = EksCluster | GkeCluster;

interface ClusterBase {
  /** Tells this cluster from any other, also from an earlier one of the same name. */
  readonly key: string;
  readonly name: string;
  /** Version of the control plane, e.g. `1.33`. */
  readonly version: string;
  readonly servicesCidr: string;
  readonly nodes: readonly Node[];
}

export interface EksCluster extends ClusterBase {
  readonly kind: 'eks';
  readonly cloud: EksView;
}

export interface GkeCluster extends ClusterBase {
  readonly kind: 'gke';
  readonly cloud: GkeView;
}

export interface Node {
  readonly name: string;
  readonly zone: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The cluster behind an API server's address; undefined where none answers there. */
export function findCluster(clouds: Clouds, world: World, endpoint: string): Cluster | undefined {
  const eks = clouds.findEksCluster(world, endpoint);
  if (eks) return eksCluster(endpoint, eks);
  const gke = clouds.findGkeCluster(world, endpoint);
  return gke && gkeCluster(gke);
}

function eksCluster(endpoint: string, cloud: EksView): EksCluster {
  const nodes = cloud.nodeGroups.flatMap((group) =>
    Array.from({ length: group.desiredSize }, (_, i) =>
      node(`${group.name}-${i}`, group.zoneNames[i % group.zoneNames.length] ?? '', cloud.region, {
        'node.kubernetes.io/instance-type': group.instanceType,
        'eks.amazonaws.com/nodegroup': group.name,
        ...group.labels,
      }),
    ),
  );
  const { name, version } = cloud;
  return { key: endpoint, kind: 'eks', name, version, servicesCidr: cloud.serviceCidr, nodes, cloud };
}

function gkeCluster(cloud: GkeView): GkeCluster {
  const region = cloud.location.split('-').slice(0, 2).join('-');
  const nodes = cloud.nodePools.flatMap((pool) =>
    pool.zones.flatMap((zone) =>
      Array.from({ length: pool.nodesPerZone }, (_, i) =>
        node(`gke-${cloud.name}-${pool.name}-${zone.slice(-1)}-${i}`, zone, region, {
          'node.kubernetes.io/instance-type': pool.machineType,
          'cloud.google.com/gke-nodepool': pool.name,
          ...pool.labels,
        }),
      ),
    ),
  );
  const { name, version, servicesCidr } = cloud;
  // Its addresses may be switched off and on; its objects stay.
  return { key: `https://${cloud.dnsName}`, kind: 'gke', name, version, servicesCidr, nodes, cloud };
}

/** A node with the well-known labels that every kubelet sets. */
function node(name: string, zone: string, region: string, labels: Record<string, string>): Node {
  return {
    name,
    zone,
    labels: {
      'kubernetes.io/hostname': name,
      'kubernetes.io/os': 'linux',
      'kubernetes.io/arch': 'amd64',
      'topology.kubernetes.io/region': region,
      'topology.kubernetes.io/zone': zone,
      ...labels,
    },
  };
}

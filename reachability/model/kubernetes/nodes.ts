/** Groups of nodes that a cluster's pods may be put on: what they carry, and how many there may be. */
import type { Inventory } from '../../resources/inventory';
import type { Resource } from '../../resources/resource';
import { SUBNET_TYPES } from '../aws/network';
import type { Cluster } from './cluster';
import { isAutoMode, nodeGroupsOf } from './eks';
import { poolsOf } from './gke';
import { textMap } from './objects';

export interface NodeSet {
  readonly resource: Resource;
  readonly zones: readonly string[];
  /** Labels that all its nodes carry, as far as the group itself says. */
  readonly labels: ReadonlyMap<string, string>;
  readonly taints: readonly Taint[];
  /** Most nodes in one of its zones, and in all of them; undefined when it is not known. */
  readonly mostPerZone: number | undefined;
  readonly most: number | undefined;
}

export interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: 'NoSchedule' | 'NoExecute';
}

/** Groups whose machines the input tells; undefined where something else may add nodes of its own choice. */
export function nodeSetsOf(inventory: Inventory, cluster: Cluster): readonly NodeSet[] | undefined {
  const { resource } = cluster;
  if (cluster.cloud === 'aws') {
    // EKS Auto Mode makes nodes as pods need them, and so does Karpenter.
    if (isAutoMode(resource) || cluster.objects.some(addsNodes)) return undefined;
    return nodeGroupsOf(inventory, resource).map((group) => managedGroup(inventory, cluster, group));
  }
  const automatic = resource.flag('enableAutopilot') === true || resource.flag('clusterAutoscaling.enabled') === true;
  return automatic ? undefined : poolsOf(inventory, resource).map((pool) => nodePool(resource, pool));
}

function addsNodes(object: Resource): boolean {
  return /karpenter/i.test(object.type) || /(^|\/)karpenter$/.test(object.knownText('chart') ?? '');
}

function managedGroup(inventory: Inventory, cluster: Cluster & { cloud: 'aws' }, group: Resource): NodeSet {
  const subnets = inventory.resolveAll(group, 'subnetIds', ...SUBNET_TYPES).resources;
  const zones = subnets.map(({ urn }) => cluster.vpc.subnets.find(({ resource }) => resource.urn === urn)?.zone);
  const most = known(group.number('scalingConfig.maxSize'));
  const [type, ...others] = group.knownTexts('instanceTypes');
  return {
    resource: group,
    zones: zones.filter((zone) => zone !== undefined),
    labels: labelsOf(group, 'labels', others.length === 0 ? type : undefined),
    taints: taintsOf(group, 'taints'),
    mostPerZone: most,
    most,
  };
}

/** `autoscaling.maxNodeCount`, `nodeCount` and `initialNodeCount` count for each zone (GKE API, `NodePool`). */
function nodePool(cluster: Resource, pool: Resource): NodeSet {
  const located = pool.knownTexts('nodeLocations');
  const zones = located.length > 0 ? located : cluster.knownTexts('nodeLocations');
  const total = known(pool.number('autoscaling.totalMaxNodeCount')) || undefined;
  const each = known(pool.number('autoscaling.maxNodeCount')) || undefined;
  const fixed = known(pool.number('nodeCount')) ?? known(pool.number('initialNodeCount'));
  const mostPerZone = total ?? each ?? (pool.value('autoscaling') === undefined ? fixed : undefined);
  return {
    resource: pool,
    zones,
    labels: labelsOf(pool, 'nodeConfig.labels', pool.knownText('nodeConfig.machineType')),
    taints: taintsOf(pool, 'nodeConfig.taints'),
    mostPerZone,
    most: total ?? (mostPerZone === undefined ? undefined : mostPerZone * zones.length),
  };
}

function labelsOf(holder: Resource, path: string, machineType: string | undefined): Map<string, string> {
  const labels = new Map(textMap(holder.value(path)));
  if (machineType !== undefined) labels.set('node.kubernetes.io/instance-type', machineType);
  return labels;
}

/** Both clouds' APIs spell the effects in capitals; a preference keeps nobody away. */
const EFFECTS: Readonly<Record<string, Taint['effect']>> = { NO_SCHEDULE: 'NoSchedule', NO_EXECUTE: 'NoExecute' };

function taintsOf(holder: Resource, path: string): Taint[] {
  return holder.objects(path).flatMap((_, index) => {
    const text = (key: string): string => holder.knownText(`${path}.${index}.${key}`) ?? '';
    const effect = EFFECTS[text('effect')];
    return effect === undefined ? [] : [{ key: text('key'), value: text('value'), effect }];
  });
}

function known(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

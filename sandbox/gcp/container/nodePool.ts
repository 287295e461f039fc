import type { ResourceType } from '../../core/resourceType';
import type { Stored } from '../../core/store';
import { list, number, object, text, texts, type Props } from '../../core/values';
import { completeBlocks, type Blocks } from '../blocks';
import { isSet } from '../checks';
import { alreadyExists, badRequest, googleError } from '../errors';
import { nameOf, resolvePath, selfLinkOf } from '../names';
import { checkDeletionPolicy, checkGiven, deletionPolicy, mayDelete, projectOf, refusing, without } from '../resource';
import type { Range } from '../ranges';
import type { GcpSession } from '../session';
import {
  NODE_POOL,
  clusterId,
  clusterInfo,
  podRange,
  podRangeName,
  zonesOfPool,
  type ClusterInfo,
} from './clusterInfo';
import { DEFAULT_PODS_PER_NODE, groupName, nodesPerZone, reconcileNodes, removeNodes, requireRoom } from './nodes';
import { nodeConfigOf } from './nodeConfig';
import { checkPool, validateNodeConfig, validatePool } from './nodePoolRules';
import { requireSkew, resolveVersion } from './versions';

/** What the API adds inside blocks that the program gives. */
const BLOCKS: Blocks = {
  management: { defaults: { autoRepair: true, autoUpgrade: true } },
  networkConfig: { computed: ['enablePrivateNodes', 'podIpv4CidrBlock', 'podRange', 'subnetwork'] },
  nodeConfig: {
    computed: [
      'diskSizeGb',
      'diskType',
      'effectiveTaints',
      'imageType',
      'localSsdCount',
      'loggingVariant',
      'machineType',
      'metadata',
      'oauthScopes',
      'serviceAccount',
      'shieldedInstanceConfig',
      'workloadMetadataConfig',
    ],
  },
};

/** Pools of nodes of GKE clusters (Kubernetes Engine API, `clusters.nodePools`). */
export const nodePool: ResourceType<GcpSession> = {
  token: NODE_POOL,
  immutable: [
    'cluster',
    'initialNodeCount',
    'location',
    'maxPodsPerNode',
    'name',
    'namePrefix',
    'networkConfig.podRange',
    'networkConfig.createPodRange',
    'networkConfig.podIpv4CidrBlock',
    'networkConfig.subnetwork',
    ...[
      'advancedMachineFeatures',
      'bootDiskKmsKey',
      'ephemeralStorageConfig',
      'ephemeralStorageLocalSsdConfig',
      'guestAccelerators',
      'localNvmeSsdBlockConfig',
      'localSsdCount',
      'metadata',
      'minCpuPlatform',
      'nodeGroup',
      'oauthScopes',
      'preemptible',
      'reservationAffinity',
      'sandboxConfig',
      'secondaryBootDisks',
      'serviceAccount',
      'shieldedInstanceConfig',
      'soleTenantConfig',
      'spot',
    ].map((name) => `nodeConfig.${name}`),
    'placementPolicy',
    'project',
    'queuedProvisioning',
  ],
  autoName: { property: 'name', maxLength: 40 },
  seconds: { create: 90, update: 120, delete: 150 },
  previewOutputs: (inputs, cloud, olds) => ({
    deletionPolicy: deletionPolicy(inputs, cloud),
    ...completeBlocks(BLOCKS, inputs, olds),
    ...without(projectOf(cloud), inputs),
  }),
  check: (inputs) => [...checkGiven(inputs, 'name', 40), ...checkPool(inputs), ...checkDeletionPolicy(inputs)],

  create: (inputs, cloud, subject) =>
    refusing('error creating NodePool', () => {
      const info = clusterOf(inputs, cloud);
      const id = `${info.id}/nodePools/${text(inputs, 'name') ?? subject.name}`;
      if (cloud.get(NODE_POOL, id)) throw alreadyExists(id);
      validatePool(inputs, info);
      validateNodeConfig(object(inputs, 'nodeConfig'), info, cloud);
      const outputs = outputsOf(inputs, cloud, info, id, undefined);
      const pool: Stored = { token: NODE_POOL, id, inputs, outputs, serial: 0 };
      requireRoom(cloud, info, pool, nodesPerZone(outputs) * zonesOfPool(info, pool).length, podsOf(cloud, info, pool));
      reconcileNodes(cloud, info, pool, nodesPerZone(outputs));
      return { id, outputs };
    }),

  update: (stored, inputs, cloud) =>
    refusing(`Error updating NodePool "${stored.id}"`, () => {
      const info = clusterOf(inputs, cloud);
      validatePool(inputs, info);
      validateNodeConfig(object(inputs, 'nodeConfig'), info, cloud);
      const outputs = outputsOf(inputs, cloud, info, stored.id, stored);
      const pool = { ...stored, inputs, outputs };
      requireRoom(cloud, info, pool, nodesPerZone(outputs) * zonesOfPool(info, pool).length, podsOf(cloud, info, pool));
      reconcileNodes(cloud, info, pool, nodesPerZone(outputs));
      return outputs;
    }),

  delete: (stored, cloud) => {
    if (!mayDelete(stored, cloud, 'NodePool')) return;
    removeNodes(cloud, stored);
  },
};

/** The range of a pool's pods, which must be one of the cluster's subnetwork. */
function podsOf(cloud: GcpSession, info: ClusterInfo, pool: Stored): Range {
  const found = podRange(cloud, info, pool);
  if (found) return found;
  const name = podRangeName(info.stored, pool);
  throw badRequest(`Pod secondary range '${name}' does not exist in subnetwork '${nameOf(info.subnetwork)}'.`);
}

/** A pool names its cluster by its id, or by its name with the pool's project and location. */
function clusterOf(inputs: Props, cloud: GcpSession): ClusterInfo {
  const written = text(inputs, 'cluster') ?? '';
  const project = text(inputs, 'project') ?? cloud.project ?? '';
  const location = text(inputs, 'location') ?? cloud.region ?? cloud.zone ?? '';
  const id = written.includes('/') ? written : clusterId(project, location, written);
  const info = clusterInfo(cloud.store, id);
  if (!info) throw googleError(404, `Not found: ${id}.`, 'notFound');
  return info;
}

function outputsOf(
  inputs: Props,
  cloud: GcpSession,
  info: ClusterInfo,
  id: string,
  existing: Stored | undefined,
): Props {
  const was = existing?.outputs;
  const asked = text(inputs, 'version');
  const version = asked === undefined ? text(was, 'version') || info.version : resolveVersion(asked, info.channel);
  requireSkew(version, info.version);
  const { initialNodeCount, nodeCount } = countsOf(inputs, was);
  const zones = texts(inputs, 'nodeLocations').length > 0 ? texts(inputs, 'nodeLocations') : [...info.zones];
  const pool: Stored = { token: NODE_POOL, id, inputs, outputs: { nodeLocations: zones }, serial: 0 };
  const groups = zones.map(
    (zone) => `projects/${info.project}/zones/${zone}/instanceGroupManagers/${groupName(info, pool, zone)}`,
  );
  return {
    deletionPolicy: deletionPolicy(inputs, cloud),
    name: nameOf(id),
    namePrefix: text(inputs, 'namePrefix') ?? '',
    project: info.project,
    location: info.location,
    initialNodeCount,
    nodeCount,
    nodeLocations: zones,
    maxPodsPerNode:
      number(inputs, 'maxPodsPerNode') ?? number(info.stored.outputs, 'defaultMaxPodsPerNode') ?? DEFAULT_PODS_PER_NODE,
    version,
    management: { autoRepair: true, autoUpgrade: true, ...object(inputs, 'management') },
    nodeConfig: nodeConfigOf(object(inputs, 'nodeConfig'), info),
    networkConfig: networkConfigOf(inputs, info),
    upgradeSettings: isSet(inputs, 'upgradeSettings')
      ? { strategy: 'SURGE', ...object(inputs, 'upgradeSettings') }
      : { strategy: 'SURGE', maxSurge: 1, maxUnavailable: 0 },
    instanceGroupUrls: groups.map(selfLinkOf),
    managedInstanceGroupUrls: groups.map((path) =>
      selfLinkOf(path.replace('/instanceGroupManagers/', '/instanceGroups/')),
    ),
    operation: '',
    nodeDrainConfigs: list(inputs, 'nodeDrainConfigs'),
  };
}

/** Nodes per zone; the autoscaler keeps them between its limits. */
function countsOf(inputs: Props, was: Props | undefined): { initialNodeCount: number; nodeCount: number } {
  const [least, most] = [number(inputs, 'autoscaling', 'minNodeCount'), number(inputs, 'autoscaling', 'maxNodeCount')];
  const asked = number(inputs, 'nodeCount');
  const initialNodeCount = number(inputs, 'initialNodeCount') ?? number(was, 'initialNodeCount') ?? asked ?? least ?? 0;
  const current = asked ?? number(was, 'nodeCount') ?? initialNodeCount;
  return { initialNodeCount, nodeCount: Math.min(Math.max(current, least ?? 0), most ?? Infinity) };
}

function networkConfigOf(inputs: Props, info: ClusterInfo): Props {
  const own = object(inputs, 'networkConfig');
  const policy = object(info.stored.outputs, 'ipAllocationPolicy');
  const subnetwork = text(own, 'subnetwork');
  return {
    createPodRange: false,
    enablePrivateNodes: object(info.stored.outputs, 'privateClusterConfig').enablePrivateNodes ?? false,
    podRange: text(policy, 'clusterSecondaryRangeName') ?? '',
    podIpv4CidrBlock: text(policy, 'clusterIpv4CidrBlock') ?? '',
    subnetwork:
      subnetwork === undefined
        ? info.subnetwork
        : (resolvePath(subnetwork, 'subnetworks', info.project, info.region) ?? ''),
    ...own,
  };
}

/** Pools made by the cluster itself, not by the program. */
export function makeDefaultPool(inputs: Props, info: ClusterInfo, cloud: GcpSession): void {
  const poolInputs: Props = {
    name: 'default-pool',
    cluster: info.id,
    initialNodeCount: number(inputs, 'initialNodeCount') ?? 1,
    ...(inputs.nodeConfig === undefined ? {} : { nodeConfig: inputs.nodeConfig }),
  };
  const id = `${info.id}/nodePools/default-pool`;
  const outputs = outputsOf(poolInputs, cloud, info, id, undefined);
  const pool = cloud.put(NODE_POOL, id, poolInputs, outputs);
  reconcileNodes(cloud, info, pool, nodesPerZone(outputs));
}

/** The default pool's nodes must fit even where the provider removes it at once. */
export function requireDefaultPoolFits(inputs: Props, info: ClusterInfo, cloud: GcpSession, pods: Range): void {
  const count = number(inputs, 'initialNodeCount') ?? 1;
  const outputs: Props = { maxPodsPerNode: number(inputs, 'defaultMaxPodsPerNode') ?? DEFAULT_PODS_PER_NODE };
  const pool: Stored = { token: NODE_POOL, id: `${info.id}/nodePools/default-pool`, inputs: {}, outputs, serial: 0 };
  requireRoom(cloud, info, pool, count * info.zones.length, pods);
}

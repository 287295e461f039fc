import { flag, number, text, texts, type Props } from '../../core/values';
import { all, between, check, conflicts, isSet, oneOf } from '../checks';
import { badRequest, notFound } from '../errors';
import { accountExists, defaultComputeAccount } from '../iam/principals';
import { isZone, regionOf } from '../locations';
import type { GcpSession } from '../session';
import { CRYPTO_KEY } from '../kms/cryptoKey';
import type { ClusterInfo } from './clusterInfo';
import { machineType } from './machineTypes';
import { requireSkew, resolveVersion } from './versions';

/** GKE documentation, "Quotas and limits": nodes of one zone of a pool; nodes of a cluster. */
const MAX_NODES_PER_ZONE = 1000;

const IMAGE_TYPES = [
  'COS_CONTAINERD',
  'UBUNTU_CONTAINERD',
  'UBUNTU_GVNIC_CONTAINERD',
  'WINDOWS_LTSC_CONTAINERD',
  'WINDOWS_SAC_CONTAINERD',
  'CUSTOM_CONTAINERD',
];
const DISK_TYPES = [
  'pd-standard',
  'pd-balanced',
  'pd-ssd',
  'pd-extreme',
  'hyperdisk-balanced',
  'hyperdisk-extreme',
  'hyperdisk-throughput',
];

/** The provider's validators of a `nodeConfig`. */
export const checkNodeConfig = all(
  oneOf('nodeConfig.taints[*].effect', 'NO_SCHEDULE', 'PREFER_NO_SCHEDULE', 'NO_EXECUTE'),
  oneOf('nodeConfig.workloadMetadataConfig.mode', 'MODE_UNSPECIFIED', 'GCE_METADATA', 'GKE_METADATA'),
  between('nodeConfig.diskSizeGb', 10, 65536),
  between('nodeConfig.bootDisk.sizeGb', 10, 65536),
  oneOf('nodeConfig.loggingVariant', 'DEFAULT', 'MAX_THROUGHPUT'),
  oneOf('nodeConfig.kubeletConfig.cpuManagerPolicy', 'static', 'none', ''),
  check('nodeConfig.imageType', (value) =>
    IMAGE_TYPES.includes(String(value).toUpperCase())
      ? undefined
      : `"${String(value)}" is not one of ${IMAGE_TYPES.join(', ')}`,
  ),
);

export const checkPool = all(
  checkNodeConfig,
  between('nodeCount', 0, Infinity),
  between('initialNodeCount', 0, Infinity),
  between('autoscaling.minNodeCount', 0, Infinity),
  between('autoscaling.maxNodeCount', 0, Infinity),
  oneOf('autoscaling.locationPolicy', 'BALANCED', 'ANY'),
  conflicts('name', 'namePrefix'),
  oneOf('upgradeSettings.strategy', 'SURGE', 'BLUE_GREEN', 'SHORT_LIVED'),
  between('upgradeSettings.maxSurge', 0, Infinity),
  between('upgradeSettings.maxUnavailable', 0, Infinity),
);

/** The API's rules for the machines of a pool, or of a cluster's first one. */
export function validateNodeConfig(config: Props, info: ClusterInfo, cloud: GcpSession): void {
  const machine = text(config, 'machineType');
  if (machine !== undefined && !machineType(machine)) {
    throw badRequest(`Machine type with name '${machine}' does not exist in zone '${info.zones[0] ?? info.location}'.`);
  }
  for (const disk of [text(config, 'diskType'), text(config, 'bootDisk', 'diskType')]) {
    if (disk !== undefined && !DISK_TYPES.includes(disk)) {
      throw badRequest(`Disk type with name '${disk}' does not exist in zone '${info.zones[0] ?? info.location}'.`);
    }
  }
  const account = text(config, 'serviceAccount') ?? 'default';
  const email = account === 'default' ? defaultComputeAccount(info.project) : account;
  if (!accountExists(cloud, email)) throw badRequest(`Service account "${email}" does not exist.`);
  if (flag(config, 'spot') && flag(config, 'preemptible'))
    throw badRequest('spot and preemptible exclude one another.');
  validateMetadata(config, info);
  validateLabels(config);
  const key = text(config, 'bootDiskKmsKey');
  if (key !== undefined && !cloud.get(CRYPTO_KEY, key)) throw notFound(key);
}

/** The metadata server of GKE needs the cluster's workload identity (GKE, "Use Workload Identity Federation"). */
function validateMetadata(config: Props, info: ClusterInfo): void {
  const wanted = text(config, 'workloadMetadataConfig', 'mode') === 'GKE_METADATA';
  if (wanted && !text(info.stored.outputs, 'workloadIdentityConfig', 'workloadPool')) {
    throw badRequest('Workload metadata mode GKE_METADATA requires Workload Identity to be enabled on the cluster.');
  }
}

/** Labels of nodes are Kubernetes labels; GKE keeps some for itself. */
function validateLabels(config: Props): void {
  const labels = config.labels;
  if (typeof labels !== 'object' || labels === null || Array.isArray(labels)) return;
  for (const [key, value] of Object.entries(labels)) {
    const name = key.split('/').pop() ?? '';
    const prefix = key.includes('/') ? key.slice(0, key.lastIndexOf('/')) : '';
    if (!/^[A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?$/.test(name) || prefix.length > 253) {
      throw badRequest(`Invalid label key "${key}".`);
    }
    if (typeof value === 'string' && !/^([A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?)?$/.test(value)) {
      throw badRequest(`Invalid value "${value}" of label "${key}".`);
    }
    if (/(^|\.)(kubernetes|k8s)\.io$/.test(prefix) && !/^(node|kubelet)\.kubernetes\.io$/.test(prefix)) {
      throw badRequest(`Label key "${key}" is not allowed: prefixes of kubernetes.io and k8s.io are reserved.`);
    }
  }
}

/** The API's rules for a pool besides its machines. */
export function validatePool(inputs: Props, info: ClusterInfo): void {
  const zones = texts(inputs, 'nodeLocations');
  const foreign = zones.find((zone) => !isZone(zone) || regionOf(zone) !== info.region);
  if (foreign !== undefined) {
    throw badRequest(`Location "${foreign}" is not a zone of the cluster's region ${info.region}.`);
  }
  validateManagement(inputs, info.channel);
  validateSizes(inputs);
  const pods = number(inputs, 'maxPodsPerNode');
  requirePodsPerNode('maxPodsPerNode', pods);
  const version = text(inputs, 'version');
  if (version !== undefined) requireSkew(resolveVersion(version, info.channel), info.version);
}

export function requirePodsPerNode(field: string, pods: number | undefined): void {
  if (pods !== undefined && (pods < 8 || pods > 256)) {
    throw badRequest(`${field} must be between 8 and 256, got ${pods}.`);
  }
}

/** Clusters in a channel upgrade and repair their nodes themselves (GKE, "Release channels"). */
function validateManagement(inputs: Props, channel: string): void {
  if (channel === 'UNSPECIFIED') return;
  if (flag(inputs, 'management', 'autoUpgrade') === false) {
    throw badRequest(`Auto_upgrade must be true when release_channel ${channel} is set.`);
  }
  if (flag(inputs, 'management', 'autoRepair') === false) {
    throw badRequest(`Auto_repair must be true when release_channel ${channel} is set.`);
  }
}

/** Counts are per zone, or for all zones together, not both (GKE, "About cluster autoscaling"). */
function validateSizes(inputs: Props): void {
  const [min, max] = [number(inputs, 'autoscaling', 'minNodeCount'), number(inputs, 'autoscaling', 'maxNodeCount')];
  const [least, most] = [
    number(inputs, 'autoscaling', 'totalMinNodeCount'),
    number(inputs, 'autoscaling', 'totalMaxNodeCount'),
  ];
  if ((min ?? max) !== undefined && (least ?? most) !== undefined) {
    throw badRequest('Autoscaling limits are either per zone (min/max node count) or total, not both.');
  }
  if (isSet(inputs, 'autoscaling')) {
    const upper = max ?? most ?? 0;
    if (upper < 1) throw badRequest('Autoscaling: the maximum node count must be at least 1.');
    if ((min ?? least ?? 0) > upper) throw badRequest('Autoscaling: the minimum node count exceeds the maximum.');
  }
  const counts = [number(inputs, 'nodeCount'), number(inputs, 'initialNodeCount'), max];
  const large = counts.find((count) => count !== undefined && count > MAX_NODES_PER_ZONE);
  if (large !== undefined)
    throw badRequest(`A node pool has at most ${MAX_NODES_PER_ZONE} nodes per zone, got ${large}.`);
  const [surge, unavailable] = [
    number(inputs, 'upgradeSettings', 'maxSurge'),
    number(inputs, 'upgradeSettings', 'maxUnavailable'),
  ];
  const strategy = text(inputs, 'upgradeSettings', 'strategy') ?? 'SURGE';
  if (isSet(inputs, 'upgradeSettings') && strategy === 'SURGE' && (surge ?? 0) + (unavailable ?? 0) < 1) {
    throw badRequest('Either max_surge or max_unavailable must be greater than 0.');
  }
}

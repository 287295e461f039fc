import { flag, object, text, type Props } from '../core/values';
import type { Cause } from './apiErrors';
import type { Kind } from './kind';

const FIXED = ['parameters', 'provisioner', 'reclaimPolicy', 'volumeBindingMode', 'allowedTopologies', 'mountOptions'];

export const storageClass: Kind = {
  token: 'kubernetes:storage.k8s.io/v1:StorageClass',
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  plural: 'storageclasses',
  namespaced: false,
  forceNew: FIXED,
  awaited: false,
  defaults: (live) => ({ reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate', ...live }),
  validate: (live, _state, before) => [
    ...oneOf(live, 'reclaimPolicy', ['Delete', 'Retain']),
    ...oneOf(live, 'volumeBindingMode', ['Immediate', 'WaitForFirstConsumer']),
    ...(before ? changedCauses(before, live) : []),
  ],
};

function oneOf(live: Props, field: string, allowed: readonly string[]): Cause[] {
  const value = text(live, field) ?? '';
  if (allowed.includes(value)) return [];
  const detail = `Unsupported value: "${value}": supported values: ${allowed.map((one) => `"${one}"`).join(', ')}`;
  return [{ field, detail }];
}

/** Only metadata and `allowVolumeExpansion` may change (Kubernetes documentation, "Storage Classes"). */
function changedCauses(before: Props, live: Props): Cause[] {
  return FIXED.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(live[field])).map((field) => ({
    field,
    detail: `Forbidden: updates to ${field} are forbidden.`,
  }));
}

/** A CSI driver: the StorageClass parameters it takes, and whether a cluster runs it. */
export interface Driver {
  readonly parameters: readonly string[];
}

/** Parameters of the drivers (aws-ebs-csi-driver "CreateVolume parameters"; GKE "Persistent Disk CSI driver"). */
export const DRIVERS: Readonly<Record<string, Driver>> = {
  'ebs.csi.aws.com': {
    parameters: [
      'type',
      'iops',
      'iopsPerGB',
      'allowAutoIOPSPerGBIncrease',
      'throughput',
      'encrypted',
      'kmsKeyId',
      'blockExpress',
      'blockSize',
      'inodeSize',
      'bytesPerInode',
      'numberOfInodes',
      'ext4BigAlloc',
      'ext4ClusterSize',
      'fsType',
      'csi.storage.k8s.io/fstype',
    ],
  },
  'pd.csi.storage.gke.io': {
    parameters: [
      'type',
      'replication-type',
      'disk-encryption-kms-key',
      'labels',
      'provisioned-iops-on-create',
      'provisioned-throughput-on-create',
      'resource-tags',
      'storage-pools',
      'fsType',
      'csi.storage.k8s.io/fstype',
    ],
  },
};

export function isEncrypted(storage: Props): boolean {
  return text(storage, 'parameters', 'encrypted') === 'true' || flag(storage, 'parameters', 'encrypted') === true;
}

export function parametersOf(storage: Props): Props {
  return object(storage, 'parameters');
}

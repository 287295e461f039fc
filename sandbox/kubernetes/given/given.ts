import type { Props } from '../../core/values';

/** Something that the cloud, or the cluster itself, puts into a cluster. */
export interface Given {
  readonly token: string;
  readonly object: Props;
  /** The field manager that holds it; its fields cannot be changed without a conflict. */
  readonly manager: string;
  /** Whether the manager puts back what others change. */
  readonly reconciled?: true;
}

export const CONFIG_MAP = 'kubernetes:core/v1:ConfigMap';
export const SERVICE = 'kubernetes:core/v1:Service';
export const STORAGE_CLASS = 'kubernetes:storage.k8s.io/v1:StorageClass';

export function storageClass(name: string, fields: Props): Props {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name },
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'WaitForFirstConsumer',
    ...fields,
  };
}

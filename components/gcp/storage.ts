import * as kubernetes from '@pulumi/kubernetes';
import type * as pulumi from '@pulumi/pulumi';

/**
 * Name of the class for Cassandra's data. Not `premium-rwo`, which is the same disk: GKE makes that
 * class itself, so creating it answers AlreadyExists, and its reclaim policy is not ours to set.
 */
export const STORAGE_CLASS = 'cassandra-data';

/**
 * The StorageClass of Cassandra's data on GKE: SSD persistent disks, made in the zone where the pod
 * was placed.
 */
export function cassandraStorageClass(
  name: string,
  opts: pulumi.CustomResourceOptions,
): kubernetes.storage.v1.StorageClass {
  return new kubernetes.storage.v1.StorageClass(
    name,
    {
      metadata: { name: STORAGE_CLASS },
      provisioner: 'pd.csi.storage.gke.io',
      parameters: { type: 'pd-ssd' },
      // With Immediate, the disk may be made in another zone than its rack's.
      volumeBindingMode: 'WaitForFirstConsumer',
      allowVolumeExpansion: true,
      // A claim goes only when its datacenter is deleted, which `protect` guards. Retain would outlast the
      // guard: disks made while the stack was protected would stay, unused and paid for, after a teardown.
      reclaimPolicy: 'Delete',
    },
    opts,
  );
}

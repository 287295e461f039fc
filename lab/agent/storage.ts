/** What a CSI driver's provisioner does: a volume for each claim, as a folder of this machine. */
import * as path from 'node:path';
import type { KubeClient } from '../kubernetes/client';
import { clusterFolder } from '../kubernetes/controlPlane';
import type { Cluster } from '../network/model';

/** Gives every pending claim a volume that is bound to it; the controller manager then binds the claim. */
export async function provision(api: KubeClient, cluster: Cluster): Promise<void> {
  const claims = await api.list('v1', 'PersistentVolumeClaim');
  for (const claim of claims) {
    if (claim.status?.phase === 'Bound' || claim.metadata.deletionTimestamp !== undefined) continue;
    const { name, namespace = '', uid } = claim.metadata;
    await api.apply({
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: `pv-${uid}` },
      spec: {
        capacity: { storage: claim.spec.resources.requests.storage },
        accessModes: claim.spec.accessModes,
        storageClassName: claim.spec.storageClassName,
        persistentVolumeReclaimPolicy: 'Retain',
        claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, namespace, uid },
        hostPath: { path: path.join(clusterFolder(cluster), 'data', namespace, name) },
      },
    });
  }
}

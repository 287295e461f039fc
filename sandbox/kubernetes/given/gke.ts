import { object } from '../../core/values';
import type { GkeCluster } from '../cluster';
import { NAMESPACE } from '../state';
import { usesKubeDns } from './clusterDns';
import { CONFIG_MAP, STORAGE_CLASS, storageClass, type Given } from './given';
import { namespace } from './namespaces';

const MANAGER = 'addon-manager';

/**
 * What GKE puts into a cluster: namespaces of its own, classes of the Persistent Disk CSI driver, and an empty
 * kube-dns ConfigMap that is the user's to fill ("EnsureExists": made anew when deleted, never reverted).
 */
export function gkeObjects(cluster: GkeCluster): Given[] {
  const kept = { 'addonmanager.kubernetes.io/mode': 'EnsureExists' };
  const namespaces = ['gke-managed-system', 'gmp-system', 'gmp-public', 'gke-managed-cim'];
  const kubeDns = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'kube-dns', namespace: 'kube-system', labels: kept },
  };
  return [
    ...namespaces.map((name) => ({ token: NAMESPACE, object: namespace(name), manager: MANAGER })),
    ...classes().map((given) => ({
      token: STORAGE_CLASS,
      object: { ...given, metadata: { ...object(given, 'metadata'), labels: kept } },
      manager: MANAGER,
    })),
    ...(usesKubeDns(cluster) ? [{ token: CONFIG_MAP, object: kubeDns, manager: MANAGER }] : []),
  ];
}

function classes() {
  const driver = { provisioner: 'pd.csi.storage.gke.io', allowVolumeExpansion: true };
  return [
    storageClass('standard', {
      provisioner: 'kubernetes.io/gce-pd',
      parameters: { type: 'pd-standard' },
      volumeBindingMode: 'Immediate',
    }),
    storageClass('standard-rwo', { ...driver, parameters: { type: 'pd-balanced' } }),
    storageClass('premium-rwo', { ...driver, parameters: { type: 'pd-ssd' } }),
  ];
}

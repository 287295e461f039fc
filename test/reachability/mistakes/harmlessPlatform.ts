/** Changes of nodes, add-ons and certificates that break nothing. */
import type { Harmless } from './mistake';
import * as n from './names';

export const HARMLESS_PLATFORM: readonly Harmless[] = [
  {
    name: 'a tainted node group that the datacenter tolerates',
    change: (s) =>
      s
        .set(n.nodeGroup('eu-west-1a'), 'taints', [{ key: 'dedicated', value: 'db', effect: 'NO_SCHEDULE' }])
        .set(n.DC1, 'spec.tolerations', [{ key: 'dedicated', operator: 'Exists', effect: 'NoSchedule' }]),
  },
  {
    name: 'a taint that is a preference only',
    change: (s) =>
      s.set(n.nodeGroup('eu-west-1a'), 'taints', [{ key: 'spot', value: 'true', effect: 'PREFER_NO_SCHEDULE' }]),
  },
  {
    name: 'the datacenter asks for the machine type that its nodes are of',
    change: (s) => s.set(n.DC1, 'spec.nodeSelector', { 'node.kubernetes.io/instance-type': 'm6i.2xlarge' }),
  },
  {
    name: 'several Cassandra nodes share a machine',
    change: (s) => s.set(n.DC1, 'spec.size', 9).set(n.DC1, 'spec.allowMultipleNodesPerWorker', true),
  },
  {
    name: 'a storage class that GKE makes',
    change: (s) => s.set(n.DC2, 'spec.storageConfig.cassandraDataVolumeClaimSpec.storageClassName', 'premium-rwo'),
  },
];

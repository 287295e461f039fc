/** Cassandra pods that no node takes, or that have no volume. */
import type { Mistake } from '../mistake';
import * as n from '../names';

export const room: readonly Mistake[] = [
  {
    name: 'a node group is tainted and the datacenter does not tolerate it',
    change: (s) =>
      s.set(n.nodeGroup('eu-west-1a'), 'taints', [{ key: 'dedicated', value: 'db', effect: 'NO_SCHEDULE' }]),
    findings: [`taint-not-tolerated ${n.nodeGroup('eu-west-1a')}`],
  },
  {
    name: 'the node pool is tainted and the datacenter tolerates another value',
    change: (s) =>
      s
        .set(n.POOL, 'nodeConfig.taints', [{ key: 'dedicated', value: 'db', effect: 'NO_EXECUTE' }])
        .set(n.DC2, 'spec.tolerations', [{ key: 'dedicated', operator: 'Equal', value: 'cassandra' }]),
    findings: [`taint-not-tolerated ${n.POOL}`],
  },
  {
    name: 'the datacenter asks for nodes of another machine type',
    change: (s) => s.set(n.DC1, 'spec.nodeSelector', { 'node.kubernetes.io/instance-type': 'i4i.2xlarge' }),
    findings: [`label-not-carried ${n.DC1}`],
  },
  {
    name: 'a rack asks for a label that no node carries',
    change: (s) =>
      s.set(n.DC2, ['spec', 'racks', '1', 'nodeAffinityLabels'], {
        'topology.kubernetes.io/zone': 'europe-west4-b',
        'cassandra/rack': 'europe-west4-b',
      }),
    findings: [`label-not-carried ${n.DC2}`],
  },
  {
    name: 'a datacenter has more nodes than its node groups may have',
    change: (s) => s.set(n.DC1, 'spec.size', 9),
    findings: [`too-few-nodes ${n.DC1}`],
  },
  {
    name: 'a datacenter has more nodes than its node pool may have',
    change: (s) => s.set(n.POOL, 'autoscaling', { totalMinNodeCount: 1, totalMaxNodeCount: 2 }),
    findings: [`too-few-nodes ${n.DC2}`],
  },
  {
    name: 'a datacenter is left stopped',
    change: (s) => s.set(n.DC1, 'spec.stopped', true),
    findings: [`datacenter-stopped ${n.DC1}`],
  },
  {
    name: 'volumes are of a class that nobody makes',
    change: (s) => s.set(n.DC1, 'spec.storageConfig.cassandraDataVolumeClaimSpec.storageClassName', 'server-storage'),
    findings: [`no-storage-class ${n.DC1}`],
  },
];

import type { Cluster, VirtualNetwork } from '../network/model';
import type { Tools } from '../tools/tools';

/** What the agent of one cluster is told when it is started. */
export interface AgentConfig {
  readonly cluster: Cluster;
  readonly network: VirtualNetwork;
  readonly tools: Tools;
  /** Heap of each Cassandra node, MiB. */
  readonly heap: number;
}

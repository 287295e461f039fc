import type { Datacenter } from '../model/kubernetes/cassandra';
import type { Flow, Stop, Trace } from '../verdict';

/** A flow that the database needs, with the way to judge it. */
export interface RequiredFlow {
  readonly flow: Flow;
  readonly walk: (trace: Trace) => Stop | undefined;
}

/** Two datacenters of one Cassandra cluster, in different Kubernetes clusters. */
export type DatacenterPair = readonly [from: Datacenter, to: Datacenter];

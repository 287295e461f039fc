/** The flows that the Cassandra resources of the input need, each with the way to judge it. */
import type { Datacenter } from '../model/kubernetes/cassandra';
import type { Model } from '../model/model';
import type { Flow, Stop, Trace } from '../verdict';
import { cassandraFlows } from './cassandra';
import { clusterFlows } from './cluster';
import { dnsFlows } from './dns';

export interface RequiredFlow {
  readonly flow: Flow;
  readonly walk: (trace: Trace) => Stop | undefined;
}

/** In a fixed order: between datacenters, then DNS, then what each datacenter needs within its own cluster. */
export function requiredFlows(model: Model): RequiredFlow[] {
  const pairs = datacenterPairs(model.datacenters);
  return [
    ...pairs.flatMap(([from, to]) => cassandraFlows(model, from, to)),
    ...dnsFlows(model, pairs),
    ...model.datacenters.flatMap((datacenter) => clusterFlows(model, datacenter)),
  ];
}

/** Ordered pairs of datacenters of one Cassandra cluster that are in different Kubernetes clusters. */
export type DatacenterPair = readonly [from: Datacenter, to: Datacenter];

function datacenterPairs(datacenters: readonly Datacenter[]): DatacenterPair[] {
  return datacenters.flatMap((from) =>
    datacenters
      .filter((to) => to.clusterName === from.clusterName && to.cluster !== from.cluster)
      .map((to) => [from, to] as const),
  );
}

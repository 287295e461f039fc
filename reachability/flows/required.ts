/** The flows that the Cassandra resources of the input need, each with the way to judge it. */
import { DATACENTER_TYPE, type Datacenter, PORTS } from '../model/kubernetes/cassandra';
import type { Model } from '../model/model';
import { SUBNETWORK } from '../model/gcp/network';
import { lacksRange } from '../model/kubernetes/gke';
import type { Resource } from '../resources/resource';
import { type Flow, type Stop, block, unknownValue } from '../verdict';
import { cassandraFlows } from './cassandra';
import { clusterFlows } from './cluster';
import { dnsFlows } from './dns';
import type { DatacenterPair, RequiredFlow } from './flow';

/** In a fixed order: between datacenters, then DNS, then what each datacenter needs within its own cluster. */
export function requiredFlows(model: Model): RequiredFlow[] {
  const pairs = datacenterPairs(model.datacenters);
  return [
    ...pairs.flatMap(([from, to]) => cassandraFlows(model, from, to)),
    ...dnsFlows(model, pairs),
    ...model.datacenters.flatMap((datacenter) => clusterFlows(model, datacenter)),
    ...unplacedFlows(model),
  ];
}

/** A datacenter whose cluster or network the input does not tell: nothing of it can be proved. */
function unplacedFlows(model: Model): RequiredFlow[] {
  return model.inventory.resources
    .filter((resource) => DATACENTER_TYPE.test(resource.type) && !model.clusters.byObject.has(resource))
    .map((resource) => {
      const cluster = model.clusters.unplaced.get(resource);
      const stop =
        cluster === undefined
          ? unknownValue('source', resource.urn, `the cluster of ${resource.name}`)
          : (withoutRange(model, cluster) ??
            unknownValue('source', cluster.urn, `the subnet or the pod range of ${cluster.name}`));
      const name = resource.knownText('metadata.name') ?? resource.name;
      const flow: Flow = {
        source: name,
        destination: name,
        port: PORTS.internode,
        protocol: 'tcp',
        purpose: `internode, ${name}`,
      };
      return { flow, walk: () => stop };
    });
}

/** A GKE cluster whose subnet does not have the secondary range that it names. */
function withoutRange(model: Model, cluster: Resource): Stop | undefined {
  const owner = model.inventory.find(cluster, 'subnetwork', SUBNETWORK);
  const subnet = owner === undefined ? undefined : model.gcp.subnets.get(owner.urn);
  if (subnet === undefined || !lacksRange(cluster, subnet)) return undefined;
  const name = cluster.knownText('ipAllocationPolicy.clusterSecondaryRangeName') ?? '';
  const why = `${subnet.resource.name} has no secondary range named ${name} for the pods of ${cluster.name}`;
  return block('source', cluster.urn, 'no-secondary-range', why, 'Name a secondary range of the subnet');
}

/** Ordered pairs of datacenters of one Cassandra cluster that are in different Kubernetes clusters. */
export function datacenterPairs(datacenters: readonly Datacenter[]): DatacenterPair[] {
  return datacenters.flatMap((from) =>
    datacenters
      .filter((to) => to.clusterName === from.clusterName && to.cluster !== from.cluster)
      .map((to) => [from, to] as const),
  );
}

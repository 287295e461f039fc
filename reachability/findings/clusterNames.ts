/** Datacenters that are told each other's seeds, but not that they are one cluster. */
import { parseAddress } from '../ip';
import { type Datacenter, PORTS, joins } from '../model/kubernetes/cassandra';
import type { Model } from '../model/model';
import { seedsOf } from '../flows/seeds';
import type { Finding } from '../verdict';

/** Cassandra refuses gossip of another cluster name (`GossipDigestSynVerbHandler`), and the operator keeps the name for ever. */
export function clusterNameFindings(model: Model): Finding[] {
  return model.datacenters.flatMap((datacenter): Finding[] => {
    if (!joins(datacenter, model.datacenters)) return [];
    const other = model.datacenters.find(
      (candidate) => candidate.clusterName !== datacenter.clusterName && isTold(model, datacenter, candidate),
    );
    if (other === undefined) return [];
    const message = `${datacenter.name} of ${datacenter.clusterName} has seeds of ${other.name}, which is of ${other.clusterName}`;
    const remedy = `Set spec.clusterName to ${other.clusterName} in both`;
    return [{ rule: 'cluster-name-differs', urn: datacenter.resource.urn, message, remedy }];
  });
}

/** Whether a seed of one datacenter, listed or published as if it were of the other's cluster, is the other's load balancer. */
function isTold(model: Model, datacenter: Datacenter, other: Datacenter): boolean {
  const seeds = [...seedsOf(datacenter), ...seedsOf({ ...datacenter, clusterName: other.clusterName })];
  return seeds.some((seed) => {
    const address = parseAddress(seed);
    const found = address === undefined ? [] : model.places.locate(address, { protocol: 'tcp', port: PORTS.internode });
    return found.some(({ balancers }) =>
      balancers?.some(({ cluster, namespace }) => cluster === other.cluster && namespace === other.namespace),
    );
  });
}

/** Replication of the keyspaces that hold roles: since 4.1 writes to them need a quorum in each datacenter (CASSANDRA-12988). */
import type { Resource } from '../resources/resource';
import { asNumber } from '../resources/resource';
import type { Datacenter } from '../model/kubernetes/cassandra';
import type { Model } from '../model/model';
import type { Finding } from '../verdict';
import { dependsOn } from './order';
import { clustersOf } from './seeds';
import { replicationsIn, replicationHolder } from './statements';

export function roleFindings(model: Model): Finding[] {
  return clustersOf(model).flatMap((datacenters) => {
    const holder = replicationHolder(datacenters);
    if (holder === undefined) return [];
    return [...earlyFindings(model, holder, datacenters), ...wideFindings(holder, datacenters)];
  });
}

/** Since 4.0 a replication that names a datacenter without nodes is refused. */
function earlyFindings(model: Model, holder: Resource, datacenters: readonly Datacenter[]): Finding[] {
  if (holder.allDependencies().length === 0) return [];
  return datacenters
    .filter(({ resource }) => !dependsOn(model, holder, resource.urn))
    .map(({ name }) => ({
      rule: 'replication-early',
      urn: holder.urn,
      message: `${holder.name} may change the replication while ${name} is not Ready`,
      remedy: 'Let it depend on every datacenter',
    }));
}

/** More replicas than nodes: a quorum of replicas may be more than all nodes, and no role can be changed. */
function wideFindings(holder: Resource, datacenters: readonly Datacenter[]): Finding[] {
  const sizes = new Map(datacenters.map(({ name, resource }) => [name, asNumber(resource.value('spec.size'))]));
  const wide = replicationsIn(holder)
    .flatMap((factors) => [...factors])
    .filter(([name, factor]) => {
      const size = sizes.get(name);
      return typeof size === 'number' && factor > size;
    });
  return [...new Map(wide)].map(([name, factor]) => ({
    rule: 'more-replicas-than-nodes',
    urn: holder.urn,
    message: `${factor} replicas in ${name}, which has ${Number(sizes.get(name))} nodes`,
    remedy: 'Use at most as many replicas as the datacenter has nodes',
  }));
}

/** Whether a datacenter can start before what it needs: cass-operator deletes pods whose start fails. */
import { type Datacenter, joins } from '../model/kubernetes/cassandra';
import { TUNNEL } from '../model/gcp/network';
import { seedEndpoints } from '../flows/seeds';
import type { Model } from '../model/model';
import type { Resource } from '../resources/resource';
import type { Finding } from '../verdict';

/** Whether a resource depends on another, at any distance. */
export function dependsOn(model: Model, resource: Resource, urn: string): boolean {
  return model.inventory.dependenciesOf(resource).has(urn);
}

/** Cassandra refuses concurrent bootstraps, and a joining node must know and reach the seeds: later datacenters wait for all. */
export function orderFindings(model: Model): Finding[] {
  return model.datacenters.flatMap((datacenter): Finding[] => {
    const { resource, dependencies } = datacenter;
    if (!joins(datacenter, model.datacenters) || resource.allDependencies().length === 0) return [];
    return [
      ...waitsForOthers(model, datacenter, dependencies),
      ...waitsForSeeds(datacenter, dependencies),
      ...waitsForLink(model, datacenter, dependencies),
    ];
  });
}

function waitsForOthers(model: Model, datacenter: Datacenter, needed: ReadonlySet<string>): Finding[] {
  const others = model.datacenters.filter(
    (other) => other !== datacenter && other.clusterName === datacenter.clusterName,
  );
  if (others.length === 0 || others.some((other) => needed.has(other.resource.urn))) return [];
  const message = `${datacenter.name} may start while ${others.map(({ name }) => name).join(', ')} is not Ready`;
  return [
    { rule: 'start-order', urn: datacenter.resource.urn, message, remedy: 'Let it depend on the first datacenter' },
  ];
}

/** Its first node is a local seed and starts in any case: a ring of its own where it is told of no other. */
function waitsForSeeds(datacenter: Datacenter, needed: ReadonlySet<string>): Finding[] {
  const holders = seedEndpoints(datacenter);
  if (holders.length === 0 || holders.some(({ urn }) => needed.has(urn))) return [];
  const message = `${datacenter.name} may start before it is told the seeds of the others, and then forms a ring of its own`;
  const remedy = `Let it depend on ${holders.map(({ name }) => name).join(', ')}`;
  return [{ rule: 'start-before-seeds', urn: datacenter.resource.urn, message, remedy }];
}

function waitsForLink(model: Model, datacenter: Datacenter, needed: ReadonlySet<string>): Finding[] {
  const link = model.inventory.all(TUNNEL, 'gcp:compute/routerPeer:RouterPeer');
  if (link.length === 0 || link.some(({ urn }) => needed.has(urn))) return [];
  const message = `${datacenter.name} may start before packets cross to the other datacenters`;
  return [
    {
      rule: 'start-before-link',
      urn: datacenter.resource.urn,
      message,
      remedy: 'Let it depend on the link, and on a probe that opens a connection',
    },
  ];
}

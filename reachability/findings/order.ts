/** Whether a datacenter can start before what it needs: cass-operator deletes pods whose start fails. */
import { type Datacenter, joins } from '../model/kubernetes/cassandra';
import { TUNNEL } from '../model/gcp/network';
import type { Model } from '../model/model';
import type { Resource } from '../resources/resource';
import type { Finding } from '../verdict';

/** Whether a resource depends on another, at any distance. */
export function dependsOn(model: Model, resource: Resource, urn: string): boolean {
  return closure(model, resource).has(urn);
}

function closure(model: Model, resource: Resource): Set<string> {
  const seen = new Set<string>();
  const open = [...resource.allDependencies()];
  while (open.length > 0) {
    const urn = open.pop() as string;
    if (seen.has(urn)) continue;
    seen.add(urn);
    open.push(...(model.inventory.get(urn)?.allDependencies() ?? []));
  }
  return seen;
}

/** Cassandra refuses concurrent bootstraps, and a joining node must reach the seeds: later datacenters wait for both. */
export function orderFindings(model: Model): Finding[] {
  return model.datacenters.flatMap((datacenter): Finding[] => {
    const { resource } = datacenter;
    if (!joins(datacenter, model.datacenters) || resource.allDependencies().length === 0) return [];
    const needed = closure(model, resource);
    return [...waitsForOthers(model, datacenter, needed), ...waitsForLink(model, datacenter, needed)];
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
